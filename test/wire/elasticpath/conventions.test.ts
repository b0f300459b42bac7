import { describe, expect, test } from "vitest";
import { newReference } from "../../engine.ts";
import { address, buyer, newProduct, useWire } from "./harness.ts";
import { placedOrder } from "./purchases.ts";
import { signedInCustomer } from "./shoppers.ts";

const wire = useWire();

describe("browsers of other origins", () => {
  const origin = "https://shop.example.com";
  const sent = [
    "authorization",
    "content-type",
    "accept-language",
    "idempotency-key",
    "x-moltin-sdk-language",
    "x-moltin-sdk-version",
    "x-moltin-application",
    "x-moltin-currency",
    "x-moltin-language",
    "x-moltin-auth-store",
    "x-moltin-customer-token",
    "ep-account-management-authentication-token",
    "ep-channel",
    "ep-context-tag",
    "ep-inventories-multi-location",
    "ep-beta-features",
    "ep-disable-beta-filtering",
  ];

  test.each([
    ["GET", "/v2/products"],
    ["POST", "/oauth/access_token"],
    ["POST", "/v2/carts/c1/items"],
    ["PUT", "/v2/carts/c1/items/i1"],
    ["DELETE", "/v2/carts/c1/items/i1"],
    ["POST", "/v2/carts/c1/checkout"],
    ["POST", "/v2/orders/o1/payments"],
    ["GET", "/catalog/products"],
    ["GET", "/v2/not/there"],
  ])("may ask %s %s with all headers that the SDKs send", async (method, path) => {
    const answer = await fetch(`${wire.engine.url}${path}`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": method,
        "access-control-request-headers": sent.join(","),
      },
    });
    expect(answer.status).toBe(204);
    expect([origin, "*"]).toContain(answer.headers.get("access-control-allow-origin"));
    const list = (name: string) => (answer.headers.get(name) ?? "").split(/ *, */);
    expect(list("access-control-allow-methods")).toEqual(
      expect.arrayContaining(["GET", "POST", "PUT", "DELETE", "OPTIONS"]),
    );
    const allowed = list("access-control-allow-headers").map((name) => name.toLowerCase());
    expect(allowed).toEqual(expect.arrayContaining(sent));
  });

  test.each([
    ["an answer", "/v2/currencies", "shop", 200],
    ["a refusal", "/v2/orders", "shopper", 403],
    ["a missing token", "/v2/currencies", "none", 401],
    ["nothing", "/v2/not/there", "shop", 404],
  ] as const)("may read %s", async (_what, path, as, status) => {
    const answer = await wire.ask("GET", path, undefined, { as, headers: { origin } });
    expect(answer.status).toBe(status);
    expect([origin, "*"]).toContain(answer.headers.get("access-control-allow-origin"));
    wire.takeUndocumented();
  });
});

describe("lists", () => {
  async function aListOf(what: string): Promise<string> {
    if (what === "orders") {
      const { productId } = await placedOrder(wire);
      const item = { type: "cart_item", id: productId, quantity: 1 };
      const cart = `/v2/carts/${newReference()}`;
      await wire.ask("POST", `${cart}/items`, { data: item });
      const checkout = { data: { customer: buyer, billing_address: address } };
      await wire.ask("POST", `${cart}/checkout`, checkout);
      await wire.ask("POST", `${cart}/checkout`, checkout);
      return `/v2/orders?filter=eq(product_id,${productId})`;
    }
    if (what === "customers") {
      const names = await Promise.all([1, 2, 3].map(() => signedInCustomer(wire)));
      return `/v2/customers?filter=in(id,${names.map(({ id }) => id).join(",")})`;
    }
    if (what === "carts") {
      const ada = await signedInCustomer(wire);
      for (let count = 0; count < 3; count += 1) {
        const id = newReference();
        const data = [{ type: "customer", id: ada.id }];
        await wire.ask("POST", `/v2/carts/${id}/relationships/customers`, { data });
      }
      return `/v2/carts?filter=contains(customer_ids,"${ada.id}")`;
    }
    const products = [await newProduct(wire, { stock: 1 }), await newProduct(wire, { stock: 1 })];
    products.push(await newProduct(wire, { stock: 1 }));
    const ids = products.map(({ id }) => id).join(",");
    return what === "inventories" ? `/v2/inventories?filter=in(id,${ids})` : `${what}?filter=in(id,${ids})`;
  }

  test.each(["orders", "customers", "carts", "/v2/products", "inventories", "/catalog/products"])(
    "of %s are walked by their links, each record once",
    async (what) => {
      const path = await aListOf(what);
      const first = (await wire.ask("GET", `${path}&page[limit]=2&page[offset]=0`)).body;
      expect(first.meta).toEqual({
        page: { limit: 2, offset: 0, current: 1, total: 2 },
        results: { total: 3 },
      });
      expect(first.links.prev).toBeNull();
      expect(first.links.next).toContain(wire.engine.url);
      const follow = (link: string) => wire.ask("GET", link.slice(wire.engine.url.length));
      const second = (await follow(first.links.next)).body;
      expect(second.meta.page).toEqual({ limit: 2, offset: 2, current: 2, total: 2 });
      expect(second.links).toMatchObject({ next: null, last: first.links.last, first: first.links.first });
      expect((await follow(second.links.prev)).body.data).toEqual(first.data);
      expect((await follow(first.links.last)).body.data).toEqual(second.data);
      const seen = [...first.data, ...second.data].map(({ id }: { id: string }) => id);
      expect(new Set(seen).size).toBe(3);
      for (const link of Object.values<string | null>(first.links)) {
        if (link !== null)
          expect(decodeURIComponent(link)).toContain(decodeURIComponent(path.split("?")[1] ?? ""));
      }
      for (const whole of [path, `${path}&page[limit]=3`]) {
        const { links, meta } = (await wire.ask("GET", whole)).body;
        expect([links.last, links.next, links.prev]).toEqual([null, null, null]);
        expect(meta.page).toMatchObject({ offset: 0, current: 1, total: 1 });
      }
    },
  );

  test.each(["/v2/orders", "/v2/products", "/v2/customers", "/v2/carts", "/v2/inventories", "/v2/accounts"])(
    "of nothing have meta and links too: %s",
    async (path) => {
      const { body } = await wire.ask("GET", `${path}?filter=eq(id,nothing)`);
      expect(body.data).toEqual([]);
      expect(body.meta).toMatchObject({ page: { offset: 0, current: 1 }, results: { total: 0 } });
      expect(body.links).toMatchObject({ next: null, prev: null });
    },
  );
});

