import type { Decision } from "../decision.ts";
import { MAX_AMOUNT, MAX_TOTAL, type MinorUnits } from "../money.ts";
import type { AmountTooLarge } from "../pricing/price-cart.ts";
import { discountsInForce } from "../region-pricing/region-discount.ts";
import { priceShippingMethod } from "../region-pricing/region-shipping.ts";
import type { RegionTaxRate } from "../region-pricing/region-tax.ts";
import { addUpRegionCart } from "../region-pricing/region-totals.ts";
import { fail, ok, type Result } from "../result.ts";
import { cardsAsTheyPaid } from "./edit-order-lines.ts";
import type { Order } from "./order.ts";
import type { OrderEditRefusal } from "./order-edit.ts";
import type { OrderRefusal } from "./refusals.ts";
import { plainPricesOf } from "./region-order-prices.ts";
import type { RegionOrderShipping } from "./region-part.ts";

/** A way that staff want an order to be sent by. */
export type NewShipping = RegionOrderShipping & {
  /** What its price is taxed at. */
  readonly taxRates: readonly RegionTaxRate[];
};

/** Why an order is not sent another way. */
export type ShipByRefusal =
  | OrderRefusal
  | AmountTooLarge
  | Extract<OrderEditRefusal, { readonly type: "order_edit_below_gift_cards" }>
  /** Its provider has not said yet whether it sends what was packed for it the present way. */
  | { readonly type: "fulfilment_unanswered"; readonly fulfilmentId: string };

/**
 * Sends an order of a region another way: it takes the place of those of its profile (as in Medusa) and costs what staff
 * say, with tax; the order's totals follow, and gift cards pay what they paid. A discount that makes shipping free does
 * so here too. The same id again is a retry, which changes nothing and has no events.
 */
export function shipBy(
  order: Order,
  { taxRates, ...method }: NewShipping,
  now: string,
): Result<Decision<Order>, ShipByRefusal> {
  const { region } = order;
  if (!region || region.shippingMethods.some(({ id }) => id === method.id)) {
    return ok({ state: order, events: [] });
  }
  if (order.anonymized) return fail({ type: "order_anonymized", orderId: order.id });
  if (order.cancelledAt) return fail({ type: "order_cancelled", orderId: order.id });

  const isFree = discountsInForce(region.discounts).freeShipping !== undefined;
  const { includesTax, profileId } = method.option;
  const price: MinorUnits = isFree ? 0 : method.price;
  const priced = priceShippingMethod(
    { id: method.id, price, includesTax, taxRates },
    { isFree, isUntaxed: false },
  );
  if (!priced) return fail({ type: "amount_too_large", shippingId: method.id, limit: MAX_AMOUNT });

  const stays = region.shippingMethods.map(({ option }) => option.profileId !== profileId);
  const replaced = region.shippingMethods.filter((_, index) => !stays[index]);
  const unanswered = order.fulfilments?.find(
    ({ awaits, methodId }) => awaits === "create" && replaced.some(({ id }) => id === methodId),
  );
  if (unanswered) return fail({ type: "fulfilment_unanswered", fulfilmentId: unanswered.id });

  const totals = addUpRegionCart({
    lines: region.totals.lines,
    shippingMethods: [...region.totals.shippingMethods.filter((_, index) => stays[index]), priced],
    giftCards: cardsAsTheyPaid(region),
    areGiftCardsTaxable: region.region.areGiftCardsTaxable,
  });
  if (totals.cart.giftCardTotal < region.totals.cart.giftCardTotal) {
    return fail({ type: "order_edit_below_gift_cards" });
  }
  if (totals.cart.total > MAX_TOTAL) return fail({ type: "amount_too_large", limit: MAX_TOTAL });
  return ok({
    state: {
      ...order,
      totals: plainPricesOf(order.lines, totals).totals,
      region: {
        ...region,
        shippingMethods: [...region.shippingMethods.filter((_, index) => stays[index]), { ...method, price }],
        totals,
        giftCards: region.giftCards.map((card) => ({
          ...card,
          ...totals.giftCards.find(({ cardId }) => cardId === card.cardId),
        })),
      },
      updatedAt: now,
    },
    events: [{ type: "order.updated", payload: { orderId: order.id } }],
  });
}
