import type { Decision } from "../decision.ts";
import { fail, ok, type Result } from "../result.ts";
import type { Order } from "./order.ts";
import type { OrderRefusal } from "./refusals.ts";

/** Who takes an order over: a registered customer. */
export type Claimant = { readonly id: string; readonly name: string; readonly email: string };

/**
 * Makes an order the claimant's, who has proven that mail to `email` reaches them. Once somebody else has it, whose
 * e-mail address is another, nothing happens.
 */
export function claimOrder(
  order: Order,
  claimant: Claimant,
  email: string,
  now: string,
): Result<Decision<Order>, OrderRefusal> {
  if (order.anonymized) return fail({ type: "order_anonymized", orderId: order.id });
  const isTheirs = order.buyer.id === claimant.id;
  if (isTheirs || order.buyer.email.toLowerCase() !== email.toLowerCase()) {
    return ok({ state: order, events: [] });
  }
  const state: Order = {
    ...order,
    buyer: { id: claimant.id, name: claimant.name, email: claimant.email },
    ...(order.region && {
      region: { ...order.region, customerId: claimant.id, email: claimant.email },
    }),
    updatedAt: now,
  };
  const payload = { orderId: order.id, customerId: claimant.id };
  return ok({ state, events: [{ type: "order.claimed", payload }] });
}
