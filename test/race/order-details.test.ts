import { afterAll, beforeAll, expect, test } from "vitest";
import { anonymizeOrders, callOffOrder, changeOrderDetails } from "../../src/operations/update-order.ts";
import { interleave } from "./interleave.ts";
import { openShop, type Shop } from "./shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

async function newOrder(): Promise<string> {
  return shop.newOrder([{ productId: await shop.newProduct(5) }]);
}

async function cancelledOrder(): Promise<string> {
  const orderId = await newOrder();
  await callOffOrder(shop.deps, shop.context, orderId);
  return orderId;
}

const anonymize = (orderIds: readonly string[], key?: string) =>
  shop.ask(
    "POST",
    "/v2/orders/anonymize",
    { data: { order_ids: orderIds } },
    key === undefined ? {} : { headers: { "idempotency-key": key } },
  );

test.each([
  ["without an idempotency key", undefined],
  ["with one, in the key's transaction", "all-or-none"],
])("orders are anonymized all or none, %s", async (_how, key) => {
  const [final, open] = [await cancelledOrder(), await newOrder()];
  expect((await anonymize([final, open], key)).status).toBe(422);
  expect((await shop.order(final)).anonymized).toBe(false);
  expect((await anonymize([final])).body.data).toMatchObject([{ anonymized: true, customer: { name: "*" } }]);
});

test("a refusal in the key's transaction is kept while what it undid is gone", async () => {
  const [final, open] = [await cancelledOrder(), await newOrder()];
  const first = await anonymize([final, open], "kept");
  const again = await anonymize([final, open], "kept");
  expect([again.status, again.headers.get("idempotency-replayed"), again.body]).toEqual([
    422,
    "true",
    first.body,
  ]);
  expect((await shop.order(final)).anonymized).toBe(false);
});

test("an order that is edited while it is anonymized is anonymized all the same", async () => {
  const orderId = await cancelledOrder();
  const rename = () => changeOrderDetails(shop.deps, shop.context, orderId, { orderNumber: "N-3" });
  const deps = interleave(shop.deps, "before", "orders", "save", rename);
  expect(await anonymizeOrders(deps, shop.context, [orderId])).toMatchObject({ ok: true });
  expect(await shop.order(orderId)).toMatchObject({ anonymized: true, order_number: "N-3" });
});

test("an address that is given while the order is anonymized is not written into it", async () => {
  const orderId = await cancelledOrder();
  const deps = interleave(shop.deps, "before", "orders", "save", () =>
    anonymizeOrders(shop.deps, shop.context, [orderId]),
  );
  const edited = await changeOrderDetails(deps, shop.context, orderId, {
    shippingAddress: { line_1: "2 Short Lane" },
  });
  expect(edited).toMatchObject({ ok: false, error: { type: "order_anonymized" } });
  expect((await shop.order(orderId)).shipping_address.line_1).toBe("*");
});
