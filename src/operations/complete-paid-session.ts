import { paymentFacts } from "../domain/order/payment.ts";
import type { SeenSession } from "../domain/order/seen-payment.ts";
import type { Gateway } from "../gateways/gateway.ts";
import { MAX_DEADLINE_MS } from "./ask-gateway.ts";
import { completeRegionCart } from "./complete-region-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { GatewayEventOutcome } from "./ports/gateway-events.ts";
import type { GatewaySetting } from "./ports/gateway-settings.ts";
import { loadRegionCart } from "./region-cart.ts";
import { gatewayOfSession } from "./region-sessions.ts";

/** What may be otherwise in a moment, so that it is looked at again. */
const passing: readonly string[] = [
  "payment_unresolved",
  "write_conflict",
  "payment_session_stale",
  "payment_provider_failed",
];

/** A cart that is paid for and cannot be completed, and the refusal that says why, `order_without_customer`. */
export type StuckCart = { readonly cartId: string; readonly reason: string };

/**
 * A gateway told that a shopper has paid in a session: their cart is completed with it, should their browser not have
 * come that far. Money for a cart that was paid for in another way, or in a session that was given up, goes back. Where
 * the cart cannot be completed, its shopper has to see why: what they authorized stays with its session, and the cart is
 * stuck until it can be, or the authorization is gone; money that the store holds for a person (`payment_held`) waits for
 * one. While the shopper's browser may still be about to pay with what they agreed to, it goes first: `later`.
 */
export async function completePaidSession(
  deps: Deps,
  context: Context,
  gateway: Gateway,
  setting: Pick<GatewaySetting, "settings">,
  seen: SeenSession,
): Promise<GatewayEventOutcome | "failed" | "later" | StuckCart> {
  if (!seen.isAuthorized) return "known";
  const loaded = await loadRegionCart(deps, context, seen.cartId, deps.now());
  // The account may be shared with a store that knows the cart; what is only set aside lapses by itself.
  if (!loaded.ok) return "foreign";
  const { cart } = loaded.value;
  const session = cart.region.paymentSessions.find(
    (one) =>
      one.data.id === seen.reference && gatewayOfSession(deps, one)?.events?.path === gateway.events?.path,
  );
  const giveBack = async (): Promise<GatewayEventOutcome | "failed"> => {
    const call = {
      key: session?.id ?? seen.reference,
      cartId: cart.id,
      amount: session?.amount ?? 0,
      currency: cart.currency ?? "",
      data: { id: seen.reference },
      settings: setting.settings,
      signal: AbortSignal.timeout(Math.min(gateway.deadlineMs, MAX_DEADLINE_MS)),
    };
    const closing = gateway.sessions?.close(call).then(() => "known" as const);
    return (await closing?.catch(() => "failed" as const)) ?? "known";
  };
  if (!session) return giveBack();
  if (seen.notBefore !== undefined && cart.region.completedAt === undefined && deps.now() < seen.notBefore) {
    return "later";
  }
  const { paidButGone } = context.store.settings;
  const { heldPayment, completedAt } = cart.region;
  if (paidButGone === "hold" && heldPayment?.sessionId === session.id && completedAt === undefined) {
    return { cartId: cart.id, reason: "payment_held" };
  }
  const done = await completeRegionCart(deps, context, cart.id, { sessionId: session.id });
  if (!done.ok) {
    if (passing.includes(done.error.type)) return "failed";
    const keeps = paidButGone === "backorder" || paidButGone === "hold";
    const isReturned = done.error.type === "stock_short" && !keeps;
    if (isReturned || done.error.type === "payment_declined") return "known";
    return { cartId: cart.id, reason: done.error.type };
  }
  if (done.value.kind === "cart") return "known";
  const isPaidByIt = done.value.order.payments.some(
    (payment) => payment.reference === seen.reference && paymentFacts(payment).live,
  );
  return isPaidByIt ? "changed" : giveBack();
}