describe("display_price", () => {
  const money = (amount: number, formatted: string) => ({ amount, currency: "USD", formatted });
  const nothing = money(0, "$0.00");

  test("of a cart, its items, the order and its items has every member, and they agree", async () => {
    const price = [{ amount: 123456, currency: "USD", includes_tax: false }];
    const product = await newProduct(wire, { price });
    const cart = `/v2/carts/${newReference()}`;
    const tax = [{ type: "tax_item", name: "VAT", rate: 0.1 }];
    await wire.ask("POST", `${cart}/items`, {
      data: { type: "cart_item", id: product.id, quantity: 2, tax },
    });
    const items = (await wire.ask("GET", `${cart}/items`)).body;
    const line = {
      with_tax: { unit: money(135802, "$1,358.02"), value: money(271603, "$2,716.03") },
      without_tax: { unit: money(123456, "$1,234.56"), value: money(246912, "$2,469.12") },
      tax: { unit: money(12346, "$123.46"), value: money(24691, "$246.91") },
      discount: { unit: nothing, value: nothing },
      without_discount: { unit: money(123456, "$1,234.56"), value: money(246912, "$2,469.12") },
    };
    expect(items.data[0].meta.display_price).toEqual(line);
    expect(items.data[0].value).toEqual({ amount: 246912, currency: "USD", includes_tax: false });
    const total = {
      with_tax: money(271603, "$2,716.03"),
      without_tax: money(246912, "$2,469.12"),
      tax: money(24691, "$246.91"),
      discount: nothing,
      without_discount: money(246912, "$2,469.12"),
      shipping: nothing,
      shipping_discount: nothing,
    };
    expect(items.meta.display_price).toEqual(total);
    expect((await wire.ask("GET", cart)).body.data.meta.display_price).toEqual(total);

    const checkout = { data: { customer: buyer, billing_address: address } };
    const { data, included } = (await wire.ask("POST", `${cart}/checkout`, checkout)).body;
    expect(included.items[0].meta.display_price).toEqual(line);
    const owing = { balance_owing: total.with_tax, paid: nothing, authorized: nothing };
    expect(data.meta.display_price).toEqual({ ...total, ...owing });
  });

  test("of a price with its tax in it: the price stays, the tax is taken out", async () => {
    const price = [{ amount: 1199, currency: "USD", includes_tax: true }];
    const product = await newProduct(wire, { price });
    const cart = `/v2/carts/${newReference()}`;
    const tax = [{ type: "tax_item", rate: 0.19 }];
    await wire.ask("POST", `${cart}/items`, {
      data: { type: "cart_item", id: product.id, quantity: 1, tax },
    });
    const { data } = (await wire.ask("GET", `${cart}/items`)).body;
    expect(data[0].meta.display_price).toMatchObject({
      with_tax: { value: money(1199, "$11.99") },
      without_tax: { value: money(1008, "$10.08") },
      tax: { value: money(191, "$1.91") },
    });
  });

  test("of a cart that nobody has used yet: zero in the currency that is asked for", async () => {
    const { body } = await wire.ask("GET", `/v2/carts/${newReference()}`, undefined, {
      headers: { "x-moltin-currency": "EUR" },
    });
    expect(body.data.meta.display_price.with_tax).toEqual({ amount: 0, currency: "EUR", formatted: "€0.00" });
    expect(Object.keys(body.data.meta.display_price).sort()).toEqual([
      "discount",
      "shipping",
      "shipping_discount",
      "tax",
      "with_tax",
      "without_discount",
      "without_tax",
    ]);
  });
});
