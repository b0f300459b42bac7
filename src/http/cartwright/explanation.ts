import Type from "typebox";
import type { CartItem } from "../../domain/cart/cart.ts";
import type { MinorUnits } from "../../domain/money.ts";
import type { PricedLine } from "../../domain/pricing/price-cart.ts";
import type { PriceStep } from "../../domain/promotions/explain.ts";
import { type Context, defaultCurrency, formatFor } from "../../operations/context.ts";
import type { ExplainedCart } from "../../operations/explain-cart.ts";
import { whyRefused } from "../why-refused.ts";
import { whyRuleRefused } from "../why-rule-refused.ts";

const amount = Type.Integer();

const step = Type.Object({
  type: Type.Union(
    (
      [
        "goods",
        "promotion",
        "refused_promotion",
        "rule_promotion",
        "refused_rule_promotion",
        "other_discounts",
        "tax",
        "shipping",
        "shipping_discount",
      ] as const
    ).map((name) => Type.Literal(name)),
  ),
  amount,
  after: amount,
  promotion: Type.Optional(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      code: Type.String(),
      level: Type.Optional(Type.String()),
      levels: Type.Optional(Type.Array(Type.String())),
      shipping_amount: Type.Optional(amount),
      base: Type.Optional(amount),
      units: Type.Optional(Type.Integer()),
    }),
  ),
  reason: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  message: Type.Optional(Type.String()),
  exact: Type.Optional(Type.Number()),
  rounding: Type.Optional(Type.Number()),
});

const line = Type.Object({
  id: Type.String(),
  sku: Type.String(),
  name: Type.String(),
  quantity: Type.Integer(),
  unit_amount: amount,
  value: amount,
  discounts: Type.Array(
    Type.Object({ code: Type.String(), promotion_id: Type.String(), amount, from_cart: Type.Boolean() }),
  ),
  without_tax: amount,
  tax: Type.Object({ amount, exact: Type.Number(), rounding: Type.Number() }),
  with_tax: amount,
  is_gift: Type.Boolean(),
});

/** How a price came about: the steps add up to the total. All amounts are in minor units of the currency. */
export const explanationAnswer = Type.Object({
  cart_id: Type.String(),
  currency: Type.String(),
  method: Type.Union([Type.Literal("line"), Type.Literal("simple")]),
  steps: Type.Array(step),
  total: amount,
  lines: Type.Array(line),
});

/** The form of our own errors. */
export const problemAnswer = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
});

export function renderExplanation(context: Context, { quote, explanation }: ExplainedCart) {
  const { cart, priced } = quote;
  const currency = cart.currency ?? defaultCurrency(context.store).code;
  const format = formatFor(context.store, currency);
  const taxes = cart.items.map((item, index) => taxOf(item, priced.lines[index] as PricedLine));
  return {
    cart_id: cart.id,
    currency,
    method: explanation.method,
    steps: explanation.steps.map((one) => {
      const { amount, after } = one;
      switch (one.type) {
        case "promotion":
        case "refused_promotion":
          return { type: one.type, amount, after, ...renderPromotion(one) };
        case "rule_promotion":
        case "refused_rule_promotion":
          return { type: one.type, amount, after, ...renderRule(one) };
        case "tax": {
          const exact = rounded(taxes.reduce((sum, tax) => sum + tax.onTop, 0));
          return { type: one.type, amount, after, exact, rounding: rounded(amount - exact) };
        }
        default:
          return { type: one.type, amount, after };
      }
    }),
    total: explanation.total,
    lines: cart.items.map((item, index) => {
      const line = priced.lines[index] as PricedLine;
      const exact = rounded(taxes[index]?.exact ?? 0);
      return {
        id: item.id,
        sku: item.sku,
        name: item.name,
        quantity: item.quantity,
        unit_amount: line.unitAmount,
        value: line.value,
        discounts: line.discounts.map(({ code, promotionId, amount, fromCart }) => ({
          code,
          promotion_id: promotionId,
          amount,
          from_cart: fromCart,
        })),
        without_tax: line.withoutTax,
        tax: { amount: line.tax, exact, rounding: rounded(line.tax - exact) },
        with_tax: line.withTax,
        is_gift: item.kind === "product" && item.isGift === true,
      };
    }),
  };

  function renderPromotion(one: Extract<PriceStep, { type: "promotion" | "refused_promotion" }>) {
    const { promotionId: id, name, code } = one.promotion;
    if (one.type === "promotion") {
      const { level, base, discountedUnits: units } = one.promotion;
      return { promotion: { id, name, code, level, base, units } };
    }
    const { reason } = one.promotion;
    return { promotion: { id, name, code }, reason, message: whyRefused(reason, format) };
  }

  function renderRule(one: Extract<PriceStep, { type: "rule_promotion" | "refused_rule_promotion" }>) {
    const { promotionId: id, name, code } = one.promotion;
    if (one.type === "rule_promotion") {
      const { levels, base, discountedUnits: units, shippingAmount } = one.promotion;
      return { promotion: { id, name, code, levels, base, units, shipping_amount: shippingAmount } };
    }
    const { reason } = one.promotion;
    return { promotion: { id, name, code }, reason, message: whyRuleRefused(reason, format) };
  }
}

/** A line's tax before it is rounded, for the eye only: in floating point. `onTop` is 0 where the price includes it. */
function taxOf({ includesTax, taxes }: CartItem, { value, discount }: PricedLine) {
  const price = value + discount;
  const rate = taxes.reduce((sum, tax) => sum + (tax.rate ?? 0), 0);
  const given = taxes.reduce((sum, tax) => sum + (tax.amount ?? 0), 0);
  if (!includesTax) {
    const exact = price * rate + given;
    return { exact, onTop: exact };
  }
  const within = Math.min(given, price);
  return { exact: within + (price - within) * (rate / (1 + rate)), onTop: 0 };
}

/** To a millionth of a minor unit: what floating point adds beyond that says nothing. */
function rounded(value: number | MinorUnits): number {
  return Math.round(value * 1e6) / 1e6 + 0;
}
