import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { loadRegionCart } from "./region-cart.ts";
import { gatewayOfSession, sessionDesk } from "./region-sessions.ts";

/**
 * The goods of a cart are gone, and its shopper may have authorized the payment before: that goes back, and the session
 * begins anew when they pay for what is left. A store that keeps money for goods that are gone (`paidButGone`) keeps the
 * session instead; nothing of it is taken before there is an order.
 * @param sessionId the session that was to pay; the chosen one when absent
 */
export async function returnPaidSession(
  deps: Deps,
  context: Context,
  cartId: string,
  sessionId: string | undefined,
): Promise<void> {
  const { storeId, settings } = context.store;
  if (settings.paidButGone === "backorder" || settings.paidButGone === "hold") return;
  const now = deps.now();
  const loaded = await loadRegionCart(deps, context, cartId, now);
  if (!loaded.ok) return;
  const { cart, version } = loaded.value;
  const { paymentSessions, completedAt } = cart.region;
  const session = paymentSessions.find(({ id, isSelected }) =>
    sessionId === undefined ? isSelected : id === sessionId,
  );
  const gateway = session && gatewayOfSession(deps, session);
  if (completedAt !== undefined || !session?.isInitiated || !gateway?.sessions || gateway.local) return;
  const desk = sessionDesk(deps, context);
  const current = await desk.update(session, cart, now, { amount: session.amount });
  // One that nobody has paid with yet stays as good as it was.
  if (current.status !== "authorized") return;
  desk.close(current, cart);
  const sessions = paymentSessions.map((other) =>
    other.id === session.id
      ? { ...other, isInitiated: false, status: "canceled" as const, data: {}, updatedAt: now }
      : other,
  );
  const region = { ...cart.region, paymentSessions: sessions };
  // Where somebody was faster, they may be completing the cart with this very session.
  if (await deps.storage.carts.save(storeId, { ...cart, region, updatedAt: now }, version))
    await desk.saved();
}
