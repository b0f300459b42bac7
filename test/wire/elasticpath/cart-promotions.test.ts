import { randomUUID } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newReference } from "../../engine.ts";
import { aProduct } from "../../storage/a-product.ts";
import { address, buyer, newProduct, rejection, type Sdk, sdkNames, useWire } from "./harness.ts";

const wire = useWire({ env: { CARTWRIGHT_SEED: "none" } });
let shop: Sdk;
beforeAll(async () => {
  shop = wire.sdk("@moltin/sdk", "shop");
  await shop.Gateways.Enabled("manual", true);
});

const usd = (amount: number) => [{ currency: "USD", amount }];
const always = { start: "2020-01-01", end: "2090-01-01" };

/** Makes a promotion; answers its id. */
async function promotion(type: string, schema: object, members: object = {}): Promise<string> {
  const data = {
    type: "promotion",
    name: `A ${type}`,
    description: "Spring",
    enabled: true,
    automatic: false,
    promotion_type: type,
    schema,
    ...always,
    ...members,
  };
  return (await shop.Promotions.Create(data)).data.id;
}

/** A promotion with one code; answers both. */
async function coded(type: string, schema: object, members: object = {}, code: object = {}) {
  const id = await promotion(type, schema, members);
  const name = `Code-${randomUUID().slice(0, 8)}`;
  await shop.Promotions.AddCodes(id, [{ code: name, ...code }]);
  return { id, code: name };
}

// Automatic promotions are for every cart: what a test leaves behind would change the next one's prices.
beforeEach(async () => {
  for (const { id } of (await shop.Promotions.All()).data) await shop.Promotions.Delete(id);
});

const amounts = ({ meta }: { meta: { display_price: Record<string, { amount: number }> } }) => ({
  total: meta.display_price.with_tax?.amount,
  discount: meta.display_price.discount?.amount,
  before: meta.display_price.without_discount?.amount,
});
// biome-ignore lint/suspicious/noExplicitAny: the answers are checked against schemas, and the SDK does not type all of them
type Item = any;
const lineOf = (items: readonly Item[], type: string) => items.filter((item) => item.type === type);
const quantities = (items: readonly Item[]) => lineOf(items, "cart_item").map(({ quantity }) => quantity);

describe.each(sdkNames)("promotions in carts with %s", (name) => {
  const shopper = () => wire.sdk(name, "shopper");

  test("AddPromotion: a code takes its amount off the lines in proportion, and is a line of its own", async () => {
    const [a, b] = [await newProduct(wire), await newProduct(wire)];
    const cart = shopper().Cart(newReference());
    await cart.AddProduct(a.id, 2);
    await cart.AddProduct(b.id, 1);
    const { id, code } = await coded("fixed_discount", { currencies: usd(1000) });
    const added = await cart.AddPromotion(code);
    expect(amounts(added)).toEqual({ total: 2000, discount: -1000, before: 3000 });
    expect(added.data.map((item: Item) => item.type)).toEqual(["cart_item", "cart_item", "promotion_item"]);
    expect(added.data[2]).toMatchObject({
      id,
      promotion_id: id,
      sku: code,
      name: "A fixed_discount",
      quantity: 1,
      unit_price: { amount: -1000, currency: "USD", includes_tax: false },
      value: { amount: -1000 },
      meta: { display_price: { with_tax: { value: { amount: -1000, formatted: "-$10.00" } } } },
    });
    expect(added.data.slice(0, 2).map((item: Item) => item.discounts[0])).toMatchObject([
      { amount: { amount: -667 }, code, id, is_cart_discount: true },
      { amount: { amount: -333 }, code, id, is_cart_discount: true },
    ]);
    expect(added.data[0].meta.display_price.discounts[code]).toMatchObject({
      amount: -667,
      constituents: { [id]: { amount: -667 } },
    });
    // Again: applied once.
    expect(amounts(await cart.AddPromotion(code))).toEqual({ total: 2000, discount: -1000, before: 3000 });
    const got = await cart.With(["items", "promotions"]).Get();
    expect(got.included.promotions).toMatchObject([{ type: "promotion", id, automatic: false }]);
    expect(got.data.relationships).toMatchObject({
      items: { data: [{ type: "cart_item" }, { type: "cart_item" }, { type: "promotion_item", id }] },
      promotions: { data: [{ type: "promotion", id }] },
    });
    const removed = await cart.RemoveItem(id);
    expect(amounts(removed)).toEqual({ total: 3000, discount: 0, before: 3000 });
    expect(lineOf(removed.data, "promotion_item")).toEqual([]);
  });

  test("what a code is refused for", async () => {
    const product = await newProduct(wire);
    const cart = shopper().Cart(newReference());
    const tenOff = { currencies: usd(100) };
    const { code } = await coded("fixed_discount", tenOff);
    expect((await rejection(cart.AddPromotion(code))).errors).toMatchObject([
      {
        status: 422,
        detail: "At least one product must be included in your cart to qualify for this offer",
      },
    ]);
    await cart.AddProduct(product.id, 1);
    const unknown = [
      code.toLowerCase(),
      (await coded("fixed_discount", tenOff, { enabled: false })).code,
      (await coded("fixed_discount", tenOff, { start: "2089-01-01" })).code,
      `auto_${await promotion("fixed_discount", tenOff, { automatic: true, enabled: false })}`,
    ];
    for (const wrong of unknown) {
      expect((await rejection(cart.AddPromotion(wrong))).errors).toEqual([
        {
          status: 404,
          title: "Not Found",
          detail: "No promotion could be found with the given code.",
          meta: { code: wrong },
        },
      ]);
    }
    const personal = await coded("fixed_discount", tenOff, {}, { user: "somebody" });
    expect((await rejection(cart.AddPromotion(personal.code))).errors).toMatchObject([
      { status: 422, detail: "The promotion code is for another customer", meta: { code: personal.code } },
    ]);
    await cart.UpdateCart({ discount_settings: { custom_discounts_enabled: true } });
    expect((await rejection(cart.AddPromotion(code))).errors).toEqual([
      {
        status: 422,
        title: "Could not apply EP promotion with the given code",
        detail: "The cart is configured to use custom discounts",
        meta: { code },
      },
    ]);
  });

  test("a line that stands for a promotion cannot be changed", async () => {
    const product = await newProduct(wire);
    const cart = shopper().Cart(newReference());
    await cart.AddProduct(product.id, 1);
    const { id, code } = await coded("percent_discount", {
      currencies: [{ currency: "USD", percentage: 10 }],
    });
    await cart.AddPromotion(code);
    expect((await rejection(cart.UpdateItem(id, 3))).errors).toMatchObject([{ status: 400, meta: { id } }]);
  });
});

