import { describe, expect, test } from "vitest";
import { aProduct } from "../../../test/storage/a-product.ts";
import type { Result } from "../result.ts";
import { type AddCustomItem, type AddProductItem, addCustomItem, addProductItem } from "./add-item.ts";
import { type Cart, type CartRules, MAX_QUANTITY, newCart, productIdsOf } from "./cart.ts";
import type { CartRefusal } from "./refusals.ts";
import { addItemTax, removeAllTaxes, removeItemTax, updateItemTax } from "./taxes.ts";
import { type ItemChange, removeAllItems, removeItem, updateItem } from "./update-item.ts";

const T1 = "2026-01-01T00:00:00.000Z";
const T2 = "2026-01-02T00:00:00.000Z";
const rules: CartRules = {
  expiryDays: 7,
  maxItems: 3,
  maxTaxesPerItem: 2,
  customDiscountsEnabled: false,
  useRulePromotions: false,
  deferInventoryCheck: false,
  separateItemsByLocation: false,
};
const prices = [
  { currency: "USD", amount: 1000, includesTax: false },
  { currency: "EUR", amount: 900, includesTax: true },
];
const mug = aProduct({ id: "mug", name: "Mug", sku: "MUG", prices });

const empty = newCart("cart", rules, T1);
let ids = 0;
const product = (input: Partial<AddProductItem> = {}): AddProductItem => {
  ids += 1;
  return { product: mug, available: 5, itemId: `i${ids}`, quantity: 1, currency: "USD", ...input };
};
const custom = (input: Partial<AddCustomItem> = {}): AddCustomItem => {
  ids += 1;
  return {
    itemId: `i${ids}`,
    name: "Wrapping",
    sku: "WRAP",
    description: "",
    quantity: 1,
    unitAmount: 500,
    includesTax: true,
    currency: "USD",
    ...input,
  };
};

function must(decided: Result<Cart, CartRefusal>): Cart {
  if (!decided.ok) throw new Error(decided.error.type);
  return decided.value;
}
const add = (cart: Cart, input: Partial<AddProductItem> = {}) =>
  addProductItem(cart, product(input), rules, T1);
const addCustom = (cart: Cart, input: Partial<AddCustomItem> = {}) =>
  addCustomItem(cart, custom(input), rules, T1);
const refused = (type: CartRefusal["type"]) => ({ ok: false, error: { type } });

