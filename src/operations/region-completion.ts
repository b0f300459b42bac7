import type { PaymentSessionStatus } from "../domain/cart/region-part.ts";
import type { Order } from "../domain/order/order.ts";
import type { GatewayOutcome } from "../domain/order/pay.ts";
import { fail, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { MAX_TRIES } from "./max-tries.ts";
import { type CartProblem, loadRegionCart, type PricedRegionCart, priceRegionLook } from "./region-cart.ts";

/**
 * Notes on a cart that its order is authorized. Should we die before, the next look at the cart says the same: what counts
 * is the order.
 */
export async function markCompleted(
  deps: Deps,
  context: Context,
  cartId: string,
  order: Order,
): Promise<void> {
  const now = deps.now();
  const loaded = await loadRegionCart(deps, context, cartId, now);
  if (!loaded.ok) return;
  const { cart, version } = loaded.value;
  const data = order.payments.at(-1)?.sessionData;
  const sessions = cart.region.paymentSessions.map((session) =>
    session.isSelected
      ? { ...session, status: "authorized" as const, authorizedAt: now, ...(data && { data }) }
      : session,
  );
  const region = { ...cart.region, paymentSessions: sessions, completedAt: now };
  await deps.storage.carts.save(context.store.storeId, { ...cart, region, updatedAt: now }, version);
}

/** Notes on a cart how far the chosen payment session is. */
export async function noteSession(
  deps: Deps,
  context: Context,
  cartId: string,
  provider: string,
  { code, data, endsSession }: Pick<GatewayOutcome & { kind: "declined" }, "code" | "data" | "endsSession">,
): Promise<Result<PricedRegionCart, CartProblem>> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const now = deps.now();
    const loaded = await loadRegionCart(deps, context, cartId, now);
    if (!loaded.ok) return loaded;
    const { version, ...look } = loaded.value;
    const priced = priceRegionLook(look, now);
    if (!priced.ok) return priced;
    const told = isStatus(code) ? code : undefined;
    // What is over is begun anew by the next try, or change of the cart.
    const status = endsSession && told !== "canceled" ? "error" : told;
    if (look.cart.region.completedAt !== undefined || (!status && !data)) return priced;
    const paymentSessions = look.cart.region.paymentSessions.map((session) =>
      session.provider === provider && session.isSelected
        ? { ...session, ...(status && { status }), ...(data && { data }), updatedAt: now }
        : session,
    );
    const cart = { ...look.cart, region: { ...look.cart.region, paymentSessions } };
    if (await deps.storage.carts.save(context.store.storeId, cart, version)) {
      return { ok: true, value: { ...priced.value, cart: { ...cart, version: version + 1 } } };
    }
    await deps.pause(attempt * 2);
  }
  return fail({ type: "write_conflict" });
}

function isStatus(code: string): code is PaymentSessionStatus {
  return ["requires_more", "pending", "error", "canceled"].includes(code);
}
