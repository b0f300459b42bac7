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

/** A new account with one member, who has signed up and signed in. */
export async function signedInAccount(
  wire: Pick<Wire, "ask">,
): Promise<Omit<Shopper, "email"> & { readonly memberId: string; readonly username: string }> {
  const username = newEmail();
  const data = {
    type: "account_management_authentication_token",
    authentication_mechanism: "self_signup",
    name: "Acme",
    email: username,
    username,
    password: "correct horse battery",
  };
  const { status, body } = await wire.ask("POST", "/v2/account-members/tokens", { data }, { as: "shopper" });
  expect(status, JSON.stringify(body)).toBe(201);
  const [{ account_id: id, token }] = body.data;
  return { id, token, memberId: body.meta.account_member_id, username };
}
