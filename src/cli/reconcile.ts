import { Command } from "commander";
import { reconcileNow } from "../operations/reconcile-now.ts";
import { reconcilerContext } from "../worker/reconciler-context.ts";
import { report, storeIds, withCore } from "./with-core.ts";

export function reconcileCommand(): Command {
  const command = new Command("reconcile")
    .description("ask the gateways now what became of payments that were never answered")
    .option("--json", "report as JSON");
  return command.action(async () => {
    await withCore("require", async (core) => {
      const sum = { pending: 0, completed: 0, failed: 0, unknown: 0, changed: 0, unreachable: 0, stuck: 0 };
      for (const storeId of await storeIds(core)) {
        const context = await reconcilerContext(core.deps, storeId);
        if (!context) continue;
        const done = await reconcileNow(core.deps, context);
        for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += done[key];
      }
      report(
        command,
        sum,
        ({ pending, completed, failed, unknown, changed, unreachable, stuck }) =>
          `${pending} without an answer: ${completed} completed, ${failed} failed, ${unknown} still unknown. ` +
          `${changed} changed at their gateway, ${unreachable} could not be looked at. ` +
          `${stuck} paid carts cannot be completed.`,
      );
    });
  });
}
