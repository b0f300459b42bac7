import { Command } from "commander";
import { firstStore } from "../operations/create-store.ts";
import { CommandError } from "./readable-error.ts";
import { report, storeIds, withCore } from "./with-core.ts";

export function keysCommand(): Command {
  const command = new Command("keys")
    .description("list the store's key pairs, make a new one, or take one away")
    .option("--new [name]", "make a key pair and show its secret, this once")
    .option("--remove <client id>", "take a key away; its tokens live on for up to an hour")
    .option("--json", "report as JSON");
  return command.action(async () => {
    const options = command.opts<{ new?: string | true; remove?: string }>();
    // A key can be made before the first start; the others need something to be there.
    await withCore(options.new === undefined ? "require" : "migrate", async (core) => {
      const { deps } = core;
      if (options.new !== undefined) {
        const { createApiKey } = await import("../first-start.ts");
        const { store } = await firstStore(deps, "Cartwright");
        const name = options.new === true ? "made on the command line" : options.new;
        const made = await createApiKey(deps, store.storeId, name);
        report(
          command,
          { client_id: made.clientId, client_secret: made.secret },
          (key) => `client id      ${key.client_id}\nclient secret  ${key.client_secret}`,
        );
        return;
      }
      const [storeId] = await storeIds(core);
      if (storeId === undefined) throw new CommandError("There is no store yet: start the engine once.");
      if (options.remove !== undefined) {
        const removed = await deps.storage.stores.deleteApiKey(storeId, options.remove);
        if (!removed) throw new CommandError(`There is no key ${options.remove}.`);
        report(command, { removed: options.remove }, ({ removed }) => `${removed} is gone.`);
        return;
      }
      const keys = (await deps.storage.stores.apiKeys(storeId)).map((key) => ({
        client_id: key.clientId,
        name: key.name,
        created_at: key.createdAt,
      }));
      report(command, keys, (rows) =>
        rows.length === 0
          ? "There are no keys; make one with: cartwright keys --new"
          : rows.map((key) => `${key.client_id}  ${key.name}  ${key.created_at}`).join("\n"),
      );
    });
  });
}
