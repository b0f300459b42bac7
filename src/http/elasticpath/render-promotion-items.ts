import type { CurrencyFormat } from "../../domain/currency.ts";
import type { MinorUnits } from "../../domain/money.ts";
import { momentOf } from "../../domain/promotions/active.ts";
import type { RefusedPromotion } from "../../domain/promotions/applied-promotions.ts";
import type { Promotion } from "../../domain/promotions/promotion.ts";
import type { Quote } from "../../operations/quote-cart.ts";
import { whyRefused } from "../why-refused.ts";
import { entered, shown } from "./render-money.ts";

/**
 * The lines that stand for promotions: those that apply, and the entered codes that do not (with amounts of 0), in the
 * order in which they were looked at. Their id is the promotion's.
 */
export function renderPromotionItems(quote: Quote, format: CurrencyFormat) {
  return shownPromotions(quote).map(({ promotion, code, amount }) =>
    renderPromotionItem({ ...promotion, code, amount }, format, {
      created_at: promotion.createdAt,
      updated_at: promotion.createdAt,
    }),
  );
}

/** One such line; `timestamps` are those of what it is shown with. */
export function renderPromotionItem(
  {
    id,
    name,
    description,
    code,
    amount,
  }: Pick<Promotion, "id" | "name" | "description"> & {
    readonly code: string;
    readonly amount: MinorUnits;
  },
  format: CurrencyFormat,
  timestamps: { readonly created_at: string; readonly updated_at: string },
) {
  return {
    id,
    type: "promotion_item",
    promotion_id: id,
    name,
    description,
    sku: code,
    slug: "",
    image: { mime_type: "", file_name: "", href: "" },
    quantity: 1,
    manage_stock: false,
    unit_price: entered(amount, format.code, false),
    value: entered(amount, format.code, false),
    links: {},
    meta: { display_price: promotionPrice(amount, format), timestamps },
  };
}

/** `meta.display_price` of a promotion's line: its amount, without tax or discount of its own. */
export function promotionPrice(amount: MinorUnits, format: CurrencyFormat) {
  const both = (value: MinorUnits) => ({ unit: shown(value, format), value: shown(value, format) });
  return {
    with_tax: both(amount),
    without_tax: both(amount),
    tax: both(0),
    discount: both(0),
    without_discount: both(amount),
  };
}

/** Links to the lines of promotions, for the cart's `relationships.items`. */
export function promotionItemLinks(quote: Quote) {
  return shownPromotions(quote).map(({ promotion: { id } }) => ({ type: "promotion_item", id }));
}

/** The promotions behind these lines, in short. */
export function renderShownPromotions(quote: Quote) {
  return shownPromotions(quote).map(({ promotion }) => ({
    type: "promotion",
    id: promotion.id,
    name: promotion.name,
    description: promotion.description,
    automatic: promotion.automatic,
    promotion_type: promotion.kind.type,
    start: timestamp(promotion.start),
    end: timestamp(promotion.end),
  }));
}

function timestamp(text: string): string {
  return new Date(momentOf(text) ?? 0).toISOString();
}

/** Why entered codes take nothing off, and automatic promotions are not meant for the cart's currency. */
export function renderMessages(quote: Quote, format: CurrencyFormat) {
  return quote.promotions.refused
    .filter((one) => isEntered(one) || one.reason.type === "currency_missing")
    .map(({ promotionId: id, code, reason }) => ({
      source: { type: "promotion_item", id, code },
      title: "Promotion not applied",
      description: whyRefused(reason, format),
    }));
}

/** What a shopper could do to get a promotion: spend more, or add pieces or a gift. */
export function renderSuggestions(quote: Quote, format: CurrencyFormat) {
  return quote.promotions.refused.flatMap(({ promotionId: promotion_id, code, name, reason }) => {
    const suggestion = { promotion_id, code, info: name, message: whyRefused(reason, format) };
    switch (reason.type) {
      case "cart_value_too_low":
        return [suggestion];
      case "units_missing": {
        const quantity = reason.required - reason.found;
        return [
          { ...suggestion, bundle: [{ ...(reason.targets && { targets: reason.targets }), quantity }] },
        ];
      }
      case "gift_missing": {
        const gifts = reason.skus.map((sku) => ({
          targets: [sku],
          quantity: 1,
          auto_add_free_gift: reason.isAdded,
        }));
        return [{ ...suggestion, bundle: gifts }];
      }
      default:
        return [];
    }
  });
}

function shownPromotions({ promotions, inPlay }: Quote) {
  const byId = new Map(inPlay.map(({ promotion }) => [promotion.id, promotion]));
  const judged = [
    ...promotions.applied,
    // A promotion that applies by another code has its line already.
    ...promotions.refused
      .filter((one) => isEntered(one) && one.reason.type !== "already_applied")
      .map((one) => ({ ...one, amount: 0 })),
  ];
  return judged
    .sort((a, b) => a.place - b.place)
    .map(({ promotionId, code, amount }) => ({
      promotion: byId.get(promotionId) as Promotion,
      code,
      amount,
    }));
}

function isEntered({ promotionId, code }: RefusedPromotion): boolean {
  return code !== `auto_${promotionId}`;
}
