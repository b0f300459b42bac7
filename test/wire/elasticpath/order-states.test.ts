import { beforeAll, describe, expect, test } from "vitest";
import { newReference } from "../../engine.ts";
import { address, buyer } from "./harness.ts";
import { states } from "./order-state-table.ts";
import { type Action, orderAfter, useWireWithGateway } from "./order-states.ts";

const shop = useWireWithGateway();
const { wire, gateway } = shop;

beforeAll(async () => {
  const enable = { data: { type: "gateway", enabled: true } };
  expect((await wire.ask("PUT", `/v2/gateways/${gateway.slug}`, enable)).status).toBe(200);
});

describe("an order that is", () => {
  test.each(Object.entries(states))(
    "%s",
    async (_name, { after, is, transactions, leads, stays, refused }) => {
      const order = await orderAfter(shop, after);
      expect([await order.state(), await order.transactions()]).toEqual([is, transactions]);
      for (const [action, refusal] of Object.entries(refused)) {
        expect(await order.perform(action as Action), action).toBe(refusal);
      }
      expect(await order.state()).toBe(is);
      for (const action of stays) expect(await order.perform(action), action).toBe(is);

      const actions = Object.keys(leads) as Action[];
      const others = await Promise.all(
        actions.map(async (action) => [action, await (await orderAfter(shop, after)).perform(action)]),
      );
      expect(Object.fromEntries(others)).toEqual(leads);
    },
  );

  test("free of charge is not paid until a payment of nothing says so", async () => {
    const cart = `/v2/carts/${newReference()}`;
    const gift = { type: "custom_item", name: "Sample", sku: "sample", quantity: 1, price: { amount: 0 } };
    await wire.ask("POST", `${cart}/items`, { data: gift });
    const checkout = { data: { customer: buyer, billing_address: address } };
    const { data } = (await wire.ask("POST", `${cart}/checkout`, checkout)).body;
    expect([data.status, data.payment]).toEqual(["incomplete", "unpaid"]);
    const order = `/v2/orders/${data.id}`;
    const payment = { data: { gateway: "manual", method: "purchase" } };
    const paid = await wire.ask("POST", `${order}/payments`, payment, { as: "shopper" });
    expect(paid.body.data).toMatchObject({ amount: 0, status: "complete", transaction_type: "purchase" });
    expect((await wire.ask("GET", order)).body.data).toMatchObject({ status: "complete", payment: "paid" });
    expect((await wire.ask("POST", `${order}/payments`, payment)).body.errors[0].detail).toBe(
      "The order is already paid",
    );
  });

  test.each([
    [{ shipping: "unfulfilled" }, "shipping can only be set to fulfilled"],
    [{ status: "complete" }, "status can only be set to cancelled"],
    [{ status: "processing" }, "status can only be set to cancelled"],
    [{ status: "cancelled", shipping: "fulfilled" }, "it can be fulfilled or cancelled, not both"],
  ])("told %j is not so told", async (members, reason) => {
    const order = await orderAfter(shop, ["purchase"]);
    const { body } = await wire.ask("PUT", order.path, { data: { type: "order", ...members } });
    expect(body.errors).toEqual([
      { status: 400, title: "Bad Request", detail: `Cannot update order: ${reason}` },
    ]);
    expect(await order.state()).toBe("complete/paid/unfulfilled 10/8/2");
  });

  test("changed in what is fixed stays as it is", async () => {
    const order = await orderAfter(shop, ["authorize"]);
    const before = (await wire.ask("GET", order.path)).body.data;
    const fixed = { payment: "paid", customer: { name: "Eve" }, billing_address: { line_1: "x" }, meta: {} };
    const { status, body } = await wire.ask("PUT", order.path, { data: { type: "order", ...fixed } });
    expect([status, body.data]).toEqual([200, before]);
  });
});

test("the gateway was never asked for more than there was", () => {
  expect(gateway.complaints).toEqual([]);
  expect(gateway.ledger.length).toBeGreaterThan(50);
});
