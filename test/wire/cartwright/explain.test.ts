import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newReference, startTestEngine, type TestEngine } from "../../engine.ts";
import { aProduct } from "../../storage/a-product.ts";

let engine: TestEngine;
let promotionIds: Record<string, string>;
const usd = (amount: number) => [{ currency: "USD", amount }];

beforeAll(async () => {
  engine = await startTestEngine({ env: { CARTWRIGHT_SEED: "none" } });
  const { storeId, core } = engine.engine;
  for (const [id, sku, amount] of [
    ["beans", "BEANS", 1050],
    ["mug", "MUG", 333],
  ] as const) {
    const prices = [{ currency: "USD", amount, includesTax: false }];
    await core.deps.storage.products.insert(
      storeId,
      aProduct({ id, sku, slug: sku, name: sku, prices }),
      undefined,
    );
  }
  const made = async (name: string, members: object) => {
    const data = {
      type: "promotion",
      name,
      description: name,
      enabled: true,
      automatic: true,
      promotion_type: "item_percent_discount",
      schema: { targets: ["MUG"], percent: 10 },
      start: "2020-01-01",
      end: "2090-01-01",
      ...members,
    };
    return (await engine.ask("POST", "/v2/promotions", { data })).body.data.id as string;
  };
  const ten = await made("Ten", {
    automatic: false,
    promotion_type: "fixed_discount",
    schema: { currencies: usd(100) },
  });
  const codes = [{ code: "TEN" }];
  expect(
    (await engine.ask("POST", `/v2/promotions/${ten}/codes`, { data: { type: "promotion_codes", codes } }))
      .status,
  ).toBe(201);
  promotionIds = {
    mugs: await made("Mugs", {}),
    ten,
    rich: await made("Rich", { min_cart_value: usd(100_000) }),
    over: await made("Over", { end: "2021-01-01" }),
    disabled: await made("Disabled", { enabled: false, automatic: false }),
  };
});
afterAll(() => engine.close());

const explain = (cart: string, as: "shop" | "shopper" = "shop") =>
  engine.ask("GET", `/cartwright/carts/${cart}/explain`, undefined, { as });

type Step = { type: string; amount: number; after: number };
function expectToAddUp({ steps, total }: { steps: Step[]; total: number }): void {
  let after = 0;
  for (const step of steps) {
    after += step.amount;
    expect(step.after).toBe(after);
  }
  expect(total).toBe(after);
}

async function cart(): Promise<string> {
  const id = newReference();
  const items = [
    { type: "cart_item", id: "beans", quantity: 3, tax: [{ name: "VAT", rate: 0.0725 }] },
    { type: "cart_item", id: "mug", quantity: 2 },
  ];
  expect((await engine.ask("POST", `/v2/carts/${id}/items`, { data: items })).status).toBe(201);
  const code = { data: { type: "promotion_item", code: "TEN" } };
  expect((await engine.ask("POST", `/v2/carts/${id}/items`, code, { as: "shopper" })).status).toBe(201);
  return id;
}

