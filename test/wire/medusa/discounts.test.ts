import { beforeAll, describe, expect, test } from "vitest";
import { useMedusa } from "./harness.ts";

const wire = useMedusa();

let eu = "";
let us = "";
beforeAll(async () => {
  const region = async (name: string) => {
    const body = {
      name,
      currency_code: "usd",
      tax_rate: 20,
      tax_code: "VAT",
      payment_providers: ["manual"],
      fulfillment_providers: ["manual"],
      countries: [],
    };
    return (await wire.admin("POST", "/admin/regions", body)).region.id;
  };
  eu = await region("EU");
  us = await region("US");
});

const post = (path: string, body?: unknown) => wire.ask("POST", path, body, { as: "admin" });
const get = (path: string) => wire.ask("GET", path, undefined, { as: "admin" });
const remove = (path: string, body?: unknown) => wire.ask("DELETE", path, body, { as: "admin" });

let made = 0;
/** A discount of ten percent in one region, unless `members` says otherwise. */
async function create(members: Readonly<Record<string, unknown>> = {}) {
  made += 1;
  const rule = { type: "percentage", value: 10, allocation: "total" };
  return post("/admin/discounts", {
    code: `code-${made}`,
    rule,
    regions: [eu],
    is_disabled: false,
    ...members,
  });
}
const created = async (members: Readonly<Record<string, unknown>> = {}) => {
  const { status, body } = await create(members);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.discount;
};

