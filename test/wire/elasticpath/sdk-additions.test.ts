import { describe, expect, test } from "vitest";
import { newReference } from "../../engine.ts";
import { newProduct, rejection, useWire } from "./harness.ts";

// What @elasticpath/js-sdk has and @moltin/sdk has not.
const wire = useWire();

const shop = () => wire.sdk("@elasticpath/js-sdk", "shop");
const shopper = () => wire.sdk("@elasticpath/js-sdk", "shopper");
const last = () => wire.answers.at(-1);

describe("carts", () => {
  test("AddProducts, by id and by sku, all or nothing or what is there", async () => {
    const [pen, few] = [await newProduct(wire), await newProduct(wire, { stock: 1 })];
    const cart = shopper().Cart(newReference());
    const wanted = [{ id: pen.id, quantity: 2 }, { sku: few.sku }];
    expect((await cart.AddProducts(wanted)).data).toMatchObject([{ quantity: 2 }, { quantity: 1 }]);
    expect(JSON.parse(last()?.requestBody ?? "")).toMatchObject({ data: [{ id: pen.id }, { sku: few.sku }] });
    const tooMany = [{ id: pen.id }, { id: few.id, quantity: 9 }];
    const all = await rejection(cart.AddProducts(tooMany, { add_all_or_nothing: true }));
    expect(all.errors).toMatchObject([{ status: 400, title: "Insufficient stock" }]);
    const some = await cart.AddProducts(tooMany, { add_all_or_nothing: false });
    expect(some.data).toMatchObject([{ quantity: 3 }, { quantity: 1 }]);
    expect(some.errors).toMatchObject([{ title: "Insufficient stock", meta: { id: few.id, sku: few.sku } }]);
  });

  test("AddPromotion with a currency and RemovePromotion, as if no promotion existed", async () => {
    const cart = shopper().Cart(newReference());
    await cart.AddProduct((await newProduct(wire)).id);
    const added = await rejection(cart.AddPromotion("SAVE", undefined, "USD"));
    expect(last()?.requestHeaders.get("x-moltin-currency")).toBe("USD");
    const unknown = {
      status: 404,
      title: "Not Found",
      detail: "No promotion could be found with the given code.",
    };
    expect(added.errors).toEqual([{ ...unknown, meta: { code: "SAVE" } }]);
    const removed = await rejection(cart.RemovePromotion("SAVE"));
    expect(removed.errors).toEqual([{ ...unknown, meta: { code: "SAVE" } }]);
  });

  test("RemovePromotion with a code that is percent-encoded, and with one that only looks so", async () => {
    const cart = shopper().Cart(newReference());
    await cart.AddProduct((await newProduct(wire)).id);
    for (const sent of ["SAVE 10%25", "SAVE%2010%25"]) {
      const { errors } = await rejection(cart.RemovePromotion(sent));
      expect(errors).toMatchObject([{ status: 404, meta: { code: "SAVE 10%" } }]);
    }
    // This SDK encodes nothing: a bare percent sign makes an address that nobody can read.
    const { errors } = await rejection(cart.RemovePromotion("SAVE 10%"));
    expect(last()?.url).toContain("/discounts/SAVE%2010%");
    expect([400, 404]).toContain(errors[0]?.status);
    wire.takeUndocumented();
  });
});

test("TotalMethod is passed over", async () => {
  const { meta } = await shop().Customers.TotalMethod("observed").All();
  expect(last()?.url).toContain("page[total_method]=observed");
  expect(meta.results.total).toBe((await shop().Customers.All()).meta.results.total);
});

describe("MultiLocationInventories", () => {
  const header = () => last()?.requestHeaders.get("ep-inventories-multi-location");

  test("Create, Get, All, GetMultipleStock, Delete", async () => {
    const { MultiLocationInventories: inventories } = shop();
    const { id } = await newProduct(wire);
    const created = await inventories.Create({ available: 7 }, id);
    expect(header()).toBe("true");
    const stock = { id, type: "stock", attributes: { available: 7, allocated: 0, total: 7 } };
    expect(created.data).toMatchObject(stock);
    expect((await inventories.Get(id)).data).toMatchObject(stock);
    expect((await inventories.GetMultipleStock([id])).data).toMatchObject([stock]);
    const pages: string[][] = [];
    do {
      const { data } = await inventories
        .Limit(25)
        .Offset(pages.length * 25)
        .All();
      pages.push(data.map((one: { id: string }) => one.id));
    } while (pages.at(-1)?.length === 25);
    expect(pages.flat()).toContain(id);
    await inventories.Delete(id);
    expect((await rejection(inventories.Get(id))).errors).toMatchObject([{ status: 404 }]);
  });

  test("every movement, with `type` inside the attributes", async () => {
    const { MultiLocationInventories: inventories } = shop();
    const { id } = await newProduct(wire, { stock: 10 });
    const moved = await inventories.IncrementStock(id, 5);
    expect(JSON.parse(last()?.requestBody ?? "")).toEqual({
      data: { attributes: { type: "stock-transaction", action: "increment", quantity: 5, product_id: id } },
    });
    expect(moved.data).toMatchObject({
      type: "stock-transaction",
      attributes: { action: "increment", quantity: 5 },
    });
    await inventories.DecrementStock(id, 1);
    await inventories.AllocateStock(id, 4);
    await inventories.DeallocateStock(id, 1);
    expect((await inventories.Get(id)).data.attributes).toMatchObject({
      total: 14,
      available: 11,
      allocated: 3,
    });
    await inventories.SetStock(id, 20);
    expect((await inventories.Get(id)).data.attributes).toMatchObject({
      total: 20,
      available: 17,
      allocated: 3,
    });
    const below = await rejection(inventories.SetStock(id, 2));
    expect(below.errors).toMatchObject([{ status: 422, title: "Cannot complete request" }]);
    const log = await inventories.GetTransactions(id);
    expect(log.data).toHaveLength(6);
    expect((await inventories.GetTransaction(id, log.data[0].id)).data.id).toBe(log.data[0].id);
  });

  test("locations: there are none, and a clear refusal", async () => {
    const { MultiLocationInventories: inventories } = shop();
    const { id } = await newProduct(wire);
    const located = await rejection(inventories.Create({ locations: { north: { available: 5 } } }, id));
    expect(located.errors[0]?.status).toBe(422);
    expect((await inventories.Locations.All()).data).toEqual([]);
    const made = await rejection(inventories.Locations.Create({ name: "North" }));
    expect(made.errors[0]?.status).toBe(422);
  });
});
