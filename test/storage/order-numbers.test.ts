import { afterAll, beforeAll, expect, test } from "vitest";
import type { Order } from "../../src/domain/order/order.ts";
import type { Payment } from "../../src/domain/order/payment.ts";
import type { OpenDatabase } from "../../src/storage/postgres/database.ts";
import { orderStorage } from "../../src/storage/postgres/orders.ts";
import { secretBox } from "../../src/storage/postgres/secret-box.ts";
import { anOrder } from "./an-order.ts";
import { openMigratedDatabase } from "./migrated-database.ts";

let database: OpenDatabase;
let close: () => Promise<void>;
let count = 0;

beforeAll(async () => {
  ({ database, close } = await openMigratedDatabase(10));
});
afterAll(() => close());

const orders = () =>
  orderStorage(database, () => `id${++count}`, secretBox("a secret that is only for tests"));

const ofRegion = (id: string, cartId: string): Order =>
  anOrder({ id, cartId, region: { region: { id: "r" }, email: "ada@example.com" } as Order["region"] });

const NOW = "2026-01-02T03:04:05.000Z";
const authorized: Payment = {
  id: "pay",
  gateway: "manual",
  amount: 0,
  currency: "USD",
  operations: [
    { id: "pay", type: "authorize", amount: 0, status: "complete", mechanism: "gateway", createdAt: NOW },
  ],
  createdAt: NOW,
  updatedAt: NOW,
};

test("orders are numbered from 1 in each store, also when many are made at once", async () => {
  const made = await Promise.all(
    Array.from({ length: 20 }, (_, index) => orders().insert("many", anOrder({ id: `m${index}` }), [])),
  );
  const numbers = made.map((one) => (one.kind === "saved" ? one.displayId : undefined));
  expect(numbers.sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(made.map((_, index) => index + 1));
  expect(await orders().insert("other", anOrder({ id: "o" }), [])).toEqual({ kind: "saved", displayId: 1 });
});

test("an order of a region gets its number when it is first authorized, and keeps it", async () => {
  const order = ofRegion("r1", "cart-1");
  expect(await orders().insert("region", order, [])).toEqual({ kind: "saved" });
  expect(await orders().insert("region", anOrder({ id: "plain" }), [])).toMatchObject({ displayId: 1 });
  const paid = { ...order, payments: [authorized] };
  expect(await orders().save("region", paid, [])).toMatchObject({ kind: "saved", displayId: 2 });
  expect(await orders().save("region", { ...paid, version: 2 }, [])).toMatchObject({ displayId: 2 });
  expect(await orders().ofRegionCart("region", "cart-1")).toMatchObject({ id: "r1", displayId: 2 });
});

test("A3 the cart of a region has one order: another is not stored, and tells nobody", async () => {
  const placed = [{ type: "order.placed", payload: {} }];
  const both = await Promise.all([
    orders().insert("once", ofRegion("a", "cart-2"), placed),
    orders().insert("once", ofRegion("b", "cart-2"), placed),
  ]);
  expect(both.map(({ kind }) => kind).sort()).toEqual(["cart_has_order", "saved"]);
  const kept = await orders().ofRegionCart("once", "cart-2");
  const lost = kept?.id === "a" ? "b" : "a";
  expect(await orders().load("once", lost)).toBeUndefined();
  expect(await orders().events("once", lost)).toEqual([]);
  expect(await orders().events("once", kept?.id ?? "")).toHaveLength(1);
});

test("what was frozen can be renewed, with the columns that were made of it", async () => {
  const order = ofRegion("f1", "cart-3");
  await orders().insert("frozen", order, []);
  const totals = { ...order.totals, withTax: 700, withoutTax: 600 };
  await orders().save("frozen", { ...order, currency: "EUR", totals }, [], { frozen: true });
  const [row] = await database.runText<object>(
    "select currency, with_tax, without_tax from orders where store_id = 'frozen' and id = 'f1'",
    [],
  );
  expect(row).toEqual({ currency: "EUR", with_tax: 700, without_tax: 600 });
});

test("an order is found by each of its payments, from the save that brings it on", async () => {
  const order = anOrder({ id: "p1" });
  await orders().insert("paid", order, []);
  expect(await orders().ofPayment("paid", "pay")).toBeUndefined();
  const paid = { ...order, payments: [authorized] };
  await orders().save("paid", paid, []);
  const again = { ...paid, payments: [authorized, { ...authorized, id: "pay-2" }], version: 2 };
  expect((await orders().save("paid", again, [])).kind).toBe("saved");
  for (const id of ["pay", "pay-2"]) expect((await orders().ofPayment("paid", id))?.id).toBe("p1");
  expect(await orders().ofPayment("other", "pay")).toBeUndefined();
  const lost = { ...paid, payments: [{ ...authorized, id: "pay-3" }], version: 1 };
  expect((await orders().save("paid", lost, [])).kind).toBe("conflict");
  expect(await orders().ofPayment("paid", "pay-3")).toBeUndefined();
});
