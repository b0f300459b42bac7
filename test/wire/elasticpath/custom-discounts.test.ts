import { describe, expect, test } from "vitest";
import { type Answer, newReference } from "../../engine.ts";
import { address, buyer, newProduct, rejection, type Sdk, sdkNames, useWire } from "./harness.ts";

const wire = useWire();

const discount = (amount: unknown = -100, code = "SPRING") => ({
  external_id: "E-1",
  discount_engine: "Engine",
  amount,
  description: "From elsewhere",
  discount_code: code,
});
const on = { custom_discounts_enabled: true, use_rule_promotions: false };

type Shop = ReturnType<Sdk["Cart"]>;

/** A cart that takes custom discounts, with one line of 1000 and one of 500. */
async function aCart(client: Sdk): Promise<{ cart: Shop; id: string; items: string[] }> {
  const id = newReference();
  const cart = client.Cart(id);
  await client.Cart().CreateCart({ id, name: "Discounted", discount_settings: on });
  await cart.AddProduct((await newProduct(wire)).id);
  const { data } = await cart.AddCustomItem({ name: "Wrapping", quantity: 1, price: { amount: 500 } });
  return { cart, id, items: data.map((item: { id: string }) => item.id) };
}

const checkOut = async (cart: string): Promise<Answer["body"]> => {
  const data = { customer: buyer, billing_address: address };
  const placed = await wire.ask("POST", `/v2/carts/${cart}/checkout`, { data }, { as: "shopper" });
  expect(placed.status, JSON.stringify(placed.body)).toBe(201);
  return placed.body;
};

