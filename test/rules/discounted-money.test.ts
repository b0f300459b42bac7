import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newReference } from "../engine.ts";
import { openShop, type Shop } from "../race/shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  for (const [code, decimal_places] of [
    ["JPY", 0],
    ["KWD", 3],
  ] as const) {
    const look = { format: "{price}", decimal_point: ".", thousand_separator: "", decimal_places };
    const data = { type: "currency", code, exchange_rate: 1, default: false, enabled: true, ...look };
    expect((await shop.ask("POST", "/v2/currencies", { data })).status).toBe(201);
  }
});
afterAll(() => shop.close());

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
type Data = any;

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

/** The same numbers at every run. */
let state = 11;
const random = (below: number): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};

async function ok(method: string, path: string, data: unknown, currency: string): Promise<Data> {
  const headers = { "x-moltin-currency": currency };
  const { status, body } = await shop.ask(method, path, { data }, { headers });
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  return body;
}

const discount = () => ({
  type: "custom_discount",
  external_id: "E",
  discount_engine: "X",
  // Now and then more than there is.
  amount: -1 - random(random(4) === 0 ? 100_000 : 2_000),
  description: "",
  discount_code: `C${random(3)}`,
});

const item = (shipping_group_id: string | undefined) => ({
  type: "custom_item",
  name: "Thing",
  sku: randomUUID(),
  quantity: 1 + random(9),
  price: { amount: random(5_000), includes_tax: random(2) === 0 },
  tax: [{ type: "tax_item", rate: random(3_000) / 10_000 }],
  ...(shipping_group_id !== undefined && { shipping_group_id }),
});

/** A cart with items, discounts on them and on the whole, and shipping; some of its groups are nobody's. */
async function randomCart(currency: string): Promise<string> {
  const cart = `/v2/carts/${newReference()}`;
  const setting = { discount_settings: { custom_discounts_enabled: true } };
  await ok("PUT", cart, setting, currency);
  const groups: string[] = [];
  for (let count = random(4); count > 0; count -= 1) {
    const price = { base: random(1_000), tax: random(100), fees: random(100), discount: 0 - random(1_500) };
    const group = await ok("POST", `${cart}/shipping-groups`, { shipping_price: price }, currency);
    groups.push(group.data.id);
  }
  const wanted = Array.from({ length: 1 + random(5) }, () => item(groups[random(groups.length + 1)]));
  const { data: items } = await ok("POST", `${cart}/items`, wanted, currency);
  const places = [cart, ...items.map(({ id }: Data) => `${cart}/items/${id}`)];
  for (const place of places) {
    const discounts = Array.from({ length: random(4) }, discount);
    if (discounts.length > 0) await ok("POST", `${place}/custom-discounts`, discounts, currency);
  }
  return cart;
}

test("G4 H1 H2 H6 totals are the sums of lines, discounts and shipping, in carts, orders and charges alike", async () => {
  let discounted = 0;
  let shipped = 0;
  for (let round = 0; round < 30; round += 1) {
    const currency = ["JPY", "USD", "KWD"][round % 3] as string;
    const cart = await randomCart(currency);
    const { data: items, meta } = (await shop.ask("GET", `${cart}/items`)).body;
    const groups: Data[] = (await shop.ask("GET", `${cart}/shipping-groups`)).body.data;
    const price = meta.display_price;

    for (const { value, discounts = [], meta } of items) {
      const line = meta.display_price;
      const off = line.discount.value.amount;
      expect(sum(discounts.map(({ amount }: Data) => amount.amount))).toBe(off);
      expect(value.amount + off).toBeGreaterThanOrEqual(0);
      expect(sum(Object.values(line.discounts ?? {}).map(({ amount }: Data) => amount))).toBe(off);
      expect(line.with_tax.value.amount).toBe(line.without_tax.value.amount + line.tax.value.amount);
    }
    const lines = (kind: string): number =>
      sum(items.map(({ meta }: Data) => meta.display_price[kind].value.amount));
    const named = new Set(items.map(({ shipping_group_id }: Data) => shipping_group_id));
    const charged = groups.filter(({ id }) => named.has(id)).map(({ meta }) => meta.shipping_display_price);
    const shipping = sum(charged.map(({ total }) => total.amount));
    const shippingOff = sum(charged.map(({ discount }) => discount?.amount ?? 0));
    const shippingTax = sum(charged.map(({ tax }) => tax.amount));
    expect([price.shipping.amount, price.shipping_discount.amount]).toEqual([shipping, shippingOff + 0]);
    expect(price.discount.amount).toBe(lines("discount"));
    expect(price.with_tax.amount).toBe(lines("with_tax") + shipping + shippingOff);
    expect(price.tax.amount).toBe(lines("tax") + shippingTax);
    expect(price.without_tax.amount + price.tax.amount).toBe(price.with_tax.amount);
    expect(price.with_tax.amount).toBeGreaterThanOrEqual(0);
    discounted += price.discount.amount < 0 ? 1 : 0;
    shipped += price.shipping.amount > 0 ? 1 : 0;

    const placed = await shop.checkOut(cart.split("/").at(-1) as string);
    const { data: order, included } = placed.body;
    expect(order.meta.display_price).toMatchObject(price);
    expect(order.meta.display_price.with_tax.currency).toBe(currency);
    expect(included.items.map(({ meta }: Data) => meta.display_price)).toEqual(
      items.map(({ meta }: Data) => meta.display_price),
    );
    const { data: sent } = (await shop.ask("GET", `/v2/orders/${order.id}/shipping-groups`)).body;
    expect(sent.map(({ meta }: Data) => meta.shipping_display_price)).toEqual(charged);
    if (price.with_tax.amount === 0) continue;
    expect((await shop.pay(order.id)).status).toBe(201);
    expect(shop.gateway.taken(order.id)).toBe(price.with_tax.amount);
  }
  expect(Math.min(discounted, shipped)).toBeGreaterThan(5);
  await shop.expectConsistent();
});
