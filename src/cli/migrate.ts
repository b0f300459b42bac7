import { Command } from "commander";
import { report, withCore } from "./with-core.ts";

export function migrateCommand(): Command {
  const command = new Command("migrate")
    .description("bring the database's schema up to date and stop")
    .option("--json", "report as JSON");
  return command.action(async () => {
    await withCore("migrate", async ({ migrations }) => {
      // Forward only, and all of them are applied by now: the last one names the schema.
      const { version, name } = migrations.at(-1) ?? { version: 0, name: "nothing" };
      report(command, { schema: { version, name } }, () => `The schema is at ${version} (${name}).`);
    });
  });
}
