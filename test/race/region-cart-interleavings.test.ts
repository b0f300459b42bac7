import { afterAll, beforeAll, expect, test } from "vitest";
import { completeRegionCart } from "../../src/operations/complete-region-cart.ts";
import type { Context } from "../../src/operations/context.ts";
import { createRegionCart } from "../../src/operations/create-region-cart.ts";
import type { Deps } from "../../src/operations/deps.ts";
import { reconcilePayments } from "../../src/operations/reconcile-payments.ts";
import { addToRegionCart } from "../../src/operations/region-cart-lines.ts";
import {
  createPaymentSessions,
  selectPaymentSession,
  updatePaymentSession,
} from "../../src/operations/region-cart-payment.ts";
import { updateRegionCart, viewRegionCart } from "../../src/operations/update-region-cart.ts";
import { decline, fakeGateway, loseAnswer } from "../fake-gateway.ts";
import { addRegion } from "./a-region.ts";
import { interleave } from "./interleave.ts";
import { openShop, type Shop } from "./shop.ts";

// Somebody else acts exactly between our load and our save of a cart of a region, or while its gateway is asked.

const gateway = fakeGateway();
let shop: Shop;
let shopper: Context;
let regionId: string;

beforeAll(async () => {
  shop = await openShop({ gateway, env: { CARTWRIGHT_TEST_PROVIDERS: "true" } });
  shopper = { ...shop.context, actor: { kind: "shopper", label: "test" } };
  regionId = await addRegion(shop, ["testpay", gateway.slug]);
});
afterAll(() => shop.close());

function value<Value>(result: { ok: true; value: Value } | { ok: false; error: { type: string } }): Value {
  if (!result.ok) throw new Error(result.error.type);
  return result.value;
}

async function ready(productId: string, provider = "testpay"): Promise<string> {
  const cartId = shop.deps.newId();
  const items = [{ variantId: productId, quantity: 1 }];
  value(await createRegionCart(shop.deps, shopper, { cartId, regionId, items, context: {} }));
  value(await updateRegionCart(shop.deps, shopper, { cartId, email: "ada@example.com" }));
  value(await createPaymentSessions(shop.deps, shopper, cartId));
  value(await selectPaymentSession(shop.deps, shopper, { cartId, provider }));
  return cartId;
}

const add = (cartId: string, variantId: string) =>
  addToRegionCart(shop.deps, shopper, { cartId, variantId, quantity: 1 });

/** All that is unanswered, however young. */
const everything = () => ({ before: new Date(Date.now() + 60_000).toISOString(), limit: 100 });

async function completed(deps: Deps, cartId: string) {
  const done = value(await completeRegionCart(deps, shopper, cartId));
  if (done.kind !== "order") throw new Error(done.paymentStatus);
  return done.order;
}

test("A2 what is added while a cart is being completed is in the order, and paid for", async () => {
  const [a, b] = [await shop.newProduct(9), await shop.newProduct(9)];
  const cartId = await ready(a);
  const deps = interleave(shop.deps, "before", "orders", "insertOfCart", () => add(cartId, b));
  const order = await completed(deps, cartId);
  expect(order.lines.map(({ productId }) => productId)).toEqual([a, b]);
  expect(order.payments).toMatchObject([{ amount: order.totals.withTax }]);
  expect(order.totals.withTax).toBe(2400);
});

test("A1 A2 two who complete a cart at once have one order", async () => {
  for (const provider of ["testpay", gateway.slug]) {
    const product = await shop.newProduct(9);
    const cartId = await ready(product, provider);
    let first: string | undefined;
    const deps = interleave(shop.deps, "before", "orders", "insertOfCart", async () => {
      first = (await completed(shop.deps, cartId)).id;
    });
    expect((await completed(deps, cartId)).id).toBe(first);
    expect(await shop.stockOf(product)).toMatchObject({ total: 9, allocated: 1 });
  }
});

test("E9 B5 stock that goes between the look and the claim is told, and the gateway hears of nothing", async () => {
  const product = await shop.newProduct(1);
  const [mine, other] = [await ready(product, gateway.slug), await ready(product)];
  const asked = gateway.calls.length;
  const deps = interleave(shop.deps, "before", "orders", "insertOfCart", () => completed(shop.deps, other));
  expect(await completeRegionCart(deps, shopper, mine)).toMatchObject({
    ok: false,
    error: { type: "stock_short", productIds: [product] },
  });
  expect(gateway.calls.length).toBe(asked);
  await shop.expectConsistent();
});

test("B3 A7 an answer that the reconciler was faster with counts once", async () => {
  const product = await shop.newProduct(9);
  const cartId = await ready(product, gateway.slug);
  const deps = interleave(shop.deps, "before", "orders", "save", () =>
    reconcilePayments(shop.deps, shop.context, everything()),
  );
  const order = await completed(deps, cartId);
  expect(order.payments).toHaveLength(1);
  expect(order.payments[0]?.operations).toMatchObject([{ type: "authorize", status: "complete" }]);
  await shop.expectConsistent();
});

test("B1 a purchase that dies before the answer is noted is found by the next look at the cart", async () => {
  const product = await shop.newProduct(9);
  const cartId = await ready(product, gateway.slug);
  gateway.script(loseAnswer);
  expect(await completeRegionCart(shop.deps, shopper, cartId)).toMatchObject({
    ok: false,
    error: { type: "payment_unresolved" },
  });
  await reconcilePayments(shop.deps, shop.context, everything());
  const seen = value(await viewRegionCart(shop.deps, shopper, cartId));
  expect(seen.cart.region.completedAt).toBeDefined();
  expect(await add(cartId, product)).toMatchObject({ ok: false, error: { type: "cart_completed" } });
  expect((await completed(shop.deps, cartId)).payments).toHaveLength(1);
});

test("A3 after a decline, two who try again at once pay for the same order once", async () => {
  const product = await shop.newProduct(9);
  const cartId = await ready(product, gateway.slug);
  gateway.script(decline);
  expect(await completeRegionCart(shop.deps, shopper, cartId)).toMatchObject({
    ok: false,
    error: { type: "payment_declined" },
  });
  let first: string | undefined;
  const deps = interleave(shop.deps, "before", "carts", "save", async () => {
    first = (await completed(shop.deps, cartId)).id;
  });
  const order = await completed(deps, cartId);
  expect(order.id).toBe(first);
  expect(gateway.reserved(order.id)).toBe(1200);
  await shop.expectConsistent();
});

test("C1 a session is for what the cart costs, whoever changed it between our load and our save", async () => {
  const [a, b] = [await shop.newProduct(9), await shop.newProduct(9)];
  const cartId = await ready(a);
  const deps = interleave(shop.deps, "before", "carts", "save", () => add(cartId, b));
  const input = { cartId, provider: "testpay", data: { note: "mine" } };
  const { cart, due } = value(await updatePaymentSession(deps, shopper, input));
  const session = cart.region.paymentSessions.find(({ isSelected }) => isSelected);
  expect(due.cart.total).toBe(2400);
  expect(session).toMatchObject({ amount: 2400, data: { amount: 2400, note: "mine" } });
});

test("two who add the same thing to one cart at once add both", async () => {
  const product = await shop.newProduct(9);
  const cartId = await ready(product);
  const deps = interleave(shop.deps, "before", "carts", "save", () => add(cartId, product));
  const input = { cartId, variantId: product, quantity: 1 };
  const { cart } = value(await addToRegionCart(deps, shopper, input));
  expect(cart.items).toMatchObject([{ quantity: 3 }]);
});
