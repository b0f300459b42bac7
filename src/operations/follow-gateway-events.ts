import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import {
  type EventReport,
  type FetchReport,
  fetchGatewayEvents,
  processGatewayEvents,
} from "./gateway-events.ts";

/** Batches of events that are looked at in a row. */
const BATCHES = 20;

/** Also which gateways could not be asked what happened. */
export type FollowReport = EventReport & Pick<FetchReport, "failures">;

/** Looks at what a store's gateways told, after asking them for what did not reach us (`fetch`). */
export async function followEvents(
  deps: Deps,
  context: Context,
  { fetch, isStopping }: { readonly fetch: boolean; isStopping?(): boolean },
): Promise<FollowReport> {
  const sum = { changed: 0, known: 0, foreign: 0, failed: 0 };
  const processAll = async (): Promise<void> => {
    for (let batch = 1; batch <= BATCHES && !isStopping?.(); batch += 1) {
      const { changed, known, foreign, failed } = await processGatewayEvents(deps, context, isStopping);
      sum.changed += changed;
      sum.known += known;
      sum.foreign += foreign;
      // What failed is in every batch again until it goes well.
      sum.failed = failed;
      if (changed + known + foreign === 0) return;
    }
  };
  // What is here already is not to wait for a gateway that cannot be reached.
  await processAll();
  if (!fetch) return { ...sum, failures: [] };
  const { fresh, failures } = await fetchGatewayEvents(deps, context, isStopping);
  if (fresh > 0) await processAll();
  return { ...sum, failures };
}
