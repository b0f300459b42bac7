import { beforeAll, describe, expect, test } from "vitest";
import { rejection, type Sdk, sdkNames, useWire } from "./harness.ts";

const wire = useWire({ env: { CARTWRIGHT_SEED: "none" } });
let shop: Sdk;
beforeAll(() => {
  shop = wire.sdk("@moltin/sdk", "shop");
});

const problem = (status: number, title: string, detail?: string) => ({
  errors: [{ status, title, ...(detail && { detail }) }],
});
const usd = (amount: number) => [{ currency: "USD", amount }];

const tenOff = {
  type: "promotion",
  name: "Ten off",
  description: "Ten dollars off",
  enabled: true,
  automatic: false,
  promotion_type: "fixed_discount",
  schema: { currencies: usd(1000) },
  start: "2020-01-01",
  end: "2090-01-01",
};
const promotion = async (members: object = {}): Promise<string> =>
  (await shop.Promotions.Create({ ...tenOff, ...members })).data.id;

/** The answer to a promotion that is to be made, as `status source title` when it is refused. */
async function made(members: object): Promise<string> {
  const { status, body } = await wire.ask("POST", "/v2/promotions", { data: { ...tenOff, ...members } });
  if (status === 201) return "made";
  return `${status} ${body.errors[0].source} ${body.errors[0].title}`;
}

const attribute = { template: "products", field: "material", type: "string" };
const target_conditions = {
  or: [
    { and: [{ attribute: { ...attribute, values: ["wood", "bone"] } }, { node: { values: ["node-1"] } }] },
    { and: [{ attribute: { template: "products", field: "parts", type: "integer", values: [2] } }] },
  ],
};
const items = {
  target_catalogs: ["catalog-1"],
  targets: ["sku-1", "id-2"],
  target_nodes: ["node-1"],
  target_attributes: [{ template: "products", field: "is_new", type: "boolean", value: true }],
  target_conditions,
};
const exclude = {
  targets: ["sku-3"],
  nodes: ["node-9"],
  attributes: [{ ...attribute, value: "glass" }],
  conditions: target_conditions,
};
const requirements = [
  { targets: ["a", "b"], quantity: 2 },
  { targets: ["c"], quantity: 1 },
];
const euro = { currency: "EUR", amount: 450 };
const kinds: readonly [type: string, schema: object][] = [
  ["fixed_discount", { currencies: [...usd(500), euro], target_catalogs: ["catalog-1"], exclude }],
  ["percent_discount", { currencies: [{ currency: "USD", percentage: 12.345678 }], exclude }],
  ["item_fixed_discount", { currencies: usd(100), ...items, exclude }],
  ["item_percent_discount", { percent: 0.000001, targets: "all", exclude }],
  ["item_percent_discount", { percent: 100, target_catalogs: ["catalog-1"] }],
  ["x_for_y", { x: 3, y: 2, ...items, exclude }],
  ["x_for_amount", { x: 3, currencies: [...usd(0), euro], ...items, exclude }],
  ["bundle_fixed_discount", { requirements, currencies: usd(20000), target_catalogs: ["catalog-1"] }],
  ["bundle_gift", { requirements, gifts: ["mug", "card"], auto_add_free_gift: true }],
];

describe.each(sdkNames)("%s", (name) => {
  test("Promotions: created, listed, read, changed and deleted", async () => {
    const client = wire.sdk(name, "shop");
    const body = {
      ...tenOff,
      min_cart_value: usd(5000),
      max_discount_value: usd(900),
      max_applications_per_cart: 2,
    };
    const { data } = await client.Promotions.Create(body);
    expect(data).toMatchObject({ ...body, created_by: "client:test-client" });
    expect(data.links.self).toBe(`${wire.engine.url}/v2/promotions/${data.id}`);
    expect((await client.Promotions.Get(data.id)).data).toEqual(data);
    const listed = await client.Promotions.Filter({ eq: { id: data.id } }).All();
    expect(listed.data).toEqual([data]);
    const changed = await client.Promotions.Update(data.id, { enabled: false, min_cart_value: null });
    const { min_cart_value: _, ...rest } = body;
    expect(changed.data).toMatchObject({ ...rest, enabled: false });
    expect(changed.data).not.toHaveProperty("min_cart_value");
    await client.Promotions.Delete(data.id);
    for (const refusal of await Promise.all(
      [
        client.Promotions.Get(data.id),
        client.Promotions.Update(data.id, { enabled: true }),
        client.Promotions.Delete(data.id),
        client.Promotions.Codes(data.id),
        client.Promotions.AddCodes(data.id, [{ code: "A" }]),
        client.Promotions.DeleteCodes(data.id, [{ code: "A" }]),
        client.Promotions.DeleteCode(data.id, "A"),
        client.Promotions.History(data.id),
      ].map(rejection),
    )) {
      expect(refusal).toMatchObject(problem(404, "Not Found", "promotion not found"));
    }
  });
});

test.each(kinds)("%s is kept with all that its schema says", async (promotion_type, schema) => {
  const { data } = await shop.Promotions.Create({ ...tenOff, promotion_type, schema });
  expect(data).toMatchObject({ promotion_type });
  expect(data.schema).toEqual(schema);
  expect((await shop.Promotions.Get(data.id)).data.schema).toEqual(schema);
  const again = await shop.Promotions.Update(data.id, { promotion_type, schema: data.schema });
  expect(again.data.schema).toEqual(schema);
});

