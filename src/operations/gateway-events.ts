import type { GatewayEvent, GatewayRequest } from "../gateways/gateway.ts";
import { MAX_DEADLINE_MS } from "./ask-gateway.ts";
import type { Context } from "./context.ts";
import { withinDeadline } from "./deadline.ts";
import type { Deps } from "./deps.ts";
import type { GatewaySetting } from "./ports/gateway-settings.ts";

/** How far events are asked for back before the last question, in milliseconds: clocks differ, and some come late. */
const OVERLAP_MS = 10 * 60_000;
/** How far back the first question goes, in milliseconds. */
const FIRST_LOOK_MS = 24 * 3_600_000;

/** `accepted` tells whose gateway called, and whether it told anything new. */
export type ReceivedEvents =
  | { readonly kind: "accepted"; readonly storeId: string; readonly gateway: string; readonly fresh: number }
  | { readonly kind: "unsigned" }
  | { readonly kind: "unknown" };

/**
 * Keeps what a gateway tells, and nothing more: it is looked at later, so that no call is lost with us and none takes
 * long. Whose gateway it is shows in the signature.
 */
export async function receiveGatewayEvents(
  deps: Deps,
  path: string,
  request: Omit<GatewayRequest, "settings" | "now">,
): Promise<ReceivedEvents> {
  const gateways = [...deps.gateways.values()].filter(({ events }) => events?.path === path);
  if (gateways.length === 0) return { kind: "unknown" };
  const slugs = gateways.map(({ slug }) => slug);
  const now = deps.now();
  for (const { storeId, ...setting } of await deps.storage.gatewaySettings.everywhere(slugs)) {
    const gateway = deps.gateways.get(setting.slug);
    const events = await gateway?.events?.read({ ...request, now, settings: setting.settings });
    if (!events) continue;
    const fresh = await deps.storage.gatewayEvents.add(storeId, setting.slug, events, now);
    return { kind: "accepted", storeId, gateway: setting.slug, fresh };
  }
  return { kind: "unsigned" };
}

/** The gateways of a store that can be asked what happened. */
export async function gatewaysToAsk(deps: Deps, { store }: Context): Promise<readonly GatewaySetting[]> {
  const all = await deps.storage.gatewaySettings.all(store.storeId);
  return all.filter(
    ({ slug, settings, enabled }) =>
      enabled &&
      deps.gateways.get(slug)?.events &&
      Object.keys(settings).length > 0 &&
      // A simulator beside us calls without fail, and a question would start it.
      settings.simulated !== true,
  );
}

/**
 * Asks a gateway of a store what happened lately, as if it had called. One that cannot be asked to the end is asked for
 * the same time again the next time.
 * @returns how many events were new, and what kept it from being asked to the end
 */
export async function fetchGatewayEvents(
  deps: Deps,
  { store: { storeId } }: Context,
  { slug, settings }: GatewaySetting,
  isOver: () => boolean = () => false,
): Promise<{ readonly fresh: number; readonly error?: unknown }> {
  let fresh = 0;
  const told = deps.gateways.get(slug)?.events;
  if (!told) return { fresh };
  const now = deps.now();
  const asked = await deps.storage.gatewayEvents.askedUntil(storeId, slug);
  const since = asked === undefined ? Date.parse(now) - FIRST_LOOK_MS : Date.parse(asked) - OVERLAP_MS;
  const patience = new AbortController();
  const parts = told.since(new Date(since).toISOString(), { settings, signal: patience.signal });
  const reader = parts[Symbol.asyncIterator]();
  while (!isOver()) {
    const part = await nextPart(reader, patience);
    if ("error" in part) return { fresh, error: part.error };
    if (part.done) {
      await deps.storage.gatewayEvents.setAskedUntil(storeId, slug, now);
      break;
    }
    fresh += await deps.storage.gatewayEvents.add(storeId, slug, part.value, now);
  }
  return { fresh };
}

/** However much there is to tell, each part of it has to come within the deadline. */
async function nextPart(
  reader: AsyncIterator<readonly GatewayEvent[]>,
  patience: AbortController,
): Promise<IteratorResult<readonly GatewayEvent[]> | { readonly error: unknown }> {
  const timer = setTimeout(() => patience.abort(), MAX_DEADLINE_MS);
  try {
    return await withinDeadline(patience.signal, () => reader.next());
  } catch (error) {
    return { error };
  } finally {
    clearTimeout(timer);
  }
}
