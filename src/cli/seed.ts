import { Command } from "commander";
import { engineContext, firstStore } from "../operations/create-store.ts";
import { seedStore } from "../operations/seed-store.ts";
import { readDemoSeed } from "../package-files.ts";
import { report, withCore } from "./with-core.ts";

export function seedCommand(): Command {
  const command = new Command("seed")
    .description("put the demo store's currencies, products and stock into the database; what is there stays")
    .option("--json", "report as JSON");
  return command.action(async () => {
    await withCore("migrate", async ({ deps }) => {
      const { store } = await firstStore(deps, "Cartwright");
      const seeded = await seedStore(deps, engineContext(store), await readDemoSeed());
      report(
        command,
        seeded,
        ({ products, skipped }) => `${products} products added, ${skipped} were there already.`,
      );
    });
  });
}
