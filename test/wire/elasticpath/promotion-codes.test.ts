import { randomUUID } from "node:crypto";
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

async function promotion(members: object = {}): Promise<string> {
  const { data } = await shop.Promotions.Create({
    type: "promotion",
    name: "Ten off",
    description: "Ten dollars off",
    enabled: true,
    automatic: false,
    promotion_type: "fixed_discount",
    schema: { currencies: [{ currency: "USD", amount: 1000 }] },
    start: "2020-01-01",
    end: "2090-01-01",
    ...members,
  });
  return data.id;
}

describe.each(sdkNames)("%s", (name) => {
  test("Codes: added, listed, and deleted one by one and many at once", async () => {
    const client = wire.sdk(name, "shop");
    const id = await promotion();
    const [a, b, c] = ["a", "B 10%", "c"].map((code) => `${name} ${code}`) as [string, string, string];
    const added = await client.Promotions.AddCodes(id, [
      { code: a, uses: 2, user: "ada", consume_unit: "per_item" },
      { code: b },
      { code: c, uses: null, user: "" },
    ]);
    expect(added.data).toMatchObject({ type: "promotion", id });
    const listed = await client.Promotions.Codes(id);
    expect(listed.meta.results.total).toBe(3);
    const byCode = new Map(listed.data.map((code: { code: string }) => [code.code, code]));
    const limited = { uses: 2, max_uses: 2, user: "ada", consume_unit: "per_item" };
    expect(byCode.get(a)).toMatchObject({ ...limited, created_by: "client:test-client" });
    expect(Object.keys(byCode.get(c) as object)).toEqual(Object.keys(byCode.get(b) as object));
    expect(byCode.get(b)).not.toHaveProperty("uses");
    await client.Promotions.DeleteCode(id, encodeURIComponent(b));
    expect(await rejection(client.Promotions.DeleteCode(id, encodeURIComponent(b)))).toMatchObject(
      problem(404, "Not Found", "promotion code not found"),
    );
    await client.Promotions.DeleteCodes(id, [{ code: a }, { code: c }, { code: "never there" }]);
    expect((await client.Promotions.Codes(id)).data).toEqual([]);
  });
});

describe("codes", () => {
  const taken = problem(422, "Duplicate code");

  test("are each in one live promotion, and case counts", async () => {
    const code = randomUUID();
    const [first, second] = [await promotion(), await promotion()];
    await shop.Promotions.AddCodes(first, [{ code }]);
    expect(await rejection(shop.Promotions.AddCodes(first, [{ code }]))).toMatchObject(taken);
    expect(await rejection(shop.Promotions.AddCodes(second, [{ code: "new" }, { code }]))).toMatchObject(
      taken,
    );
    expect(await rejection(shop.Promotions.AddCodes(second, [{ code: "x" }, { code: "x" }]))).toMatchObject(
      taken,
    );
    expect((await shop.Promotions.Codes(second)).data).toEqual([]);
    await shop.Promotions.AddCodes(second, [{ code: code.toUpperCase() }]);
    const found = await shop.Promotions.Filter({ eq: { code } }).All();
    expect(found.data.map(({ id }: { id: string }) => id)).toEqual([first]);
    const listed = async (filter: string) =>
      (await wire.ask("GET", `/v2/promotions/${first}/codes?filter=${filter}`)).body.data;
    expect(await listed(`eq(code,${code})`)).toHaveLength(1);
    expect(await listed("eq(code,other)")).toEqual([]);
  });

  test("of a disabled promotion are free, and it cannot be enabled while they are taken", async () => {
    const code = randomUUID();
    const off = await promotion({ enabled: false });
    await shop.Promotions.AddCodes(off, [{ code }]);
    const on = await promotion();
    await shop.Promotions.AddCodes(on, [{ code }]);
    expect(await rejection(shop.Promotions.Update(off, { enabled: true }))).toMatchObject(taken);
    await shop.Promotions.Delete(on);
    expect((await shop.Promotions.Update(off, { enabled: true })).data.enabled).toBe(true);
  });

  test("go when the end of a promotion that is over is moved", async () => {
    const id = await promotion({ end: "2021-01-01" });
    await shop.Promotions.AddCodes(id, [{ code: randomUUID() }]);
    await shop.Promotions.Update(id, { name: "Still over" });
    expect((await shop.Promotions.Codes(id)).data).toHaveLength(1);
    await shop.Promotions.Update(id, { end: "2090-01-01" });
    expect((await shop.Promotions.Codes(id)).data).toEqual([]);
  });

  test("are no more than a thousand", async () => {
    const id = await promotion();
    const many = (count: number) => Array.from({ length: count }, () => ({ code: randomUUID() }));
    const limit = problem(422, "Limit Reached");
    expect(await rejection(shop.Promotions.AddCodes(id, many(1001)))).toMatchObject(limit);
    await shop.Promotions.AddCodes(id, many(1000));
    expect(await rejection(shop.Promotions.AddCodes(id, many(1)))).toMatchObject(limit);
    const page = await wire.ask("GET", `/v2/promotions/${id}/codes?page[limit]=100&page[offset]=950`);
    expect([page.body.data.length, page.body.meta.results.total]).toEqual([50, 1000]);
  });

  test.each([{}, { code: "" }, { code: "auto_x" }, { code: "\ud800" }, { code: "a", uses: 0 }])(
    "are refused when they are none: %o",
    async (code) => {
      const { errors } = await rejection(shop.Promotions.AddCodes(await promotion(), [code]));
      expect(errors[0]).toMatchObject({ status: 400 });
    },
  );

  test("come by themselves with automatic promotions", async () => {
    const id = await promotion({ automatic: true });
    const { data } = await shop.Promotions.Codes(id);
    expect(data).toMatchObject([{ code: `auto_${id}`, consume_unit: "per_cart" }]);
    expect((await rejection(shop.Promotions.DeleteCode(id, `auto_${id}`))).errors).toHaveLength(1);
  });
});

test("usages are listed and made anonymous", async () => {
  const id = await promotion();
  const code = randomUUID();
  await shop.Promotions.AddCodes(id, [{ code, uses: 5 }]);
  const use = { id: randomUUID(), promotionId: id, code, times: 2 };
  const { core, storeId } = wire.engine.engine;
  const { deps } = core;
  await deps.storage.promotionUses.hold(storeId, {
    orderId: randomUUID(),
    customerId: "ada",
    customerEmail: "ada@example.com",
    now: deps.now(),
    uses: [use],
  });
  for (const path of [`${id}/usages`, `${id}/codes/${code}/usages`]) {
    const { body } = await wire.ask("GET", `/v2/promotions/${path}?filter=eq(code,${code})&sort=-used_on`);
    expect(body.data).toMatchObject([
      { id: use.id, code, times_used: 2, customer_email: "ada@example.com", anonymized: false },
    ]);
  }
  expect((await shop.Promotions.Codes(id)).data).toMatchObject([{ uses: 3, max_uses: 5 }]);
  const anonymize = (...usage_ids: string[]) =>
    wire.ask("POST", "/v2/promotions/usages/anonymize", { data: { usage_ids } });
  const { status, body } = await anonymize(use.id, "nobody");
  expect(status).toBe(200);
  expect(body.data).toMatchObject([{ id: use.id, customer_email: "**", anonymized: true }]);
  expect(body.errors).toMatchObject([{ status: 404, meta: { ids: ["nobody"] } }]);
  expect((await anonymize("nobody")).status).toBe(404);
});
