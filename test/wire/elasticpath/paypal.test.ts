import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type PayPalServer, startPayPalServer } from "../../gateways/paypal-server.ts";
import { rejection, type Sdk, sdkNames, useWire } from "./harness.ts";
import { type Placed, placedOrder } from "./purchases.ts";

// PayPal, with the vendor's SDKs, through PayPal's own package, to a stand-in of its API.

const slug = "paypal_express_checkout";
const secret = "shop-secret-1234567890";

let server: PayPalServer;
const env: Record<string, string> = {};
beforeAll(async () => {
  server = await startPayPalServer();
  env.CARTWRIGHT_PAYPAL_API_BASE = server.url;
});
const wire = useWire({ env });
afterAll(() => server.close());
afterEach(() => {
  server.heal();
  expect(server.complaints).toEqual([]);
});

const put = (data: object) => wire.ask("PUT", `/v2/gateways/${slug}`, { data });
beforeAll(async () => {
  const data = {
    type: "gateway",
    enabled: true,
    client_id: "shop-client",
    client_secret: secret,
    test: true,
  };
  expect((await put(data)).status).toBe(200);
});

const order = async ({ path }: Placed) => (await wire.ask("GET", path)).body.data;
const allocated = async ({ productId }: Placed) =>
  (await wire.ask("GET", `/v2/inventories/${productId}`)).body.data.allocated;
/** What the shopper's browser does with the address that it is sent to. */
const visit = (url: string, how = "") => fetch(url + how, { redirect: "manual" });

describe.each(sdkNames)("%s", (name) => {
  let shop: Sdk;
  let shopper: Sdk;
  beforeAll(() => {
    shop = wire.sdk(name, "shop");
    shopper = wire.sdk(name, "shopper");
  });
  const payment = (method = "purchase") => ({
    gateway: slug,
    method,
    options: {
      description: "Two mugs",
      soft_descriptor: "MUGS",
      application_context: {
        brand_name: "Mugs and more",
        locale: "en-GB",
        landing_page: "LOGIN",
        shipping_preference: "NO_SHIPPING",
        user_action: "PAY_NOW",
        return_url: "http://shop.example/back",
        cancel_url: "http://shop.example/cart",
      },
    },
  });

  test("the shopper is sent to PayPal, approves, and the shop confirms", async () => {
    const placed = await placedOrder(wire);
    const { data } = await shopper.Orders.Payment(placed.id, payment());
    expect(data).toMatchObject({
      gateway: slug,
      status: "pending",
      transaction_type: "purchase",
      amount: 2000,
      client_parameters: { redirect_url: `${server.url}/checkoutnow?token=${data.reference}` },
      payment_details: { detailed_status: "CREATED", operation: "purchase" },
      next_actions: ["confirm", "cancel"],
    });
    expect(data).not.toHaveProperty("payment_intent");
    expect(server.books.order(data.reference).body).toMatchObject({
      intent: "CAPTURE",
      purchase_units: [
        {
          amount: { currency_code: "USD", value: "20.00" },
          custom_id: `${placed.id}:${data.id}`,
          invoice_id: data.id,
          description: "Two mugs",
          soft_descriptor: "MUGS",
        },
      ],
      application_context: payment().options.application_context,
    });
    expect(await order(placed)).toMatchObject({ status: "incomplete", payment: "unpaid" });
    expect(await allocated(placed)).toBe(2);
    const early = await shopper.Orders.Confirm(placed.id, data.id, {});
    expect(early.data).toMatchObject({ status: "pending", client_parameters: data.client_parameters });

    const back = await visit(data.client_parameters.redirect_url);
    expect(back.headers.get("location")).toBe(`http://shop.example/back?token=${data.reference}`);
    expect(server.books.of(data.id)).toMatchObject({ charges: 0, captured: 0 });
    for (let times = 0; times < 2; times += 1) {
      const { data: confirmed } = await shopper.Orders.Confirm(placed.id, data.id, {
        data: { gateway: slug },
      });
      expect(confirmed).toMatchObject({ status: "complete", reference: data.reference });
      expect(confirmed).not.toHaveProperty("client_parameters");
    }
    expect(await order(placed)).toMatchObject({ status: "complete", payment: "paid" });
    expect(server.books.of(data.id)).toMatchObject({ charges: 1, captured: 2000 });
  });

  test("I1 authorized, captured, and refunded in parts", async () => {
    const placed = await placedOrder(wire);
    const { data } = await shopper.Orders.Payment(placed.id, payment("authorize"));
    await visit(data.client_parameters.redirect_url);
    const confirmed = await shopper.Orders.Confirm(placed.id, data.id, {});
    expect(confirmed.data).toMatchObject({ status: "complete", transaction_type: "authorize" });
    expect(await order(placed)).toMatchObject({ status: "processing", payment: "authorized" });
    expect(server.books.of(data.id)).toMatchObject({ charges: 1, authorized: 2000, captured: 0 });
    const ids = { order: placed.id, transaction: data.id };
    expect((await shop.Transactions.Capture(ids)).data).toMatchObject({ transaction_type: "capture" });
    expect(server.books.of(data.id)).toMatchObject({ authorized: 0, captured: 2000 });
    for (const refunded_amount of [500, 1000]) {
      expect((await shop.Transactions.Refund(ids, { amount: 500 })).data).toMatchObject({ refunded_amount });
    }
    expect(server.books.of(data.id)).toMatchObject({ captured: 2000, refunded: 1000 });
    expect(await order(placed)).toMatchObject({ status: "complete", payment: "paid" });
    await shop.Transactions.Refund(ids, { amount: 1000 });
    expect(await order(placed)).toMatchObject({ payment: "refunded" });
  });

  test("an authorization is given back, and the stock with it", async () => {
    const placed = await placedOrder(wire);
    const { data } = await shopper.Orders.Payment(placed.id, payment("authorize"));
    await visit(data.client_parameters.redirect_url);
    await shopper.Orders.Confirm(placed.id, data.id, {});
    const ids = { order: placed.id, transaction: data.id };
    const cancelled = await shop.Transactions.Cancel(ids, { reason: "abandoned" });
    expect(cancelled.data).toMatchObject({ status: "cancelled", next_actions: [] });
    expect(server.books.of(data.id)).toEqual({ charges: 1, authorized: 0, captured: 0, refunded: 0 });
    expect(await allocated(placed)).toBe(0);
    expect(await order(placed)).toMatchObject({ status: "incomplete", payment: "unpaid" });
  });

  test("B8 what PayPal declines after the approval releases the stock, and the order can be paid again", async () => {
    const placed = await placedOrder(wire);
    const first = (await shopper.Orders.Payment(placed.id, payment())).data;
    await visit(first.client_parameters.redirect_url, "&with=bad");
    const refused = await rejection(shopper.Orders.Confirm(placed.id, first.id, {}));
    expect(refused.errors).toMatchObject([
      { status: 400, title: "Payment gateway processing failed", meta: { error: "instrument_declined" } },
    ]);
    expect(await allocated(placed)).toBe(0);
    expect(await order(placed)).toMatchObject({ status: "incomplete", payment: "unpaid" });
    // The shopper goes back to PayPal's page and chooses better: nobody takes the money for that any more.
    await visit(first.client_parameters.redirect_url);
    await rejection(shopper.Orders.Confirm(placed.id, first.id, {}));

    const second = (await shopper.Orders.Payment(placed.id, payment())).data;
    await visit(second.client_parameters.redirect_url);
    await shopper.Orders.Confirm(placed.id, second.id, {});
    expect(await order(placed)).toMatchObject({ status: "complete", payment: "paid" });
    expect(await allocated(placed)).toBe(2);
    expect(server.books.of(first.id)).toMatchObject({ charges: 0 });
    expect(server.books.of(second.id)).toMatchObject({ charges: 1, captured: 2000 });
    const { data } = await shop.Transactions.All({ order: placed.id });
    expect(data.map(({ status }: { status: string }) => status)).toEqual(["failed", "complete"]);
  });

  test("B8 who comes back without having approved pays otherwise, and the first attempt comes to nothing", async () => {
    const placed = await placedOrder(wire);
    const first = (await shopper.Orders.Payment(placed.id, payment())).data;
    const second = (await shopper.Orders.Payment(placed.id, payment())).data;
    await visit(first.client_parameters.redirect_url);
    const late = await rejection(shopper.Orders.Confirm(placed.id, first.id, {}));
    expect(late.errors).toMatchObject([{ meta: { error: "cancelled" } }]);
    await visit(second.client_parameters.redirect_url);
    await shopper.Orders.Confirm(placed.id, second.id, {});
    expect(server.books.of(first.id)).toMatchObject({ charges: 0 });
    expect(await order(placed)).toMatchObject({ status: "complete", payment: "paid" });
  });
});

