/** Digits of each currency that carts are made in. */
export const digits = { JPY: 0, USD: 2, KWD: 3 };

const times = { createdAt: "2026-01-01T00:00:00.000Z", updatedAt: "2026-01-01T00:00:00.000Z" };
const whole = (random, most) => Math.floor(random() * (most + 1));
const oneOf = (random, values) => values[whole(random, values.length - 1)];

/** A cart of so many lines as the engine keeps it; `lines` products, a third of them taxed twice. */
export function randomCart(random, lines, currency) {
  const scale = 10 ** digits[currency];
  const items = Array.from({ length: lines }, (_, index) => ({
    id: `line-${index}`,
    kind: "product",
    productId: `product-${index}`,
    sku: `SKU-${index}`,
    slug: "",
    name: "Bench",
    description: "",
    quantity: 1 + whole(random, 8),
    unitAmount: whole(random, 200 * scale),
    includesTax: random() < 0.5,
    taxes: [
      { id: `vat-${index}`, rate: oneOf(random, [0, 0.055, 0.0725, 0.2]) },
      ...(index % 3 === 0 ? [{ id: `duty-${index}`, amount: whole(random, scale) }] : []),
    ],
    manageStock: false,
    nodes: [`category-${index % 7}`],
    ...times,
  }));
  return {
    id: "bench",
    version: 1,
    currency,
    items,
    customAttributes: {},
    discountSettings: { customDiscountsEnabled: false, useRulePromotions: false },
    ...times,
  };
}

/** So many automatic promotions of all types, as they are in play for a cart of so many lines. */
export function randomPromotions(random, count, lines, currency) {
  const scale = 10 ** digits[currency];
  const sku = () => `SKU-${whole(random, lines - 1)}`;
  const amounts = (most) => [{ currency, amount: 1 + whole(random, most * scale) }];
  const scope = () =>
    oneOf(random, [
      { all: true },
      { targets: [sku(), sku(), sku()] },
      { nodes: [`category-${whole(random, 6)}`] },
    ]);
  const kinds = [
    () => ({ type: "fixed_discount", amounts: amounts(20), scope: {} }),
    () => ({
      type: "percent_discount",
      percents: [{ currency, percent: whole(random, 20) }],
      scope: { exclude: { targets: [sku()] } },
    }),
    () => ({ type: "item_fixed_discount", amounts: amounts(5), scope: scope() }),
    () => ({ type: "item_percent_discount", percent: whole(random, 30), scope: scope() }),
    () => ({ type: "x_for_y", x: 3, y: 2, scope: scope() }),
    () => ({ type: "x_for_amount", x: 2, amounts: amounts(100), scope: scope() }),
    () => ({
      type: "bundle_fixed_discount",
      requirements: [
        { targets: [sku()], quantity: 1 },
        { targets: [sku()], quantity: 2 },
      ],
      amounts: amounts(100),
    }),
    () => ({
      type: "bundle_gift",
      requirements: [{ targets: [sku()], quantity: 1 }],
      gifts: [sku()],
      autoAdd: false,
    }),
  ];
  return Array.from({ length: count }, (_, index) => ({
    promotion: {
      id: `promotion-${index}`,
      name: `Promotion ${index}`,
      description: "",
      enabled: true,
      automatic: true,
      kind: kinds[index % kinds.length](),
      ...(random() < 0.2 && { minCartValue: amounts(500) }),
      ...(random() < 0.2 && { maxDiscountValue: amounts(20) }),
      start: "2020-01-01",
      end: "2090-01-01",
      createdAt: new Date(1.7e12 + index).toISOString(),
    },
    code: { code: `auto_promotion-${index}`, consumeUnit: "per_cart" },
  }));
}
