import { afterAll, beforeAll, expect, test } from "vitest";
import { newReference, startTestEngine, type TestEngine } from "../../engine.ts";

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());

const password = "correct horse battery";
const customerHeader = "x-moltin-customer-token";

test("an account token is known for what it is, also in the customer's header", async () => {
  const email = `${newReference()}@example.com`;
  const signUp = {
    type: "account_management_authentication_token",
    authentication_mechanism: "self_signup",
    name: "Acme",
    email,
    username: email,
    password,
    password_profile_id: "default",
  };
  const made = await engine.ask("POST", "/v2/account-members/tokens", { data: signUp }, { as: "shopper" });
  expect(made.status).toBe(201);
  const { token, account_id: accountId } = made.body.data[0];
  for (const header of [customerHeader, "ep-account-management-authentication-token"]) {
    const own = await engine.ask("GET", "/v2/accounts", undefined, {
      as: "shopper",
      headers: { [header]: token },
    });
    expect(own.body.data.map((account: { id: string }) => account.id)).toEqual([accountId]);
  }
});

test("a bad shopper token is refused everywhere but where a new one is asked for", async () => {
  const email = `${newReference()}@example.com`;
  await engine.ask("POST", "/v2/customers", { data: { type: "customer", name: "Ada", email, password } });
  const options = { as: "shopper", headers: { [customerHeader]: "expired" } } as const;
  expect((await engine.ask("GET", "/v2/carts", undefined, options)).status).toBe(403);
  const cart = await engine.ask("GET", `/v2/carts/${newReference()}`, undefined, options);
  expect(cart.status).toBe(403);
  const signIn = { data: { type: "token", email, password } };
  expect((await engine.ask("POST", "/v2/customers/tokens", signIn, options)).status).toBe(201);
});
