import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type AskOptions, startTestEngine, type TestEngine } from "../../engine.ts";
import { askDescribed } from "./described-answer.ts";
import { moltinClient } from "./moltin-client.ts";

let engine: TestEngine;
let shop: ReturnType<typeof moltinClient>;
let shopper: ReturnType<typeof moltinClient>;
const ask = (method: string, path: string, body?: unknown, options?: AskOptions) =>
  askDescribed(engine, method, path, body, options);
const asShopper = { as: "shopper" } as const;

beforeAll(async () => {
  engine = await startTestEngine();
  shop = moltinClient(engine, { secret: true });
  shopper = moltinClient(engine);
});
afterAll(() => engine.close());

function aCurrency(code: string, members: object = {}) {
  return {
    type: "currency",
    code,
    exchange_rate: 1,
    format: `${code} {price}`,
    decimal_point: ".",
    thousand_separator: ",",
    decimal_places: 2,
    default: false,
    enabled: true,
    ...members,
  };
}

const currencies = async () => (await ask("GET", "/v2/currencies", undefined, asShopper)).body.data;
const idOf = async (code: string): Promise<string> =>
  (await currencies()).find((currency: { code: string }) => currency.code === code).id;

describe("currencies", () => {
  const kept: string[] = [];
  beforeEach(async () => {
    kept.splice(0, Infinity, ...(await currencies()).map(({ id }: { id: string }) => id));
  });
  afterEach(async () => {
    await ask("PUT", `/v2/currencies/${await idOf("USD")}`, { data: { type: "currency", default: true } });
    for (const { id } of await currencies())
      if (!kept.includes(id)) await ask("DELETE", `/v2/currencies/${id}`);
  });

  test("are created, read, changed and deleted with the vendor's SDK", async () => {
    const { data } = await shop.Currencies.Create(aCurrency("GBP", { format: "£{price}" }));
    expect(data).toMatchObject({ type: "currency", code: "GBP", format: "£{price}", default: false });
    expect((await shopper.Currencies.Get(data.id)).data).toEqual(data);
    const changed = await shop.Currencies.Update(data.id, { exchange_rate: 1.5 } as never);
    expect(changed.data).toMatchObject({ exchange_rate: 1.5, format: "£{price}" });
    expect((await shopper.Currencies.All()).data.map(({ code }) => code)).toEqual(["USD", "EUR", "GBP"]);
    await shop.Currencies.Delete(data.id);
    await expect(shop.Currencies.Delete(data.id)).rejects.toMatchObject({
      errors: [{ status: 404, title: "Not Found", detail: "currency not found" }],
    });
    await expect(shopper.Currencies.Get(data.id)).rejects.toMatchObject({ errors: [{ status: 404 }] });
  });

  test("are written by the shop alone", async () => {
    const path = `/v2/currencies/${await idOf("EUR")}`;
    expect((await ask("POST", "/v2/currencies", { data: aCurrency("GBP") }, asShopper)).status).toBe(403);
    expect((await ask("PUT", path, { data: { enabled: false } }, asShopper)).status).toBe(403);
    expect((await ask("DELETE", path, undefined, asShopper)).status).toBe(403);
  });

  test("have different codes", async () => {
    const taken = {
      status: 400,
      body: {
        errors: [
          {
            title: "Currency already exists",
            detail: "The specified currency code already exists for this store",
          },
        ],
      },
    };
    expect(await ask("POST", "/v2/currencies", { data: aCurrency("EUR") })).toMatchObject(taken);
    const path = `/v2/currencies/${await idOf("EUR")}`;
    expect(await ask("PUT", path, { data: { code: "USD" } })).toMatchObject(taken);
  });

  test("are ten at most, also when many come at once", async () => {
    const codes = ["AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH", "III", "JJJ", "KKK", "LLL"];
    const answers = await Promise.all(
      codes.map((code) => ask("POST", "/v2/currencies", { data: aCurrency(code) })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(8);
    const refused = answers.filter(({ status }) => status === 422);
    expect(refused).toHaveLength(4);
    expect(refused[0]?.body.errors).toMatchObject([
      {
        title: "Currency limit reached",
        detail: "You have reached the maximum allowed currency limit of 10",
      },
    ]);
    expect(await currencies()).toHaveLength(10);
  });

  test("have one default, which is neither disabled nor deleted", async () => {
    const [usd, eur] = [await idOf("USD"), await idOf("EUR")];
    const change = (id: string, data: object) => ask("PUT", `/v2/currencies/${id}`, { data });
    const defaults = async () =>
      (await currencies())
        .filter((one: { default: boolean }) => one.default)
        .map((one: { code: string }) => one.code);
    expect(await change(usd, { enabled: false })).toMatchObject({
      status: 422,
      body: { errors: [{ detail: "Cannot disable the default currency" }] },
    });
    expect((await change(usd, { default: false })).status).toBe(422);
    expect((await change(eur, { default: true, enabled: false })).status).toBe(422);
    expect((await ask("DELETE", `/v2/currencies/${usd}`)).status).toBe(422);
    const disabled = aCurrency("GBP", { default: true, enabled: false });
    expect((await ask("POST", "/v2/currencies", { data: disabled })).status).toBe(422);
    expect(await defaults()).toEqual(["USD"]);

    expect((await change(eur, { default: true })).body.data.default).toBe(true);
    expect(await defaults()).toEqual(["EUR"]);
    await ask("POST", "/v2/currencies", { data: aCurrency("GBP", { default: true }) });
    expect(await defaults()).toEqual(["GBP"]);
  });

  test("say which member is wrong", async () => {
    const wrong = async (members: object) =>
      (await ask("POST", "/v2/currencies", { data: aCurrency("GBP", members) })).body.errors[0].source;
    expect(await wrong({ code: "gbp" })).toBe("data.code");
    expect(await wrong({ exchange_rate: -1 })).toBe("data.exchange_rate");
    expect(await wrong({ decimal_places: 7 })).toBe("data.decimal_places");
    expect(await wrong({ enabled: "yes" })).toBe("data.enabled");
    const { format: _, ...incomplete } = aCurrency("GBP");
    const { body } = await ask("POST", "/v2/currencies", { data: incomplete });
    expect(body.errors).toMatchObject([{ status: 400, title: "required", source: "data.format" }]);
  });
});

describe("settings", () => {
  test("are read and changed with the vendor's SDK; what cannot be changed is ignored", async () => {
    const { data } = await shop.Settings.All();
    expect(data).toMatchObject({
      type: "settings",
      page_length: 25,
      list_child_products: false,
      calculation_method: "line",
      currency_limit: 10,
      page_offset_limit: 10_000,
    });
    const changed = await shop.Settings.Update({ page_length: 3, currency_limit: 99 } as never);
    expect(changed.data).toEqual({ ...data, page_length: 3 });
    expect((await ask("GET", "/v2/products", undefined, asShopper)).body.data).toHaveLength(3);
    await shop.Settings.Delete();
    expect((await ask("GET", "/v2/settings")).body).toEqual({ data, meta: { owner: "store" } });
  });

  test("say which member is wrong", async () => {
    const wrong = async (data: object, path = "/v2/settings") =>
      (await ask("PUT", path, { data: { type: "settings", ...data } })).body.errors[0];
    expect(await wrong({ type: "setting" })).toEqual({
      status: "400",
      title: "enum",
      source: "data.type",
      detail: 'data.type must be one of the following: "settings"',
    });
    expect(await wrong({ page_length: 101 })).toMatchObject({ source: "data.page_length" });
    expect(await wrong({ page_length: 0 })).toMatchObject({ source: "data.page_length" });
    expect(await wrong({ calculation_method: "guess" })).toMatchObject({ source: "data.calculation_method" });
    expect(await wrong({ address_mandatory_fields: ["shoe_size"] })).toMatchObject({
      source: "data.address_mandatory_fields.0",
    });
    expect(await wrong({ cart_expiry_days: 366 }, "/v2/settings/cart")).toMatchObject({
      source: "data.cart_expiry_days",
    });
    expect(await wrong({ max_items: 1001 }, "/v2/settings/cart")).toMatchObject({ source: "data.max_items" });
  });

  test("of carts are read and changed with the vendor's SDK", async () => {
    const { data } = await shop.Settings.Cart();
    expect(data).toEqual({
      type: "settings",
      cart_expiry_days: 7,
      discounts: { custom_discounts_enabled: false, use_rule_promotions: false },
      inventories: { defer_inventory_check: false },
      items: { separate_items_by_location: false },
      show_all_carts: true,
      custom_items_by_shoppers: true,
      custom_discounts_by_shoppers: false,
      owned_carts_need_token: true,
      max_items: 100,
      price_changes: "consent",
      taxes_required: false,
      min_order_totals: [],
    });
    const changed = await shop.Settings.UpdateCart({ type: "settings", cart_expiry_days: 30 });
    expect(changed.data).toEqual({ ...data, cart_expiry_days: 30 });
    const more = {
      data: {
        type: "settings",
        cart_expiry_days: 7,
        custom_items_by_shoppers: false,
        custom_discounts_by_shoppers: true,
        owned_carts_need_token: false,
        max_items: 5,
        inventories: { defer_inventory_check: true },
        discounts: { use_rule_promotions: true },
      },
    };
    const { body } = await ask("PUT", "/v2/settings/cart", more);
    expect(body.data).toMatchObject({
      custom_items_by_shoppers: false,
      custom_discounts_by_shoppers: true,
      owned_carts_need_token: false,
      max_items: 5,
      inventories: { defer_inventory_check: true },
      discounts: { custom_discounts_enabled: false, use_rule_promotions: true },
    });
    const both = { data: { type: "settings", discounts: { custom_discounts_enabled: true } } };
    expect(await ask("PUT", "/v2/settings/cart", both)).toMatchObject({
      status: 422,
      body: {
        errors: [
          {
            status: "422",
            title: "Cannot use both discounts together",
            detail: "Only one discount setting can be set to true at a time.",
          },
        ],
      },
    });
    await ask("PUT", "/v2/settings/cart", { data });
    expect((await ask("GET", `/v2/settings/cart/${engine.engine.storeId}`)).body.data).toEqual(data);
    expect((await ask("GET", "/v2/settings/cart/another")).status).toBe(404);
    expect((await ask("PUT", "/v2/settings/cart/another", { data })).status).toBe(404);
  });

  test("are the shop's alone", async () => {
    for (const path of ["", "/cart", "/promotions", "/account-authentication"]) {
      expect((await ask("GET", `/v2/settings${path}`, undefined, asShopper)).status).toBe(403);
      expect((await ask("GET", `/v2/settings${path}`)).status).toBe(200);
    }
    expect((await ask("PUT", "/v2/settings", { data: { page_length: 1 } }, asShopper)).status).toBe(403);
  });

  test("changed by two at once are both kept", async () => {
    await Promise.all([
      ask("PUT", "/v2/settings", { data: { page_length: 11 } }),
      ask("PUT", "/v2/settings", { data: { shopper_address_limit: 12 } }),
      ask("PUT", "/v2/settings/cart", { data: { cart_expiry_days: 13 } }),
    ]);
    expect((await ask("GET", "/v2/settings")).body.data).toMatchObject({
      page_length: 11,
      shopper_address_limit: 12,
    });
    expect((await ask("GET", "/v2/settings/cart")).body.data.cart_expiry_days).toBe(13);
  });
});

describe("gateways", () => {
  test("are all there, and the manual one is switched with the vendor's SDK", async () => {
    const { data } = await shop.Gateways.All();
    expect(data.map(({ slug }) => slug)).toEqual([
      "manual",
      "stripe",
      "stripe_payment_intents",
      "stripe_connect",
      "elastic_path_payments_stripe",
      "braintree",
      "adyen",
      "authorize_net",
      "cyber_source",
      "card_connect",
      "paypal_express_checkout",
    ]);
    expect((await shop.Gateways.Enabled("manual", false)).data).toEqual({
      type: "gateway",
      slug: "manual",
      name: "Manual",
      enabled: false,
    });
    expect((await shop.Gateways.Get("manual")).data.enabled).toBe(false);
    await shop.Gateways.Enabled("manual", true);
    expect((await shop.Gateways.Get("manual")).data.enabled).toBe(true);
    expect((await shop.Gateways.Update("manual", {})).data.enabled).toBe(true);
  });

  test("that this installation does not have stay disabled, and nothing secret is kept", async () => {
    const enabled = await ask("PUT", "/v2/gateways/cyber_source", {
      data: { type: "gateway", enabled: true },
    });
    expect(enabled.status).toBe(422);
    const secret = await ask("PUT", "/v2/gateways/cyber_source", {
      data: { enabled: false, password: "k1" },
    });
    expect(secret).toMatchObject({ status: 422, body: { errors: [{ source: "data.password" }] } });
    expect((await ask("PUT", "/v2/gateways/cyber_source", { data: { enabled: false } })).status).toBe(200);
    const noted = "select slug from gateway_setting where slug = 'cyber_source'";
    expect(await engine.engine.core.database.runText(noted, [])).toEqual([]);
    expect((await ask("GET", "/v2/gateways/cyber_source")).body.data).toEqual({
      type: "gateway",
      slug: "cyber_source",
      name: "CyberSource",
      enabled: false,
    });
  });

  test("are the shop's alone, and unknown ones are not found", async () => {
    expect((await ask("GET", "/v2/gateways", undefined, asShopper)).status).toBe(403);
    expect((await ask("PUT", "/v2/gateways/manual", { data: { enabled: false } }, asShopper)).status).toBe(
      403,
    );
    expect((await ask("GET", "/v2/gateways/none")).status).toBe(404);
    expect((await ask("PUT", "/v2/gateways/none", { data: { enabled: true } })).status).toBe(404);
  });
});
