import type { CartRefusal } from "../cart/refusals.ts";
import { groupOf, profileIdOf, type RegionGoods, type RegionSetup } from "../cart/region-goods.ts";
import type { RegionCart } from "../cart/region-lines.ts";
import type { RegionAddress } from "../cart/region-part.ts";
import { allowsDiscounts } from "../cart/region-quote.ts";
import { withRegionAddress } from "../customer/region-address.ts";
import type { Decision } from "../decision.ts";
import { extended } from "../extended.ts";
import type { Discount } from "../region/discount.ts";
import type { StoredGiftCard } from "../region/gift-card.ts";
import type { Region } from "../region/region.ts";
import { discountsInForce } from "../region-pricing/region-discount.ts";
import type { RegionTotals } from "../region-pricing/region-totals.ts";
import { ok, type Result } from "../result.ts";
import type { Address, Order } from "./order.ts";
import { placeOrder } from "./place.ts";
import type { OrderRefusal } from "./refusals.ts";
import { plainPricesOf, plainTaxesOf } from "./region-order-prices.ts";
import type { RegionOrderLine, RegionOrderPart } from "./region-part.ts";

export type PlaceRegionOrder = {
  readonly orderId: string;
  readonly region: Region;
  readonly goods: RegionGoods;
  readonly setup: RegionSetup;
  /** With tax, whether or not the region shows it before. */
  readonly totals: RegionTotals;
  readonly discounts: readonly Discount[];
  readonly giftCards: readonly StoredGiftCard[];
  /** Who buys: `isGuest` for somebody without an account. */
  readonly customer: { readonly id: string; readonly name: string; readonly isGuest: boolean };
  readonly email: string;
  /** Ids for what orders take off gift cards, one for each card that pays. */
  readonly transactionIds: readonly string[];
};

/**
 * Freezes a cart of a region into an unpaid order, which every dialect can show: its lines, shipping and totals are those
 * of any order, and beside them stands what only orders of regions have. Lines keep the ids that they had in the cart.
 */
export function placeRegionOrder(
  cart: RegionCart,
  input: PlaceRegionOrder,
  now: string,
): Result<Decision<Order>, OrderRefusal | CartRefusal> {
  const { region, totals, customer, email } = input;
  const { billingAddress, shippingAddress } = cart.region;
  const billing = plainAddress(billingAddress ?? shippingAddress);
  const name = [billing.first_name, billing.last_name].filter(Boolean).join(" ");
  // Stock was checked with the cart; what counts is that it can be allocated, which the save decides.
  const placed = placeOrder(
    { ...cart, currency: region.currency, deferInventoryCheck: true },
    {
      orderId: input.orderId,
      lineIds: cart.items.map(({ id }) => id),
      shippingGroupIds: (cart.shippingGroups ?? []).map(({ id }) => id),
      priced: plainPricesOf(cart.items, totals),
      available: new Map(),
      buyer: { name: name || customer.name, email, ...(!customer.isGuest && { id: customer.id }) },
      billingAddress: billing,
      shippingAddress: plainAddress(shippingAddress ?? billingAddress),
    },
    now,
  );
  if (!placed.ok) return placed;
  const { state } = placed.value;
  // A line's taxes are those of its region, not those that somebody may have put on the cart's.
  const lines = state.lines.map((line, index) => ({
    ...line,
    taxes: plainTaxesOf(line.id, totals.lines[index]?.taxLines ?? []),
  }));
  // That it was placed is told when somebody has promised to pay for it: until then nobody is shown it.
  return ok({ state: extended(state, { lines, region: regionPart(cart, input) }), events: [] });
}

function regionPart(cart: RegionCart, input: PlaceRegionOrder): RegionOrderPart {
  const { region, goods, setup, totals, discounts, giftCards, customer, email } = input;
  const { salesChannelId, billingAddress, shippingAddress, metadata, shippingMethods, draftOrderId } =
    cart.region;
  const { amount, freeShipping } = discountsInForce(discounts);
  const inForce = discounts.filter((discount) => discount === amount || discount === freeShipping);
  const chosen = new Set(shippingMethods.map(({ profileId }) => profileId));
  return {
    region,
    ...(salesChannelId !== undefined && { salesChannelId }),
    customerId: customer.id,
    email,
    ...(billingAddress && { billingAddress }),
    ...(shippingAddress && { shippingAddress }),
    lines: cart.items.map((item): RegionOrderLine => {
      const { id: lineId, createdAt } = item;
      const group = item.kind === "product" ? groupOf(goods, item.productId) : undefined;
      if (!group) {
        const hasShipping = cart.region.type === "draft_order" && chosen.size > 0;
        return {
          lineId,
          isGiftCard: false,
          allowsDiscounts: allowsDiscounts(cart, group),
          hasShipping,
          createdAt,
        };
      }
      const thumbnail = group.thumbnail ?? group.images[0]?.href;
      return {
        lineId,
        baseProductId: group.id,
        ...(thumbnail !== undefined && { thumbnail }),
        isGiftCard: group.isGiftCard ?? false,
        allowsDiscounts: group.discountable ?? true,
        hasShipping: chosen.has(profileIdOf(setup.shippingProfiles, group) ?? ""),
        createdAt,
      };
    }),
    shippingMethods: shippingMethods.flatMap(({ id, optionId, data }, index) => {
      const option = setup.shippingOptions.find((candidate) => candidate.id === optionId);
      // What it costs is what was priced: 0 where a discount makes shipping free.
      const price = totals.shippingMethods[index]?.price ?? 0;
      return option ? [{ id, option, price, data }] : [];
    }),
    totals,
    discounts: inForce,
    giftCards: totals.giftCards.map((part, index) => ({
      ...part,
      code: giftCards.find(({ id }) => id === part.cardId)?.code ?? "",
      transactionId: input.transactionIds[index] as string,
    })),
    ...(metadata && { metadata }),
    ...(draftOrderId !== undefined && { draftOrderId }),
  };
}

/** An address in the words that every order has; what was not given is empty. */
export function plainAddress(address: Partial<RegionAddress> = {}): Address {
  const given = Object.entries(address).filter(([, value]) => typeof value === "string" && value !== "");
  const nothing = { first_name: "", last_name: "", line_1: "", postcode: "", country: "" };
  return { ...nothing, ...withRegionAddress({}, Object.fromEntries(given)) };
}