describe("discounts", () => {
  test("a discount is made and shown as the original shows it", async () => {
    const discount = await created({ code: " ten ", usage_limit: 3, metadata: { a: 1 } });
    expect(discount).toMatchObject({
      id: expect.stringMatching(/^disc_[0-9A-HJKMNP-TV-Z]{26}$/),
      deleted_at: null,
      code: "TEN",
      is_dynamic: false,
      is_disabled: false,
      parent_discount_id: null,
      parent_discount: null,
      starts_at: discount.created_at,
      ends_at: null,
      valid_duration: null,
      usage_limit: 3,
      usage_count: 0,
      metadata: { a: 1 },
      regions: [{ id: eu, name: "EU", currency_code: "usd", tax_rate: 20, tax_code: "VAT" }],
      rule: {
        id: discount.rule_id,
        description: null,
        type: "percentage",
        value: 10,
        allocation: "total",
        metadata: null,
        conditions: [],
      },
    });
    expect((await get(`/admin/discounts/${discount.id}`)).body.discount).toEqual(discount);
    expect((await get("/admin/discounts/code/ten")).body.discount).toEqual(discount);
    expect((await wire.ask("GET", "/admin/discounts")).status).toBe(401);
  });

  test("what is no discount is refused in the original's words", async () => {
    const rule = { type: "percentage", value: 10, allocation: "total" };
    const fixed = { type: "fixed", value: 5, allocation: "total" };
    const twice = (await created()).code;
    const cases: readonly [Readonly<Record<string, unknown>>, number, string][] = [
      [
        { rule: { type: "free_shipping", value: 0 } },
        400,
        'Invalid allocation type, must be one of "total" or "item"',
      ],
      [
        { rule: { ...rule, type: "gift" } },
        400,
        'Invalid rule type, must be one of "fixed", "percentage" or "free_shipping"',
      ],
      [{ rule: fixed, regions: [eu, us] }, 400, "Fixed discounts can have one region"],
      [
        { rule: { ...rule, value: 120 } },
        400,
        "Discount value above 100 is not allowed when type is percentage",
      ],
      [{ regions: [] }, 400, "Discount must have at least 1 region"],
      [{ regions: ["reg_x"] }, 404, "Region with reg_x was not found"],
      [{ code: twice.toLowerCase() }, 422, `Discount with code ${twice} already exists.`],
      [{ starts_at: "2026-01-02", ends_at: "2026-01-01" }, 400, '"ends_at" must be greater than "starts_at"'],
      [{ ends_at: "tomorrow" }, 400, "ends_at must be a Date instance"],
      [{ valid_duration: "1 day" }, 400, "valid_duration must be a valid ISO 8601 duration"],
      [{ extra: 1 }, 400, "property extra should not exist"],
    ];
    for (const [members, status, message] of cases) {
      expect(await create(members)).toMatchObject({ status, body: { message } });
    }
    for (const rule of [
      { ...fixed, value: 1.5 },
      { ...fixed, value: -1 },
    ]) {
      expect((await create({ rule })).status).toBe(400);
    }
  });

  test("a discount changes in what is named, and keeps the type of its rule", async () => {
    const discount = await created({ rule: { type: "fixed", value: 500, allocation: "total" } });
    const path = `/admin/discounts/${discount.id}`;
    const changed = await post(path, {
      code: `${discount.code}-b`,
      rule: { id: discount.rule.id, value: 700, description: "words" },
      is_disabled: true,
      ends_at: "2090-01-01T00:00:00Z",
      usage_limit: 5,
      metadata: { b: 2 },
    });
    expect(changed.body.discount).toMatchObject({
      code: `${discount.code}-B`,
      is_disabled: true,
      ends_at: "2090-01-01T00:00:00.000Z",
      usage_limit: 5,
      metadata: { b: 2 },
      starts_at: discount.starts_at,
      rule: { id: discount.rule.id, type: "fixed", value: 700, allocation: "total", description: "words" },
    });
    const cleared = await post(path, { ends_at: null, usage_limit: null });
    expect(cleared.body.discount).toMatchObject({ ends_at: null, usage_limit: null, is_disabled: true });
    expect((await post(path, { regions: [eu, us] })).status).toBe(400);
    const other = await created();
    expect((await post(path, { code: other.code })).status).toBe(422);
    expect((await post("/admin/discounts/disc_x", { is_disabled: true })).status).toBe(404);
  });

  test("lists are filtered, and newest first", async () => {
    const [one, two] = [
      await created({ code: "listed-a", is_disabled: true }),
      await created({ code: "listed-b", rule: { type: "fixed", value: 5, allocation: "item" } }),
    ];
    const list = async (query: string) => {
      const { body } = await get(`/admin/discounts?q=listed&${query}`);
      return body.discounts.map(({ id }: { id: string }) => id);
    };
    expect(await list("")).toEqual([two.id, one.id]);
    expect(await list("order=created_at")).toEqual([one.id, two.id]);
    expect(await list("is_disabled=true")).toEqual([one.id]);
    expect(await list("rule[type]=fixed&rule[allocation]=item")).toEqual([two.id]);
    expect(await list("is_dynamic=true")).toEqual([]);
    expect((await get("/admin/discounts?q=listed&limit=1")).body).toMatchObject({
      count: 2,
      offset: 0,
      limit: 1,
    });
    expect((await get("/admin/discounts")).body.limit).toBe(20);
    expect((await get("/admin/discounts?foo=1")).body.message).toBe("property foo should not exist");
  });

  test("a discount is deleted, once more without harm", async () => {
    const { id } = await created();
    for (const _ of [1, 2]) {
      expect((await remove(`/admin/discounts/${id}`)).body).toEqual({
        id,
        object: "discount",
        deleted: true,
      });
    }
    expect(await get(`/admin/discounts/${id}`)).toMatchObject({
      status: 404,
      body: { type: "not_found", message: `Discount with id: ${id} was not found` },
    });
    expect((await get("/admin/discounts/code/nope")).status).toBe(404);
  });

  test("regions come and go, but not the last one", async () => {
    const { id } = await created();
    const regions = async (method: "POST" | "DELETE", region: string) => {
      const answer = await wire.ask(method, `/admin/discounts/${id}/regions/${region}`, undefined, {
        as: "admin",
      });
      return answer.status === 200
        ? answer.body.discount.regions.map((one: { id: string }) => one.id)
        : answer.status;
    };
    expect(await regions("POST", us)).toEqual([eu, us]);
    expect(await regions("POST", us)).toEqual([eu, us]);
    expect(await regions("POST", "reg_x")).toBe(404);
    expect(await regions("DELETE", eu)).toEqual([us]);
    expect(await regions("DELETE", eu)).toEqual([us]);
    expect(await regions("DELETE", us)).toBe(400);
  });
});

