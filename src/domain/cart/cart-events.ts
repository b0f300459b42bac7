import type { DomainEvent } from "../decision.ts";
import type { Cart } from "./cart.ts";

/** What is told of a cart: that it is there, that somebody else or somebody at all has it, or that it has changed. */
export const cartEventTypes = ["cart.created", "cart.updated", "cart.customer_updated"] as const;

export type CartEventType = (typeof cartEventTypes)[number];

/** The one event of a save. Without `before` the cart is new, or takes the place of one that has expired. */
export function cartEvent(
  before: Cart | undefined,
  after: Cart,
): DomainEvent & { readonly type: CartEventType } {
  const payload = { id: after.id };
  if (!before) return { type: "cart.created", payload };
  return { type: isSameBuyer(before, after) ? "cart.updated" : "cart.customer_updated", payload };
}

function isSameBuyer(before: Cart, after: Cart): boolean {
  return (
    before.customerId === after.customerId &&
    before.accountId === after.accountId &&
    before.contactEmail === after.contactEmail &&
    before.region?.email === after.region?.email
  );
}
