import type { RegionAddress } from "../../domain/cart/region-part.ts";
import { toRegionAddress } from "../../domain/customer/region-address.ts";
import type { Address, Order, OrderLine } from "../../domain/order/order.ts";
import type { RegionOrderPart } from "../../domain/order/region-part.ts";
import type { Region } from "../../domain/region/region.ts";
import type { PricedRegionLine } from "../../domain/region-pricing/region-line.ts";
import type { PricedShippingMethod } from "../../domain/region-pricing/region-shipping.ts";
import type { SalesSetup } from "../../operations/ports/records.ts";

/** What of an order this dialect shows: its own region's part, or one that is made of what the other dialect knows. */
export type ShownRegion = Omit<RegionOrderPart, "region"> & {
  /** Undefined: no region sells in the order's currency any more. */
  readonly region?: Region;
  /** Shipping of an order that knows no shipping options. */
  readonly plainShipping: readonly PricedShippingMethod[];
};

/** The order as if it had been sold in the first region of its currency, where it was not sold in one. */
export function shownRegion(order: Order, setup: Pick<SalesSetup, "regions">): ShownRegion {
  if (order.region) return { plainShipping: [], ...order.region };
  const region = setup.regions.find(({ currency }) => currency === order.currency);
  const lines = order.lines.map(plainLine);
  const plainShipping = shippingOf(order);
  const subtotal = lines.reduce((sum, line) => sum + line.subtotal, 0);
  const itemTaxTotal = lines.reduce((sum, line) => sum + line.taxTotal, 0);
  const shippingTotal = plainShipping.reduce((sum, { subtotal: price }) => sum + price, 0);
  const discountTotal = lines.reduce((sum, line) => sum + line.discountTotal, 0);
  return {
    ...(region && { region }),
    email: order.buyer.email,
    billingAddress: wireAddress(order, order.billingAddress),
    shippingAddress: wireAddress(order, order.shippingAddress),
    lines: order.lines.map(({ id }) => ({
      ...{ lineId: id, isGiftCard: false, allowsDiscounts: true, hasShipping: false },
      createdAt: order.createdAt,
    })),
    shippingMethods: [],
    plainShipping,
    totals: {
      lines,
      shippingMethods: [],
      giftCards: [],
      cart: {
        ...{ subtotal, discountTotal, itemTaxTotal, shippingTotal },
        ...{ shippingTaxTotal: 0, taxTotal: itemTaxTotal, giftCardTotal: 0, giftCardTaxTotal: 0 },
        total: order.totals.withTax,
      },
    },
    discounts: [],
    giftCards: [],
  };
}

/** A line whose total is subtotal - discount + tax, as this dialect adds up. */
function plainLine({ id, quantity, price, taxes }: OrderLine): PricedRegionLine {
  const discountTotal = -price.discount;
  const subtotal = price.withTax - price.tax + discountTotal;
  return {
    ...{ id, quantity, unitPrice: price.unitAmount, subtotal, discountTotal },
    ...{ taxTotal: price.tax, total: price.withTax },
    ...{ originalTotal: price.withTax + discountTotal, originalTaxTotal: price.tax },
    taxLines: price.taxes.map(({ amount }, index) => {
      const { rate = 0, name = "default", code = "default" } = taxes[index] ?? {};
      return { percent: rate * 100, name, code, amount };
    }),
    discounts: [],
  };
}

/** What shipping groups cost, as one method without tax apart; none where they cost nothing. */
function shippingOf({ id, totals }: Order): PricedShippingMethod[] {
  const price = totals.shipping + totals.shippingDiscount;
  if (price === 0) return [];
  const original = totals.shipping;
  return [
    {
      ...{ id, price, subtotal: price, taxTotal: 0, total: price, originalTotal: original },
      ...{ originalTaxTotal: 0, taxLines: [] },
    },
  ];
}

function wireAddress({ id, createdAt }: Order, address: Address): RegionAddress {
  return { ...toRegionAddress(address), id, created_at: createdAt, updated_at: createdAt };
}