test("what is null in a schema, as the vendor's clients send it, is not there", async () => {
  const schema = { currencies: usd(1), target_catalogs: null, exclude: { targets: null, nodes: [] } };
  expect((await shop.Promotions.Create({ ...tenOff, schema })).data.schema).toEqual({ currencies: usd(1) });
});

describe("a promotion is refused", () => {
  const item = (schema: object, promotion_type = "item_percent_discount") => ({
    promotion_type,
    schema: { percent: 10, targets: ["a"], ...schema },
  });
  const forY = (x: number, y: number) => ({ promotion_type: "x_for_y", schema: { x, y, targets: "all" } });
  test.each<[string, object]>([
    ["400 data.promotion_type enum", { promotion_type: "free_lunch" }],
    ["400 data.name string_gte", { name: "" }],
    ["400 data.schema.currencies required", { schema: {} }],
    ["400 data.schema.currencies array_min_items", { schema: { currencies: [] } }],
    ["400 data.schema.currencies uniqueItems", { schema: { currencies: [...usd(1), ...usd(2)] } }],
    ["400 data.schema.currencies.0.amount number_gte", { schema: { currencies: usd(-1) } }],
    ["400 data.schema.currencies.0.amount number_lte", { schema: { currencies: usd(1e12) } }],
    ["400 data.schema.currencies.0.amount invalid_type", { schema: { currencies: usd(1.5) } }],
    [
      "400 data.schema.currencies.0.currency pattern",
      { schema: { currencies: [{ currency: "usd", amount: 1 }] } },
    ],
    ["400 data.min_cart_value.0.amount number_gte", { min_cart_value: usd(-1) }],
    ["400 data.max_applications_per_cart number_gte", { max_applications_per_cart: -1 }],
    ["400 data.schema.percent number_lte", item({ percent: 101 })],
    ["400 data.schema.percent multipleOf", item({ percent: 1.2345678 })],
    ["400 data.schema.targets required", item({ targets: [] })],
    ["400 data.schema.targets pattern", item({ targets: "everything" })],
    ["400 data.schema.target_nodes array_max_items", item({ targets: "all", target_nodes: ["n"] })],
    ["400 data.schema.target_attributes.0.value required", item({ target_attributes: [attribute] })],
    [
      "400 data.schema.exclude.conditions.or.0.and.0.attribute required",
      item({ exclude: { conditions: { or: [{ and: [{}] }] } } }),
    ],
    ["400 data.schema.y number_lte", forY(2, 2)],
    ["400 data.schema.x number_gte", forY(0, 0)],
    ["400 data.schema.gifts required", { promotion_type: "bundle_gift", schema: { requirements } }],
    [
      "400 data.schema.requirements.0.quantity number_gte",
      {
        promotion_type: "bundle_gift",
        schema: { requirements: [{ targets: ["a"], quantity: 0 }], gifts: ["g"] },
      },
    ],
    ["400 data.start format", { start: "tomorrow" }],
    ["400 data.start format", { start: "2026-02-30" }],
    ["400 data.end format", { end: "9999-12-31T23:59:59-05:00" }],
    ["400 data.end Bad Request", { start: "2026-01-01", end: "2026-01-01" }],
    ["400 data.schema required", { schema: undefined }],
    ["made", { start: "2026-01-01 10:30", end: "2026-01-01T10:30:01Z" }],
  ])("with %s", async (answer, members) => {
    expect(await made(members)).toBe(answer);
  });

  test("when a change makes it one that could not be created, and stays as it was", async () => {
    const id = await promotion();
    for (const change of [
      { end: "2019-01-01" },
      { promotion_type: "x_for_y" },
      { schema: { currencies: [] } },
      { start: "x" },
    ]) {
      expect((await rejection(shop.Promotions.Update(id, change))).errors[0]).toMatchObject({ status: 400 });
    }
    expect((await shop.Promotions.Get(id)).data).toMatchObject(tenOff);
    expect((await shop.Promotions.History(id)).data).toHaveLength(1);
  });
});

test("the history has what a promotion was, newest first", async () => {
  const id = await promotion();
  await shop.Promotions.Update(id, { name: "Second" });
  await shop.Promotions.Update(id, { name: "Third" });
  const { data, meta } = await shop.Promotions.History(id);
  expect(data.map(({ name, current }: { name: string; current: boolean }) => [name, current])).toEqual([
    ["Third", true],
    ["Second", false],
    ["Ten off", false],
  ]);
  expect(data).toMatchObject([{ id, parent_id: id }, { parent_id: id }, { parent_id: id }]);
  expect(meta.results.total).toBe(3);
});

test("only the shop has promotions, and jobs are not offered", async () => {
  const id = await promotion();
  for (const [method, path] of [
    ["GET", "/v2/promotions"],
    ["POST", "/v2/promotions"],
    ["GET", `/v2/promotions/${id}/codes`],
    ["GET", `/v2/promotions/${id}/usages`],
    ["POST", "/v2/promotions/usages/anonymize"],
  ] as const) {
    expect(
      (await wire.ask(method, path, method === "POST" ? { data: {} } : undefined, { as: "shopper" })).status,
    ).toBe(403);
  }
  const refusals = await Promise.all(
    [
      shop.Promotions.PromotionJobs(id),
      shop.Promotions.AddCodesJob(id, { type: "promotion_job", job_type: "code_export" }),
      shop.Promotions.GetCodeExportFile(id, "j"),
    ].map(rejection),
  );
  for (const refusal of refusals) expect(refusal).toMatchObject(problem(422, "Unprocessable Entity"));
  expect((await wire.ask("POST", `/v2/promotions/${id}/jobs/j/cancel`)).status).toBe(422);
});