describe.each(sdkNames)("%s", (name) => {
  const shop = (): Sdk => wire.sdk(name, "shop");

  test("AddCartCustomDiscount, UpdateCartCustomDiscount, RemoveCartCustomDiscount", async () => {
    const { cart } = await aCart(shop());
    const { data } = await cart.AddCartCustomDiscount(discount(-300));
    expect(data).toMatchObject({
      type: "custom_discount",
      external_id: "E-1",
      discount_engine: "Engine",
      amount: { amount: -300, currency: "USD", formatted: "-$3.00" },
      description: "From elsewhere",
      discount_code: "SPRING",
    });
    expect(data).not.toHaveProperty("relationships");
    const got = await cart.With(["items", "custom_discounts"]).Get();
    expect(got.data.relationships.custom_discounts).toEqual({
      data: [{ type: "custom_discount", id: data.id }],
    });
    expect(got.data.meta.display_price).toMatchObject({
      with_tax: { amount: 1200 },
      discount: { amount: -300 },
      without_discount: { amount: 1500 },
    });
    expect(got.included.custom_discounts).toEqual([data]);
    const [first] = got.included.items;
    expect(first.discounts).toEqual([
      {
        amount: { amount: -200, currency: "USD", includes_tax: false },
        code: "SPRING",
        id: data.id,
        is_cart_discount: true,
      },
    ]);
    expect(first.meta.display_price.discounts.SPRING).toMatchObject({
      amount: -200,
      constituents: { [data.id]: { amount: -200 } },
    });
    const shown = { amount: { amount: -30, currency: "USD", formatted: "-$0.30" } };
    const changed = await cart.UpdateCartCustomDiscount(data.id, shown);
    expect(changed.data).toMatchObject({ id: data.id, ...shown, discount_code: "SPRING" });
    await cart.RemoveCartCustomDiscount(data.id);
    const after = await cart.With("custom_discounts").Items();
    expect(after.meta.display_price.discount.amount).toBe(0);
    expect(after).not.toHaveProperty("included");
  });

  test("AddItemCustomDiscount, UpdateItemCustomDiscount, RemoveItemCustomDiscount", async () => {
    const { cart, items } = await aCart(shop());
    const [, wrapping] = items as [string, string];
    const { data } = await cart.AddItemCustomDiscount(wrapping, discount({ amount: -100 }));
    expect(data.relationships.item).toEqual({ data: { type: "custom_item", id: wrapping } });
    const listed = await cart.With("custom_discounts").Items();
    expect(listed.included.custom_discounts).toEqual([data]);
    expect(listed.data[1]).toMatchObject({
      discounts: [{ amount: { amount: -100, includes_tax: true }, code: "SPRING", id: data.id }],
      relationships: { custom_discounts: { data: [{ type: "custom_discount", id: data.id }] } },
    });
    expect(listed.data[0]).not.toHaveProperty("discounts");
    // It takes what is left, and no more.
    const changed = await cart.UpdateItemCustomDiscount(wrapping, data.id, { amount: -9999 });
    expect(changed.data.amount.amount).toBe(-9999);
    const all = await cart.Items();
    expect(all.data[1].meta.display_price.with_tax.value.amount).toBe(0);
    expect(all.meta.display_price).toMatchObject({ with_tax: { amount: 1000 }, discount: { amount: -500 } });
    await cart.RemoveItemCustomDiscount(wrapping, data.id);
    expect((await cart.Items()).meta.display_price.discount.amount).toBe(0);
    const { errors } = await rejection(cart.RemoveItemCustomDiscount(wrapping, data.id));
    expect(errors).toMatchObject([{ status: 404, detail: "Custom discount not found" }]);
  });

  test("BulkAddCartCustomDiscount: onto the cart and onto items, all or what is possible", async () => {
    const { cart, items } = await aCart(shop());
    const onItem = (id: string | undefined, type = "cart_item") => ({
      ...discount(-10),
      relationships: { item: { data: { type, id } } },
    });
    const added = await cart.BulkAddCartCustomDiscount([discount(-1), onItem(items[0])]);
    expect(added.data).toHaveLength(2);
    expect(added.data[1].relationships.item.data).toEqual({ type: "cart_item", id: items[0] });
    const list = () => [discount(-1), onItem("none")];
    const { errors } = await rejection(cart.BulkAddCartCustomDiscount(list(), { add_all_or_nothing: true }));
    expect(errors).toMatchObject([{ status: 404, detail: "Item was not found in the cart" }]);
    const part = await cart.BulkAddCartCustomDiscount(list(), { add_all_or_nothing: false });
    expect(part.data).toHaveLength(1);
    expect(part.errors).toMatchObject([{ status: 404 }]);
    const found = await cart.With("custom_discounts").Get();
    expect(found.included.custom_discounts).toHaveLength(3);
    expect((await wire.ask("DELETE", `/v2/carts/${cart.cartId}/custom-discounts`)).status).toBe(204);
    expect((await cart.With("custom_discounts").Get()).data.meta.display_price.discount.amount).toBe(0);
  });

  test("an order keeps them and what they came to, and shows them where they are asked for", async () => {
    const client = shop();
    const { cart, id, items } = await aCart(client);
    const one = (await cart.AddCartCustomDiscount(discount(-100, "CART"))).data;
    const two = (await cart.AddItemCustomDiscount(items[1], discount(-50, "ITEM"))).data;
    const before = (await cart.Get()).data.meta.display_price;
    const { data: order, included } = await checkOut(id);
    expect(order.relationships.custom_discounts.data).toEqual([{ type: "custom_discount", id: one.id }]);
    expect(included.items[1].relationships.custom_discounts.data).toMatchObject([{ id: two.id }]);
    await wire.ask("DELETE", `/v2/carts/${id}/custom-discounts`);
    const found = await client.Orders.With(["items", "custom_discounts"]).Get(order.id);
    expect(found.included.custom_discounts).toEqual([one, two]);
    expect(found.data.meta.display_price).toMatchObject(before);
    expect(before).toMatchObject({ with_tax: { amount: 1350 }, discount: { amount: -150 } });
    const list = await client.Orders.With("custom_discounts").All();
    expect(list.included.custom_discounts).toEqual(expect.arrayContaining([one, two]));
  });
});

