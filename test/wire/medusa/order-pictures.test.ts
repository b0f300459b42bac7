import { expect, test } from "vitest";
import { coreId } from "./a-shop.ts";
import { useMedusa } from "./harness.ts";

// The demo store's pictures lie at the engine itself; a storefront at another origin can only load absolute addresses.
const wire = useMedusa({ CARTWRIGHT_SEED: "demo" });

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
const ask = async (method: string, path: string, body?: unknown): Promise<any> => {
  const answer = await wire.ask(method, path, body);
  expect(answer.status, `${path} ${JSON.stringify(answer.body)}`).toBe(200);
  return answer.body;
};

/** What somebody buys: one mug. */
async function mug() {
  const { products } = await ask("GET", "/store/products?handle=hearth-mug");
  expect(products[0].thumbnail).toBe(`${wire.url}/images/hearth-mug-oat.webp`);
  return { picture: products[0].thumbnail, variantId: products[0].variants[0].id };
}

const pictures = (items: readonly { readonly thumbnail: string | null }[]) =>
  items.map(({ thumbnail }) => thumbnail);

test("the lines of an order, and of changes to it, show the picture that the cart showed", async () => {
  const { picture, variantId } = await mug();
  const { cart } = await ask("POST", "/store/carts", { items: [{ variant_id: variantId, quantity: 1 }] });
  expect(pictures(cart.items)).toEqual([picture]);
  const path = `/store/carts/${cart.id}`;
  const address = {
    ...{ first_name: "Ada", last_name: "Byron", address_1: "1 Long Lane", city: "Town", postal_code: "1" },
    country_code: cart.region.countries[0].iso_2,
  };
  await ask("POST", path, { email: "ada@example.com", shipping_address: address });
  const { shipping_options: options } = await ask("GET", `/store/shipping-options/${cart.id}`);
  await ask("POST", `${path}/shipping-methods`, { option_id: options[0].id });
  await ask("POST", `${path}/payment-sessions`);
  await ask("POST", `${path}/payment-session`, { provider_id: "manual" });
  const { data: order } = await ask("POST", `${path}/complete`);
  expect(pictures(order.items)).toEqual([picture]);
  const { order: found } = await ask("GET", `/store/orders/${order.id}`);
  expect(pictures(found.items)).toEqual([picture]);
  const { order: staffs } = await wire.admin("GET", `/admin/orders/${order.id}`);
  expect(pictures(staffs.items)).toEqual([picture]);

  const { order_edit: begun } = await wire.admin("POST", "/admin/order-edits", { order_id: order.id });
  const more = { variant_id: variantId, quantity: 2 };
  const { order_edit: edit } = await wire.admin("POST", `/admin/order-edits/${begun.id}/items`, more);
  expect(pictures(edit.items)).toEqual([picture, picture]);
  expect(edit.changes).toMatchObject([{ line_item: { thumbnail: picture } }]);
  const { order_edits: edits } = await wire.admin("GET", `/admin/order-edits?order_id=${order.id}`);
  expect(pictures(edits[0].items)).toEqual([picture, picture]);
});

test("an order of the other dialect shows the pictures of its products", async () => {
  const { picture, variantId } = await mug();
  const there = (path: string, data: object) => wire.engine.ask("POST", path, { data });
  await there("/v2/carts/pictured/items", { type: "cart_item", id: coreId(variantId), quantity: 1 });
  await there("/v2/carts/pictured/items", {
    ...{ type: "custom_item", name: "Wrapping", sku: "WRAP", quantity: 1 },
    price: { amount: 100, includes_tax: true },
  });
  const placed = await there("/v2/carts/pictured/checkout", {
    customer: { name: "Ada", email: "ada@example.com" },
    billing_address: {
      ...{ first_name: "Ada", last_name: "Byron", line_1: "1 Long Lane", postcode: "90210" },
      ...{ county: "CA", country: "US" },
    },
  });
  expect(placed.status, JSON.stringify(placed.body)).toBe(201);
  const { id } = placed.body.data;
  await there(`/v2/orders/${id}/payments`, { gateway: "manual", method: "authorize" });
  const { orders } = await wire.admin("GET", "/admin/orders?expand=items,items.variant");
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  const seen = orders.find((order: any) => coreId(order.id) === id);
  expect(pictures(seen.items)).toEqual([picture, null]);
});
