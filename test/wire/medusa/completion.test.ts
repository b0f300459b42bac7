import { beforeAll, describe, expect, test } from "vitest";
import { decline, fakeGateway, hold, loseAnswer } from "../../fake-gateway.ts";
import { aShop, coreId, readyCart, type Shop, stockOf } from "./a-shop.ts";
import { useMedusa } from "./harness.ts";

const gateway = fakeGateway({ deadlineMs: 2_000 });
const wire = useMedusa({}, { gateways: [gateway] });
let shop: Shop;
let remote: Shop;

beforeAll(async () => {
  await wire.engine.ask("PUT", "/v2/gateways/fake", { data: { enabled: true } });
  shop = await aShop(wire, { pieces: 1_000 });
  remote = await aShop(wire, { name: "Remote", pieces: 1_000, country: "fr", providers: ["fake", "manual"] });
});

const complete = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  wire.ask("POST", `${path}/complete`, undefined, { headers });
const orderOf = async (orderId: string) =>
  (await wire.engine.ask("GET", `/v2/orders/${coreId(orderId)}`)).body.data;

describe("completing a cart", () => {
  test("A1 A2 twenty-five at once make one order, and all are answered with it", async () => {
    const path = await readyCart(wire, shop);
    const before = await stockOf(wire, shop.variantId);
    const answers = await Promise.all(Array.from({ length: 25 }, () => complete(path)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ body }) => `${body.type} ${body.data.id}`)).size).toBe(1);
    const after = await stockOf(wire, shop.variantId);
    expect(after.allocated).toBe(before.allocated + 1);
  });

  test("A1 A5 twenty-five at once ask an outside gateway once", async () => {
    const path = await readyCart(wire, remote, { provider: "fake" });
    const before = gateway.ledger.length;
    const answers = await Promise.all(Array.from({ length: 25 }, () => complete(path)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ body }) => body.data.id)).size).toBe(1);
    expect(gateway.ledger.length).toBe(before + 1);
    expect(gateway.ledger.at(-1)).toMatchObject({ type: "authorize", amount: 1200, currency: "EUR" });
  });

  test("A3 B8 after a decline the cart is as it was, its stock is free, and the same call makes the order", async () => {
    const path = await readyCart(wire, remote, { provider: "fake" });
    const before = await stockOf(wire, remote.variantId);
    gateway.script(decline);
    const refused = await complete(path, { "idempotency-key": "a3" });
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ type: "invalid_data", code: "card_declined" });
    expect(await stockOf(wire, remote.variantId)).toEqual(before);
    const more = { variant_id: remote.variantId, quantity: 1 };
    expect((await wire.ask("POST", `${path}/line-items`, more)).status).toBe(200);
    const again = await complete(path, { "idempotency-key": "a3" });
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ type: "order", data: { total: 2400, payments: [{ amount: 2400 }] } });
    expect((await stockOf(wire, remote.variantId)).allocated).toBe(before.allocated + 2);
    const order = await orderOf(again.body.data.id);
    expect(order).toMatchObject({ status: "processing", payment: "authorized" });
  });

  test("A4 E9 what can be wrong is told before the gateway hears of it, and nothing is held", async () => {
    const asked = gateway.calls.length;
    const empty = await readyCart(wire, remote, { provider: "fake" });
    const { body } = await wire.ask("GET", empty);
    await wire.ask("DELETE", `${empty}/line-items/${body.cart.items[0].id}`);
    expect((await complete(empty)).body.message).toBe("Cannot create order from empty cart");

    const cart = (await wire.ask("POST", "/store/carts", { region_id: remote.regionId })).body.cart;
    const nobody = `/store/carts/${cart.id}`;
    const line = { variant_id: remote.variantId, quantity: 1 };
    await wire.ask("POST", `${nobody}/line-items`, line);
    expect((await complete(nobody)).body.message).toBe(
      "You cannot complete a cart without a payment session.",
    );
    await wire.ask("POST", `${nobody}/payment-sessions`);
    await wire.ask("POST", `${nobody}/payment-session`, { provider_id: "fake" });
    expect((await complete(nobody)).body.message).toBe(
      "Cannot create an order from the cart without a customer",
    );
    expect(gateway.calls.length).toBe(asked);
  });

  test("A6 A2 while the gateway thinks, the cart cannot be changed, and whoever completes it too gets the order", async () => {
    const path = await readyCart(wire, remote, { provider: "fake" });
    const held = hold();
    gateway.script(held.behaviour);
    const first = complete(path);
    await held.arrived;
    const line = { variant_id: remote.variantId, quantity: 1 };
    expect((await wire.ask("POST", `${path}/line-items`, line)).status).toBe(409);
    const there = `/v2/carts/${coreId(path.split("/").at(-1) as string)}/items`;
    const item = { type: "cart_item", id: coreId(remote.variantId), quantity: 1 };
    expect((await wire.engine.ask("POST", there, { data: item })).status).toBe(409);
    expect((await wire.ask("GET", path)).status).toBe(200);
    const second = complete(path);
    held.release();
    const [one, other] = await Promise.all([first, second]);
    expect([one.status, other.status]).toEqual([200, 200]);
    expect(other.body.data.id).toBe(one.body.data.id);
  });

  test("A7 B5 stock is claimed before the gateway is asked, and a lost answer is asked about, not asked again", async () => {
    const path = await readyCart(wire, remote, { provider: "fake" });
    const before = await stockOf(wire, remote.variantId);
    let allocated: number | undefined;
    gateway.onEffect(async () => {
      allocated = (await stockOf(wire, remote.variantId)).allocated;
    });
    gateway.script(loseAnswer);
    const lost = await complete(path);
    gateway.onEffect(() => undefined);
    expect(lost.status).toBe(409);
    const taken = gateway.ledger.length;
    const again = await complete(path);
    expect(again.status).toBe(200);
    expect(gateway.ledger.length).toBe(taken);
    expect(allocated).toBe(before.allocated + 1);
    expect((await stockOf(wire, remote.variantId)).allocated).toBe(before.allocated + 1);
  });

  test("A8 L1 a completed cart answers with its order, is found by it, and takes nothing more", async () => {
    const path = await readyCart(wire, shop);
    const first = await complete(path);
    const again = await complete(path);
    expect(again.body.data.id).toBe(first.body.data.id);
    const cartId = path.split("/").at(-1);
    expect((await wire.ask("GET", `/store/orders/cart/${cartId}`)).body.order.id).toBe(first.body.data.id);
    expect((await wire.ask("GET", path)).body.cart).toMatchObject({
      completed_at: expect.any(String),
      total: 1200,
      payment: { amount: 1200 },
    });
    const line = { variant_id: shop.variantId, quantity: 1 };
    const refused = await wire.ask("POST", `${path}/line-items`, line);
    expect(refused.status).toBe(400);
    expect(refused.body.type).toBe("not_allowed");
  });

  test("A9 one key on two carts has two effects, with another body it is refused, and a repeat adds nothing", async () => {
    const headers = { "idempotency-key": "a9" };
    const make = async () =>
      `/store/carts/${(await wire.ask("POST", "/store/carts", { region_id: shop.regionId })).body.cart.id}`;
    const [one, two] = [await make(), await make()];
    const line = { variant_id: shop.variantId, quantity: 2 };
    const add = (path: string, body: object) => wire.ask("POST", `${path}/line-items`, body, { headers });
    const added = await add(one, line);
    expect(added.headers.get("idempotency-key")).toBe("a9");
    expect(added.headers.get("access-control-expose-headers")).toMatch(/Idempotency-Key/i);
    expect((await add(one, line)).body.cart.items[0].quantity).toBe(2);
    expect((await add(two, line)).body.cart.items[0].quantity).toBe(2);
    expect((await add(one, { ...line, quantity: 3 })).status).toBe(409);
    const without = await wire.ask("POST", `${one}/line-items`, line);
    expect(without.headers.get("idempotency-key")).toMatch(/^[0-9a-f-]{36}$/);
    expect(without.body.cart.items[0].quantity).toBe(4);
  });
});

