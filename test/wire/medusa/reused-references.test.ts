import { beforeAll, expect, test } from "vitest";
import { aShop, coreId, type Shop } from "./a-shop.ts";
import { useMedusa } from "./harness.ts";

const DAY_MS = 86_400_000;
let ahead = 0;
const wire = useMedusa({}, { now: () => new Date(Date.now() + ahead).toISOString() });
let shop: Shop;

beforeAll(async () => {
  shop = await aShop(wire, { pieces: 10 });
});

/** Fills a cart of the other dialect under a reference of the client's and completes it here. */
async function buy(reference: string, quantity: number) {
  const data = { type: "cart_item", id: coreId(shop.variantId), quantity };
  const headers = { "x-moltin-currency": "EUR" };
  const filled = await wire.engine.ask("POST", `/v2/carts/${reference}/items`, { data }, { headers });
  expect(filled.status).toBe(201);
  const path = `/store/carts/${reference}`;
  expect((await wire.ask("POST", path, { email: "ada@example.com" })).status).toBe(200);
  await wire.ask("POST", `${path}/payment-sessions`);
  await wire.ask("POST", `${path}/payment-session`, { provider_id: "manual" });
  return wire.ask("POST", `${path}/complete`);
}

test("a reference that is used again, after its cart was completed and has expired, gets an order of its own", async () => {
  const first = await buy("my-basket", 1);
  expect(first).toMatchObject({ status: 200, body: { type: "order" } });
  ahead = 60 * DAY_MS;
  const second = await buy("my-basket", 2);
  expect(second).toMatchObject({ status: 200, body: { type: "order" } });
  expect(second.body.data.id).not.toBe(first.body.data.id);
  expect(second.body.data.items).toMatchObject([{ quantity: 2 }]);
  const found = await wire.ask("GET", "/store/orders/cart/my-basket");
  expect(found.body.order.id).toBe(second.body.data.id);
  const again = await wire.ask("POST", "/store/carts/my-basket/complete");
  expect(again.body.data.id).toBe(second.body.data.id);
});
