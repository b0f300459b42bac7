import { paymentFacts, waitsForShopper } from "../domain/order/payment.ts";
import { noteSeenPayment, type SeenPayment, type SeenSession } from "../domain/order/seen-payment.ts";
import { ok } from "../domain/result.ts";
import type { Gateway } from "../gateways/gateway.ts";
import { MAX_DEADLINE_MS } from "./ask-gateway.ts";
import { completePaidSession, type StuckCart } from "./complete-paid-session.ts";
import { confirmPayment } from "./confirm-payment.ts";
import type { Context } from "./context.ts";
import { withinDeadline } from "./deadline.ts";
import type { Deps } from "./deps.ts";
import { paymentOfSession } from "./payment-of-session.ts";
import type { EventPlace, GatewayEventOutcome, OpenEvents } from "./ports/gateway-events.ts";
import type { GatewaySetting } from "./ports/gateway-settings.ts";
import { type RetryPauses, retryPauses } from "./retry-pauses.ts";
import { changeOrder } from "./save-order.ts";
import { settleLateMoney } from "./settle-late-money.ts";
import { severalAtOnce } from "./several-at-once.ts";
import { toldEvents } from "./told-events.ts";

/** Events that are read at once. */
const PAGE = 200;
/** Payments that a gateway is asked about at the same time, for one store, unless somebody says otherwise. */
export const QUESTIONS_AT_ONCE = 8;

/** How much may be asked. */
export type Pace = {
  /** Questions to one gateway that are under way at the same time; `QUESTIONS_AT_ONCE` when absent. */
  readonly atOnce?: number;
  /** Nothing else is begun once it says so; what was begun is waited for. */
  isOver?(): boolean;
};

/** What one pass over the events of a gateway did, in payments; `later` and `stuck` are looked at again as `failed` is. */
export type EventReport = Readonly<Record<GatewayEventOutcome | "failed" | "later" | "stuck", number>>;

/**
 * Looks at the payments that a gateway told something about, at those first that never failed, and then at those whose
 * pause is over: however many keep failing, they keep none from being looked at.
 * @param how.onStuck is told of carts that are paid for and cannot be completed
 * @param how.pauses of this store and gateway, kept from pass to pass; without them everything is looked at once
 */
export async function processGatewayEvents(
  deps: Deps,
  context: Context,
  gateway: string,
  how: Pace & { readonly pauses?: RetryPauses; onStuck?(cart: StuckCart): void } = {},
): Promise<EventReport> {
  const { atOnce = QUESTIONS_AT_ONCE, isOver = () => false, pauses = retryPauses() } = how;
  const { storeId } = context.store;
  const report = { changed: 0, known: 0, foreign: 0, failed: 0, later: 0, stuck: 0 };
  const settings = await deps.storage.gatewaySettings.all(storeId);
  const setting = settings.find(({ slug }) => slug === gateway);
  // What fails in this pass is not tried again in it, however long it takes.
  const began = deps.now();
  const open = new Set<string>();

  const look = async (told: OpenEvents): Promise<void> => {
    const looked = await lookAt(deps, context, deps.gateways.get(gateway), setting, told);
    const outcome = typeof looked === "string" ? looked : "stuck";
    report[outcome] += 1;
    const ids = told.events.map(({ id }) => id);
    if (typeof looked !== "string") {
      await deps.storage.gatewayEvents.noteStuck(storeId, gateway, ids);
      how.onStuck?.(looked);
    }
    if (outcome === "failed" || outcome === "later" || outcome === "stuck") {
      return pauses.failed(told.reference, told.newest, deps.now());
    }
    pauses.forget(told.reference);
    await deps.storage.gatewayEvents.close(storeId, gateway, ids, outcome, deps.now());
  };
  /** @returns whether any are left whose pause is over */
  const sweep = async (wanted: "fresh" | "again"): Promise<boolean> => {
    let others = false;
    let after: EventPlace | undefined;
    do {
      const { payments, next } = await deps.storage.gatewayEvents.open(storeId, gateway, PAGE, after);
      const due: OpenEvents[] = [];
      for (const told of payments) {
        open.add(told.reference);
        const standing = pauses.standing(told.reference, told.newest, began);
        if (standing === wanted) due.push(told);
        else if (standing === "again") others = true;
      }
      await severalAtOnce(due, atOnce, isOver, look);
      after = next;
    } while (after && !isOver());
    return others;
  };
  const others = await sweep("fresh");
  if (isOver()) return report;
  pauses.keepOnly(open);
  if (others) await sweep("again");
  return report;
}

async function lookAt(
  deps: Deps,
  context: Context,
  gateway: Gateway | undefined,
  setting: GatewaySetting | undefined,
  told: OpenEvents,
): Promise<GatewayEventOutcome | "failed" | "later" | StuckCart> {
  if (await isEchoOfOurs(deps, context, told)) return "known";
  const events = gateway?.events;
  if (!events || !setting) return "foreign";
  const look = async (): Promise<SeenPayment | SeenSession | "failed" | undefined> => {
    const [paymentId = ""] = told.events[0]?.id.split(":") ?? [];
    const kept = await toldEvents(deps, context, gateway, paymentId);
    const signal = AbortSignal.timeout(Math.min(gateway.deadlineMs, MAX_DEADLINE_MS));
    const question = { settings: setting.settings, ...(kept && { told: kept }), signal };
    return withinDeadline(signal, () => events.look(told.reference, question)).catch(() => "failed" as const);
  };
  const seen = await look();
  if (!seen) return "foreign";
  if (seen === "failed") return "failed";
  const known = await asPayment(deps, context, seen);
  if (known) return noteSeen(deps, context, gateway, known);
  if ("orderId" in seen) return "foreign";
  const outcome = await completePaidSession(deps, context, gateway, setting, seen);
  if (outcome !== "changed") return outcome;
  // What else happened to it, such as a capture, is the new order's.
  const again = await look();
  const taken = again && again !== "failed" ? await asPayment(deps, context, again) : undefined;
  return taken ? noteSeen(deps, context, gateway, taken) : outcome;
}

async function asPayment(
  deps: Deps,
  context: Context,
  seen: SeenPayment | SeenSession,
): Promise<SeenPayment | undefined> {
  return "orderId" in seen ? seen : paymentOfSession(deps, context, seen);
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