describe("the amount", () => {
  test("C1 C2 sessions follow the cart, in place, and what is authorized is what it costs", async () => {
    const path = await readyCart(wire, shop);
    const before = (await wire.ask("GET", path)).body.cart;
    const line = { variant_id: shop.uncountedId, quantity: 3 };
    const after = (await wire.ask("POST", `${path}/line-items`, line)).body.cart;
    expect(after.payment_session).toMatchObject({
      id: before.payment_session.id,
      amount: 2399,
      data: { id: before.payment_session.data.id, amount: 2399 },
    });
    const { body } = await complete(path);
    expect(body.data).toMatchObject({ total: 2399, payments: [{ amount: 2399, currency_code: "eur" }] });
  });

  test("C2 what the other dialect has put into the cart is paid for, too", async () => {
    const path = await readyCart(wire, shop);
    const cartId = coreId(path.split("/").at(-1) as string);
    const item = { type: "cart_item", id: coreId(shop.variantId), quantity: 1 };
    await wire.engine.ask("POST", `/v2/carts/${cartId}/items`, { data: item });
    const { status, body } = await complete(path);
    expect(status).toBe(200);
    expect(body.data).toMatchObject({ total: 2400, payments: [{ amount: 2400, data: { amount: 2400 } }] });
  });

  test("C5 a fall of a price is passed on, a rise is refused once and shown", async () => {
    const path = await readyCart(wire, shop);
    const product = await productOf(shop.variantId);
    const price = (amount: number) =>
      wire.admin("POST", `/admin/products/${product}/variants/${shop.variantId}`, {
        prices: [{ currency_code: "eur", amount }],
      });
    await price(1500);
    const risen = await complete(path);
    expect(risen.status).toBe(400);
    expect(risen.body.message).toMatch(/cost more/);
    expect((await wire.ask("GET", path)).body.cart).toMatchObject({
      total: 1800,
      payment_session: { amount: 1800 },
    });
    await price(1000);
    expect((await complete(path)).body.data).toMatchObject({ total: 1200, payments: [{ amount: 1200 }] });
  });

  test("C6 a shipping choice that does not apply any more is gone before anybody pays", async () => {
    const items = [{ variant_id: shop.variantId, quantity: 5 }];
    const path = await readyCart(wire, shop, { items });
    const option = { option_id: shop.freeOptionId };
    expect((await wire.ask("POST", `${path}/shipping-methods`, option)).status).toBe(200);
    const { items: lines } = (await wire.ask("GET", path)).body.cart;
    const fewer = await wire.ask("POST", `${path}/line-items/${lines[0].id}`, { quantity: 1 });
    expect(fewer.body.cart.shipping_methods).toEqual([]);
    expect((await wire.ask("POST", `${path}/shipping-methods`, option)).body.message).toBe(
      "The Cart does not satisfy the shipping option's requirements",
    );
  });
});

