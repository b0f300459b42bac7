import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { elasticPathDialect } from "../../src/http/elasticpath/dialect.ts";
import type { Route } from "../../src/http/route.ts";
import { type Answer, startTestEngine, type TestEngine } from "../engine.ts";
import { nameOf, newRequest } from "./requests.ts";
import { address, buildWorld, type Caller, callers, HIDDEN, type Owner, type World } from "./world.ts";

let engine: TestEngine;
let world: World;
beforeAll(async () => {
  engine = await startTestEngine();
  world = await buildWorld(engine);
});
afterAll(() => engine.close());

const everyToken: readonly Caller[] = [
  "shopper",
  "customer",
  "other customer",
  "account",
  "other account",
  "shop",
];
const everyShopper: readonly Caller[] = ["customer", "other customer", "account", "other account", "shop"];
const accountMembers: readonly Caller[] = ["account", "other account", "shop"];
const shopOnly: readonly Caller[] = ["shop"];

/**
 * Who may do what with something of `owner`: the table of section 2.4 of the contract, route by route. A path that it
 * does not name is the shop's.
 */
function mayAsk({ method, path }: Route, owner: Owner): readonly Caller[] {
  const own: readonly Caller[] = [owner, "shop"];
  const reading = method === "GET";
  if (path === "/oauth/access_token") return ["nobody", ...everyToken];
  if (path.endsWith("/tokens")) return everyToken;
  if (path.endsWith("/attributes")) return everyToken;
  if (path.startsWith("/v2/carts")) {
    if (path.includes("/taxes") || path.includes("/custom-discounts")) return shopOnly;
    if (path === "/v2/carts") return reading ? everyShopper : everyToken;
    // Only to or from oneself.
    if (path.endsWith("/relationships/customers")) return owner === "customer" ? own : shopOnly;
    if (path.endsWith("/relationships/accounts")) return owner === "account" ? own : shopOnly;
    return own;
  }
  if (path.startsWith("/v2/orders")) {
    if (path.endsWith("/payments") || path.endsWith("/confirm")) return everyToken;
    if (path === "/v2/orders") return everyShopper;
    return reading ? own : shopOnly;
  }
  if (path.startsWith("/v2/customers")) {
    if (path === "/v2/customers") return reading ? shopOnly : everyToken;
    // The customer that is deleted here is somebody else: what one may do with oneself is tested below.
    return method === "DELETE" && path === "/v2/customers/:customerId" ? shopOnly : ["customer", "shop"];
  }
  if (path.startsWith("/v2/accounts/:ownerId/addresses")) return ["account", "shop"];
  if (path.startsWith("/v2/account")) {
    if (!reading || path.endsWith("/unassigned-account-members")) return shopOnly;
    // Lists are of one's own.
    if (path === "/v2/accounts" || path === "/v2/account-members") return accountMembers;
    return ["account", "shop"];
  }
  if (path === "/v2/inventories/multiple" || path.endsWith("/configure")) return everyToken;
  const readable = [
    "/v2/inventories",
    "/v2/currencies",
    "/v2/products",
    "/v2/files",
    "/v2/fields",
    "/catalog",
  ];
  if (reading && readable.some((prefix) => path.startsWith(prefix))) return everyToken;
  if (reading && path.startsWith("/v2/flows") && !path.includes("/entries")) return everyToken;
  return shopOnly;
}

