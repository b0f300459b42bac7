import type { Cart } from "../domain/cart/cart.ts";
import { cartEvent } from "../domain/cart/cart-events.ts";
import type { EventAbout } from "../domain/decision.ts";
import type { Context } from "./context.ts";

/**
 * What is told of a cart that is saved, if anybody wants to hear it; nothing is written otherwise. `before` is the cart
 * as it was loaded, undefined for a new one.
 */
export function toldOfCart(
  { store }: Pick<Context, "store">,
  before: Cart | undefined,
  after: Cart,
): EventAbout | undefined {
  if (store.cartEvents.length === 0) return undefined;
  const event = cartEvent(before, after);
  return store.cartEvents.includes(event.type) ? { ...event, subjectId: after.id } : undefined;
}
