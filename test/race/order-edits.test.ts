import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startEditPayment } from "../../src/domain/order/pay-edit.ts";
import { collectionStatus } from "../../src/domain/order/payment-collection.ts";
import { orderFacts } from "../../src/domain/order/status.ts";
import { capturePayment } from "../../src/operations/change-payment.ts";
import { completeRegionCart } from "../../src/operations/complete-region-cart.ts";
import type { Context } from "../../src/operations/context.ts";
import { createRegionCart } from "../../src/operations/create-region-cart.ts";
import type { Deps } from "../../src/operations/deps.ts";
import { addToEdit, beginEdit, changeQuantityInEdit } from "../../src/operations/order-edits.ts";
import { authorizeSessions } from "../../src/operations/pay-order-edit.ts";
import { loadCollection, setSession, setSessions } from "../../src/operations/payment-collections.ts";
import { reconcilePayments } from "../../src/operations/reconcile-payments.ts";
import { createPaymentSessions, selectPaymentSession } from "../../src/operations/region-cart-payment.ts";
import { requestConfirmation } from "../../src/operations/request-order-edit.ts";
import {
  cancelOrderEdit,
  confirmOrderEdit,
  declineOrderEdit,
} from "../../src/operations/settle-order-edit.ts";
import { updateRegionCart } from "../../src/operations/update-region-cart.ts";
import { approve, decline, fakeGateway, hold, loseAnswer, loseCall } from "../fake-gateway.ts";
import { addRegion } from "./a-region.ts";
import { openShop, type Shop } from "./shop.ts";

// What an edit adds is held and paid for like an order: money and stock never part, whoever acts in between.

const gateway = fakeGateway();
let shop: Shop;
let shopper: Context;
let regionId: string;
let productId: string;

beforeAll(async () => {
  shop = await openShop({ gateway });
  shopper = { ...shop.context, actor: { kind: "shopper", label: "test" } };
  regionId = await addRegion(shop, ["manual", gateway.slug]);
});
beforeEach(async () => {
  productId = await shop.newProduct(10);
});
afterAll(() => shop.close());

function value<Value>(result: { ok: true; value: Value } | { ok: false; error: { type: string } }): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const allocated = async () => (await shop.stockOf(productId)).allocated;
const load = async (orderId: string) => {
  const order = await shop.deps.storage.orders.load(shop.context.store.storeId, orderId);
  if (!order) throw new Error("The order is gone");
  return order;
};

/** An authorized order of some pieces at 10.00 and 20 % tax. */
async function newOrder(quantity = 1, provider = "manual"): Promise<string> {
  const { deps } = shop;
  const cartId = deps.newId();
  const items = [{ variantId: productId, quantity }];
  value(await createRegionCart(deps, shopper, { cartId, regionId, items, context: {} }));
  value(await updateRegionCart(deps, shopper, { cartId, email: "ada@example.com" }));
  value(await createPaymentSessions(deps, shopper, cartId));
  value(await selectPaymentSession(deps, shopper, { cartId, provider }));
  const completed = value(await completeRegionCart(deps, shopper, cartId));
  if (completed.kind !== "order") throw new Error("The cart is not completed");
  return completed.order.id;
}

/** A requested edit that adds so many pieces, with a session for the difference. */
async function requested(orderId: string, quantity = 2, provider: string = gateway.slug) {
  const { deps, context } = shop;
  const { edit } = value(await beginEdit(deps, context, { orderId }));
  value(await addToEdit(deps, context, { editId: edit.id, variantId: productId, quantity }));
  const { edit: shown } = value(await requestConfirmation(deps, context, { editId: edit.id }));
  const collectionId = shown.collectionId ?? "";
  const set = value(await setSession(deps, shopper, { collectionId, provider }));
  const sessionIds = set.collection.sessions.map(({ id }) => id);
  return { editId: edit.id, collectionId, sessionIds, pay: { collectionId, sessionIds } };
}

