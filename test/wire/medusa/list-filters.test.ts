import { beforeAll, expect, test } from "vitest";
import { aShop, readyCart, type Shop } from "./a-shop.ts";
import { useMedusa } from "./harness.ts";

const wire = useMedusa();
let shop: Shop;

beforeAll(async () => {
  shop = await aShop(wire);
});

const countOf = async (path: string): Promise<number> => (await wire.admin("GET", path)).count;

async function newOrder(): Promise<string> {
  const cart = await readyCart(wire, shop, { provider: "manual" });
  return (await wire.ask("POST", `${cart}/complete`)).body.data.id;
}

test("nothing is ever half deleted: who asks for what is deleted finds nothing", async () => {
  await wire.admin("POST", "/admin/collections", { title: "Summer" });
  const lists = ["/admin/products", "/admin/collections", "/admin/regions", "/admin/sales-channels"];
  for (const list of lists) {
    expect(await countOf(list)).toBeGreaterThan(0);
    expect(await countOf(`${list}?deleted_at[gt]=2020-01-01`)).toBe(0);
  }
  const shown = await wire.ask("GET", "/store/collections?deleted_at[lt]=2100-01-01T00:00:00Z");
  expect(shown).toMatchObject({ status: 200, body: { collections: [], count: 0 } });
  const wrong = await wire.ask("GET", "/admin/products?deleted_at=soon", undefined, { as: "admin" });
  expect(wrong).toMatchObject({ status: 400, body: { message: "deleted_at must be a time" } });
});

test("orders by when they were canceled, and by a tax rate that none has", async () => {
  const [kept, off] = [await newOrder(), await newOrder()];
  await wire.admin("POST", `/admin/orders/${off}/cancel`);
  const found = async (query: string): Promise<string[]> =>
    (await wire.admin("GET", `/admin/orders?${query}`)).orders.map(({ id }: { id: string }) => id);
  expect((await found("")).sort()).toEqual([kept, off].sort());
  expect(await found("canceled_at[gt]=2020-01-01")).toEqual([off]);
  expect(await found("canceled_at[lt]=2020-01-01")).toEqual([]);
  expect(await found("tax_rate=20")).toEqual([]);
});

test("inventory items by what is said of their variants", async () => {
  const { inventory_items: items } = await wire.admin("GET", "/admin/inventory-items");
  const path = `/admin/inventory-items/${items[0].id}`;
  await wire.admin("POST", path, {
    ...{ sku: "BOX", hs_code: "4819", mid_code: "M1", origin_country: "de", material: "paper" },
    ...{ weight: 250, length: 30, height: 20, width: 10 },
  });
  const found = (query: string) => countOf(`/admin/inventory-items?${query}`);
  const matching = [
    ...["sku=BOX", "sku[]=BOX&sku[]=NONE", "hs_code=4819", "mid_code=M1", "origin_country=de"],
    ...["material=paper", "weight=250", "weight[gte]=250&weight[lt]=251", "length=30", "height=20"],
    ...["width[gt]=9", "requires_shipping=true&sku=BOX"],
  ];
  for (const query of matching) expect([query, await found(query)]).toEqual([query, 1]);
  const others = [
    ...["sku=NONE", "hs_code=1", "mid_code=M2", "origin_country=us", "material=wood", "weight[gt]=250"],
    ...["length=31", "height[lt]=20", "width=9", "requires_shipping=false&sku=BOX"],
  ];
  for (const query of others) expect([query, await found(query)]).toEqual([query, 0]);
  const wrong = await wire.ask("GET", "/admin/inventory-items?weight=heavy", undefined, { as: "admin" });
  expect(wrong.status).toBe(400);
});

test("currencies by their code or name", async () => {
  const { currencies } = await wire.admin("GET", "/admin/currencies?q=swiss");
  expect(currencies.map(({ code }: { code: string }) => code)).toContain("chf");
  expect(await countOf("/admin/currencies?q=no such money")).toBe(0);
});
