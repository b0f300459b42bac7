import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  type BraintreeServer,
  braintreeSettings,
  startBraintreeServer,
} from "../../gateways/braintree-server.ts";
import { rejection, type Sdk, sdkNames, useWire } from "./harness.ts";
import { type Placed, placedOrder } from "./purchases.ts";

// Braintree, with the vendor's SDKs, through Braintree's official package, to a stand-in of its API.

let server: BraintreeServer;
const env: Record<string, string> = {};
beforeAll(async () => {
  server = await startBraintreeServer();
  env.CARTWRIGHT_BRAINTREE_API_BASE = server.url;
});
const wire = useWire({ env });
afterAll(() => server.close());
afterEach(() => server.heal());

const order = async ({ path }: Placed) => (await wire.ask("GET", path)).body.data;
const allocated = async ({ productId }: Placed) =>
  (await wire.ask("GET", `/v2/inventories/${productId}`)).body.data.allocated;
const card = (payment: string, method = "purchase") => ({
  gateway: "braintree",
  method,
  payment,
  options: { payment_method_nonce: true },
});

test("a shop without keys is told so, and its keys are never shown", async () => {
  const placed = await placedOrder(wire);
  const gateway = wire.sdk(sdkNames[0], "shop").Gateways;
  await gateway.Enabled("braintree", true);
  const refused = await rejection(
    wire.sdk(sdkNames[0], "shopper").Orders.Payment(placed.id, card("a-nonce")),
  );
  expect(refused.errors).toMatchObject([{ status: 400, meta: { error: "gateway_not_configured" } }]);
  await gateway.Update("braintree", { type: "gateway", enabled: true, ...braintreeSettings });
  const { data } = await gateway.Get("braintree");
  expect(data).toMatchObject({ enabled: true, environment: "sandbox", merchant_id: "the_merchant" });
  expect(JSON.stringify(data)).not.toContain(braintreeSettings.private_key);
});

describe.each(sdkNames)("%s", (name) => {
  let shop: Sdk;
  let shopper: Sdk;
  beforeAll(() => {
    shop = wire.sdk(name, "shop");
    shopper = wire.sdk(name, "shopper");
  });

  test("a card is authorized, captured, and refunded in two parts", async () => {
    const placed = await placedOrder(wire);
    const { data } = await shopper.Orders.Payment(placed.id, card("a-nonce", "authorize"));
    expect(data).toMatchObject({ gateway: "braintree", status: "complete", amount: 2000 });
    expect(await order(placed)).toMatchObject({ status: "processing", payment: "authorized" });
    expect(server.ledger.books(data.id)).toMatchObject({ charges: 1, authorized: 2000, captured: 0 });
    const ids = { order: placed.id, transaction: data.id };
    const captured = await shop.Transactions.Capture(ids);
    expect(captured.data).toMatchObject({ transaction_type: "capture", status: "complete" });
    expect(server.ledger.books(data.id)).toMatchObject({ charges: 1, authorized: 0, captured: 2000 });
    for (const refunded_amount of [500, 1000]) {
      expect((await shop.Transactions.Refund(ids, { amount: 500 })).data).toMatchObject({ refunded_amount });
    }
    expect(server.ledger.books(data.id)).toMatchObject({ captured: 2000, refunded: 1000 });
    expect(await order(placed)).toMatchObject({ status: "complete", payment: "paid" });
  });

  test("B8 B1 a declined card releases its stock at once, and the order can be paid again", async () => {
    const placed = await placedOrder(wire);
    const refused = await rejection(shopper.Orders.Payment(placed.id, card("a-declined-nonce")));
    expect(refused.errors).toMatchObject([
      { status: 400, title: "Payment gateway processing failed", detail: "Insufficient Funds" },
    ]);
    expect(await order(placed)).toMatchObject({ status: "incomplete", payment: "unpaid" });
    expect(await allocated(placed)).toBe(0);
    const { data } = await shopper.Orders.Payment(placed.id, card("a-nonce"));
    expect(data.status).toBe("complete");
    expect(await order(placed)).toMatchObject({ status: "complete", payment: "paid" });
    expect(await allocated(placed)).toBe(2);
  });

  test("an authorization is given back, and the stock with it", async () => {
    const placed = await placedOrder(wire);
    const { data } = await shopper.Orders.Payment(placed.id, card("a-nonce", "authorize"));
    const ids = { order: placed.id, transaction: data.id };
    expect((await shop.Transactions.Cancel(ids, { reason: "abandoned" })).data.status).toBe("cancelled");
    expect(server.ledger.books(data.id)).toMatchObject({ authorized: 0, captured: 0 });
    expect(await allocated(placed)).toBe(0);
  });
});
