import { expect } from "vitest";
import { newReference } from "../../engine.ts";
import { address, buyer, newProduct, type Wire } from "./harness.ts";

export type Placed = {
  /** `/v2/orders/…` */
  readonly path: string;
  readonly id: string;
  readonly productId: string;
  /** What is to be paid, in minor units. */
  readonly total: number;
};

/** An unpaid order of two pieces, at 1000 each, of a product that has ten in stock. */
export async function placedOrder(
  wire: Wire,
  checkout: Readonly<Record<string, unknown>> = { customer: buyer },
  headers: Readonly<Record<string, string>> = {},
): Promise<Placed> {
  const product = await newProduct(wire, { stock: 10 });
  const cart = `/v2/carts/${newReference()}`;
  const item = { type: "cart_item", id: product.id, quantity: 2 };
  await wire.ask("POST", `${cart}/items`, { data: item }, { as: "shopper" });
  const data = { billing_address: address, ...checkout };
  const { status, body } = await wire.ask("POST", `${cart}/checkout`, { data }, { as: "shopper", headers });
  expect(status, JSON.stringify(body)).toBe(201);
  const { id } = body.data;
  return { path: `/v2/orders/${id}`, id, productId: product.id, total: 2000 };
}

/** Pays by hand; answers the id of the transaction. */
export async function paid(
  wire: Wire,
  order: Placed,
  method: "authorize" | "purchase",
  amount?: number,
): Promise<string> {
  const data = { gateway: "manual", method, ...(amount !== undefined && { amount }) };
  const { status, body } = await wire.ask("POST", `${order.path}/payments`, { data }, { as: "shopper" });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.data.id;
}
