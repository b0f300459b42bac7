import { beforeAll, describe, expect, test } from "vitest";
import { decline, fakeGateway } from "../../fake-gateway.ts";
import { aShop, coreId, readyCart, type Shop, stockOf } from "./a-shop.ts";
import { useMedusa } from "./harness.ts";

const gateway = fakeGateway({ deadlineMs: 2_000 });
const wire = useMedusa({}, { gateways: [gateway] });
let shop: Shop;
/** Costs nothing, whatever is in the cart. */
let shipping: string;
beforeAll(async () => {
  await wire.engine.ask("PUT", "/v2/gateways/fake", { data: { enabled: true } });
  shop = await aShop(wire, { pieces: 1_000, providers: ["fake", "manual"] });
  const path = `/admin/shipping-options/${shop.optionId}`;
  shipping = (await wire.admin("POST", path, { amount: 0 })).shipping_option.id;
});

/** An authorized order of pieces at 10.00 and 20 % tax, with what can be done to it. */
async function newOrder(quantity: number) {
  const items = [{ variant_id: shop.variantId, quantity }];
  const cart = await readyCart(wire, shop, { items, provider: "fake" });
  await wire.ask("POST", `${cart}/shipping-methods`, { option_id: shipping });
  const placed = (await wire.ask("POST", `${cart}/complete`)).body.data;
  const path = `/admin/orders/${placed.id}`;
  const uuid = coreId(placed.id);
  return {
    id: placed.id as string,
    lineId: placed.items[0].id as string,
    path,
    look: async () => (await wire.admin("GET", path)).order,
    /** What the gateway has taken and not given back, and what it still reserves. */
    money: () => ({ taken: gateway.taken(uuid), reserved: gateway.reserved(uuid) }),
    /** As the other dialect tells it. */
    there: async () => (await wire.engine.ask("GET", `/v2/orders/${uuid}`)).body.data,
    refused: async (deed: string, body?: object) => {
      const answer = await wire.ask("POST", `${path}/${deed}`, body, { as: "admin" });
      expect(answer).toMatchObject({ status: 400, body: { type: expect.any(String) } });
      return answer.body.message as string;
    },
  };
}

const newEdit = async (orderId: string) => {
  const { order_edit: edit } = await wire.admin("POST", "/admin/order-edits", { order_id: orderId });
  return { path: `/admin/order-edits/${edit.id}`, itemId: edit.items[0].id as string };
};
const piece = () => ({ variant_id: shop.variantId, quantity: 1 });

describe("I4 money goes back only when more was paid than is due", () => {
  test("I4 what an edit adds and takes away again is neither asked for nor given back", async () => {
    const order = await newOrder(1);
    await wire.admin("POST", `${order.path}/capture`);
    const edit = await newEdit(order.id);
    const added = (await wire.admin("POST", `${edit.path}/items`, piece())).order_edit;
    expect(added.difference_due).toBe(1200);
    const [change] = added.changes;
    await wire.admin("DELETE", `${edit.path}/changes/${change.id}`);
    expect((await wire.admin("GET", edit.path)).order_edit.difference_due).toBe(0);
    expect(await order.look()).toMatchObject({
      total: 1200,
      paid_total: 1200,
      refunded_total: 0,
      refunds: [],
    });
    expect(order.money()).toEqual({ taken: 1200, reserved: 0 });
  });

  test("I4 a smaller order shows what was paid too much, and gives nothing back by itself", async () => {
    const order = await newOrder(2);
    await wire.admin("POST", `${order.path}/capture`);
    const edit = await newEdit(order.id);
    const smaller = await wire.admin("POST", `${edit.path}/items/${edit.itemId}`, { quantity: 1 });
    expect(smaller.order_edit.difference_due).toBe(-1200);
    await wire.admin("POST", `${edit.path}/confirm`);
    expect(await order.look()).toMatchObject({ total: 1200, paid_total: 2400, refunded_total: 0 });
    expect(order.money()).toEqual({ taken: 2400, reserved: 0 });
    await wire.admin("POST", `${order.path}/refund`, { amount: 1200, reason: "other" });
    expect(order.money()).toEqual({ taken: 1200, reserved: 0 });
  });

  test("I4 no more is paid back than was paid, however it is divided or asked for at once", async () => {
    const order = await newOrder(1);
    expect(await order.refused("refund", { amount: 1, reason: "other" })).toBeTruthy();
    await wire.admin("POST", `${order.path}/capture`);
    const parts = await Promise.all(
      Array.from({ length: 6 }, () =>
        wire.ask("POST", `${order.path}/refund`, { amount: 400, reason: "other" }, { as: "admin" }),
      ),
    );
    expect(parts.every(({ status }) => [200, 400, 409].includes(status))).toBe(true);
    const paidBack = parts.filter(({ status }) => status === 200).length * 400;
    expect(order.money()).toEqual({ taken: 1200 - paidBack, reserved: 0 });
    await order.refused("refund", { amount: 1201 - paidBack, reason: "other" });
    expect(order.money().taken).toBe(1200 - paidBack);
    expect((await order.look()).refunded_total).toBe(paidBack);
    expect((await order.there()).meta.display_price.paid.amount).toBe(1200);
  });
});

