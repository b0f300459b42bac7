import { beforeAll, expect, test } from "vitest";
import { aShop, readyCart, type Shop } from "./a-shop.ts";
import { useMedusa } from "./harness.ts";

const wire = useMedusa();
let shop: Shop;
beforeAll(async () => {
  shop = await aShop(wire, { pieces: 100 });
});

let people = 0;
async function aCustomer() {
  people += 1;
  const login = { email: `customer-${people}@example.com`, password: "correct horse battery" };
  const { body } = await wire.ask("POST", "/store/customers", login);
  const token = (await wire.ask("POST", "/store/auth/token", login)).body.access_token;
  return { ...login, id: body.customer.id as string, headers: { authorization: `Bearer ${token}` } };
}

test("L1 whoever signs in has the cart that they filled before, with all its lines", async () => {
  const path = await readyCart(wire, shop, { items: [{ variant_id: shop.variantId, quantity: 2 }] });
  const customer = await aCustomer();
  const { body } = await wire.ask("GET", path, undefined, { headers: customer.headers });
  expect(body.cart).toMatchObject({
    customer_id: customer.id,
    email: customer.email,
    items: [{ quantity: 2 }],
  });
});

test("L2 a guest may buy with a customer's e-mail address, and the order is not among that customer's", async () => {
  const customer = await aCustomer();
  const named = await readyCart(wire, shop, { email: customer.email });
  const byId = await readyCart(wire, shop, { update: { customer_id: customer.id } });
  for (const path of [named, byId]) {
    const { status, body } = await wire.ask("POST", `${path}/complete`);
    expect(status).toBe(200);
    expect(body.data.email).toBe(customer.email);
  }
  const own = await wire.ask("GET", "/store/customers/me/orders", undefined, { headers: customer.headers });
  expect(own.body.orders).toEqual([]);
});

test("L3 the cart of a customer shows nothing to others, and is not changed or completed by them", async () => {
  const [owner, other] = [await aCustomer(), await aCustomer()];
  const path = await readyCart(wire, shop);
  await wire.ask("GET", path, undefined, { headers: owner.headers });
  const line = { variant_id: shop.variantId, quantity: 1 };
  for (const headers of [{}, other.headers]) {
    for (const [method, where, body] of [
      ["GET", path, undefined],
      ["POST", path, { email: "else@example.com" }],
      ["POST", `${path}/line-items`, line],
      ["POST", `${path}/payment-sessions`, undefined],
      ["POST", `${path}/complete`, undefined],
      ["GET", `/store/shipping-options/${path.split("/").at(-1)}`, undefined],
    ] as const) {
      const answer = await wire.ask(method, where, body, { headers });
      expect([method, where, answer.status]).toEqual([method, where, 401]);
      expect(JSON.stringify(answer.body)).not.toContain(owner.email);
    }
  }
  const done = await wire.ask("POST", `${path}/complete`, undefined, { headers: owner.headers });
  expect(done.body).toMatchObject({ type: "order", data: { customer_id: owner.id } });
  const own = await wire.ask("GET", "/store/customers/me/orders", undefined, { headers: owner.headers });
  expect(own.body.orders.map(({ id }: { id: string }) => id)).toEqual([done.body.data.id]);
});
