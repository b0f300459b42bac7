import type { RegionAddress } from "../cart/region-part.ts";
import type { Decision } from "../decision.ts";
import { fail, ok, type Result } from "../result.ts";
import type { ShippingGroup } from "../shipping/shipping-group.ts";
import type { Fulfilment, Return } from "./fulfilment.ts";
import type { Address, Order } from "./order.ts";
import type { OrderRefusal } from "./refusals.ts";
import type { RegionOrderPart } from "./region-part.ts";
import { orderStatuses } from "./status.ts";

const hidden = "*";

/**
 * Takes the person out of a finished order: names, addresses, and whatever the shopper or the shop wrote onto it in
 * inputs and custom fields, since nobody knows what that says. Lines and money stay for the books. Twice is as good as
 * once.
 */
export function anonymizeOrder(order: Order, now: string): Result<Decision<Order>, OrderRefusal> {
  if (order.anonymized) return ok({ state: order, events: [] });
  const statuses = orderStatuses(order);
  const final =
    statuses.shipping === "fulfilled" || statuses.status === "cancelled" || statuses.payment === "refunded";
  if (!final) return fail({ type: "order_not_final", orderId: order.id, ...statuses });
  const { id: _, ...buyer } = order.buyer;
  const { fields: _fields, ...kept } = order;
  const state: Order = {
    ...kept,
    buyer: { ...buyer, name: hidden, email: hidden },
    billingAddress: hideAddress(order.billingAddress),
    shippingAddress: hideAddress(order.shippingAddress),
    ...(order.region && { region: hideRegion(order.region) }),
    payments: order.payments.map(({ sessionData: _data, ...payment }) => payment),
    ...(order.fulfilments && { fulfilments: order.fulfilments.map(hideFulfilment) }),
    ...(order.returns && { returns: order.returns.map(hideReturn) }),
    ...(order.shippingGroups && { shippingGroups: order.shippingGroups.map(hideGroup) }),
    lines: order.lines.map(({ customInputs: _inputs, fields: _lineFields, ...line }) => line),
    anonymized: true,
    updatedAt: now,
  };
  return ok({ state, events: [{ type: "order.anonymized", payload: { orderId: order.id } }] });
}

function hideRegion(region: RegionOrderPart): RegionOrderPart {
  const { customerId: _, metadata: _metadata, ...kept } = region;
  return {
    ...kept,
    email: hidden,
    ...(region.billingAddress && { billingAddress: hideRegionAddress(region.billingAddress) }),
    ...(region.shippingAddress && { shippingAddress: hideRegionAddress(region.shippingAddress) }),
    shippingMethods: region.shippingMethods.map((method) => ({ ...method, data: {} })),
  };
}

function hideRegionAddress({ id, created_at, updated_at }: RegionAddress): RegionAddress {
  const names = { first_name: hidden, last_name: hidden };
  return { id, ...names, address_1: hidden, city: hidden, postal_code: hidden, created_at, updated_at };
}

function hideFulfilment({ metadata: _, ...fulfilment }: Fulfilment): Fulfilment {
  return { ...fulfilment, trackingNumbers: fulfilment.trackingNumbers.map(() => hidden), data: {} };
}

function hideReturn({ metadata: _, ...goods }: Return): Return {
  return { ...goods, items: goods.items.map(({ note: _note, ...item }) => item) };
}

/** What a carrier knows a parcel by leads to the person as well. */
function hideGroup(group: ShippingGroup): ShippingGroup {
  return {
    ...group,
    ...(group.trackingReference && { trackingReference: hidden }),
    ...(group.address && { address: hideAddress(group.address) }),
  };
}

function hideAddress(address: Address): Address {
  return Object.fromEntries(Object.keys(address).map((key) => [key, hidden])) as Address;
}