test("B7 two tabs: who has approved in one has paid, and is not sent to PayPal again", async () => {
  const placed = await placedOrder(wire);
  const pay = () =>
    wire.ask(
      "POST",
      `${placed.path}/payments`,
      { data: { gateway: slug, method: "purchase" } },
      { as: "shopper" },
    );
  const first = (await pay()).body.data;
  // Approved, and taken by the other tab between our question and our closing of it.
  await visit(first.client_parameters.redirect_url);
  server.books.finish(first.reference, "CAPTURE");
  expect(await pay()).toMatchObject({
    status: 400,
    body: { errors: [{ detail: "The order is already paid" }] },
  });
  expect(await order(placed)).toMatchObject({ status: "complete", payment: "paid" });
  expect(server.books.of(first.id)).toMatchObject({ charges: 1, captured: 2000 });
});

test("the secret is shown in part only, and is not kept in clear; without it nothing can be paid", async () => {
  const { body } = await wire.ask("GET", `/v2/gateways/${slug}`);
  expect(body.data).toMatchObject({
    enabled: true,
    client_id: "shop-client",
    client_secret: "****7890",
    test: true,
  });
  const { rows } = await wire.engine.engine.core.database.pool.query("select settings from gateway_setting");
  expect(JSON.stringify(rows)).not.toContain(secret);
  const placed = await placedOrder(wire);
  const pay = () =>
    wire.ask("POST", `${placed.path}/payments`, { data: { gateway: slug, method: "purchase" } });
  const refusal = (error: string) => ({ status: 400, body: { errors: [{ meta: { error } }] } });
  await put({ client_secret: "" });
  expect(await pay()).toMatchObject(refusal("gateway_not_configured"));
  await put({ client_secret: "of somebody else".replaceAll(" ", "-") });
  expect(await pay()).toMatchObject(refusal("gateway_credentials_refused"));
  expect(await allocated(placed)).toBe(0);
  await put({ client_secret: secret });
});
