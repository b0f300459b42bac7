import { expect, test } from "vitest";
import { type PriceCart, type PricedCart, priceCart } from "../pricing/price-cart.ts";
import type { AppliedPromotions } from "./applied-promotions.ts";
import { type ApplyPromotions, applyPromotions } from "./apply-promotions.ts";
import { explainPrice } from "./explain.ts";
import type { Promotion, PromotionKind } from "./promotion.ts";
import { automaticCode } from "./promotion-code.ts";

const lines = [
  {
    id: "shoe",
    productId: "p1",
    sku: "SHOE",
    quantity: 2,
    unitAmount: 5000,
    includesTax: false,
    taxes: [{ id: "vat", rate: 0.2 }],
  },
  {
    id: "wrap",
    sku: "WRAP",
    quantity: 1,
    unitAmount: 1200,
    includesTax: true,
    taxes: [{ id: "vat", rate: 0.2 }],
  },
];

let age = 0;
function inPlay(kind: PromotionKind, more: Partial<Promotion> = {}) {
  age += 1;
  const promotion: Promotion = {
    id: `promotion-${age}`,
    name: `Promotion ${age}`,
    description: "",
    enabled: true,
    automatic: true,
    kind,
    start: "2026-01-01",
    end: "2027-01-01",
    createdAt: new Date(Date.UTC(2026, 0, age)).toISOString(),
    ...more,
  };
  return { promotion, code: automaticCode(promotion) };
}

const tenOff: PromotionKind = {
  type: "percent_discount",
  percents: [{ currency: "USD", percent: 10 }],
  scope: {},
};

function priced(
  promotions: ApplyPromotions["promotions"],
  more: Partial<PriceCart> = {},
): { applied: AppliedPromotions; priced: PricedCart } {
  const method = more.method ?? "line";
  const applied = applyPromotions({
    lines,
    promotions,
    currency: "USD",
    now: "2026-06-15T12:00:00Z",
    method,
  });
  const result = priceCart({
    lines: lines.map((line) => ({ ...line, discounts: applied.lineDiscounts.get(line.id) ?? [] })),
    method,
    ...more,
    cartDiscounts: [...applied.cartDiscounts, ...(more.cartDiscounts ?? [])],
  });
  if (!result.ok) throw new Error("refused");
  return { applied, priced: result.value };
}

const promotions = [
  inPlay({
    type: "item_fixed_discount",
    amounts: [{ currency: "USD", amount: 500 }],
    scope: { targets: ["SHOE"] },
  }),
  inPlay({ type: "item_percent_discount", percent: 5, scope: { all: true } }),
  inPlay(tenOff, { enabled: false }),
  inPlay(tenOff),
];

test("G7 every step from the goods to the total, with what was refused and why, adds up", () => {
  const { applied, priced: cart } = priced(promotions, {
    shipping: [{ id: "post", base: 700, fees: 0, tax: 140, discount: -200 }],
    cartDiscounts: [{ amount: -20, code: "STAFF", promotionId: "custom" }],
  });
  const { steps, total, method } = explainPrice(applied, cart);
  expect(steps.map(({ type, amount, after }) => [type, amount, after])).toEqual([
    ["goods", 11_200, 11_200],
    ["promotion", -1000, 10_200],
    ["refused_promotion", 0, 10_200],
    ["refused_promotion", 0, 10_200],
    ["promotion", -1020, 9180],
    ["other_discounts", -20, 9160],
    // 20 % on 90.00 - 9.00 - 0.18 of the shoes; that of the wrap is inside its price.
    ["tax", 1616, 10_776],
    ["shipping", 840, 11_616],
    ["shipping_discount", -200, 11_416],
  ]);
  expect(total).toBe(cart.totals.withTax);
  expect(method).toBe("line");
  expect(steps.flatMap((step) => (step.type === "refused_promotion" ? [step.promotion.reason] : []))).toEqual(
    [{ type: "units_taken" }, { type: "not_enabled" }],
  );
  expect(steps.flatMap((step) => (step.type === "promotion" ? [step.promotion.base] : []))).toEqual([
    10_000, 10_200,
  ]);
});

test("it adds up in simple, and without any promotion", () => {
  const simple = priced(promotions, { method: "simple" });
  const explained = explainPrice(simple.applied, simple.priced);
  expect(explained.steps.map(({ type, amount }) => [type, amount])).toEqual([
    ["goods", 11_200],
    ["refused_promotion", 0],
    ["refused_promotion", 0],
    ["refused_promotion", 0],
    ["promotion", -1120],
    ["tax", 2000],
  ]);
  expect(explained.total).toBe(simple.priced.totals.withTax);
  const plain = priced([]);
  expect(explainPrice(plain.applied, plain.priced).steps).toEqual([
    { type: "goods", amount: 11_200, after: 11_200 },
    { type: "tax", amount: 2000, after: 13_200 },
  ]);
});