test("G7 an automatic promotion applies by itself, comes back when removed, and tells what is missing", async () => {
  const product = await newProduct(wire);
  const cart = wire.sdk("@moltin/sdk", "shopper").Cart(newReference());
  const id = await promotion(
    "percent_discount",
    { currencies: [{ currency: "USD", percentage: 10 }] },
    { automatic: true, min_cart_value: usd(2500) },
  );
  const one = await cart.AddProduct(product.id, 1);
  expect(amounts(one)).toEqual({ total: 1000, discount: 0, before: 1000 });
  expect(one.meta.promotion_suggestions).toEqual([
    {
      promotion_id: id,
      code: `auto_${id}`,
      info: "A percent_discount",
      message: "Spend $15.00 more to qualify: the promotion begins at $25.00.",
    },
  ]);
  const three = await cart.AddProduct(product.id, 2);
  expect(amounts(three)).toEqual({ total: 2700, discount: -300, before: 3000 });
  expect(lineOf(three.data, "promotion_item")).toMatchObject([{ id, sku: `auto_${id}` }]);
  expect(amounts(await cart.RemoveItem(id))).toEqual({ total: 2700, discount: -300, before: 3000 });
  await shop.Promotions.Update(id, { enabled: false });
  expect(amounts(await cart.Items())).toEqual({ total: 3000, discount: 0, before: 3000 });
});

test("an entered code whose conditions are not met stays, at nothing, and the cart says why", async () => {
  const product = await newProduct(wire);
  const cart = wire.sdk("@moltin/sdk", "shopper").Cart(newReference());
  await cart.AddProduct(product.id, 1);
  const { id, code } = await coded("fixed_discount", { currencies: usd(500) }, { min_cart_value: usd(2000) });
  const added = await cart.AddPromotion(code);
  expect(lineOf(added.data, "promotion_item")).toMatchObject([{ id, sku: code, value: { amount: 0 } }]);
  expect(added.meta.messages).toEqual([
    {
      source: { type: "promotion_item", id, code },
      title: "Promotion not applied",
      description: "Spend $10.00 more to qualify: the promotion begins at $20.00.",
    },
  ]);
  expect(amounts(await cart.AddProduct(product.id, 1))).toEqual({
    total: 1500,
    discount: -500,
    before: 2000,
  });
  const other = await coded("fixed_discount", { currencies: [{ currency: "EUR", amount: 500 }] });
  const messages = (await cart.AddPromotion(other.code)).meta.messages;
  expect(messages).toMatchObject([{ description: "The promotion is not meant for carts in USD." }]);
});

