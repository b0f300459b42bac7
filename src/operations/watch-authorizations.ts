import { authorizedUntil, WARN_BEFORE_MS, warnOfExpiry } from "../domain/order/authorization.ts";
import type { Order } from "../domain/order/order.ts";
import { noteSeenPayment, type SeenPayment } from "../domain/order/seen-payment.ts";
import { ok } from "../domain/result.ts";
import { MAX_DEADLINE_MS } from "./ask-gateway.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { PendingOrder } from "./ports/orders.ts";
import { noteSeen } from "./process-gateway-events.ts";
import { changeOrder } from "./save-order.ts";

/** An authorization that its shop is warned of. */
export type ExpiryWarning = {
  readonly orderId: string;
  readonly paymentId: string;
  readonly expiresAt: string;
};

export type AuthorizationReport = {
  /** Those that were never warned of before. */
  readonly warnings: readonly ExpiryWarning[];
  /** Orders that lost an authorization: it had expired. */
  readonly expired: number;
  /** Where the next look goes on. */
  readonly next?: PendingOrder;
};

/**
 * Warns of authorizations that expire within a day, once for each, and asks the gateways about those whose time is over:
 * what they have released goes off the order, and its stock back.
 * @param limit orders that are looked at
 */
export async function watchAuthorizations(
  deps: Deps,
  context: Context,
  limit: number,
  after?: PendingOrder,
): Promise<AuthorizationReport> {
  const { storeId } = context.store;
  const now = deps.now();
  const soon = new Date(Date.parse(now) + WARN_BEFORE_MS).toISOString();
  const found = await deps.storage.orders.listExpiring(storeId, soon, limit, after);
  const warnings: ExpiryWarning[] = [];
  let expired = 0;
  for (const { orderId, since } of found) {
    if (Date.parse(since) <= Date.parse(now)) {
      if (await askAboutExpired(deps, context, orderId, now)) expired += 1;
    } else warnings.push(...(await warn(deps, context, orderId)));
  }
  const next = found.length === limit ? found.at(-1) : undefined;
  return { warnings, expired, ...(next && { next }) };
}

async function warn(deps: Deps, context: Context, orderId: string): Promise<ExpiryWarning[]> {
  let before: Order | undefined;
  const changed = await changeOrder(
    deps,
    context,
    orderId,
    (order, now) => {
      before = order;
      return ok(warnOfExpiry(order, now));
    },
    { stock: "leave" },
  );
  if (!changed.ok) return [];
  return changed.value.payments.flatMap((payment, index) => {
    const expiresAt = authorizedUntil(payment);
    const fresh = payment.operations.some(
      ({ expiryWarnedAt }, place) =>
        expiryWarnedAt !== undefined &&
        before?.payments[index]?.operations[place]?.expiryWarnedAt === undefined,
    );
    return fresh && expiresAt !== undefined ? [{ orderId, paymentId: payment.id, expiresAt }] : [];
  });
}

/** Whether an authorization of the order is gone by now. */
async function askAboutExpired(deps: Deps, context: Context, orderId: string, now: string): Promise<boolean> {
  const { storeId } = context.store;
  const order = await deps.storage.orders.load(storeId, orderId);
  const settings = await deps.storage.gatewaySettings.all(storeId);
  let gone = false;
  for (const payment of order?.payments ?? []) {
    const until = authorizedUntil(payment);
    const { reference } = payment;
    const gateway = deps.gateways.get(payment.gateway);
    if (until === undefined || until > now || reference === undefined || !gateway) continue;
    if (gateway.events) {
      const setting = settings.find(({ slug }) => slug === payment.gateway) ?? { settings: {} };
      const signal = AbortSignal.timeout(Math.min(gateway.deadlineMs, MAX_DEADLINE_MS));
      const seen = await gateway.events
        .look(reference, { settings: setting.settings, signal })
        // It cannot be reached: the next look asks again.
        .catch(() => undefined);
      const ids = { orderId, paymentId: payment.id };
      const known =
        seen && ("orderId" in seen ? seen : seen.payment ? { ...seen.payment, ...ids } : undefined);
      if (known && (await noteSeen(deps, context, gateway, known)) === "changed")
        gone ||= known.state === "released";
      continue;
    }
    // Nobody can be asked, and the gateway has said beforehand that it lets go.
    const seen: SeenPayment = {
      ...{ reference, orderId, paymentId: payment.id, state: "released", reason: "expired" },
      ...{ authorized: 0, captured: 0, refunds: [] },
    };
    const noted = await changeOrder(
      deps,
      context,
      orderId,
      (current, at) => ok(noteSeenPayment(current, seen, at)),
      { stock: "release_if_dead" },
    );
    gone ||= noted.ok;
  }
  return gone;
}
