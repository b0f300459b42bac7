import { beforeAll, describe, expect, test } from "vitest";
import type { AskOptions } from "../../engine.ts";
import { address, useWire } from "./harness.ts";
import { placedOrder } from "./purchases.ts";
import { type Shopper, signedInAccount, signedInCustomer } from "./shoppers.ts";

// Who may do what: every kind of route with every kind of token. Whoever may not gets 403; whoever may gets any other
// answer, since most bodies here are empty and most ids made up, but never 401, 403 or a failure.
const wire = useWire();

type Token = "implicit" | "customer" | "account" | "shop";
const tokens: readonly Token[] = ["implicit", "customer", "account", "shop"];

let customer: Shopper;
let account: Omit<Shopper, "email">;
let order: string;
let product: string;
beforeAll(async () => {
  customer = await signedInCustomer(wire);
  account = await signedInAccount(wire);
  const placed = await placedOrder(wire);
  order = placed.path;
  product = placed.productId;
});

const optionsOf = (token: Token): AskOptions => {
  if (token === "shop" || token === "implicit") return { as: token === "shop" ? "shop" : "shopper" };
  const headers: Record<string, string> =
    token === "customer"
      ? { "x-moltin-customer-token": customer.token }
      : { "ep-account-management-authentication-token": account.token };
  return { as: "shopper", headers };
};

const everybody = tokens;
const shopOnly: readonly Token[] = ["shop"];
const signedIn: readonly Token[] = ["customer", "account", "shop"];

const table: readonly [request: string, allowed: readonly Token[], data?: object][] = [
  ["GET /v2/carts", signedIn],
  ["POST /v2/carts", everybody],
  ["GET /v2/carts/a-cart", everybody],
  ["PUT /v2/carts/a-cart", everybody],
  ["DELETE /v2/carts/a-cart", everybody],
  ["GET /v2/carts/a-cart/items", everybody],
  ["POST /v2/carts/a-cart/items", everybody],
  ["PUT /v2/carts/a-cart/items", everybody],
  ["PUT /v2/carts/a-cart/items/an-item", everybody],
  ["DELETE /v2/carts/a-cart/items/an-item", everybody],
  ["DELETE /v2/carts/a-cart/items", everybody],
  ["DELETE /v2/carts/a-cart/discounts/CODE", everybody],
  ["POST /v2/carts/a-cart/checkout", everybody],
  ["POST /v2/carts/a-cart/items/an-item/taxes", shopOnly],
  ["PUT /v2/carts/a-cart/items/an-item/taxes/a-tax", shopOnly],
  ["DELETE /v2/carts/a-cart/items/an-item/taxes/a-tax", shopOnly],
  ["POST /v2/carts/a-cart/taxes", shopOnly],
  ["DELETE /v2/carts/a-cart/taxes", shopOnly],
  ["GET /v2/orders", signedIn],
  ["GET :order", signedIn],
  ["GET :order/items", signedIn],
  ["PUT :order", shopOnly],
  ["POST /v2/orders/anonymize", shopOnly],
  ["POST :order/payments", everybody],
  ["GET :order/transactions", signedIn],
  ["GET :order/transactions/one", signedIn],
  ["POST :order/transactions/one/confirm", everybody],
  ["POST :order/transactions/one/capture", shopOnly],
  ["POST :order/transactions/one/refund", shopOnly],
  ["POST :order/transactions/one/cancel", shopOnly],
  ["GET /v2/gateways", shopOnly],
  ["GET /v2/gateways/manual", shopOnly],
  ["PUT /v2/gateways/manual", shopOnly],
  ["GET /v2/settings", shopOnly],
  ["PUT /v2/settings", shopOnly],
  ["GET /v2/settings/cart", shopOnly],
  ["PUT /v2/settings/cart", shopOnly],
  ["GET /v2/inventories", everybody],
  ["GET /v2/inventories/:product", everybody],
  ["POST /v2/inventories/multiple", everybody],
  ["GET /v2/inventories/:product/transactions", everybody],
  ["POST /v2/inventories/:product", shopOnly],
  ["POST /v2/inventories/:product/transactions", shopOnly],
  ["DELETE /v2/inventories/nothing", shopOnly],
  ["GET /v2/currencies", everybody],
  ["POST /v2/currencies", shopOnly],
  ["PUT /v2/currencies/one", shopOnly],
  ["DELETE /v2/currencies/one", shopOnly],
  ["GET /v2/products", everybody],
  ["GET /v2/products/:product", everybody],
  ["POST /v2/products", shopOnly],
  ["PUT /v2/products/nothing", shopOnly],
  ["DELETE /v2/products/nothing", shopOnly],
  ["GET /catalog/products", everybody],
  ["GET /catalog/products/:product", everybody],
  ["GET /v2/customers", shopOnly],
  ["POST /v2/customers", everybody],
  ["POST /v2/customers/tokens", everybody],
  ["GET /v2/customers/:customer", ["customer", "shop"]],
  ["PUT /v2/customers/:customer", ["customer", "shop"], { name: "Ada" }],
  ["GET /v2/customers/:customer/addresses", ["customer", "shop"]],
  ["POST /v2/customers/:customer/addresses", ["customer", "shop"], { name: "Home", ...address }],
  ["POST /v2/account-members/tokens", everybody],
  ["POST /v2/accounts", shopOnly],
  ["GET /v2/accounts/:account", ["account", "shop"]],
  ["PUT /v2/accounts/:account", shopOnly],
  ["GET /v2/accounts/:account/addresses", ["account", "shop"]],
  ["POST /v2/accounts/:account/addresses", ["account", "shop"], { name: "Home", ...address }],
  ["POST /v2/accounts/:account/account-memberships", shopOnly],
  ["GET /v2/flows", everybody],
  ["POST /v2/flows", shopOnly],
  ["GET /v2/fields", everybody],
  ["POST /v2/fields", shopOnly],
];

