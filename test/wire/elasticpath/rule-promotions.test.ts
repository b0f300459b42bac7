import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { rejection, type Sdk, sdkNames, useWire } from "./harness.ts";

const wire = useWire({ env: { CARTWRIGHT_SEED: "none" } });
let shop: Sdk;
beforeAll(() => {
  shop = wire.sdk("@elasticpath/js-sdk", "shop");
});

// Newer services of the vendor write the status as text.
const problem = (status: string, title: string, detail?: string) => ({
  errors: [{ status, title, ...(detail && { detail }) }],
});

const cartOff = { strategy: "cart_discount", args: ["percent", 10] };
const tenOff = {
  type: "rule_promotion",
  name: "Ten off",
  enabled: false,
  automatic: false,
  start: "2020-01-01T00:00:00Z",
  end: "2090-01-01T10:30:00Z",
  rule_set: { actions: [cartOff] },
};
const promotion = async (members: object = {}): Promise<string> =>
  (await shop.RulePromotions.Create({ ...tenOff, ...members })).data.id;

/** The answer to a rule promotion that is to be made, as `status source title` when it is refused. */
async function made(members: object): Promise<string> {
  const { status, body } = await wire.ask("POST", "/v2/rule-promotions", { data: { ...tenOff, ...members } });
  if (status === 201) return "made";
  return `${status} ${body.errors[0].source} ${body.errors[0].title}`;
}
const withRules = (rules: unknown) => made({ rule_set: { rules, actions: [cartOff] } });
const withAction = (action: object, rules?: object) =>
  made({ rule_set: { ...(rules && { rules }), actions: [action] } });

const ids = [randomUUID(), randomUUID()];
const leaves = [
  { strategy: "cart_total", operator: "gte", args: [5000] },
  { strategy: "cart_total", operator: "range", args: [5000, 9000] },
  { strategy: "cart_custom_attribute", operator: "in", args: ["tier", "string", "gold", "silver"] },
  { strategy: "cart_custom_attribute", operator: "gt", args: ["visits", "integer", 3] },
  { strategy: "account_tags", operator: "contains_any", args: ids },
  { strategy: "item_price", operator: "lte", args: [1000] },
  { strategy: "item_quantity", operator: "eq", args: [2] },
  { strategy: "item_sku", operator: "nin", args: ["sku-1", "sku-2"] },
  { strategy: "item_product_id", operator: "in", args: ids },
  { strategy: "item_identifier", operator: "in", args: [{ skus: ["sku-1"], ids }] },
  { strategy: "item_category", operator: "in", args: ids },
  { strategy: "item_attribute", operator: "in", args: ["products(shoes)", "size", "integer", 41, 42] },
];
const bundle = {
  strategy: "items_bundle",
  children: [
    { strategy: "and", children: [leaves[7], { strategy: "item_quantity", operator: "eq", args: [2] }] },
    leaves[9],
  ],
};
const actions = [
  { ...cartOff, limitations: { max_discount: 5000 } },
  { strategy: "cart_discount", args: ["fixed", 500], condition: leaves[9] },
  {
    strategy: "item_discount",
    args: ["percent", 12.345678],
    condition: { strategy: "or", children: [leaves[7], leaves[5]] },
    limitations: {
      max_discount: 1000,
      max_quantity: 2,
      items: { max_items: 3, price_strategy: "cheapest", auto_add: false, show_suggestions: true },
    },
  },
  { strategy: "item_discount", args: ["fixed_price", 2, 10000] },
  { strategy: "items_bundle_discount", args: ["fixed_price", 9900], condition: bundle },
  { strategy: "items_bundle_discount", args: ["percent", 10] },
  {
    strategy: "shipping_discount",
    args: ["percent", 100],
    condition: { strategy: "shipping_type", operator: "in", args: ["express"] },
  },
];

