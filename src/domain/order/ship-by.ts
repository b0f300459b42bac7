import type { Decision } from "../decision.ts";
import { fail, ok, type Result } from "../result.ts";
import type { Order } from "./order.ts";
import type { OrderRefusal } from "./refusals.ts";
import type { RegionOrderShipping } from "./region-part.ts";

/**
 * Gives an order of a region one more way to be sent by, at no cost: what the shopper agreed to pay stays. The same id
 * again is a retry.
 */
export function shipBy(
  order: Order,
  method: Omit<RegionOrderShipping, "price">,
  now: string,
): Result<Decision<Order>, OrderRefusal> {
  const { region } = order;
  if (!region || region.shippingMethods.some(({ id }) => id === method.id)) {
    return ok({ state: order, events: [] });
  }
  if (order.anonymized) return fail({ type: "order_anonymized", orderId: order.id });
  if (order.cancelledAt) return fail({ type: "order_cancelled", orderId: order.id });
  const { totals } = region;
  const free = {
    ...{ id: method.id, price: 0, subtotal: 0, taxTotal: 0, total: 0 },
    ...{ originalTotal: 0, originalTaxTotal: 0, taxLines: [] },
  };
  return ok({
    state: {
      ...order,
      region: {
        ...region,
        shippingMethods: [...region.shippingMethods, { ...method, price: 0 }],
        totals: { ...totals, shippingMethods: [...totals.shippingMethods, free] },
      },
      updatedAt: now,
    },
    events: [{ type: "order.updated", payload: { orderId: order.id } }],
  });
}