test("item promotions: every type on its own units, nodes and custom fields by the product's own", async () => {
  const beans = await newProduct(wire);
  const mug = aProduct({
    id: randomUUID(),
    sku: "MUG-IN-CUPS",
    prices: [{ currency: "USD", amount: 1000, includesTax: false }],
    details: { category: "cups" },
  });
  const { storeId, core } = wire.engine.engine;
  await core.deps.storage.products.insert(storeId, mug, undefined);
  const cases: [string, object, number, number][] = [
    ["item_fixed_discount", { targets: [beans.sku], currencies: usd(150) }, 4, 450],
    ["item_percent_discount", { targets: "all", percent: 12.5 }, 4, 500],
    ["item_percent_discount", { target_nodes: ["category-cups"], percent: 50 }, 4, 500],
    ["x_for_y", { targets: [beans.id], x: 3, y: 2 }, 4, 1000],
    ["x_for_amount", { targets: [beans.id], x: 2, currencies: usd(1500) }, 4, 500],
    [
      "bundle_fixed_discount",
      {
        requirements: [
          { targets: [beans.sku], quantity: 2 },
          { targets: [mug.sku], quantity: 1 },
        ],
        currencies: usd(2000),
      },
      4,
      1000,
    ],
  ];
  for (const [type, schema, quantity, off] of cases) {
    const { code } = await coded(type, schema);
    const cart = wire.sdk("@moltin/sdk", "shopper").Cart(newReference());
    await cart.AddProduct(beans.id, quantity - 1);
    await cart.AddProduct(mug.id, 1);
    const added = await cart.AddPromotion(code);
    expect(amounts(added), `${type} ${JSON.stringify(schema)}`).toEqual({
      total: quantity * 1000 - off,
      discount: 0 - off,
      before: quantity * 1000,
    });
  }
});

describe("a free gift", () => {
  const gift = async (stock: number, members: object = {}) => {
    const bought = await newProduct(wire);
    const given = await newProduct(wire, { name: "Sticker", stock });
    const id = await promotion(
      "bundle_gift",
      {
        requirements: [{ targets: [bought.sku], quantity: 2 }],
        gifts: [given.sku],
        auto_add_free_gift: true,
      },
      { automatic: true, ...members },
    );
    return { bought, given, id };
  };

  test("comes and goes with what earns it, in a line of its own", async () => {
    const { bought, given, id } = await gift(5);
    const cart = wire.sdk("@moltin/sdk", "shopper").Cart(newReference());
    await cart.AddProduct(bought.id, 1);
    const earned = await cart.AddProduct(bought.id, 1);
    const [, line] = lineOf(earned.data, "cart_item");
    expect(line).toMatchObject({ product_id: given.id, quantity: 1, discounts: [{ id }] });
    expect(amounts(earned)).toEqual({ total: 2000, discount: -1000, before: 3000 });
    // Neither more nor less of it is for the shopper to decide.
    const more = await cart.UpdateItem(line.id, 4);
    expect(amounts(more)).toEqual({ total: 2000, discount: -1000, before: 3000 });
    expect(quantities((await cart.RemoveItem(line.id)).data)).toEqual([2, 1]);
    // A piece of the shopper's own takes its place, and nothing is given twice.
    const own = await cart.AddProduct(given.id, 1);
    expect(quantities(own.data)).toEqual([2, 1]);
    expect(amounts(own)).toEqual({ total: 2000, discount: -1000, before: 3000 });
    const four = await cart.AddProduct(bought.id, 2);
    expect(quantities(four.data)).toEqual([4, 1, 1]);
    expect(amounts(four)).toEqual({ total: 4000, discount: -2000, before: 6000 });
    const less = await cart.UpdateItem(lineOf(four.data, "cart_item")[0].id, 1);
    expect(lineOf(less.data, "cart_item").map(({ product_id }) => product_id)).toEqual([bought.id, given.id]);
    expect(amounts(less)).toEqual({ total: 2000, discount: 0, before: 2000 });
  });

  test("is put in and taken out by a look at the cart too, once and for all", async () => {
    const { bought, given, id } = await gift(5, { enabled: false });
    const cart = wire.sdk("@moltin/sdk", "shopper").Cart(newReference());
    await cart.AddProduct(bought.id, 2);
    await shop.Promotions.Update(id, { enabled: true });
    const first = lineOf((await cart.Items()).data, "cart_item")[1];
    expect(first).toMatchObject({ product_id: given.id });
    expect(lineOf((await cart.Items()).data, "cart_item")[1].id).toBe(first.id);
    await shop.Promotions.Delete(id);
    expect((await cart.Items()).data).toHaveLength(1);
  });

  test("that is out of stock refuses the checkout, and says which", async () => {
    const { bought, given } = await gift(0);
    const shopper = wire.sdk("@moltin/sdk", "shopper");
    const cart = shopper.Cart(newReference());
    expect((await cart.AddProduct(bought.id, 2)).data).toHaveLength(3);
    expect((await rejection(cart.Checkout(buyer, address))).errors).toEqual([
      {
        status: 400,
        title: "Insufficient stock",
        detail: expect.stringContaining("Sticker"),
        meta: { id: given.id, sku: given.sku },
      },
    ]);
  });
});

