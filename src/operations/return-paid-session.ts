import type { Cart } from "../domain/cart/cart.ts";
import type { PaymentSession, RegionPart } from "../domain/cart/region-part.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { loadRegionCart } from "./region-cart.ts";
import { gatewayOfSession, type SessionDesk, sessionDesk } from "./region-sessions.ts";

/**
 * The goods of a cart are gone, and its shopper may have authorized the payment before: that goes back, and the session
 * begins anew when they pay for what is left. A store that keeps money for goods that are gone (`paidButGone`) keeps the
 * session instead; nothing of it is taken before there is an order. With `hold` the cart says so, and from then on only
 * its shopper or staff complete it.
 * @param sessionId the session that was to pay; the chosen one when absent
 */
export async function returnPaidSession(
  deps: Deps,
  context: Context,
  cartId: string,
  sessionId: string | undefined,
): Promise<void> {
  const { paidButGone } = context.store.settings;
  if (paidButGone === "backorder") return;
  const found = await paidSession(deps, context, cartId, sessionId);
  if (!found) return;
  if (paidButGone === "hold") await note(deps, context, found);
  else await giveBack(deps, context, found);
}

/**
 * Gives the money back that waits with a cart for somebody to decide.
 * @returns false when none waits there, or its cart is being changed just now
 */
export async function returnHeldPayment(deps: Deps, context: Context, cartId: string): Promise<boolean> {
  const loaded = await loadRegionCart(deps, context, cartId, deps.now());
  const held = loaded.ok ? loaded.value.cart.region.heldPayment : undefined;
  const found = held && (await paidSession(deps, context, cartId, held.sessionId));
  return found ? giveBack(deps, context, found) : false;
}

type PaidSession = {
  readonly cart: Cart & { readonly region: RegionPart };
  readonly version: number;
  readonly session: PaymentSession;
  readonly desk: SessionDesk;
};

/** The session of a cart that is not completed, if its gateway says that it is authorized. */
async function paidSession(
  deps: Deps,
  context: Context,
  cartId: string,
  sessionId: string | undefined,
): Promise<PaidSession | undefined> {
  const now = deps.now();
  const loaded = await loadRegionCart(deps, context, cartId, now);
  if (!loaded.ok) return undefined;
  const { cart, version } = loaded.value;
  const { paymentSessions, completedAt } = cart.region;
  const session = paymentSessions.find(({ id, isSelected }) =>
    sessionId === undefined ? isSelected : id === sessionId,
  );
  const gateway = session && gatewayOfSession(deps, session);
  if (completedAt !== undefined || !session?.isInitiated || !gateway?.sessions || gateway.local) {
    return undefined;
  }
  const desk = sessionDesk(deps, context);
  const current = await desk.update(session, cart, now, { amount: session.amount });
  // One that nobody has paid with yet stays as good as it was.
  return current.status === "authorized" ? { cart, version, session: current, desk } : undefined;
}

async function giveBack(deps: Deps, context: Context, paid: PaidSession): Promise<boolean> {
  const { cart, version, session, desk } = paid;
  const now = deps.now();
  desk.close(session, cart);
  const paymentSessions = cart.region.paymentSessions.map((other) =>
    other.id === session.id
      ? { ...other, isInitiated: false, status: "canceled" as const, data: {}, updatedAt: now }
      : other,
  );
  const { heldPayment: _, ...rest } = cart.region;
  const changed = { ...cart, region: { ...rest, paymentSessions }, updatedAt: now };
  // Where somebody was faster, they may be completing the cart with this very session.
  const isSaved = await deps.storage.carts.save(context.store.storeId, changed, version);
  if (isSaved) await desk.saved();
  return isSaved;
}

/** Where somebody changed the cart meanwhile, the next try to complete it notes it. */
async function note(deps: Deps, context: Context, { cart, version, session }: PaidSession): Promise<void> {
  if (cart.region.heldPayment?.sessionId === session.id) return;
  const now = deps.now();
  const region = { ...cart.region, heldPayment: { sessionId: session.id, at: now } };
  const { storeId } = context.store;
  await deps.storage.transaction(async ({ carts, records }) => {
    if (!(await carts.save(storeId, { ...cart, region, updatedAt: now }, version))) return;
    // Of an earlier payment for the cart there may be one.
    await records.delete(storeId, "held_payment", cart.id);
    await records.insert(storeId, "held_payment", { id: cart.id, createdAt: now, updatedAt: now });
  });
}