describe("codes made from a discount", () => {
  test("a code has the rule and regions of the discount, and is valid as long as it says", async () => {
    const parent = await created({ is_dynamic: true, valid_duration: "P1D" });
    const path = `/admin/discounts/${parent.id}/dynamic-codes`;
    const { body } = await post(path, { code: "once-for-ada", metadata: { for: "Ada" } });
    const { discount: code } = body;
    expect(code).toMatchObject({
      code: "ONCE-FOR-ADA",
      parent_discount_id: parent.id,
      parent_discount: { id: parent.id, code: parent.code },
      usage_limit: 1,
      rule_id: parent.rule_id,
      regions: [{ id: eu }],
      metadata: { for: "Ada" },
    });
    expect(Date.parse(code.ends_at) - Date.parse(code.starts_at)).toBe(86_400_000);
    expect((await post(path, { code: "once-for-ada" })).status).toBe(422);
    await post(`/admin/discounts/${parent.id}`, { rule: { id: parent.rule.id, value: 20 } });
    const later = (await get(`/admin/discounts/${code.id}`)).body.discount;
    expect(later.rule).toMatchObject({ id: parent.rule.id, value: 20 });
    const own = await post(`/admin/discounts/${code.id}`, { rule: { id: parent.rule.id, value: 30 } });
    expect(own.status).toBe(400);
    expect((await post(`/admin/discounts/${code.id}`, { is_disabled: true })).body.discount.is_disabled).toBe(
      true,
    );
    const gone = await remove(`${path}/once-for-ada`);
    expect(gone.body.discount.id).toBe(parent.id);
    expect((await get(`/admin/discounts/${code.id}`)).status).toBe(404);
    expect((await remove(`${path}/once-for-ada`)).status).toBe(200);
  });

  test("only of a dynamic discount, and of that one only", async () => {
    const plain = await created();
    expect(await post(`/admin/discounts/${plain.id}/dynamic-codes`, { code: "x" })).toMatchObject({
      status: 400,
      body: { type: "not_allowed", message: "Discount must be set to dynamic" },
    });
    await remove(`/admin/discounts/${plain.id}/dynamic-codes/${plain.code}`);
    expect((await get(`/admin/discounts/${plain.id}`)).status).toBe(200);
    expect((await post("/admin/discounts/disc_x/dynamic-codes", { code: "x" })).status).toBe(404);
  });
});

describe("conditions", () => {
  const products = ["prod_01M7XWV97K0VCJQRBJCBNGEW5A", "prod_01M7XWV97K0VCJQRBJCBNGEW5B"];
  /** What the condition lists, by the engine's ids. */
  async function listed(code: string) {
    const { deps } = wire.engine.engine.core;
    const discount = await deps.storage.discounts.byCode(wire.engine.engine.storeId, code);
    return (discount?.rule.conditions ?? []).map(({ type, operator, ids }) => [type, operator, ids.length]);
  }

  test("come with a discount, and by themselves", async () => {
    const rule = {
      type: "percentage",
      value: 10,
      allocation: "item",
      conditions: [{ operator: "in", products: [products[0]] }],
    };
    const discount = await created({ rule });
    const [{ id }] = discount.rule.conditions;
    expect(discount.rule.conditions).toMatchObject([
      {
        id: expect.stringMatching(/^discon_/),
        type: "products",
        operator: "in",
        discount_rule_id: discount.rule_id,
        metadata: null,
      },
    ]);
    const path = `/admin/discounts/${discount.id}/conditions`;
    expect((await get(`${path}/${id}`)).body.discount_condition).toEqual(discount.rule.conditions[0]);
    const more = await post(path, { operator: "not_in", customer_groups: ["vip"] });
    expect(more.body.discount.rule.conditions).toMatchObject([
      { id },
      { type: "customer_groups", operator: "not_in" },
    ]);
    const same = await post(path, { operator: "in", products: [products[1]] });
    expect(same.body.discount.rule.conditions).toHaveLength(2);
    expect(await listed(discount.code)).toEqual([
      ["products", "in", 2],
      ["customer_groups", "not_in", 1],
    ]);
    await post(`${path}/${id}`, { products: [products[1]] });
    expect((await listed(discount.code))[0]).toEqual(["products", "in", 1]);
    const resources = [{ id: products[0] }, { id: products[1] }];
    await post(`${path}/${id}/batch`, { resources });
    expect((await listed(discount.code))[0]).toEqual(["products", "in", 2]);
    await remove(`${path}/${id}/batch`, { resources: [resources[0]] });
    expect((await listed(discount.code))[0]).toEqual(["products", "in", 1]);
    const gone = await remove(`${path}/${id}`);
    expect(gone.body).toMatchObject({
      id,
      object: "discount-condition",
      deleted: true,
      discount: { id: discount.id },
    });
    expect((await remove(`${path}/${id}`)).status).toBe(200);
    expect((await get(`${path}/${id}`)).status).toBe(404);
    expect((await post(`${path}/${id}/batch`, { resources })).status).toBe(404);
    expect(await listed(discount.code)).toEqual([["customer_groups", "not_in", 1]]);
  });

  test("list something, of one kind", async () => {
    const { id } = await created();
    expect((await post(`/admin/discounts/${id}/conditions`, { operator: "in" })).status).toBe(400);
    expect((await post(`/admin/discounts/${id}/conditions`, { operator: "near", products })).status).toBe(
      400,
    );
    expect((await post("/admin/discounts/disc_x/conditions", { operator: "in", products })).status).toBe(404);
  });
});
