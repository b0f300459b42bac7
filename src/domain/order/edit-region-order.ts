import { type WrittenAddress, writtenOver } from "../cart/region-address.ts";
import type { RegionAddress } from "../cart/region-part.ts";
import { withRegionAddress } from "../customer/region-address.ts";
import type { Decision } from "../decision.ts";
import { fail, ok, type Result } from "../result.ts";
import type { Address, Order } from "./order.ts";
import { plainAddress } from "./place-region-order.ts";
import type { OrderRefusal } from "./refusals.ts";

/** Members that are absent stay, and so do members of an address that were not written. */
export type RegionOrderEdit = {
  readonly email?: string;
  /** Whose it is. One without an account is a guest. */
  readonly customer?: { readonly id: string; readonly isGuest: boolean };
  readonly billingAddress?: WrittenAddress;
  readonly shippingAddress?: WrittenAddress;
  /** Whether mails about it are kept back. */
  readonly noNotification?: boolean;
  /** For addresses that the order has none of yet. */
  readonly billingId: string;
  readonly shippingId: string;
};

/** Changes whom and where an order goes to, in the words of both APIs. Where it goes stays when it is all sent. */
export function editRegionOrder(
  order: Order,
  edit: RegionOrderEdit,
  now: string,
): Result<Decision<Order>, OrderRefusal> {
  if (order.anonymized) return fail({ type: "order_anonymized", orderId: order.id });
  if (order.cancelledAt) return fail({ type: "order_cancelled", orderId: order.id });
  if (edit.shippingAddress && order.fulfilledAt) {
    return fail({ type: "order_fulfilled", orderId: order.id, wanted: "update address" });
  }
  const { region } = order;
  const billing = written(region?.billingAddress, edit.billingAddress, edit.billingId, now);
  const shipping = written(region?.shippingAddress, edit.shippingAddress, edit.shippingId, now);
  const plain = (
    before: Address,
    of: RegionAddress | undefined,
    change: WrittenAddress | undefined,
  ): Address => {
    if (!change) return before;
    return region ? plainAddress(of) : { ...plainAddress(undefined), ...withRegionAddress(before, change) };
  };
  const state: Order = {
    ...order,
    ...(edit.noNotification !== undefined && { noNotification: edit.noNotification }),
    buyer: buyerOf(order, edit),
    billingAddress: plain(order.billingAddress, billing, edit.billingAddress),
    shippingAddress: plain(order.shippingAddress, shipping, edit.shippingAddress),
    ...(region && {
      region: {
        ...region,
        ...(edit.email !== undefined && { email: edit.email }),
        ...(edit.customer && { customerId: edit.customer.id }),
        ...(billing && { billingAddress: billing }),
        ...(shipping && { shippingAddress: shipping }),
      },
    }),
    updatedAt: now,
  };
  return ok({ state, events: [{ type: "order.updated", payload: { orderId: order.id } }] });
}

function buyerOf({ buyer }: Order, { email = buyer.email, customer }: RegionOrderEdit): Order["buyer"] {
  if (!customer) return { ...buyer, email };
  return { name: buyer.name, email, ...(!customer.isGuest && { id: customer.id }) };
}

function written(
  before: RegionAddress | undefined,
  change: WrittenAddress | undefined,
  id: string,
  now: string,
): RegionAddress | undefined {
  return change ? writtenOver(before, change, id, now) : before;
}