describe("custom discounts", () => {
  const post = (path: string, data: unknown) => wire.ask("POST", `${path}/custom-discounts`, { data });

  test("are refused to the letter where the vendor documents it", async () => {
    const { id, items } = await aCart(wire.sdk("@moltin/sdk", "shop"));
    const cart = `/v2/carts/${id}`;
    const item = `${cart}/items/${items[0]}`;
    await post(
      cart,
      [1, 2, 3, 4, 5].map(() => discount(-1)),
    );
    await post(
      item,
      [1, 2, 3, 4, 5].map(() => discount(-1)),
    );
    expect(await post(item, discount())).toMatchObject({
      status: 422,
      body: {
        errors: [
          {
            status: 422,
            title: "Limit Reached",
            detail: "Custom discount limit reached for this cart item",
            meta: { id: items[0] },
          },
        ],
      },
    });
    expect((await post(cart, discount())).body.errors).toEqual([
      { status: 422, title: "Limit Reached", detail: "Custom discount limit reached for this cart" },
    ]);
    await wire.ask("PUT", cart, { data: { discount_settings: { custom_discounts_enabled: false } } });
    for (const path of [cart, item]) {
      expect(await post(path, discount())).toMatchObject({
        status: 400,
        body: {
          errors: [
            { status: 400, title: "Bad Request", detail: "Custom discounts not enabled for this cart" },
          ],
        },
      });
    }
    // Those that are there count no longer.
    expect((await wire.ask("GET", cart)).body.data.meta.display_price.discount.amount).toBe(0);
    const empty = newReference();
    await wire.ask("POST", "/v2/carts", { data: { id: empty, name: "Empty", discount_settings: on } });
    expect(await post(`/v2/carts/${empty}`, discount())).toMatchObject({
      status: 400,
      body: { errors: [{ detail: "Cart is empty" }] },
    });
  });

  test("need the calculation method line", async () => {
    const { id } = await aCart(wire.sdk("@moltin/sdk", "shop"));
    const setting = (calculation_method: string) =>
      wire.ask("PUT", "/v2/settings", { data: { type: "settings", calculation_method } });
    expect((await setting("simple")).status).toBe(200);
    try {
      expect((await post(`/v2/carts/${id}`, discount())).body.errors).toMatchObject([
        { status: 400, detail: "Custom discounts need the calculation method line" },
      ]);
    } finally {
      await setting("line");
    }
  });

  test("have all their members, and an amount below nothing in the cart's currency", async () => {
    const { id } = await aCart(wire.sdk("@moltin/sdk", "shop"));
    const cart = `/v2/carts/${id}`;
    const required = Object.keys(discount());
    for (const member of required) {
      const { [member]: _, ...rest } = discount() as Record<string, unknown>;
      expect((await post(cart, rest)).body.errors).toMatchObject([
        { status: 400, title: "required", source: `data.${member}` },
      ]);
    }
    for (const [amount, title] of [
      [0, "number_lte"],
      [5, "number_lte"],
      [-1.5, "invalid_type"],
      ["-1", "invalid_type"],
      [-1e12, "number_gte"],
      [{ amount: 1 }, "number_lte"],
      [{}, "required"],
      [null, "invalid_type"],
    ] as const) {
      const { status, body } = await post(cart, [discount(amount)]);
      expect([status, body.errors[0]], JSON.stringify(amount)).toMatchObject([
        400,
        { title, source: "data.0.amount" },
      ]);
    }
    for (const nothing of [[], {}, [null], 1]) expect((await post(cart, nothing)).status).toBe(400);
    expect((await post(cart, discount({ amount: -1, currency: "EUR" }))).body.errors).toEqual([
      {
        status: 400,
        title: "Cart Currency Mismatch",
        detail: "This cart uses USD, cannot add custom discount with currency EUR",
      },
    ]);
    expect((await wire.ask("GET", cart)).body.data.meta.display_price.discount.amount).toBe(0);
  });

  test("are the shop's to give, unless the store lets shoppers", async () => {
    const { id, items } = await aCart(wire.sdk("@moltin/sdk", "shop"));
    const asShopper = { as: "shopper" } as const;
    const path = `/v2/carts/${id}/items/${items[0]}/custom-discounts`;
    const give = () => wire.ask("POST", path, { data: discount() }, asShopper);
    expect(await give()).toMatchObject({ status: 403, body: { errors: [{ title: "Forbidden" }] } });
    const setting = (custom_discounts_by_shoppers: boolean) =>
      wire.ask("PUT", "/v2/settings/cart", { data: { type: "settings", custom_discounts_by_shoppers } });
    await setting(true);
    try {
      const { status, body } = await give();
      expect(status).toBe(201);
      expect((await wire.ask("DELETE", `${path}/${body.data.id}`, undefined, asShopper)).status).toBe(204);
    } finally {
      await setting(false);
    }
  });

  test("are listed with carts, and are not copied when carts are merged", async () => {
    const { id } = await aCart(wire.sdk("@moltin/sdk", "shop"));
    const { data } = (await post(`/v2/carts/${id}`, discount())).body;
    const { body } = await wire.ask("GET", `/v2/carts?include=custom_discounts&filter=eq(id,${id})`);
    expect(body.included.custom_discounts).toEqual([data]);
    const other = newReference();
    const merge = { data: { type: "cart_items", cart_id: id } };
    const merged = await wire.ask("POST", `/v2/carts/${other}/items`, merge);
    expect(merged.body.data).toHaveLength(2);
    expect(merged.body.meta.display_price.discount.amount).toBe(0);
  });

  test("stay on a line to which more is added", async () => {
    const { cart, items } = await aCart(wire.sdk("@moltin/sdk", "shop"));
    await cart.AddItemCustomDiscount(items[0], discount());
    const [line] = (await cart.Items()).data;
    const more = await cart.AddProduct(line.product_id, 2);
    expect(more.data[0]).toMatchObject({ quantity: 3, discounts: [{ amount: { amount: -100 } }] });
  });
});