/** What every caller who may ask is answered, where that is a refusal of what was asked for. */
const answeredWith: Readonly<Record<string, number>> = {
  "PUT /v2/carts/:cartId/items": 404,
  "POST /v2/carts/:cartId/taxes": 404,
  "DELETE /v2/carts/:cartId/discounts/:code": 404,
  "POST /v2/account-members/tokens": 403,
  "POST /v2/customers/tokens": 403,
  "POST /v2/inventories/locations": 422,
  "GET /v2/inventories/locations/:location": 404,
  "PUT /v2/inventories/locations/:location": 404,
  "DELETE /v2/inventories/locations/:location": 404,
  "POST /catalog/products/:productId/configure": 422,
  "DELETE /v2/promotions/:promotionId/codes": 404,
  "POST /v2/promotions/usages/anonymize": 404,
  "GET /v2/promotions/:promotionId/jobs": 422,
  "POST /v2/promotions/:promotionId/jobs": 422,
  "POST /v2/promotions/:promotionId/jobs/:jobId/cancel": 422,
  "GET /v2/promotions/:promotionId/jobs/:jobId/file": 422,
  "DELETE /v2/rule-promotions/:promotionId/codes": 404,
  "POST /v2/rule-promotions/usages/anonymize": 404,
  "GET /v2/rule-promotions/:promotionId/jobs": 422,
  "POST /v2/rule-promotions/:promotionId/jobs": 422,
  "POST /v2/rule-promotions/:promotionId/jobs/:jobId/cancel": 422,
  "GET /v2/rule-promotions/:promotionId/jobs/:jobId/file": 422,
  "GET /v2/settings/cart/:storeId": 404,
  "PUT /v2/settings/cart/:storeId": 404,
  "GET /v2/flows/:slug/entries": 422,
  "POST /v2/flows/:slug/entries": 422,
  "DELETE /v2/flows/:slug/entries/:entryId": 422,
};

const { routes } = elasticPathDialect;
const owners: readonly Owner[] = ["customer", "account"];

function ask(caller: Caller, request: { method: string; path: string; body?: unknown }): Promise<Answer> {
  return world.ask(caller, request.method, request.path, request.body);
}

/** What the caller sent may come back to them; what only others know may not. */
const shows = (answer: Answer): boolean => JSON.stringify(answer.body ?? "").includes(HIDDEN);

describe.each(owners)("O1 what belongs to the %s", (owner) => {
  test("is answered to nobody who may not ask, and changed by none of them", {
    timeout: 120_000,
  }, async () => {
    const requests = [];
    for (const route of routes) requests.push({ route, request: await newRequest(world, route, owner) });
    const before = await world.snapshot();
    const findings: string[] = [];
    let asked = 0;
    for (const { route, request } of requests) {
      const allowed = mayAsk(route, owner);
      for (const caller of callers.filter((candidate) => !allowed.includes(candidate))) {
        asked += 1;
        const answer = await ask(caller, request);
        const denied =
          caller === "nobody"
            ? answer.status === 401
            : caller === "other store"
              ? answer.status < 500
              : [403, 404].includes(answer.status);
        const leaked = shows(answer) && !JSON.stringify(request.body ?? "").includes(HIDDEN);
        if (!denied || leaked) {
          findings.push(`${caller}: ${nameOf(route)} ${answer.status}${leaked ? " shows it" : ""}`);
        }
      }
    }
    expect(findings).toEqual([]);
    expect(asked).toBeGreaterThan(400);
    expect(await world.snapshot()).toEqual(before);
  });

  test("is answered to those who may", { timeout: 120_000 }, async () => {
    const findings: string[] = [];
    for (const route of routes) {
      for (const caller of mayAsk(route, owner)) {
        const request = await newRequest(world, route, owner);
        const answer = await ask(caller, request);
        const expected = answeredWith[nameOf(route)];
        const fine = expected === undefined ? answer.status < 400 : answer.status === expected;
        if (!fine)
          findings.push(`${caller}: ${nameOf(route)} ${answer.status} ${JSON.stringify(answer.body)}`);
        const owns = caller === ownerOf(route, owner) || caller === "shop";
        const sent = JSON.stringify(request.body ?? "").includes(HIDDEN);
        // A list of one's own, or a route that is open to all, shows nothing of others.
        if (!owns && shows(answer) && !sent && !ownList(route, caller)) {
          findings.push(`${caller}: ${nameOf(route)} shows what belongs to the ${owner}`);
        }
      }
    }
    expect(findings).toEqual([]);
  });
});

/** Customers' and accounts' own routes are about them, whoever owns the cart or order. */
function ownerOf({ path }: Route, owner: Owner): Owner {
  if (path.startsWith("/v2/customers")) return "customer";
  return path.startsWith("/v2/account") ? "account" : owner;
}

/** Their own names are hidden from others, and shown to themselves. */
function ownList({ method, path }: Route, caller: Caller): boolean {
  const lists = ["/v2/carts", "/v2/orders", "/v2/accounts", "/v2/account-members"];
  return method === "GET" && lists.includes(path) && caller !== "shopper";
}

