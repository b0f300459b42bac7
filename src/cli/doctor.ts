import { Command } from "commander";
import { examineStore, type Finding } from "../operations/examine-store.ts";
import { report, storeIds, withCore } from "./with-core.ts";

export function doctorCommand(): Command {
  const command = new Command("doctor")
    .description(
      "compare stock with its movements and with what orders hold; exit code 1 when something differs",
    )
    .option("--json", "report as JSON");
  return command.action(async () => {
    await withCore("require", async (core) => {
      const findings: Finding[] = [];
      for (const storeId of await storeIds(core)) {
        findings.push(...(await examineStore(core.deps, storeId)));
      }
      report(command, { findings }, () =>
        findings.length === 0
          ? "Stock, movements and orders agree."
          : findings
              .map(
                ({ productId, location, problem }) =>
                  `${productId}${location && ` at ${location}`}: ${problem}`,
              )
              .join("\n"),
      );
      if (findings.length > 0) process.exitCode = 1;
    });
  });
}