describe("at checkout", () => {
  test("the order has the cart's lines, promotions and totals, and shows where amounts were rounded (H3)", async () => {
    const product = await newProduct(wire);
    const shopper = wire.sdk("@moltin/sdk", "shopper");
    const cart = shopper.Cart(newReference());
    await cart.AddProduct(product.id, 3);
    const { id, code } = await coded("percent_discount", {
      currencies: [{ currency: "USD", percentage: 7 }],
    });
    await cart.AddPromotion(code);
    const { data, included } = await cart.Checkout(buyer, address);
    expect(amounts(data)).toEqual({ total: 2790, discount: -210, before: 3000 });
    expect(data.meta.calculation_method).toBe("line");
    expect(data.relationships.promotions).toEqual({ data: [{ type: "promotion", id }] });
    expect(included.items).toMatchObject([
      { product_id: product.id, discounts: [{ amount: { amount: -210 }, code, id }] },
      { sku: code, quantity: 1, value: { amount: -210 }, relationships: { cart_item: { data: { id } } } },
    ]);
    // The merchant's changes later on are not the order's.
    await shop.Promotions.Delete(id);
    const again = await shop.Orders.With(["promotions"] as never).Get(data.id);
    expect(amounts(again.data)).toEqual({ total: 2790, discount: -210, before: 3000 });
    expect(again.included.promotions).toMatchObject([{ id, name: "A percent_discount" }]);
    await shopper.Orders.Payment(data.id, { gateway: "manual", method: "purchase" } as never);
    expect((await shop.Orders.Get(data.id)).data).toMatchObject({ status: "complete", payment: "paid" });
  });

  test("a promotion that has expired since is gone from the cart without a word", async () => {
    const product = await newProduct(wire);
    const cart = wire.sdk("@moltin/sdk", "shopper").Cart(newReference());
    await cart.AddProduct(product.id, 1);
    const { id, code } = await coded("fixed_discount", { currencies: usd(300) });
    expect(amounts(await cart.AddPromotion(code)).total).toBe(700);
    await shop.Promotions.Update(id, { end: "2021-01-01" });
    expect(amounts((await cart.Checkout(buyer, address)).data).total).toBe(1000);
  });

  test("usages: held with the order, and seen by promotion and by code", async () => {
    const product = await newProduct(wire);
    const shopper = wire.sdk("@moltin/sdk", "shopper");
    const { id, code } = await coded("fixed_discount", { currencies: usd(300) }, {}, { uses: 3 });
    const cart = shopper.Cart(newReference());
    await cart.AddProduct(product.id, 1);
    await cart.AddPromotion(code);
    const { data: order } = await cart.Checkout(buyer, address);
    const usages = (await wire.ask("GET", `/v2/promotions/${id}/usages`)).body.data;
    expect(usages).toMatchObject([{ order_id: order.id, code, times_used: 1, customer_email: buyer.email }]);
    expect((await shop.Promotions.Codes(id)).data).toMatchObject([{ code, uses: 2, max_uses: 3 }]);
    const done = await bought(code);
    await shop.Orders.Update(done, { shipping: "fulfilled" } as never);
    await shop.Orders.anonymize({ order_ids: [done] });
    const [anonymous] = (await wire.ask("GET", `/v2/promotions/${id}/usages?filter=eq(order_id,${done})`))
      .body.data;
    expect(anonymous).toMatchObject({ order_id: done, anonymized: true });
    expect(JSON.stringify(anonymous)).not.toContain(buyer.email);
    await shop.Orders.Update(order.id, { status: "cancelled" } as never);
    expect((await shop.Promotions.Codes(id)).data).toMatchObject([{ code, uses: 2, max_uses: 3 }]);
    expect((await wire.ask("GET", `/v2/promotions/${id}/usages`)).body.data).toMatchObject([
      { order_id: done },
    ]);

    async function bought(used: string): Promise<string> {
      const again = shopper.Cart(newReference());
      await again.AddProduct(product.id, 1);
      await again.AddPromotion(used);
      const { data } = await again.Checkout(buyer, address);
      await shopper.Orders.Payment(data.id, { gateway: "manual", method: "purchase" } as never);
      return data.id;
    }
  });
});

