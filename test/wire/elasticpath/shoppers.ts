import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import type { Wire } from "./harness.ts";

/** A shopper with what their requests carry. */
export type Shopper = { readonly id: string; readonly token: string; readonly email: string };

/** A new customer who has signed in. */
export async function signedInCustomer(wire: Pick<Wire, "ask">, email = newEmail()): Promise<Shopper> {
  const password = "correct horse battery";
  const data = { type: "customer", name: "Ada", email, password };
  const created = await wire.ask("POST", "/v2/customers", { data }, { as: "shopper" });
  const signIn = { data: { type: "token", email, password } };
  const signedIn = await wire.ask("POST", "/v2/customers/tokens", signIn, { as: "shopper" });
  expect(signedIn.status, JSON.stringify(signedIn.body)).toBe(201);
  return { id: created.body.data.id, token: signedIn.body.data.token, email };
}

export const newEmail = (): string => `${randomUUID()}@example.com`;
