import { describe, expect, test } from "vitest";
import type { Product } from "../catalog/product.ts";
import { type Cart, newCart, type ProductItem } from "./cart.ts";
import { productsToLookAt, refreshPrices } from "./refresh-prices.ts";

const then = "2026-05-01T00:00:00.000Z";
const later = "2026-05-02T00:00:00.000Z";

const line = (productId: string, members: Partial<ProductItem> = {}): ProductItem => ({
  id: `line-${productId}`,
  kind: "product",
  productId,
  sku: productId,
  slug: productId,
  name: productId,
  description: "",
  quantity: 2,
  unitAmount: 1000,
  includesTax: false,
  manageStock: false,
  productUpdatedAt: then,
  taxes: [],
  createdAt: then,
  updatedAt: then,
  ...members,
});
const rules = { expiryDays: 7 } as Parameters<typeof newCart>[1];
const cartOf = (...items: Cart["items"]): Cart => ({ ...newCart("c", rules, then), currency: "USD", items });
const product = (id: string, amount: number, members: Partial<Product> = {}): Product => ({
  id,
  isBase: false,
  sku: id,
  slug: id,
  name: id,
  description: "",
  status: "live",
  commodityType: "physical",
  manageStock: false,
  prices: [{ currency: "USD", amount, includesTax: false }],
  images: [],
  createdAt: then,
  updatedAt: later,
  ...members,
});

function refreshed(cart: Cart, ...products: Product[]) {
  const looked = new Set(cart.items.flatMap((item) => (item.kind === "product" ? [item.productId] : [])));
  return refreshPrices(cart, looked, new Map(products.map((one) => [one.id, one])));
}

describe("C5 a line's price against its product's", () => {
  test("the same: the very same cart", () => {
    const cart = cartOf(line("a"));
    expect(refreshed(cart, product("a", 1000))).toEqual({ cart, fallen: [], risen: [], gone: [] });
    expect(refreshed(cart, product("a", 1000)).cart).toBe(cart);
  });

  test("lower and higher", () => {
    const { cart, fallen, risen } = refreshed(
      cartOf(line("a"), line("b")),
      product("a", 900),
      product("b", 1001),
    );
    expect(cart.items).toMatchObject([
      { unitAmount: 900, productUpdatedAt: later, quantity: 2, updatedAt: then },
      { unitAmount: 1001 },
    ]);
    expect(fallen).toEqual([{ itemId: "line-a", sku: "a", name: "a", from: 1000, to: 900 }]);
    expect(risen).toEqual([{ itemId: "line-b", sku: "b", name: "b", from: 1000, to: 1001 }]);
  });

  test("a price that does not include its tax any more has risen, whatever its number", () => {
    const { risen } = refreshed(cartOf(line("a", { includesTax: true })), product("a", 999));
    expect(risen).toMatchObject([{ from: 1000, to: 999 }]);
  });

  test.each([
    ["deleted", []],
    ["a draft", [product("a", 1000, { status: "draft" })]],
    ["without a price in the currency", [product("a", 1000, { prices: [] })]],
  ])("of a product that is %s: the line is named", (_, products) => {
    expect(refreshed(cartOf(line("a")), ...products).gone).toMatchObject([{ id: "line-a" }]);
  });
});

test("only products that are not as they were, or are gone, are looked at", () => {
  const cart = cartOf(line("same"), line("changed"), line("gone"), line("old", {}));
  const { productUpdatedAt: _, ...unknown } = line("unknown");
  const looked = productsToLookAt(
    { ...cart, items: [...cart.items, unknown] },
    new Map([
      ["same", "2026-05-01T02:00:00+02:00"],
      ["changed", later],
      ["old", "2026-04-30T00:00:00Z"],
      ["unknown", then],
    ]),
  );
  expect([...looked].sort()).toEqual(["changed", "gone", "old", "unknown"]);
});
