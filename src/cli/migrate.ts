import { Command } from "commander";
import { report, withCore } from "./with-core.ts";

export function migrateCommand(): Command {
  const command = new Command("migrate")
    .description("bring the database's schema up to date and stop")
    .option("--json", "report as JSON");
  return command.action(async () => {
    await withCore(async ({ database }) => {
      const { rows } = await database.pool.query(
        "select version, name from schema_migration order by version",
      );
      report(
        command,
        { schema: rows.at(-1) },
        ({ schema }) => `The schema is at ${schema.version} (${schema.name}).`,
      );
    });
  });
}