test("I5 an authorized order that became smaller keeps its authorization, and what is due is captured", async () => {
  const order = await newOrder(5);
  expect(order.money()).toEqual({ taken: 0, reserved: 6000 });
  const edit = await newEdit(order.id);
  await wire.admin("POST", `${edit.path}/items/${edit.itemId}`, { quantity: 3 });
  await wire.admin("POST", `${edit.path}/confirm`);
  expect(order.money()).toEqual({ taken: 0, reserved: 6000 });
  expect(await order.look()).toMatchObject({ total: 3600, payment_status: "awaiting" });
  const { order: captured } = await wire.admin("POST", `${order.path}/capture`);
  expect(captured.payment_status).toBe("captured");
  expect(order.money()).toEqual({ taken: 3600, reserved: 0 });
  expect(await order.there()).toMatchObject({ payment: "paid" });
});

test("I5 an authorization that nothing is due of any more is released when the rest is captured", async () => {
  const order = await newOrder(1);
  const bigger = await newEdit(order.id);
  await wire.admin("POST", `${bigger.path}/items`, piece());
  const { order_edit: asked } = await wire.admin("POST", `${bigger.path}/request`);
  const collection = `/store/payment-collections/${asked.payment_collection_id}`;
  const prepared = await wire.ask("POST", `${collection}/sessions`, { provider_id: "manual" });
  const [session] = prepared.body.payment_collection.payment_sessions;
  await wire.ask("POST", `${collection}/sessions/${session.id}/authorize`);
  await wire.ask("POST", `/store/order-edits/${asked.id}/complete`);
  const smaller = await newEdit(order.id);
  await wire.admin("DELETE", `${smaller.path}/items/${smaller.itemId}`);
  await wire.admin("POST", `${smaller.path}/confirm`);
  expect(await order.look()).toMatchObject({ total: 1200, paid_total: 2400 });
  await wire.admin("POST", `${order.path}/capture`);
  expect(order.money()).toEqual({ taken: 0, reserved: 0 });
  expect(await order.there()).toMatchObject({
    payment: "paid",
    meta: { display_price: { paid: { amount: 1200 }, balance_owing: { amount: 0 } } },
  });
});

test("I5 a capture that the gateway refuses leaves the authorization, and can be made again", async () => {
  const order = await newOrder(1);
  gateway.script(decline);
  const { order: kept } = await wire.admin("POST", `${order.path}/capture`);
  expect(kept.payment_status).toBe("requires_action");
  expect(order.money()).toEqual({ taken: 0, reserved: 1200 });
  expect((await wire.admin("POST", `${order.path}/capture`)).order.payment_status).toBe("captured");
  expect(order.money()).toEqual({ taken: 1200, reserved: 0 });
});

