import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { waitUntil } from "../../engine.ts";
import {
  type AdyenServer,
  adyenSettings,
  redirectResult,
  startAdyenServer,
} from "../../gateways/adyen-server.ts";
import { rejection, type Sdk, sdkNames, useWire } from "./harness.ts";
import { type Placed, placedOrder } from "./purchases.ts";

// Adyen, with the vendor's SDKs, through Adyen's official package, to a stand-in of its API that calls the shop.

let server: AdyenServer;
const env: Record<string, string> = {};
beforeAll(async () => {
  server = await startAdyenServer();
  env.CARTWRIGHT_ADYEN_API_BASE = server.url;
});
const wire = useWire({ env });
afterAll(() => server.close());
afterEach(() => server.heal());

const order = async ({ path }: Placed) => (await wire.ask("GET", path)).body.data;
const allocated = async ({ productId }: Placed) =>
  (await wire.ask("GET", `/v2/inventories/${productId}`)).body.data.allocated;
const card = (payment: string, method = "purchase") => ({
  gateway: "adyen",
  method,
  payment,
  options: { shopper_reference: "ada-17", recurring_processing_model: "CardOnFile" },
});
/** Lets Adyen's calls come. */
const told = async (): Promise<void> => {
  for (const body of server.takeCalls()) {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${wire.engine.url}/webhooks/adyen`, { method: "POST", headers, body });
    expect(answer.status).toBe(200);
  }
};

test("a shop without keys is told so, and its keys are never shown", async () => {
  const placed = await placedOrder(wire);
  const gateway = wire.sdk(sdkNames[0], "shop").Gateways;
  await gateway.Enabled("adyen", true);
  const refused = await rejection(wire.sdk(sdkNames[0], "shopper").Orders.Payment(placed.id, card("a_card")));
  expect(refused.errors).toMatchObject([{ status: 400, meta: { error: "gateway_not_configured" } }]);
  await gateway.Update("adyen", { type: "gateway", enabled: true, ...adyenSettings });
  const { data } = await gateway.Get("adyen");
  expect(data).toMatchObject({ enabled: true, merchant_account: "TheShopCOM", test: true });
  expect(JSON.stringify(data)).not.toContain(adyenSettings.password);
  expect(JSON.stringify(data)).not.toContain(adyenSettings.webhook_secret);
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
    const { data } = await shopper.Orders.Payment(placed.id, card("a_stored_card", "authorize"));
    expect(data).toMatchObject({ gateway: "adyen", status: "complete", amount: 2000 });
    expect(await order(placed)).toMatchObject({ status: "processing", payment: "authorized" });
    const ids = { order: placed.id, transaction: data.id };
    const captured = await shop.Transactions.Capture(ids);
    expect(captured.data.payment_details).toMatchObject({ operation: "capture" });
    await told();
    await waitUntil(async () => (await order(placed)).payment === "paid");
    for (const refunded_amount of [500, 1000]) {
      await shop.Transactions.Refund(ids, { amount: 500 });
      await told();
      await waitUntil(
        async () => (await shop.Transactions.Get(ids)).data.refunded_amount === refunded_amount,
      );
    }
    expect(server.ledger.books(data.id)).toEqual({
      charges: 1,
      authorized: 0,
      captured: 2000,
      refunded: 1000,
    });
  });

  test("B8 B1 a declined card releases its stock at once, and the order can be paid again", async () => {
    const placed = await placedOrder(wire);
    const refused = await rejection(shopper.Orders.Payment(placed.id, card("a_declined_card")));
    expect(refused.errors).toMatchObject([
      {
        status: 400,
        title: "Payment gateway processing failed",
        detail: "Not enough balance",
        meta: { error: "not_enough_balance" },
      },
    ]);
    expect(await order(placed)).toMatchObject({ status: "incomplete", payment: "unpaid" });
    expect(await allocated(placed)).toBe(0);
    const { data } = await shopper.Orders.Payment(placed.id, card("a_stored_card"));
    expect(data.status).toBe("complete");
    expect(await order(placed)).toMatchObject({ status: "complete", payment: "paid" });
    expect(await allocated(placed)).toBe(2);
  });

  test("a shopper who is sent to a page comes back, and has paid when the shop confirms", async () => {
    const placed = await placedOrder(wire);
    const { data } = await shopper.Orders.Payment(placed.id, card("a_waiting_card"));
    expect(data).toMatchObject({ status: "pending", next_actions: ["confirm", "cancel"] });
    const psp = new URL(data.client_parameters.redirect_url).searchParams.get("payment");
    const confirmed = await shopper.Orders.Confirm(placed.id, data.id, {
      options: { redirect_result: `${psp}/${redirectResult.passes}` },
    });
    expect(confirmed.data).toMatchObject({ status: "complete", reference: psp });
    expect(await order(placed)).toMatchObject({ status: "complete", payment: "paid" });
  });
});