test("an edit that is paid for is the order: more pieces are held, and total = authorized + paid + balance", async () => {
  const orderId = await newOrder();
  const { editId, pay } = await requested(orderId);
  expect(await allocated()).toBe(1);
  const unpaid = await confirmOrderEdit(shop.deps, shopper, editId, "complete");
  expect(unpaid).toMatchObject({ error: { type: "order_edit_unpaid" } });
  value(await authorizeSessions(shop.deps, shopper, pay));
  expect(await allocated()).toBe(3);
  const between = await load(orderId);
  expect(orderFacts(between)).toMatchObject({ total: 1200, authorized: 1200, balance: 0 });
  // What is not agreed on yet is not taken.
  const early = { paymentId: between.payments[1]?.id ?? "", operationId: shop.deps.newId() };
  const taken = await capturePayment(shop.deps, shop.context, orderId, { ...early, mechanism: "gateway" });
  expect(taken).toMatchObject({ error: { type: "payment_not_capturable" } });
  // However a session came to be replaced, nobody pays more than the difference.
  const more = { ...early, editId, sessionId: "another", gateway: gateway.slug, sessionData: {} };
  const beyond = { ...more, isAgreed: false, method: "authorize", amount: 1, due: 2400 } as const;
  expect(startEditPayment(between, beyond, shop.deps.now())).toMatchObject({
    error: { type: "payment_exceeds_balance", balance: 0 },
  });

  const { order } = value(await confirmOrderEdit(shop.deps, shopper, editId, "complete"));
  expect(order.lines.map(({ quantity }) => quantity)).toEqual([1, 2]);
  expect(orderFacts(order)).toMatchObject({ total: 3600, authorized: 3600, balance: 0 });
  expect(await load(orderId)).toEqual(order);
  value(await confirmOrderEdit(shop.deps, shopper, editId, "complete"));
  expect(await allocated()).toBe(3);
  expect(order.stock.held).toEqual([{ productId, location: "", quantity: 3 }]);
  await shop.expectConsistent();
});

test("too few pieces refuse the payment before any money is asked for", async () => {
  const orderId = await newOrder();
  const { pay } = await requested(orderId, 9);
  await newOrder(3);
  const before = gateway.calls.length;
  const refused = await authorizeSessions(shop.deps, shopper, pay);
  expect(refused).toMatchObject({ error: { type: "stock_short", productIds: [productId] } });
  expect(gateway.calls.length).toBe(before);
  expect((await load(orderId)).payments).toHaveLength(1);
  expect(await allocated()).toBe(4);
});

test("a decline gives back what was held for the edit and leaves the order alone; paying again may work", async () => {
  const orderId = await newOrder();
  const { editId, collectionId, pay } = await requested(orderId);
  gateway.script(decline);
  const tried = value(await authorizeSessions(shop.deps, shopper, pay));
  expect(tried.collection.wasTried).toBe(true);
  expect(await allocated()).toBe(1);
  expect(await load(orderId)).not.toHaveProperty("editHold");
  await shop.expectConsistent();
  value(await authorizeSessions(shop.deps, shopper, { ...pay, collectionId }));
  expect(await allocated()).toBe(3);
  value(await confirmOrderEdit(shop.deps, shopper, editId, "complete"));
  await shop.expectConsistent();
});

test.each([
  ["a lost answer", loseAnswer, 3],
  ["a lost call", loseCall, 1],
] as const)("%s is found out by the reconciler, and the stock follows", async (_what, behaviour, held) => {
  const orderId = await newOrder();
  const { pay, editId } = await requested(orderId);
  gateway.script(behaviour);
  const tried = await authorizeSessions(shop.deps, shopper, pay);
  expect(tried).toMatchObject({ error: { type: "payment_unresolved" } });
  expect(await allocated()).toBe(3);
  const ended = await declineOrderEdit(shop.deps, shopper, { editId });
  expect(ended).toMatchObject({ error: { type: "payment_unresolved" } });
  const later = (): string => new Date(Date.now() + 120_000).toISOString();
  const inTime: Deps = { ...shop.deps, now: later };
  await reconcilePayments(inTime, shop.context, { before: later() });
  expect(await allocated()).toBe(held);
  expect(gateway.reserved(orderId)).toBe((held - 1) * 1200);
  const found = value(await loadCollection(shop.deps, shopper, pay.collectionId));
  expect(collectionStatus(found.collection, found.order)).toBe(held > 1 ? "authorized" : "not_paid");
  expect(orderFacts(await load(orderId))).toMatchObject({ total: 1200, authorized: 1200, balance: 0 });
  await shop.expectConsistent();
});

test("an edit that is declined or canceled gives back its money and its stock", async () => {
  for (const end of [declineOrderEdit, cancelOrderEdit] as const) {
    const orderId = await newOrder();
    const held = await allocated();
    const { pay, editId } = await requested(orderId);
    value(await authorizeSessions(shop.deps, shopper, pay));
    expect(gateway.reserved(orderId)).toBe(2400);
    const ended =
      end === declineOrderEdit
        ? await declineOrderEdit(shop.deps, shopper, { editId, reason: "no" })
        : await cancelOrderEdit(shop.deps, shop.context, editId);
    value(ended);
    expect(gateway.reserved(orderId)).toBe(0);
    expect(await allocated()).toBe(held);
    expect(await confirmOrderEdit(shop.deps, shop.context, editId, "confirm")).toMatchObject({
      error: { type: "order_edit_status" },
    });
    expect(await authorizeSessions(shop.deps, shopper, pay)).toMatchObject({
      error: { type: "order_edit_status" },
    });
    await shop.expectConsistent();
  }
});

