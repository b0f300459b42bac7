import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestDatabase, type TestDatabase } from "../embedded-database.ts";
import { newReference, waitUntil } from "../engine.ts";
import { shopperToken, shopToken } from "./buyers.ts";
import { allCarts, hold } from "./held.ts";
import { newDirectory, startProgram } from "./program.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.close());

async function startShop(env: Readonly<Record<string, string>> = {}) {
  const connection = await database.createDatabase();
  const engine = await startProgram({
    DATABASE_URL: database.url(connection.database),
    CARTWRIGHT_DATA_DIR: await newDirectory(),
    CARTWRIGHT_SEED: "demo",
    ...env,
  });
  const shopper = await shopperToken(engine);
  const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${engine.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${shopper}`, "content-type": "application/json", ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
  };
  return { connection, engine, shopper, ask };
}

const password = "correct horse battery";
const card = "4242424242424242";
const address = {
  first_name: "Ada",
  last_name: "Byron",
  line_1: "1 Long Lane",
  postcode: "90210",
  country: "US",
  region: "CA",
};

describe("the log of a purchase", () => {
  test.each(["info", "trace"])("with LOG_LEVEL=%s is JSON, and holds no secrets", async (level) => {
    const { engine, shopper, ask } = await startShop({ LOG_LEVEL: level });
    const merchant = await shopToken(engine, engine.clientSecret as string);
    const person = { type: "customer", name: "Ada Byron", email: "ada@example.com", password };
    expect((await ask("POST", "/v2/customers", { data: person })).status).toBe(201);
    const signIn = { type: "token", email: person.email, password, authentication_mechanism: "password" };
    const signedIn = await ask("POST", "/v2/customers/tokens", { data: signIn });
    const customerToken: string = signedIn.body.data.token;
    expect(customerToken.length).toBeGreaterThan(20);
    const wrong = await ask("POST", "/v2/customers/tokens", {
      data: { ...signIn, password: `${password}!` },
    });
    expect(wrong.status).toBe(403);

    const cart = `/v2/carts/${newReference()}`;
    const asAda = { "x-moltin-customer-token": customerToken };
    await ask(
      "POST",
      `${cart}/items`,
      { data: { type: "cart_item", sku: "WF-PITCHER", quantity: 1 } },
      asAda,
    );
    const customer = { name: "Ada Byron", email: "ada@example.com" };
    const placed = await ask(
      "POST",
      `${cart}/checkout`,
      { data: { customer, billing_address: address } },
      asAda,
    );
    expect(placed.status).toBe(201);
    const payments = `/v2/orders/${placed.body.data.id}/payments`;
    // Somebody who sends a card's number where none belongs, and where none is looked for.
    const pay = { gateway: "manual", method: "purchase", payment: card, options: { number: card } };
    const paid = await ask("POST", payments, { data: pay }, asAda);
    const again = await ask("POST", payments, { data: pay }, asAda);
    expect([paid.status, again.status].every((status) => status < 500)).toBe(true);
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const sent = `grant_type=implicit&client_id=${card}`;
    expect((await ask("POST", "/oauth/access_token", sent, form)).status).toBe(400);
    expect((await ask("GET", `/v2/products/${card}?token=${shopper}`)).status).toBe(404);
    expect((await ask("GET", `/nowhere/${card}?token=${shopper}`)).status).toBe(404);
    expect((await ask("POST", `${cart}/items`, `{"card": ${card}`)).status).toBe(400);
    expect((await ask("GET", "/v2/orders", undefined, { authorization: `Bearer ${merchant}x` })).status).toBe(
      401,
    );
    engine.process.kill("SIGTERM");
    expect(await engine.ended).toBe(0);

    const text = engine.stderr();
    const lines = text.trimEnd().split("\n");
    expect(lines.filter((line) => typeof JSON.parse(line) !== "object")).toEqual([]);
    expect(lines.length).toBeGreaterThan(5);
    const secrets = {
      password,
      card,
      customerToken,
      shopper,
      merchant,
      secret: engine.clientSecret as string,
    };
    for (const [name, secret] of Object.entries(secrets)) {
      expect(text.includes(secret), `the log holds the ${name}`).toBe(false);
    }
    expect(text).not.toContain("ada@example.com");
    expect(text).not.toContain("argon2");
    expect(text).not.toMatch(/(?<![\d.])\d{15,19}(?!\d)/);
    expect(text).not.toContain("Deprecation");
  });
});

test("every request that fails is one line with its route, its status and its id", async () => {
  const { connection, engine, ask } = await startShop();
  await ask("GET", "/v2/currencies");
  await ask("GET", "/v2/products/6f9619ff-8b86-4011-b42d-00c04fc964ff");
  await ask("GET", "/nowhere");
  await ask("GET", "/v2/orders", undefined, { authorization: "Bearer no" });
  const held = await hold(connection, `${allCarts}; alter table cart rename to basket`);
  const broken = ask("GET", `/v2/carts/${newReference()}`);
  await held.waiting(1);
  await held.letGo("commit");
  const { status, body } = await broken;
  expect(status).toBe(500);
  await waitUntil(() => engine.log().some(({ msg }) => msg === "request failed"));
  const lines = engine.log().filter(({ msg }) => msg.startsWith("request"));
  expect(lines).toMatchObject([
    { level: 30, msg: "request refused", method: "GET", route: "/v2/products/:productId", status: 404 },
    { level: 30, msg: "request refused", method: "GET", route: "none", status: 404 },
    { level: 30, msg: "request refused", method: "GET", route: "/v2/orders", status: 401 },
    { level: 50, msg: "request failed", method: "GET", route: "/v2/carts/:cartId", status: 500 },
  ]);
  expect(lines.filter(({ reqId, ms }) => typeof reqId !== "string" || typeof ms !== "number")).toEqual([]);
  // The failure says what went wrong, and its answer says which line that is.
  expect(lines.at(-1)).toMatchObject({ err: { code: "42P01", stack: expect.any(String) } });
  expect(JSON.stringify(body)).toContain(lines.at(-1)?.reqId);
});

test("what the database says of a row that it refuses is not logged", async () => {
  const { connection, engine, ask } = await startShop();
  const held = await hold(
    connection,
    "alter table customer add constraint nobody check (email is null) not valid",
  );
  await held.letGo("commit");
  const person = { type: "customer", name: "Ada Byron", email: "ada@example.com", password };
  expect((await ask("POST", "/v2/customers", { data: person })).status).toBe(500);
  await waitUntil(() => engine.log().some(({ msg }) => msg === "request failed"));
  expect(engine.log().at(-1)).toMatchObject({
    route: "/v2/customers",
    err: { code: "23514", constraint: "nobody" },
  });
  expect(engine.stderr()).not.toMatch(/ada|Byron|argon2/i);
});

test("LOG_LEVEL decides what is logged", async () => {
  const { engine, ask } = await startShop({ LOG_LEVEL: "error" });
  expect((await ask("GET", "/nowhere")).status).toBe(404);
  engine.process.kill("SIGTERM");
  expect(await engine.ended).toBe(0);
  expect(engine.stderr()).toBe("");
});