describe("C5 prices at checkout", () => {
  const inCart = async () => {
    const product = await newProduct(wire);
    const cart = wire.sdk("@moltin/sdk", "shopper").Cart(newReference());
    await cart.AddProduct(product.id, 2);
    return { product, cart };
  };
  const cost = (id: string, amount: number) =>
    wire.ask("PUT", `/v2/products/${id}`, {
      data: { type: "product", id, price: [{ amount, currency: "USD", includes_tax: false }] },
    });
  const policy = (price_changes: string) =>
    wire.ask("PUT", "/v2/settings/cart", { data: { type: "settings", price_changes } });

  test("a fall is passed on", async () => {
    const { product, cart } = await inCart();
    await cost(product.id, 900);
    expect(amounts((await cart.Checkout(buyer, address)).data).total).toBe(1800);
  });

  test("a rise is refused once, with the new price in the cart, and then agreed to", async () => {
    const { product, cart } = await inCart();
    await cost(product.id, 1200);
    const line = {
      id: (await cart.Items()).data[0].id,
      sku: product.sku,
      from: 1000,
      to: 1200,
      currency: "USD",
    };
    expect((await rejection(cart.Checkout(buyer, address))).errors).toMatchObject([
      { status: 422, title: "Price changed", meta: { items: [line] } },
    ]);
    expect(amounts(await cart.Items()).total).toBe(2400);
    expect(amounts((await cart.Checkout(buyer, address)).data).total).toBe(2400);
  });

  test("as the store decides: a rise is followed, or the old price is kept", async () => {
    const followed = await inCart();
    await policy("follow");
    await cost(followed.product.id, 1200);
    expect(amounts((await followed.cart.Checkout(buyer, address)).data).total).toBe(2400);
    const kept = await inCart();
    await policy("keep");
    await cost(kept.product.id, 1200);
    expect(amounts((await kept.cart.Checkout(buyer, address)).data).total).toBe(2000);
    await policy("consent");
  });

  test("a product that has vanished is named", async () => {
    const { product, cart } = await inCart();
    await shop.Products.Delete(product.id);
    expect((await rejection(cart.Checkout(buyer, address))).errors).toMatchObject([
      { status: 422, title: "Product not available", meta: { items: [{ sku: product.sku }] } },
    ]);
  });
});

test("G6 an order that costs nothing is completed, unless the store wants a least total", async () => {
  const product = await newProduct(wire);
  const shopper = wire.sdk("@moltin/sdk", "shopper");
  const { code } = await coded("percent_discount", { currencies: [{ currency: "USD", percentage: 100 }] });
  const cart = shopper.Cart(newReference());
  await cart.AddProduct(product.id, 1);
  await cart.AddPromotion(code);
  const settings = (min_order_totals: object[]) =>
    wire.ask("PUT", "/v2/settings/cart", { data: { type: "settings", min_order_totals } });
  await settings(usd(1));
  expect((await rejection(cart.Checkout(buyer, address))).errors).toMatchObject([
    { status: 422, title: "Order total too low", meta: { minimum: { amount: 1, currency: "USD" } } },
  ]);
  await settings([]);
  const { data } = await cart.Checkout(buyer, address);
  await shopper.Orders.Payment(data.id, { gateway: "manual", method: "purchase" } as never);
  expect((await shop.Orders.Get(data.id)).data).toMatchObject({ status: "complete", payment: "paid" });
});

test("H5 a tax engine that fails is not a tax of 0: a store that needs taxes sells nothing without them", async () => {
  const product = await newProduct(wire);
  const cart = wire.sdk("@moltin/sdk", "shopper").Cart(newReference());
  const [item] = (await cart.AddProduct(product.id, 1)).data;
  const settings = (taxes_required: boolean) =>
    wire.ask("PUT", "/v2/settings/cart", { data: { type: "settings", taxes_required } });
  await settings(true);
  expect((await rejection(cart.Checkout(buyer, address))).errors).toMatchObject([
    { status: 422, title: "Taxes missing", meta: { items: [{ id: item.id, sku: product.sku }] } },
  ]);
  await shop.Cart(cart.cartId).AddItemTax(item.id, { type: "tax_item", name: "None due", rate: 0 } as never);
  expect(amounts((await cart.Checkout(buyer, address)).data).total).toBe(1000);
  await settings(false);
});