test("O1 a customer may delete itself, and nobody else", async () => {
  const leaving = await world.newCustomer();
  const path = `/v2/customers/${leaving.id}`;
  expect((await world.ask("other customer", "DELETE", path)).status).toBe(403);
  expect((await world.ask("nobody", "DELETE", path, undefined, leaving.headers)).status).toBe(204);
  expect((await world.ask("shop", "GET", path)).status).toBe(404);
});

test("O1 lists hold one's own carts, orders, accounts and members only", async () => {
  for (const owner of owners) {
    await world.newOrder(owner);
    const { headers } = owner === "customer" ? await world.newCustomer() : await world.newMember();
    const count = async (path: string): Promise<number> =>
      (await world.ask("nobody", "GET", path, undefined, headers)).body.meta.results.total;
    expect(await count("/v2/carts")).toBe(0);
    await world.ask("nobody", "POST", "/v2/carts", { data: { name: "Mine" } }, headers);
    expect(await count("/v2/carts")).toBe(1);
    expect(await count("/v2/orders")).toBe(0);
    if (owner === "account") {
      expect(await count("/v2/accounts")).toBe(1);
      expect(await count("/v2/account-members")).toBe(1);
    }
  }
});

test("O1 what a body names is looked at like what a path names", async () => {
  const { cartId } = await world.newCart("customer");
  const orderId = await world.newOrder("customer");
  const customerId = world.people.customer.id;
  const mine = "/v2/carts/a-cart-of-nobody";
  const billing_address = { ...address, first_name: "Eve", line_1: "1 Long Lane" };
  const contact = { name: "Eve", email: "eve@example.com" };
  for (const [path, data] of [
    [`${mine}/items`, { type: "cart_items", cart_id: cartId }],
    [`${mine}/items`, { type: "order_items", order_id: orderId }],
    [`${mine}/relationships/customers`, [{ type: "customer", id: customerId }]],
    [`${mine}/relationships/accounts`, [{ type: "account", id: world.people.account.id }]],
    [`${mine}/checkout`, { account: { id: world.people.account.id }, contact, billing_address }],
    ["/v2/carts", { id: cartId, name: "Mine now" }],
  ] as const) {
    for (const caller of ["shopper", "other customer"] as const) {
      await world.ask(caller, "POST", `${mine}/items`, {
        data: { type: "cart_item", id: await world.newProduct(), quantity: 1 },
      });
      const { status, body } = await world.ask(caller, "POST", path, { data });
      expect([403, 404], `${caller} ${JSON.stringify(data)}`).toContain(status);
      expect(JSON.stringify(body)).not.toContain(HIDDEN);
    }
  }
  const checkout = { data: { customer: { id: customerId }, billing_address } };
  expect((await world.ask("other customer", "POST", `${mine}/checkout`, checkout)).status).toBe(403);
});

test("O1 tokens that are expired, broken or of another store open nothing", async () => {
  const { cartId } = await world.newCart("customer");
  const path = `/v2/carts/${cartId}`;
  const { headers } = world.people.customer;
  const token = headers["x-moltin-customer-token"] as string;
  const { tokens } = engine.engine.core.deps;
  const claims = { use: "customer", store: engine.engine.storeId, sub: world.people.customer.id };
  const expired = tokens.sign(claims, -1);
  const elsewhereToken = tokens.sign({ ...claims, store: world.otherStoreId }, 3600);
  for (const bad of [`${token}x`, token.replace(/\.[^.]*$/, "."), expired, elsewhereToken, "null"]) {
    expect(
      (await world.ask("shopper", "GET", path, undefined, { "x-moltin-customer-token": bad })).status,
    ).toBe(403);
    const asBearer = { authorization: `Bearer ${bad}` };
    expect((await world.ask("nobody", "GET", path, undefined, asBearer)).status).toBe(401);
  }
  // A shopper's token is no access token, and the other way round.
  expect(
    (await world.ask("nobody", "GET", path, undefined, { authorization: `Bearer ${token}` })).status,
  ).toBe(401);
  // With the bearer of the other store, the customer of this one is nobody.
  const elsewhere = await world.ask("other store", "GET", path, undefined, {
    "x-moltin-customer-token": token,
  });
  expect(JSON.stringify(elsewhere.body)).not.toContain(HIDDEN);
});