describe.each(table)("%s", (request, allowed, data) => {
  test(`is for ${allowed.join(", ")}`, async () => {
    const [method = "", template = ""] = request.split(" ");
    const path = template
      .replace(":order", order)
      .replace(":product", product)
      .replace(":customer", customer.id)
      .replace(":account", account.id);
    const body = method === "GET" || method === "DELETE" ? undefined : { data };
    const seen = await Promise.all(
      tokens.map(async (token) => (await wire.ask(method, path, body, optionsOf(token))).status),
    );
    const may = tokens.filter((_, at) => seen[at] !== 403);
    expect(may, `statuses ${seen}`).toEqual(tokens.filter((token) => allowed.includes(token)));
    expect(seen.filter((status) => status === 401 || status >= 500)).toEqual([]);
    expect((await wire.ask(method, path, body, { as: "none" })).status).toBe(401);
  });
});

test("another's order, customer, account and address book are not there, or not to be touched", async () => {
  const stranger = await signedInCustomer(wire);
  const others = await signedInAccount(wire);
  const asCustomer: AskOptions = { as: "shopper", headers: { "x-moltin-customer-token": stranger.token } };
  const asAccount: AskOptions = {
    as: "shopper",
    headers: { "ep-account-management-authentication-token": others.token },
  };
  const mine = await placedOrder(wire, { customer: { id: customer.id } });
  for (const path of [mine.path, `${mine.path}/items`, `${mine.path}/transactions`]) {
    expect((await wire.ask("GET", path, undefined, asCustomer)).status).toBe(404);
    expect((await wire.ask("GET", path, undefined, asAccount)).status).toBe(404);
    expect((await wire.ask("GET", path, undefined, optionsOf("customer"))).status).toBe(200);
  }
  expect((await wire.ask("GET", "/v2/orders", undefined, asCustomer)).body.data).toEqual([]);
  for (const path of [`/v2/customers/${customer.id}`, `/v2/customers/${customer.id}/addresses`]) {
    expect([403, 404]).toContain((await wire.ask("GET", path, undefined, asCustomer)).status);
  }
  for (const path of [`/v2/accounts/${account.id}`, `/v2/accounts/${account.id}/addresses`]) {
    expect([403, 404]).toContain((await wire.ask("GET", path, undefined, asAccount)).status);
  }
});

test("one request is for a customer or for an account, not both", async () => {
  const headers = {
    "x-moltin-customer-token": customer.token,
    "ep-account-management-authentication-token": account.token,
  };
  const { status, body } = await wire.ask("GET", "/v2/orders", undefined, { as: "shopper", headers });
  expect([status, body.errors[0].title]).toEqual([400, "Bad Request"]);
});