test("an edit cannot be ended or confirmed while it is being paid for", async () => {
  const orderId = await newOrder();
  const { pay, editId } = await requested(orderId);
  const held = hold(approve);
  gateway.script(held.behaviour);
  const paying = authorizeSessions(shop.deps, shopper, pay);
  await held.arrived;
  const unresolved = { error: { type: "payment_unresolved" } };
  expect(await declineOrderEdit(shop.deps, shopper, { editId })).toMatchObject(unresolved);
  expect(await confirmOrderEdit(shop.deps, shop.context, editId, "confirm")).toMatchObject(unresolved);
  held.release();
  value(await paying);
  value(await declineOrderEdit(shop.deps, shopper, { editId }));
  expect(await allocated()).toBe(1);
  await shop.expectConsistent();
});

test("ten who pay and complete at once: one payment, and the order is edited once", async () => {
  const orderId = await newOrder();
  const { pay, editId } = await requested(orderId);
  const ten = Array.from({ length: 10 });
  const paid = await Promise.all(ten.map(() => authorizeSessions(shop.deps, shopper, pay)));
  expect(paid.some(({ ok }) => ok)).toBe(true);
  expect(gateway.reserved(orderId)).toBe(2400);
  const done = await Promise.all(ten.map(() => confirmOrderEdit(shop.deps, shopper, editId, "complete")));
  expect(done.every(({ ok }) => ok)).toBe(true);
  const order = await load(orderId);
  expect(order.payments).toHaveLength(2);
  expect(order.totals.withTax).toBe(3600);
  expect(await allocated()).toBe(3);
  await shop.expectConsistent();
});

test("what is taken away goes back to the stock; what is packed stays", async () => {
  const { deps, context } = shop;
  const orderId = await newOrder(3);
  const { edit } = value(await beginEdit(deps, context, { orderId }));
  const again = await beginEdit(deps, context, { orderId });
  expect(again).toMatchObject({ error: { type: "order_edit_open" } });
  const lineId = edit.lines[0]?.id ?? "";
  const none = await changeQuantityInEdit(deps, context, { editId: edit.id, lineId, quantity: 0 });
  expect(none).toMatchObject({ error: { type: "order_not_editable", why: "no_lines" } });
  value(await changeQuantityInEdit(deps, context, { editId: edit.id, lineId, quantity: 1 }));
  const { edit: shown } = value(await requestConfirmation(deps, context, { editId: edit.id }));
  expect(shown.collectionId).toBeUndefined();
  expect(await allocated()).toBe(3);
  const { order } = value(await confirmOrderEdit(deps, shopper, edit.id, "complete"));
  expect(await allocated()).toBe(1);
  expect(orderFacts(order)).toMatchObject({ total: 1200, authorized: 3600, balance: -2400 });
  await shop.expectConsistent();
});

test("several sessions share the difference; staff may confirm before all of it is paid, and the rest is owed", async () => {
  const { deps, context } = shop;
  const orderId = await newOrder();
  const { editId, collectionId } = await requested(orderId);
  const split = (...amounts: number[]) =>
    setSessions(
      deps,
      shopper,
      collectionId,
      amounts.map((amount) => ({ provider: gateway.slug, amount })),
    );
  expect(await split(1400, 900)).toMatchObject({ error: { type: "payment_collection_sum", amount: 2400 } });
  const [first, second] = value(await split(1400, 1000)).collection.sessions.map(({ id }) => id);
  value(await authorizeSessions(deps, shopper, { collectionId, sessionIds: [first ?? ""] }));
  expect(await split(2400)).toMatchObject({
    error: { type: "payment_collection_begun", status: "partially_authorized" },
  });
  expect(await confirmOrderEdit(deps, shopper, editId, "complete")).toMatchObject({
    error: { type: "order_edit_unpaid" },
  });
  const { order } = value(await confirmOrderEdit(deps, context, editId, "confirm"));
  expect(orderFacts(order)).toMatchObject({ total: 3600, authorized: 2600, balance: 1000 });
  value(await authorizeSessions(deps, shopper, { collectionId, sessionIds: [second ?? ""] }));
  const paid = value(await loadCollection(deps, shopper, collectionId)).order;
  expect(orderFacts(paid)).toMatchObject({ total: 3600, authorized: 3600, balance: 0 });
  expect(await allocated()).toBe(3);
  await shop.expectConsistent();
});
