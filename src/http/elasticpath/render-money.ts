import { type CurrencyFormat, formatMoney } from "../../domain/currency.ts";
import type { MinorUnits } from "../../domain/money.ts";
import { type PricedLine, unitShare } from "../../domain/pricing/price-cart.ts";

export type WireMoney = { amount: number; currency: string; formatted: string };

/** An amount as the dialect shows it. */
export function shown(amount: MinorUnits, format: CurrencyFormat): WireMoney {
  // -0 would be sent as 0, and compared as something else.
  return { amount: amount + 0, currency: format.code, formatted: formatMoney(amount, format) };
}

/** A price as it was entered. */
export function entered(amount: MinorUnits, currency: string, includesTax: boolean) {
  return { amount, currency, includes_tax: includesTax };
}

/** `meta.display_price` of a line: each kind per piece and for the whole. */
export function linePrice(line: PricedLine, quantity: number, format: CurrencyFormat) {
  const both = (value: MinorUnits) => ({
    unit: shown(quantity === 1 ? value : unitShare(value, quantity), format),
    value: shown(value, format),
  });
  return {
    with_tax: both(line.withTax),
    without_tax: both(line.withoutTax),
    tax: both(line.tax),
    discount: both(line.discount),
    without_discount: both(line.withoutDiscount),
    ...(line.discounts.length > 0 && { discounts: discountsByCode(line, format) }),
  };
}

type ShownDiscount = WireMoney & { constituents: Record<string, WireMoney> };

function discountsByCode(line: PricedLine, format: CurrencyFormat): Record<string, ShownDiscount> {
  const byCode = new Map<string, Map<string, MinorUnits>>();
  for (const { code, promotionId, amount } of line.discounts) {
    const parts = byCode.get(code) ?? new Map<string, MinorUnits>();
    parts.set(promotionId, (parts.get(promotionId) ?? 0) + amount);
    byCode.set(code, parts);
  }
  return Object.fromEntries(
    [...byCode].map(([code, parts]) => {
      const total = [...parts.values()].reduce((sum, part) => sum + part, 0);
      const constituents = Object.fromEntries([...parts].map(([id, part]) => [id, shown(part, format)]));
      return [code, { ...shown(total, format), constituents }];
    }),
  );
}
