import { MAX_AMOUNT, type MinorUnits } from "../money.ts";
import type { Address } from "../order/order.ts";

/** What shipping a group costs, in minor units of the group's currency. The total is base, tax and fees. */
export type ShippingPrice = {
  /** >= 0, without tax. */
  readonly base: MinorUnits;
  /** >= 0, as it was given: nobody computes it anew. */
  readonly tax: MinorUnits;
  /** >= 0, without tax. */
  readonly fees: MinorUnits;
  /** A discount that is wanted, <= 0; it never takes more than the base. */
  readonly discount: MinorUnits;
};

/** When something should arrive; both RFC 3339. */
export type DeliveryEstimate = { readonly start?: string; readonly end?: string };

/** Lines that are sent together: how, where to, and at what price. */
export type ShippingGroup = {
  readonly id: string;
  /** ISO 4217 code that the price is in. */
  readonly currency: string;
  readonly price: ShippingPrice;
  readonly shippingType?: string;
  readonly trackingReference?: string;
  readonly address?: Address;
  readonly deliveryEstimate?: DeliveryEstimate;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** What of a group may be said; members that are absent stay, those that are given are given as a whole. */
export type ShippingGroupDetails = {
  readonly price?: ShippingPrice;
  readonly shippingType?: string;
  readonly trackingReference?: string;
  readonly address?: Address;
  readonly deliveryEstimate?: DeliveryEstimate;
};

/** The price of a group that nobody has put a price on. */
export const NO_SHIPPING_PRICE: ShippingPrice = { base: 0, tax: 0, fees: 0, discount: 0 };

/** Groups that a cart or order may have: as many as a cart has items by default. */
export const MAX_SHIPPING_GROUPS = 100;

/** The group after a change. */
export function withGroupDetails(
  group: ShippingGroup,
  details: ShippingGroupDetails,
  now: string,
): ShippingGroup {
  return { ...group, ...details, updatedAt: now };
}

/** Whether something would have to arrive before it may. */
export function areDatesReversed({ start, end }: DeliveryEstimate = {}): boolean {
  return start !== undefined && end !== undefined && Date.parse(start) > Date.parse(end);
}

/** What a group costs before its discount, in minor units. */
export function shippingTotal({ base, tax, fees }: ShippingPrice): MinorUnits {
  return base + tax + fees;
}

/** What really comes off a group's price, <= 0. */
export function shippingDiscount({ base, discount }: ShippingPrice): MinorUnits {
  // Adding 0 keeps -0 out.
  return Math.max(discount, -base) + 0;
}

/** Whether the parts of a price are within what the engine counts with. */
export function isShippingPriceTooLarge(price: ShippingPrice): boolean {
  return shippingTotal(price) > MAX_AMOUNT;
}
