import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openShop, type Shop } from "./shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const as = (version: string | null) => ({ as: "shopper", headers: { "if-match": version ?? "" } }) as const;

async function cartSeen(): Promise<{ path: string; version: string; product: string }> {
  const product = await shop.newProduct(9);
  const path = `/v2/carts/${await shop.newCart([{ productId: product }])}`;
  const { headers } = await shop.ask("GET", path, undefined, { as: "shopper" });
  return { path, product, version: headers.get("etag") as string };
}

describe("C4 If-Match", () => {
  test("of two who change the cart that they both saw, one does; the other is told the version there is now", async () => {
    const { path, product, version } = await cartSeen();
    const add = { data: { type: "cart_item", id: product, quantity: 1 } };
    const answers = await Promise.all([1, 2].map(() => shop.ask("POST", `${path}/items`, add, as(version))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const won = answers.find(({ status }) => status === 201);
    const lost = answers.find(({ status }) => status === 409);
    const current = Number(JSON.parse(won?.headers.get("etag") as string));
    expect(lost?.body.errors).toMatchObject([
      { status: 409, source: "If-Match", meta: { version: current } },
    ]);
    const again = await shop.ask("POST", `${path}/items`, add, as(String(current)));
    expect(again.status).toBe(201);
    expect(again.body.data[0].quantity).toBe(3);
  });

  test("holds for checkout and deletion too, and for junk; a star asks for nothing", async () => {
    const { path, product, version } = await cartSeen();
    const add = { data: { type: "cart_item", id: product, quantity: 1 } };
    expect((await shop.ask("POST", `${path}/items`, add, as("*"))).status).toBe(201);
    const checkout = {
      data: {
        customer: { name: "Ada", email: "ada@example.com" },
        billing_address: {
          first_name: "A",
          last_name: "B",
          line_1: "1",
          postcode: "1",
          county: "C",
          country: "US",
        },
      },
    };
    expect((await shop.ask("POST", `${path}/checkout`, checkout, as(version))).status).toBe(409);
    expect((await shop.ask("DELETE", path, undefined, as(version))).status).toBe(409);
    expect((await shop.ask("POST", `${path}/items`, add, as("abc"))).status).toBe(409);
    const { headers } = await shop.ask("GET", path, undefined, { as: "shopper" });
    expect((await shop.ask("POST", `${path}/checkout`, checkout, as(headers.get("etag")))).status).toBe(201);
  });
});

test("C3 what is paid for is what was priced, whatever is put into the cart meanwhile", async () => {
  const product = await shop.newProduct(1_000);
  const rounds = Array.from({ length: 100 }, async (_, round) => {
    const cart = await shop.newCart([{ productId: product }]);
    const add = () =>
      shop.ask("POST", `/v2/carts/${cart}/items`, { data: { type: "cart_item", id: product, quantity: 1 } });
    const buy = async () => {
      const placed = await shop.checkOut(cart);
      expect(placed.status).toBe(201);
      expect((await shop.pay(placed.body.data.id)).status).toBe(201);
      return placed.body.data.id as string;
    };
    const [orderId] = await Promise.all(round % 2 === 0 ? [buy(), add()] : [buy(), add(), add()]);
    const items = (await shop.ask("GET", `/v2/orders/${orderId}/items`)).body.data;
    const goods = items.reduce(
      (sum: number, item: { value: { amount: number } }) => sum + item.value.amount,
      0,
    );
    expect(shop.gateway.taken(orderId)).toBe(goods);
  });
  await Promise.all(rounds);
  await shop.expectConsistent();
});
