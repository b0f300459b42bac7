import { Command } from "commander";
import { createApiKey } from "../engine.ts";
import { firstStore } from "../operations/create-store.ts";
import { report, withCore } from "./with-core.ts";

export function keysCommand(): Command {
  const command = new Command("keys")
    .description("list the store's key pairs, make a new one, or take one away")
    .option("--new [name]", "make a key pair and show its secret, this once")
    .option("--remove <client id>", "take a key away; its tokens live on for up to an hour")
    .option("--json", "report as JSON");
  return command.action(async () => {
    const options = command.opts<{ new?: string | true; remove?: string }>();
    await withCore(async ({ deps }) => {
      const { store } = await firstStore(deps, "Cartwright");
      if (options.new !== undefined) {
        const name = options.new === true ? "made on the command line" : options.new;
        const made = await createApiKey(deps, store.storeId, name);
        report(
          command,
          { client_id: made.clientId, client_secret: made.secret },
          (key) => `client id      ${key.client_id}\nclient secret  ${key.client_secret}`,
        );
        return;
      }
      if (options.remove !== undefined) {
        const removed = await deps.storage.stores.deleteApiKey(store.storeId, options.remove);
        if (!removed) throw new Error(`There is no key ${options.remove}.`);
        report(command, { removed: options.remove }, ({ removed }) => `${removed} is gone.`);
        return;
      }
      const keys = (await deps.storage.stores.apiKeys(store.storeId)).map((key) => ({
        client_id: key.clientId,
        name: key.name,
        created_at: key.createdAt,
      }));
      report(command, keys, (rows) =>
        rows.map((key) => `${key.client_id}  ${key.name}  ${key.created_at}`).join("\n"),
      );
    });
  });
}