describe("stock", () => {
  test("E7 E9 what is short is named for each product: when it is added, and when it is paid for", async () => {
    const scarce = await aShop(wire, { name: "Scarce", pieces: 2, country: "dk" });
    const items = [{ variant_id: scarce.variantId, quantity: 2 }];
    const [one, two] = [await readyCart(wire, scarce, { items }), await readyCart(wire, scarce, { items })];
    const line = { variant_id: scarce.variantId, quantity: 1 };
    const added = await wire.ask("POST", `${one}/line-items`, line);
    expect(added.body).toMatchObject({ code: "insufficient_inventory", type: "not_allowed" });
    expect((await complete(one)).status).toBe(200);
    const short = await complete(two);
    const message = `Variant with id: ${scarce.variantId} does not have the required inventory`;
    const entry = { message, type: "not_allowed", code: "insufficient_inventory" };
    expect(short.status).toBe(409);
    expect(short.body).toEqual({ ...entry, errors: [entry] });
  });
});

describe("codes", () => {
  const limited = async (code: string, usage_limit: number) =>
    wire.admin("POST", "/admin/discounts", {
      code,
      usage_limit,
      rule: { type: "percentage", value: 50, allocation: "total" },
      regions: [shop.regionId, remote.regionId],
      is_disabled: false,
      is_dynamic: false,
    });
  const withCode = (code: string, of = shop, provider = "testpay") =>
    readyCart(wire, of, { provider, update: { discounts: [{ code }] } });

  test("G1 G3 a code with three uses is used three times by ten at once, and the others are told why", async () => {
    await limited("THREE", 3);
    const paths = await Promise.all(Array.from({ length: 10 }, () => withCode("THREE")));
    const answers = await Promise.all(paths.map((path) => complete(path)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    for (const { status, body } of answers.filter((answer) => answer.status !== 200)) {
      expect(status).toBe(400);
      expect(body.message).toBe("Discount THREE has been used maximum allowed times");
    }
  });

  test("G2 a use comes back when the payment fails", async () => {
    await limited("ONE", 1);
    const path = await withCode("ONE", remote, "fake");
    const other = await withCode("ONE");
    gateway.script(decline);
    expect((await complete(path)).status).toBe(400);
    expect((await complete(other)).status).toBe(200);
    expect((await complete(path)).body.message).toBe("Discount ONE has been used maximum allowed times");
  });

  test("G6 what costs nothing is completed without a gateway", async () => {
    await wire.admin("POST", "/admin/discounts", {
      code: "ALL",
      rule: { type: "percentage", value: 100, allocation: "total" },
      regions: [remote.regionId],
      is_disabled: false,
      is_dynamic: false,
    });
    const asked = gateway.calls.length;
    const path = await withCode("ALL", remote, "fake");
    const { status, body } = await complete(path);
    expect(status).toBe(200);
    expect(body.data).toMatchObject({ total: 0, payments: [], payment_status: "awaiting" });
    expect(gateway.calls.length).toBe(asked);
  });
});

async function productOf(variantId: string): Promise<string> {
  return (await wire.ask("GET", `/store/variants/${variantId}`)).body.variant.product_id;
}
