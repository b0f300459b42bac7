import { paymentFacts, waitsForShopper } from "../domain/order/payment.ts";
import { noteSeenPayment, type SeenPayment } from "../domain/order/seen-payment.ts";
import { ok } from "../domain/result.ts";
import type { Gateway, GatewayEvent, GatewayRequest } from "../gateways/gateway.ts";
import { MAX_DEADLINE_MS } from "./ask-gateway.ts";
import { confirmPayment } from "./confirm-payment.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { GatewayEventOutcome, OpenEvents } from "./ports/gateway-events.ts";
import type { GatewaySetting } from "./ports/gateway-settings.ts";
import { changeOrder } from "./save-order.ts";
import { settleLateMoney } from "./settle-late-money.ts";
import { toldEvents } from "./told-events.ts";

/** How far events are asked for back before the last question, in milliseconds: clocks differ, and some come late. */
const OVERLAP_MS = 10 * 60_000;
/** How far back the first question goes, in milliseconds. */
const FIRST_LOOK_MS = 24 * 3_600_000;
/** Events that one pass looks at. */
const BATCH = 200;

/** `accepted` tells the store whose gateway called, and whether it told anything new. */
export type ReceivedEvents =
  | { readonly kind: "accepted"; readonly storeId: string; readonly fresh: number }
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
    return { kind: "accepted", storeId, fresh };
  }
  return { kind: "unsigned" };
}

/**
 * Asks the gateways of a store what happened lately, as if they had called. One that cannot be asked keeps none of the
 * others from being asked, and is asked for the same time again in the next pass.
 */
export async function fetchGatewayEvents(
  deps: Deps,
  context: Context,
  isStopping?: () => boolean,
): Promise<FetchReport> {
  const { storeId } = context.store;
  const failures: FetchReport["failures"][number][] = [];
  let fresh = 0;
  for (const { slug, settings, enabled } of await deps.storage.gatewaySettings.all(storeId)) {
    const told = deps.gateways.get(slug)?.events;
    // A simulator beside us calls without fail, and a question would start it.
    if (!told || !enabled || Object.keys(settings).length === 0 || settings.simulated === true) continue;
    const now = deps.now();
    const asked = await deps.storage.gatewayEvents.askedUntil(storeId, slug);
    const since = asked === undefined ? Date.parse(now) - FIRST_LOOK_MS : Date.parse(asked) - OVERLAP_MS;
    const patience = new AbortController();
    const parts = told.since(new Date(since).toISOString(), { settings, signal: patience.signal });
    const reader = parts[Symbol.asyncIterator]();
    for (;;) {
      if (isStopping?.()) return { fresh, failures };
      const part = await nextPart(reader, patience);
      if ("error" in part) {
        failures.push({ gateway: slug, error: part.error });
        break;
      }
      if (part.done) {
        await deps.storage.gatewayEvents.setAskedUntil(storeId, slug, now);
        break;
      }
      fresh += await deps.storage.gatewayEvents.add(storeId, slug, part.value, now);
    }
  }
  return { fresh, failures };
}

/** However much there is to tell, each part of it has to come within the deadline. */
async function nextPart(
  reader: AsyncIterator<readonly GatewayEvent[]>,
  patience: AbortController,
): Promise<IteratorResult<readonly GatewayEvent[]> | { readonly error: unknown }> {
  const timer = setTimeout(() => patience.abort(), MAX_DEADLINE_MS);
  try {
    return await reader.next();
  } catch (error) {
    return { error };
  } finally {
    clearTimeout(timer);
  }
}

/** How many events were new, and which gateways could not be asked to the end. */
export type FetchReport = {
  readonly fresh: number;
  readonly failures: readonly { readonly gateway: string; readonly error: unknown }[];
};

/** What one pass over the events of a store did, in payments. */
export type EventReport = Readonly<Record<GatewayEventOutcome | "failed", number>>;