describe.each(sdkNames)("%s", (name) => {
  test("RulePromotions: created, listed, read, changed and deleted", async () => {
    const client = wire.sdk(name, "shop");
    const body = {
      ...tenOff,
      description: "Everything",
      priority: 7,
      stackable: false,
      override_stacking: true,
      rule_set: {
        catalog_ids: ids,
        currencies: ["USD"],
        rules: { strategy: "and", children: [...leaves, { strategy: "or", children: [bundle, leaves[0]] }] },
        actions,
      },
    };
    const created = await client.RulePromotions.Create(body);
    const { id } = created.data;
    expect(created.data).toMatchObject({ ...body, id });
    expect(created.data).toMatchObject({ store_id: expect.any(String), created_by: expect.any(String) });
    expect((await client.RulePromotions.Get(id)).data).toEqual(created.data);
    const all = await client.RulePromotions.Limit(100).All();
    expect(all.data).toContainEqual(created.data);

    const changed = await client.RulePromotions.Update(id, {
      name: "Nine off",
      priority: null,
      rule_set: { catalog_ids: null, actions: [cartOff] },
    });
    const { priority: _, ...kept } = body;
    expect(changed.data).toMatchObject({
      ...kept,
      name: "Nine off",
      rule_set: { ...body.rule_set, catalog_ids: [], actions: [cartOff] },
    });
    expect(changed.data).not.toHaveProperty("priority");
    await client.RulePromotions.Delete(id);
    expect(await rejection(client.RulePromotions.Get(id))).toMatchObject(
      problem("404", "Not Found", "promotion not found"),
    );
  });

  test("RulePromotions: codes are added, listed, filtered by and deleted", async () => {
    const client = wire.sdk(name, "shop");
    const id = await promotion();
    const [first, second] = [`Spring-${randomUUID()}`, `SUMMER-${randomUUID()}`];
    const added = await client.RulePromotions.AddCodes(id, [
      { code: first, uses: 5, user: "c1", consume_unit: "per_application" },
      { code: second, max_uses_per_shopper: { max_uses: 2, includes_guests: true } },
    ]);
    const shown = [
      { code: first, uses: 5, max_uses: 5, user: "c1", consume_unit: "per_application" },
      {
        code: second,
        consume_unit: "per_checkout",
        max_uses_per_shopper: { max_uses: 2, includes_guests: true },
      },
    ];
    expect(added.data).toMatchObject(shown);
    expect(added).not.toHaveProperty("messages");
    const listed = await client.RulePromotions.Codes(id);
    expect(listed.data).toMatchObject(shown);
    expect(listed.meta.results.total).toBe(2);
    const found = await client.RulePromotions.Filter({ eq: { code: first.toUpperCase() } }).All();
    expect(found.data.map((one: { id: string }) => one.id)).toEqual([id]);

    await client.RulePromotions.DeleteCode(id, first.toLowerCase());
    await client.RulePromotions.DeleteCodes(id, [{ code: second }]);
    expect((await client.RulePromotions.Codes(id)).data).toEqual([]);
    expect(await rejection(client.RulePromotions.DeleteCode(id, first))).toMatchObject(
      problem("404", "Not Found"),
    );
  });
});

test("codes: the same in two promotions brings a message, twice in one and for automatic ones is refused", async () => {
  const [one, other] = [await promotion(), await promotion()];
  const code = `Both-${randomUUID()}`;
  await shop.RulePromotions.AddCodes(one, [{ code }]);
  const again = await shop.RulePromotions.AddCodes(other, [
    { code: code.toUpperCase() },
    { code: `${code}2` },
  ]);
  expect(again.messages).toMatchObject([
    { source: { type: "promotion_codes", codes: [code.toUpperCase()] }, title: "Duplicate code names" },
  ]);
  const taken = problem("422", "Duplicate code", "Promotion code already in use");
  expect(await rejection(shop.RulePromotions.AddCodes(one, [{ code: code.toUpperCase() }]))).toMatchObject(
    taken,
  );
  const twice = [{ code: `${code}3` }, { code: `${code.toUpperCase()}3` }];
  expect(await rejection(shop.RulePromotions.AddCodes(one, twice))).toMatchObject(taken);
  const automatic = await promotion({ automatic: true });
  expect(await rejection(shop.RulePromotions.AddCodes(automatic, [{ code }]))).toMatchObject(
    problem("422", "No codes allowed", "Cannot add codes to automatic promotion"),
  );
});

test("codes that contradict themselves are refused", async () => {
  const id = await promotion();
  const refused = async (members: object) =>
    (await rejection(shop.RulePromotions.AddCodes(id, [{ code: "X", ...members }]))).errors[0]?.status;
  expect(await refused({ consume_unit: "per_application", max_uses_per_shopper: { max_uses: 1 } })).toBe(
    "422",
  );
  expect(await refused({ is_for_new_shopper: true, uses: 3 })).toBe("422");
  expect(await refused({ is_for_new_shopper: true, user: "c1" })).toBe("422");
  expect(await refused({ max_uses_per_shopper: { includes_guests: true } })).toBe("400");
  expect(await refused({ uses: 0 })).toBe("400");
  expect(await refused({ code: "auto_X" })).toBe("400");
});

test("a priority is one promotion's while it is enabled", async () => {
  const first = await promotion({ enabled: true, priority: 99 });
  const taken = problem("422", "Duplicate priority");
  expect(
    await rejection(shop.RulePromotions.Create({ ...tenOff, enabled: true, priority: 99 })),
  ).toMatchObject(taken);
  const idle = await promotion({ priority: 99 });
  expect(await rejection(shop.RulePromotions.Update(idle, { enabled: true }))).toMatchObject(taken);
  await shop.RulePromotions.Update(first, { enabled: false });
  expect((await shop.RulePromotions.Update(idle, { enabled: true })).data.enabled).toBe(true);
});