describe("adding a product", () => {
  test("takes its price in the cart's currency as it is now", () => {
    expect(must(add(empty, { currency: "EUR" }))).toMatchObject({
      currency: "EUR",
      items: [{ productId: "mug", sku: "MUG", unitAmount: 900, includesTax: true, quantity: 1 }],
    });
    const dearer = aProduct({ ...mug, prices: [{ currency: "USD", amount: 1500, includesTax: false }] });
    const twice = must(add(must(add(empty)), { product: dearer }));
    expect(twice.items).toMatchObject([{ quantity: 2, unitAmount: 1500 }]);
  });

  test("adds up on the line with the same inputs, whatever their order, and makes a new line for others", () => {
    const first = must(add(empty, { customInputs: { text: "Ada", font: { size: 1, face: "serif" } } }));
    const second = must(
      add(first, { customInputs: { font: { face: "serif", size: 1 }, text: "Ada" }, quantity: 2 }),
    );
    const third = must(add(second, { customInputs: { text: "Bob" } }));
    expect(third.items.map(({ quantity }) => quantity)).toEqual([3, 1]);
    expect(third.items[0]?.id).toBe(first.items[0]?.id);
    expect(must(add(third)).items.map(({ quantity }) => quantity)).toEqual([3, 1, 1]);
  });

  test("takes the latest location for its line, or a line for each where the cart says so", () => {
    const here = must(add(empty, { location: "here" }));
    expect(must(add(here, { location: "there" })).items).toMatchObject([{ location: "there", quantity: 2 }]);
    const apart = { ...here, separateItemsByLocation: true };
    expect(must(add(apart, { location: "there" })).items).toHaveLength(2);
  });

  test("refuses another currency, a missing price and what cannot be sold", () => {
    const cart = must(add(empty));
    expect(add(cart, { currency: "EUR" })).toEqual({
      ok: false,
      error: { type: "cart_currency_mismatch", cartCurrency: "USD", currency: "EUR" },
    });
    expect(add(empty, { currency: "GBP" })).toMatchObject(refused("price_missing"));
    expect(add(empty, { product: { ...mug, isBase: true } })).toMatchObject(refused("product_not_sellable"));
  });

  test("E9 refuses more than is there, of what is counted", () => {
    expect(add(empty, { quantity: 6 })).toEqual({
      ok: false,
      error: { type: "insufficient_stock", productId: "mug", sku: "MUG", name: "Mug" },
    });
    expect(add(empty, { quantity: 6, available: undefined })).toMatchObject({ ok: true });
    expect(add(empty, { quantity: 6, product: { ...mug, manageStock: false } })).toMatchObject({ ok: true });
    expect(add({ ...empty, deferInventoryCheck: true }, { quantity: 6 })).toMatchObject({ ok: true });
    expect(add({ ...empty, snapshotDate: T2 }, { quantity: 6 })).toMatchObject({ ok: true });
    // The check is of what the request asks for; checkout and payment ask for the whole.
    expect(add(must(add(empty, { quantity: 4 })), { quantity: 4 })).toMatchObject({ ok: true });
  });

  test("keeps to the limits of items, quantities and taxes", () => {
    const full = ["a", "b", "c"].reduce((cart, text) => must(add(cart, { customInputs: { text } })), empty);
    expect(add(full)).toEqual({ ok: false, error: { type: "cart_full", limit: 3 } });
    expect(add(full, { customInputs: { text: "a" } })).toMatchObject({ ok: true });
    const most = must(add(empty, { quantity: MAX_QUANTITY, available: undefined }));
    expect(add(most)).toMatchObject(refused("quantity_too_large"));
    const taxes = ["a", "b", "c"].map((id) => ({ id, rate: 0.1 }));
    expect(add(empty, { taxes })).toMatchObject(refused("tax_limit_reached"));
  });
});

describe("adding a custom item", () => {
  test("adds up on the line of its sku, which keeps its first name and price", () => {
    const first = must(addCustom(empty));
    const second = must(addCustom(first, { name: "Bow", unitAmount: 1, quantity: 2 }));
    expect(second.items).toMatchObject([{ name: "Wrapping", unitAmount: 500, quantity: 3 }]);
    const nameless = must(addCustom(must(addCustom(empty, { sku: "" })), { sku: "" }));
    expect(nameless.items).toHaveLength(2);
  });

  test("is never taken for a product of the same sku", () => {
    const both = must(addCustom(must(add(empty)), { sku: "MUG" }));
    expect(both.items.map(({ kind }) => kind)).toEqual(["product", "custom"]);
    expect(productIdsOf(both)).toEqual(["mug"]);
  });

  test("keeps to the cart's currency", () => {
    expect(addCustom(must(add(empty)), { currency: "EUR" })).toMatchObject(refused("cart_currency_mismatch"));
  });
});

