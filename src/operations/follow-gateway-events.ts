import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { fetchGatewayEvents, gatewaysToAsk } from "./gateway-events.ts";
import { type EventReport, processGatewayEvents } from "./process-gateway-events.ts";
import { severalAtOnce } from "./several-at-once.ts";

/** Also which gateways could not be asked what happened. */
export type FollowReport = EventReport & {
  readonly failures: readonly { readonly gateway: string; readonly error: unknown }[];
};

const never = (): boolean => false;

/**
 * Looks at everything that a store's gateways told, after asking them for what did not reach us (`fetch`): all of them
 * beside each other, so that none waits for another.
 */
export async function followEvents(
  deps: Deps,
  context: Context,
  { fetch }: { readonly fetch: boolean },
): Promise<FollowReport> {
  const { gatewayEvents } = deps.storage;
  const { storeId } = context.store;
  const sum = { changed: 0, known: 0, foreign: 0, failed: 0, later: 0, stuck: 0 };
  const failures: FollowReport["failures"][number][] = [];
  const open = new Map<string, Pick<EventReport, "failed" | "later" | "stuck">>();
  const process = async (gateway: string): Promise<void> => {
    const report = await processGatewayEvents(deps, context, gateway);
    for (const outcome of ["changed", "known", "foreign"] as const) sum[outcome] += report[outcome];
    // What stays open is looked at again every time until it goes well.
    open.set(gateway, report);
  };
  const asked = fetch ? await gatewaysToAsk(deps, context) : [];
  const all = new Set([...(await gatewayEvents.openGateways(storeId)), ...asked.map(({ slug }) => slug)]);
  await severalAtOnce([...all], all.size, never, async (gateway) => {
    // What is here already is not to wait for a gateway that cannot be reached.
    await process(gateway);
    const setting = asked.find(({ slug }) => slug === gateway);
    if (!setting) return;
    const { fresh, error } = await fetchGatewayEvents(deps, context, setting);
    if (error !== undefined) failures.push({ gateway, error });
    if (fresh > 0) await process(gateway);
  });
  for (const { failed, later, stuck } of open.values()) {
    sum.failed += failed;
    sum.stuck += stuck;
    sum.later += later;
  }
  return { ...sum, failures };
}
