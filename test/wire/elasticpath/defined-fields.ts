import { expect } from "vitest";
import { type Answer, newReference } from "../../engine.ts";
import { address, buyer, newProduct, type Wire } from "./harness.ts";

// What tests of custom fields have in common.

export const asShopper = { as: "shopper" } as const;

/** Adds fields to a resource, by slug: their types, or more about them. Answers their ids. */
export async function defineFields(
  wire: Wire,
  resource: string,
  fields: Readonly<Record<string, string | object>>,
): Promise<string[]> {
  const flow = await wire.ask("POST", "/v2/flows", { data: { name: resource, slug: resource } });
  expect(flow.status, JSON.stringify(flow.body)).toBe(201);
  const ids: string[] = [];
  for (const [slug, more] of Object.entries(fields)) {
    const data = {
      name: slug,
      slug,
      ...(typeof more === "string" ? { field_type: more } : more),
      relationships: { flow: { data: { type: "flow", id: flow.body.data.id } } },
    };
    const { status, body } = await wire.ask("POST", "/v2/fields", { data });
    expect(status, JSON.stringify(body)).toBe(201);
    ids.push(body.data.id);
  }
  return ids;
}

/** Takes all custom fields away. */
export async function deleteFlows(wire: Wire): Promise<void> {
  const { body } = await wire.ask("GET", "/v2/flows");
  for (const { id } of body.data) await wire.ask("DELETE", `/v2/flows/${id}`);
}

/** Of which members the errors are, and what they are. */
export function complaints({ body }: Answer): string[] {
  return body.errors.map(({ source, title }: Record<string, unknown>) => `${source} ${title}`);
}

/** The reference of a cart with one new product, whose line has more `members`. */
export async function filledCart(wire: Wire, members: object = {}): Promise<string> {
  const cart = newReference();
  const { id } = await newProduct(wire);
  const item = { type: "cart_item", id, quantity: 1, ...members };
  const { status, body } = await wire.ask("POST", `/v2/carts/${cart}/items`, { data: item }, asShopper);
  expect(status, JSON.stringify(body)).toBe(201);
  return cart;
}

/** Checks a cart out, with more `members` in the request. */
export function checkOut(wire: Wire, cart: string, members: object = {}): Promise<Answer> {
  const data = { customer: buyer, billing_address: address, ...members };
  return wire.ask("POST", `/v2/carts/${cart}/checkout`, { data }, asShopper);
}
