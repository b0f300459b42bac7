import { Command } from "commander";
import { followGatewayEvents } from "../worker/gateway-events.ts";
import { reconcileStore } from "../worker/worker.ts";
import { report, storeIds, withCore } from "./with-core.ts";

export function reconcileCommand(): Command {
  const command = new Command("reconcile")
    .description("ask the gateways now what became of payments that were never answered")
    .option("--json", "report as JSON");
  return command.action(async () => {
    await withCore("require", async (core) => {
      const sum = { pending: 0, completed: 0, failed: 0, unknown: 0 };
      const told = { changed: 0, unreachable: 0 };
      for (const storeId of await storeIds(core)) {
        try {
          const events = await followGatewayEvents(core.deps, storeId, { fetch: true });
          told.changed += events?.changed ?? 0;
          told.unreachable += events?.failed ?? 0;
        } catch {
          // A gateway that cannot be reached does not keep the others from being asked.
          told.unreachable += 1;
        }
        const before = core.deps.now();
        let part = await reconcileStore(core.deps, storeId, { before });
        while (part) {
          for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += part[key];
          part = part.next && (await reconcileStore(core.deps, storeId, { before, after: part.next }));
        }
      }
      report(
        command,
        { ...sum, ...told },
        ({ pending, completed, failed, unknown, changed, unreachable }) =>
          `${pending} without an answer: ${completed} completed, ${failed} failed, ${unknown} still unknown. ` +
          `${changed} changed at their gateway, ${unreachable} could not be looked at.`,
      );
    });
  });
}
