import type { CurrencyFormat } from "../../domain/currency.ts";
import type { MinorUnits } from "../../domain/money.ts";
import { momentOf } from "../../domain/promotions/active.ts";
import type { Promotion } from "../../domain/promotions/promotion.ts";
import { CANNOT_STACK, ruleMessages } from "../../domain/rule-promotions/rule-messages.ts";
import type { Quote } from "../../operations/quote-cart.ts";
import { whyRefused } from "../why-refused.ts";
import { whyRuleRefused } from "../why-rule-refused.ts";
import { entered, shown } from "./render-money.ts";
import { isEntered, isRule, shownPromotions } from "./shown-promotions.ts";

/**
 * The lines that stand for promotions: those that apply, and the entered codes that do not (with amounts of 0), in the
 * order in which they were looked at. Their id is the promotion's.
 */
export function renderPromotionItems(quote: Quote, format: CurrencyFormat) {
  return shownPromotions(quote).map(({ promotion, code, amount }) => {
    const { createdAt } = promotion;
    const source = isRule(promotion) ? ({ source: "rule-promotion" } as const) : {};
    return renderPromotionItem({ ...promotion, code, amount, ...source }, format, {
      created_at: createdAt,
      updated_at: createdAt,
    });
  });
}

/** One such line; `timestamps` are those of what it is shown with. */
export function renderPromotionItem(
  {
    id,
    name,
    description,
    code,
    amount,
    source,
  }: Pick<Promotion, "id" | "name" | "description"> & {
    readonly code: string;
    readonly amount: MinorUnits;
    readonly source?: "rule-promotion";
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
    ...(source && { promotion_source: source }),
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
    promotion_type: isRule(promotion) ? "rule_promotion" : promotion.kind.type,
    start: timestamp(promotion.start),
    end: timestamp(promotion.end),
  }));
}

function timestamp(text: string): string {
  return new Date(momentOf(text) ?? 0).toISOString();
}

/**
 * What a change of the cart did to its rule promotions, why entered codes take nothing off, and which automatic
 * promotions are not meant for the cart's currency.
 */
export function renderMessages(quote: Quote, format: CurrencyFormat) {
  const { promotions, rules, changes = ruleMessages(rules.applied, rules) } = quote;
  const refused = [
    ...promotions.refused
      .filter((one) => isEntered(one) || one.reason.type === "currency_missing")
      .map((one) => ({ ...one, description: whyRefused(one.reason, format) })),
    // That it cannot be combined is told below.
    ...rules.refused
      .filter((one) => isEntered(one) && one.reason.type !== "not_stackable")
      .map((one) => ({ ...one, description: whyRuleRefused(one.reason, format) })),
  ];
  return [
    ...refused.map((one) => ({ ...one, title: "Promotion not applied" })),
    ...changes.filter((one) => isEntered(one) || one.title !== CANNOT_STACK),
  ].map(({ promotionId: id, code, title, description }) => ({
    source: { type: "promotion_item", id, code },
    title,
    description,
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