test("I6 an edit of quantities moves the difference of the stock, and what changes only money moves none", async () => {
  const order = await newOrder(3);
  const held = (await stockOf(wire, shop.variantId)) as { allocated: number; total: number };
  const fewer = await newEdit(order.id);
  await wire.admin("POST", `${fewer.path}/items/${fewer.itemId}`, { quantity: 1 });
  expect(await stockOf(wire, shop.variantId)).toMatchObject(held);
  await wire.admin("POST", `${fewer.path}/confirm`);
  const left = { ...held, allocated: held.allocated - 2 };
  expect(await stockOf(wire, shop.variantId)).toMatchObject({ allocated: left.allocated, total: left.total });
  const uuid = coreId(shop.variantId);
  const log = async () =>
    (await wire.engine.ask("GET", `/v2/inventories/${uuid}/transactions`)).body.data.length as number;
  const moved = await log();
  await wire.admin("POST", `${order.path}/capture`);
  await wire.admin("POST", `${order.path}/refund`, { amount: 100, reason: "discount" });
  expect(await stockOf(wire, shop.variantId)).toMatchObject({ allocated: left.allocated, total: left.total });
  expect(await log()).toBe(moved);
});

describe("I7 calling an order off gives back its money and its stock, or neither", () => {
  test.each([
    ["authorized", []],
    ["captured", ["capture"]],
    ["packed, and unpacked again", ["capture", "pack", "unpack"]],
  ] as const)("I7 when it is %s", async (_state, deeds) => {
    const before = await stockOf(wire, shop.variantId);
    const order = await newOrder(2);
    for (const deed of deeds) {
      if (deed === "capture") await wire.admin("POST", `${order.path}/capture`);
      if (deed === "pack") {
        const items = [{ item_id: order.lineId, quantity: 2 }];
        await wire.admin("POST", `${order.path}/fulfillment`, { items });
      }
      if (deed === "unpack") {
        const [packed] = (await order.look()).fulfillments;
        expect(await order.refused("cancel")).toMatch(/fulfillment/i);
        await wire.admin("POST", `${order.path}/fulfillments/${packed.id}/cancel`);
      }
    }
    const { order: gone } = await wire.admin("POST", `${order.path}/cancel`);
    const word = deeds.length > 0 ? "refunded" : "canceled";
    expect(gone).toMatchObject({ status: "canceled", payment_status: word });
    expect(order.money()).toEqual({ taken: 0, reserved: 0 });
    expect(await stockOf(wire, shop.variantId)).toEqual(before);
    expect((await order.there()).status).toBe("cancelled");
  });

  test("I7 what is sent stays sold", async () => {
    const order = await newOrder(1);
    await wire.admin("POST", `${order.path}/capture`);
    const items = [{ item_id: order.lineId, quantity: 1 }];
    const { order: packed } = await wire.admin("POST", `${order.path}/fulfillment`, { items });
    await wire.admin("POST", `${order.path}/shipment`, { fulfillment_id: packed.fulfillments[0].id });
    const sent = await stockOf(wire, shop.variantId);
    await order.refused("cancel");
    expect(order.money()).toEqual({ taken: 1200, reserved: 0 });
    expect(await stockOf(wire, shop.variantId)).toEqual(sent);
    expect(await order.there()).toMatchObject({ status: "complete", shipping: "fulfilled" });
  });

  test("I7 money that the gateway keeps keeps the stock, too", async () => {
    const order = await newOrder(1);
    const held = await stockOf(wire, shop.variantId);
    gateway.script(decline);
    await order.refused("cancel");
    expect(await stockOf(wire, shop.variantId)).toEqual(held);
    expect((await order.look()).status).toBe("pending");
    await wire.admin("POST", `${order.path}/cancel`);
    expect(order.money()).toEqual({ taken: 0, reserved: 0 });
  });
});