/** Looks at the payments that gateways told something about. What fails is looked at again in the next pass. */
export async function processGatewayEvents(
  deps: Deps,
  context: Context,
  isStopping: () => boolean = () => false,
): Promise<EventReport> {
  const { storeId } = context.store;
  const report = { changed: 0, known: 0, foreign: 0, failed: 0 };
  const open = await deps.storage.gatewayEvents.open(storeId, BATCH);
  if (open.length === 0) return report;
  const settings = await deps.storage.gatewaySettings.all(storeId);
  for (const told of open) {
    if (isStopping()) break;
    const outcome = await lookAt(deps, context, told, settings);
    report[outcome] += 1;
    if (outcome === "failed") continue;
    const ids = told.events.map(({ id }) => id);
    await deps.storage.gatewayEvents.close(storeId, told.gateway, ids, outcome, deps.now());
  }
  return report;
}

async function lookAt(
  deps: Deps,
  context: Context,
  told: OpenEvents,
  settings: readonly GatewaySetting[],
): Promise<GatewayEventOutcome | "failed"> {
  if (await isEchoOfOurs(deps, context, told)) return "known";
  const setting = settings.find(({ slug }) => slug === told.gateway);
  const gateway = deps.gateways.get(told.gateway);
  if (!gateway?.events || !setting) return "foreign";
  let seen: SeenPayment | undefined;
  try {
    const signal = AbortSignal.timeout(Math.min(gateway.deadlineMs, MAX_DEADLINE_MS));
    const [paymentId = ""] = told.events[0]?.id.split(":") ?? [];
    const kept = await toldEvents(deps, context, gateway, paymentId);
    seen = await gateway.events.look(told.reference, {
      settings: setting.settings,
      ...(kept && { told: kept }),
      signal,
    });
  } catch {
    return "failed";
  }
  return seen ? noteSeen(deps, context, gateway, seen) : "foreign";
}

/** Settles what is unanswered about a payment, and writes down what was done to it at the gateway. */
export async function noteSeen(
  deps: Deps,
  context: Context,
  gateway: Gateway,
  seen: SeenPayment,
): Promise<GatewayEventOutcome | "failed"> {
  const { storeId } = context.store;
  const order = await deps.storage.orders.load(storeId, seen.orderId);
  const payment = order?.payments.find(({ id }) => id === seen.paymentId);
  if (!order || !payment || deps.gateways.get(payment.gateway)?.events?.path !== gateway.events?.path) {
    return "foreign";
  }
  const open = payment.operations.some(({ status }) => status === "pending");
  if (open) await confirmPayment(deps, context, order.id, payment.id);
  if (!(await settleLateMoney(deps, context, seen))) return "failed";
  const noted = await changeOrder(
    deps,
    context,
    order.id,
    (current, now) => ok(noteSeenPayment(current, seen, now)),
    { stock: "release_if_dead" },
  );
  if (!noted.ok) return "failed";
  const after = noted.value.payments.find(({ id }) => id === payment.id);
  // While something of ours is unanswered nothing else is written down: it is looked at again.
  if (after && !waitsForShopper(after) && !paymentFacts(after).resolved) return "failed";
  return noted.value.version === order.version ? "known" : "changed";
}

/** Whether all events only say that something was done which we asked for and know to be done. */
async function isEchoOfOurs(deps: Deps, { store }: Context, { events }: OpenEvents): Promise<boolean> {
  const [first] = events;
  if (first?.orderId === undefined || events.some(({ operationId }) => operationId === undefined))
    return false;
  const order = await deps.storage.orders.load(store.storeId, first.orderId);
  const done = new Set(
    order?.payments
      .flatMap(({ operations }) => operations)
      // What counts as failed here and is told to have happened is news.
      .filter(({ status }) => status === "complete")
      .map(({ id }) => id),
  );
  return events.every(({ operationId }) => done.has(operationId ?? ""));
}