test("what is wrong with a promotion is told by its member", async () => {
  expect(await made({ name: undefined })).toBe("400 data.name required");
  expect(await made({ start: "soon" })).toBe("400 data.start format");
  expect(await made({ start: "2090-01-01 10:30" })).toMatch(/^4.. data.end/);
  expect(await made({ rule_set: { actions: [] } })).toBe("400 data.rule_set.actions array_min_items");
  expect(await made({ rule_set: { actions: [{ strategy: "gift" }] } })).toBe(
    "400 data.rule_set.actions.0.strategy enum",
  );
});

test("what is wrong with a condition is told by its place in the tree", async () => {
  const at = "data.rule_set.rules";
  expect(await withRules(null)).toBe("made");
  expect(await withRules({ strategy: "moon" })).toBe(`400 ${at}.strategy enum`);
  expect(await withRules({ strategy: "and" })).toBe(`400 ${at}.children required`);
  expect(await withRules({ strategy: "item_sku", operator: "eq", args: ["a"] })).toBe(
    `400 ${at}.operator enum`,
  );
  const child = { strategy: "cart_total", operator: "range", args: [1] };
  expect(await withRules({ strategy: "or", children: [leaves[0], child] })).toBe(
    `400 ${at}.children.1.args array_min_items`,
  );
  expect(await withRules({ strategy: "item_quantity", operator: "eq", args: [-1] })).toBe(
    `400 ${at}.args.0 number_gte`,
  );
  expect(await withRules({ ...leaves[7], children: [{ strategy: "item_price" }] })).toBe(
    `400 ${at}.children.0.operator required`,
  );
  const nested = (depth: number): object =>
    depth === 0 ? (leaves[0] as object) : { strategy: "and", children: [nested(depth - 1)] };
  expect(await withRules(nested(9))).toBe("made");
  expect(await withRules(nested(10))).toMatch(/array_max_items$/);
  const many = (count: number) => ({ strategy: "or", children: new Array(count).fill(leaves[0]) });
  expect(await withRules(many(99))).toBe("made");
  expect(await withRules(many(100))).toMatch(/array_max_items$/);
});

test("what is wrong with an action is told by its member", async () => {
  const at = "400 data.rule_set.actions.0";
  const off = (args: unknown[], strategy = "item_discount") => withAction({ strategy, args });
  expect(await off(["percent", 101])).toMatch(`${at}.args`);
  expect(await off(["percent", 1.0000001])).toBe(`${at}.args.1 multipleOf`);
  expect(await off(["fixed", -1])).toMatch(`${at}.args`);
  expect(await off(["fixed_price", 100])).toMatch(`${at}.args`);
  expect(await off(["fixed_price", 2, 100])).toBe("made");
  expect(await off(["fixed_price", 100], "cart_discount")).toMatch(`${at}.args`);
  expect(await off(["fixed_price", 100], "shipping_discount")).toBe("made");
  expect(await off(["fixed", 100], "items_bundle_discount")).toBe(`${at}.condition required`);
  expect(await withAction({ strategy: "items_bundle_discount", args: ["fixed", 1] }, bundle)).toBe("made");
  expect(await withAction({ ...cartOff, condition: { strategy: "and" } })).toBe(
    `${at}.condition.children required`,
  );
  expect(await withAction({ ...cartOff, limitations: { max_discount: -1 } })).toMatch(`${at}.limitations`);
  const added = { max_items: 1, auto_add: true };
  expect(
    await withAction({ strategy: "item_discount", args: ["percent", 5], limitations: { items: added } }),
  ).toBe(`${at}.limitations.items.auto_add enum`);
});

test("usages are there to be asked for, jobs are not offered", async () => {
  const id = await promotion();
  const usages = await wire.ask("GET", `/v2/rule-promotions/${id}/usages`);
  expect([usages.status, usages.body.data]).toEqual([200, []]);
  expect((await wire.ask("GET", `/v2/rule-promotions/${id}/codes/none/usages`)).status).toBe(200);
  expect((await wire.ask("GET", `/v2/rule-promotions/${randomUUID()}/usages`)).status).toBe(404);
  const anonymized = await wire.ask("POST", "/v2/rule-promotions/usages/anonymize", {
    data: { usage_ids: [randomUUID()] },
  });
  expect(anonymized.status).toBe(404);
  const jobs = await wire.ask("GET", `/v2/rule-promotions/${id}/jobs`);
  expect([jobs.status, jobs.body.errors[0].status]).toEqual([422, "422"]);
});
