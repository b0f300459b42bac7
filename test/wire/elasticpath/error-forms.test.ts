import { describe, expect, test } from "vitest";
import { newReference } from "../../engine.ts";
import { useWire } from "./harness.ts";
import { signedInCustomer } from "./shoppers.ts";

// The two forms of errors on the wire: what is wrong with a body, by schema keyword and path, and all other problems.
const wire = useWire();

const asShopper = { as: "shopper" } as const;

describe("who asks", () => {
  test.each([
    ["no bearer", {}],
    ["a bearer that is none", { authorization: "Bearer nonsense" }],
    ["another scheme", { authorization: "Basic YTpi" }],
    ["a token for another use", { authorization: "Bearer customer" }],
  ])("with %s gets 401, to the letter", async (_what, given: { authorization?: string }) => {
    const { token } = await signedInCustomer(wire);
    const authorization = given.authorization?.replace("customer", token);
    const sent: Record<string, string> = authorization === undefined ? {} : { authorization };
    for (const path of ["/v2/currencies", "/v2/orders", "/v2/carts/c1", "/v2/settings"]) {
      const { status, body } = await wire.ask("GET", path, undefined, { as: "none", headers: sent });
      const wanted = path === "/v2/settings" ? "401" : 401;
      expect([status, body]).toEqual([
        401,
        { errors: [{ status: wanted, title: "Unable to validate access token" }] },
      ]);
    }
  });

  test("with the wrong token gets 403, also where the thing does not exist", async () => {
    const headers = { "x-moltin-customer-token": "nonsense" };
    const { status, body } = await wire.ask("GET", "/v2/orders", undefined, { ...asShopper, headers });
    expect([status, body.errors[0].title]).toEqual([403, "Forbidden"]);
    expect((await wire.ask("PUT", "/v2/orders/nothing", { data: {} }, asShopper)).status).toBe(403);
  });
});

describe("statuses are", () => {
  test.each([
    ["GET", "/v2/orders/nothing", undefined, 404],
    ["POST", `/v2/carts/${newReference()}/items`, { data: { type: "cart_item", id: "x", quantity: 0 } }, 400],
    ["GET", "/v2/products/nothing", undefined, 404],
    ["GET", "/v2/customers/nothing", undefined, 404],
    ["POST", "/v2/customers", { data: {} }, 400],
    ["GET", "/v2/currencies/nothing", undefined, 404],
    ["POST", "/v2/orders/anonymize", "{", 400],
    ["GET", "/v2/nothing", undefined, 404],
  ])("numbers: %s %s", async (method, path, body, status) => {
    const answer = await wire.ask(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body.errors[0].status).toBe(status);
    expect((await wire.ask(method, path, body, { as: "none" })).body.errors[0].status).toBeTypeOf("number");
    wire.takeUndocumented();
  });

  test.each([
    ["GET", "/v2/accounts/nothing", undefined, 404],
    ["POST", "/v2/accounts", { data: {} }, 400],
    ["POST", "/v2/accounts", "{", 400],
    ["GET", "/v2/accounts/nothing/addresses", undefined, 404],
    ["GET", "/v2/accounts/nothing/account-memberships", undefined, 404],
    ["GET", "/v2/account-members/nothing", undefined, 404],
    ["POST", "/v2/account-members/tokens", { data: {} }, 400],
    ["PUT", "/v2/settings", { data: { page_length: 0 } }, 400],
    ["PUT", "/v2/settings/cart", { data: { cart_expiry_days: 366 } }, 400],
    ["POST", "/oauth/access_token", { grant_type: "none" }, 400],
  ])("texts in the newer services: %s %s", async (method, path, body, status) => {
    const answer = await wire.ask(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body.errors[0].status).toBe(String(status));
    for (const as of ["shopper", "none"] as const) {
      const refused = await wire.ask(method, path, body, { as });
      expect(refused.body.errors[0].status).toBe(String(refused.status));
    }
  });
});

describe("what is wrong with a body is named by keyword and path", () => {
  const item = { type: "cart_item", id: "x", quantity: 1 };
  test.each([
    ["required", "data.quantity", { ...item, quantity: undefined }, "data.quantity is required"],
    ["invalid_type", "data.quantity", { ...item, quantity: "1" }, "Must be integer"],
    ["number_gte", "data.quantity", { ...item, quantity: -1 }, "Must be greater than or equal to 1"],
    [
      "enum",
      "data.type",
      { ...item, type: "thing" },
      'data.type must be one of the following: "cart_item", "custom_item", "promotion_item", "cart_items", "order_items"',
    ],
  ])("%s", async (title, source, data, detail) => {
    const { status, body } = await wire.ask("POST", `/v2/carts/${newReference()}/items`, { data });
    expect(status).toBe(400);
    expect(body.errors[0]).toMatchObject({ status: 400, title, source, detail });
  });

  test("in settings, to the letter", async () => {
    const { status, body } = await wire.ask("PUT", "/v2/settings", { data: { type: "nothing" } });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      {
        title: "enum",
        source: "data.type",
        detail: 'data.type must be one of the following: "settings"',
      },
    ]);
  });

  test("all at once", async () => {
    const { body } = await wire.ask("POST", "/v2/customers", { data: { name: "", email: "x" } });
    const found = body.errors.map(({ title, source }: Record<string, string>) => `${title} ${source}`);
    expect(found.sort()).toEqual(["format data.email", "string_gte data.name"]);
  });
});

describe("what is no body", () => {
  test.each(["{", '{"data":', "[1,2", "data", '{"data": undefined'])("%s", async (text) => {
    const { status, body } = await wire.ask("POST", "/v2/carts", text);
    expect([status, body.errors[0]]).toEqual([
      400,
      { status: 400, title: "Bad Request", detail: "The body is not valid JSON" },
    ]);
  });

  test("a body of another type", async () => {
    const headers = { "content-type": "text/xml" };
    // Not judged: that any route may answer so is not in the reference of each.
    const { status, body } = await wire.engine.ask("POST", "/v2/carts", "<name/>", { headers });
    expect([status, body.errors[0].title]).toEqual([415, "Unsupported Media Type"]);
  });

  test("a body of null, a list or a word where an object is wanted", async () => {
    for (const text of ["null", "[]", '"data"', "1", '{"data":null}', '{"data":[]}', "{}"]) {
      const { status, body } = await wire.ask("POST", "/v2/carts", text);
      expect([status, body.errors[0].status], text).toEqual([400, 400]);
    }
  });
});

describe("filters and pages", () => {
  test.each(["eq(", "eq(name)", "nothing(name,x)", "eq(name,x", ")"])(
    "a filter that cannot be read: %s",
    async (filter) => {
      const { status, body } = await wire.ask("GET", `/v2/orders?filter=${encodeURIComponent(filter)}`);
      expect(status).toBe(400);
      expect(body.errors[0]).toMatchObject({
        title: "Bad Request",
        detail: "Could not parse the supplied filter",
      });
    },
  );

  test.each([
    ["page[limit]=0", "page[limit]"],
    ["page[limit]=101", "page[limit]"],
    ["page[limit]=x", "page[limit]"],
    ["page[offset]=-1", "page[offset]"],
    ["page[offset]=10001", "page[offset]"],
    ["sort=nothing", "sort"],
  ])("a page that cannot be had: %s", async (query, source) => {
    const { status, body } = await wire.ask("GET", `/v2/orders?${query}`);
    expect([status, body.errors[0].source]).toEqual([400, source]);
  });
});