describe("changing a line", () => {
  const cart = must(addCustom(must(add(empty, { quantity: 2 }))));
  const [mugLine, wrapLine] = cart.items as [Cart["items"][number], Cart["items"][number]];
  const sellable = (available: number | undefined) => ({ product: mug, available });
  const change = (input: Partial<ItemChange>, available: number | undefined = 5, itemId = mugLine.id) =>
    updateItem(cart, { itemId, ...input }, sellable(available), rules, T2);

  test("sets the quantity, which is checked as a whole; less is never refused", () => {
    expect(change({ quantity: 5 })).toMatchObject({ ok: true });
    expect(change({ quantity: 6 })).toMatchObject(refused("insufficient_stock"));
    expect(change({ quantity: 1 }, 0)).toMatchObject({ ok: true });
    expect(change({ quantity: 2 }, 0)).toMatchObject({ ok: true });
    expect(change({ quantity: MAX_QUANTITY + 1 }, undefined)).toMatchObject(refused("quantity_too_large"));
    expect(updateItem(cart, { itemId: mugLine.id, quantity: 9 }, undefined, rules, T2)).toMatchObject({
      ok: true,
    });
  });

  test("O2 changes nothing of a product that belongs to the catalog", () => {
    const changed = must(
      change({ name: "Free", sku: "F", description: "F", unitAmount: 0, includesTax: true }),
    );
    expect(changed.items[0]).toEqual({ ...mugLine, updatedAt: T2 });
    const free = must(change({ name: "Bow", unitAmount: 1 }, undefined, wrapLine.id));
    expect(free.items[1]).toMatchObject({ name: "Bow", unitAmount: 1, sku: "WRAP" });
  });

  test("removes with a quantity of nothing, and knows what is not there", () => {
    expect(must(change({ quantity: 0 })).items).toEqual([wrapLine]);
    expect(change({ quantity: 1 }, 5, "none")).toEqual({
      ok: false,
      error: { type: "cart_item_not_found", itemIds: ["none"] },
    });
    expect(removeItem(cart, "none", rules, T2)).toMatchObject(refused("cart_item_not_found"));
  });

  test("emptying frees the currency, by whatever way, and starts the expiry anew", () => {
    const last = must(removeItem(cart, mugLine.id, rules, T2));
    expect(last.currency).toBe("USD");
    for (const bare of [must(removeItem(last, wrapLine.id, rules, T2)), removeAllItems(cart, rules, T2)]) {
      expect(bare).toEqual({ ...empty, updatedAt: T2, expiresAt: "2026-01-09T00:00:00.000Z" });
    }
  });
});

describe("taxes of a line", () => {
  const cart = must(add(must(addCustom(empty))));
  const itemId = cart.items[1]?.id as string;
  const taxed = must(addItemTax(cart, itemId, { id: "t", rate: 0.2 }, rules, T2));

  test("are added to one line, up to the limit", () => {
    expect(taxed.items.map(({ taxes }) => taxes.length)).toEqual([0, 1]);
    const two = must(addItemTax(taxed, itemId, { id: "u", amount: 5 }, rules, T2));
    expect(addItemTax(two, itemId, { id: "v", rate: 0.1 }, rules, T2)).toMatchObject({
      ok: false,
      error: { type: "tax_limit_reached", limit: 2, itemId },
    });
    expect(addItemTax(cart, "none", { id: "v", rate: 0.1 }, rules, T2)).toMatchObject(
      refused("cart_item_not_found"),
    );
  });

  test("change from a rate to an amount when null takes the rate away", () => {
    const changed = must(
      updateItemTax(taxed, itemId, "t", { rate: null, amount: 7, name: "VAT" }, rules, T2),
    );
    expect(changed.items[1]?.taxes).toEqual([{ id: "t", amount: 7, name: "VAT" }]);
    expect(updateItemTax(taxed, itemId, "none", {}, rules, T2)).toMatchObject(refused("tax_not_found"));
  });

  test("go one by one or all at once", () => {
    expect(must(removeItemTax(taxed, itemId, "t", rules, T2)).items[1]?.taxes).toEqual([]);
    expect(removeItemTax(taxed, itemId, "none", rules, T2)).toMatchObject(refused("tax_not_found"));
    expect(must(removeAllTaxes(taxed, rules, T2)).items.flatMap(({ taxes }) => taxes)).toEqual([]);
    expect(removeAllTaxes(cart, rules, T2)).toMatchObject(refused("no_taxes_on_cart"));
  });
});