describe("GET /cartwright/carts/:id/explain", () => {
  test("G7 H1 every step, with what each promotion took and why the others took nothing, adds up to the total", async () => {
    const id = await cart();
    const { status, body } = await explain(id, "shopper");
    expect(status).toBe(200);
    expectToAddUp(body);
    const shown = (await engine.ask("GET", `/v2/carts/${id}`)).body.data.meta.display_price.with_tax.amount;
    expect(body.total).toBe(shown);
    expect(body).toMatchObject({ cart_id: id, currency: "USD", method: "line" });
    expect(body.steps.map((step: Step) => [step.type, step.amount])).toEqual([
      ["goods", 3816],
      ["promotion", -67],
      ["refused_promotion", 0],
      ["refused_promotion", 0],
      ["promotion", -100],
      ["tax", 222],
    ]);
    expect(body.steps[1].promotion).toEqual({
      id: promotionIds.mugs,
      name: "Mugs",
      code: `auto_${promotionIds.mugs}`,
      level: "item",
      base: 666,
      units: 2,
    });
    expect(body.steps.slice(2, 4)).toMatchObject([
      {
        promotion: { id: promotionIds.rich },
        reason: { type: "cart_value_too_low", required: 100_000, value: 3816 },
        message: "Spend $961.84 more to qualify: the promotion begins at $1,000.00.",
      },
      { promotion: { id: promotionIds.over }, reason: { type: "ended" } },
    ]);
    // 3150 less its share of the 100 (84), times 7.25 %: 222.285, of which 0.285 is rounded off.
    expect(body.steps[5]).toMatchObject({ amount: 222, exact: 222.285, rounding: -0.285 });
    expect(body.lines).toMatchObject([
      { sku: "BEANS", value: 3150, without_tax: 3066, tax: { amount: 222, exact: 222.285 }, with_tax: 3288 },
      {
        sku: "MUG",
        value: 666,
        discounts: [
          { amount: -67, from_cart: false },
          { amount: -16, from_cart: true },
        ],
      },
    ]);
  });

  test("of a cart that is not there, or with no token, is refused in our own form", async () => {
    const missing = await explain(newReference());
    expect(missing).toMatchObject({
      status: 404,
      body: { type: "cart_not_found", status: 404, title: "Not Found" },
    });
    expect(missing.headers.get("content-type")).toContain("application/problem+json");
    const bare = await fetch(`${engine.url}/cartwright/carts/x/explain`);
    expect([bare.status, ((await bare.json()) as { type: string }).type]).toEqual([401, "token_invalid"]);
    expect((await engine.ask("GET", "/cartwright/nothing")).body).toMatchObject({
      type: "not_found",
      status: 404,
    });
  });
});

describe("POST /cartwright/carts/explain", () => {
  const draft = (members: object) =>
    engine.ask("POST", "/cartwright/carts/explain", {
      currency: "USD",
      lines: [
        { sku: "BEANS", quantity: 3, taxes: [{ rate: 0.0725 }] },
        { product_id: "mug", quantity: 2 },
      ],
      codes: ["TEN", "NOPE"],
      ...members,
    });
  const carts = async () =>
    (await engine.engine.core.database.pool.query("select count(*)::int as n from cart")).rows[0].n;

  test("prices what is described as if it were a cart, and stores nothing", async () => {
    const before = await carts();
    const real = (await explain(await cart())).body;
    const { status, body } = await draft({});
    expect(status).toBe(200);
    expectToAddUp(body);
    const nameless = ({ steps, total }: { steps: object[]; total: number }) => ({ steps, total });
    expect(nameless(body)).toEqual(nameless(real));
    expect(await carts()).toBe(before + 1);
  });

  test("at another time, with things that are no products", async () => {
    const past = await draft({ at: "2020-06-01T00:00:00Z", codes: [], lines: [{ sku: "MUG", quantity: 1 }] });
    // Then the one that is over was not: it was made later, so it comes after, and finds the mug taken.
    expect(past.body.steps.map((step: { promotion?: { id: string } } & Step) => step.promotion?.id)).toEqual([
      undefined,
      promotionIds.mugs,
      promotionIds.rich,
      promotionIds.over,
    ]);
    expect(past.body.steps[3]).toMatchObject({ reason: { type: "units_taken" } });
    const fee = await draft({ codes: [], lines: [{ name: "Wrapping", unit_amount: 250, quantity: 2 }] });
    expect(fee.body).toMatchObject({ total: 500, lines: [{ name: "Wrapping", with_tax: 500 }] });
  });

  test.each([
    [{ lines: [{ quantity: 1 }] }, 400, "invalid", "lines.0"],
    [{ lines: [{ sku: "MUG", name: "x", quantity: 1 }] }, 400, "invalid", "lines.0"],
    [{ lines: [{ name: "x", quantity: 1 }] }, 400, "invalid", "lines.0.unit_amount"],
    [{ lines: [{ sku: "MUG", quantity: 0 }] }, 400, "invalid", "lines.0.quantity"],
    [{ lines: [{ sku: "MUG", quantity: 1, taxes: [{}] }] }, 400, "invalid", "lines.0.taxes.0"],
    [{ lines: [{ sku: "NONE", quantity: 1 }] }, 404, "product_not_found", "NONE"],
    [{ currency: "XXX" }, 422, "currency_unknown", "XXX"],
    [{ at: "yesterday" }, 400, "invalid", "at"],
  ])("refuses %j with %i %s", async (members, status, type, named) => {
    const answer = await draft(members);
    expect(answer).toMatchObject({ status, body: { type } });
    expect(JSON.stringify(answer.body)).toContain(named);
  });
});
