import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AskOptions, newReference, startTestEngine, type TestEngine } from "../../engine.ts";
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

let count = 0;
/** The id of a new product; it is counted when `stock` says of how many pieces. */
async function newProduct(stock?: number): Promise<string> {
  const name = `counted-${++count}`;
  const { body } = await ask("POST", "/v2/products", {
    data: {
      type: "product",
      name,
      slug: name,
      sku: name,
      description: "",
      manage_stock: true,
      price: [{ amount: 100, currency: "USD", includes_tax: false }],
      status: "live",
      commodity_type: "physical",
      ...(stock !== undefined && { stock }),
    },
  });
  return body.data.id;
}

const numbers = async (id: string) => {
  const { total, available, allocated } = (await ask("GET", `/v2/inventories/${id}`)).body.data;
  return { total, available, allocated };
};

const move = (id: string, action: string, quantity: number) =>
  ask("POST", `/v2/inventories/${id}/transactions`, {
    data: { type: "stock-transaction", action, quantity },
  });

describe("stock", () => {
  test("is created, moved, read and deleted with the vendor's SDK", async () => {
    const id = await newProduct();
    expect((await shop.Inventories.Create(id, 10)).data).toMatchObject({ id, type: "stock", total: 10 });
    const transaction = (action: string, quantity: number) => ({
      data: { type: "stock-transaction", action, quantity, product_id: id },
    });
    expect(await shop.Inventories.IncrementStock(id, 5)).toMatchObject(transaction("increment", 5));
    expect(await shop.Inventories.DecrementStock(id, 2)).toMatchObject(transaction("decrement", 2));
    expect(await shop.Inventories.AllocateStock(id, 4)).toMatchObject(transaction("allocate", 4));
    expect(await shop.Inventories.DeallocateStock(id, 1)).toMatchObject(transaction("deallocate", 1));
    expect((await shopper.Inventories.Get(id)).data).toMatchObject({
      total: 13,
      available: 10,
      allocated: 3,
    });
    const log = await shop.Inventories.GetTransactions(id);
    expect(log.data.map(({ action, quantity }) => `${action} ${quantity}`)).toEqual([
      "create 10",
      "increment 5",
      "decrement 2",
      "allocate 4",
      "deallocate 1",
    ]);
    const [first] = log.data;
    expect((await shop.Inventories.GetTransaction(id, first?.id ?? "")).data).toEqual(first);
    const many = await shopper.Inventories.GetMultipleStock([id, "nobody"]);
    expect(many.data).toMatchObject([{ id, available: 10 }]);
    expect((await shop.Inventories.All()).data.length).toBeGreaterThan(0);
    await shop.Inventories.DeallocateStock(id, 3);
    await shop.Inventories.Delete(id);
    await expect(shopper.Inventories.Get(id)).rejects.toEqual({
      errors: [{ status: 404, title: "Not Found", detail: "The resource could not be found" }],
    });
  });

  test("has the same numbers for clients of the multi-location API", async () => {
    const id = await newProduct();
    const headers = { "EP-Inventories-Multi-Location": "true" };
    const body = { data: { type: "stock", id, attributes: { available: 6 } } };
    const made = await ask("POST", "/v2/inventories", body, { headers });
    expect(made).toMatchObject({ status: 201, body: { data: { id, total: 6, attributes: { total: 6 } } } });
    // The type stands inside of the attributes, as the vendor's SDK sends it.
    const attributes = { type: "stock-transaction", action: "set", quantity: 4, product_id: id };
    const path = `/v2/inventories/${id}/transactions`;
    const set = await ask("POST", path, { data: { attributes } }, { headers });
    expect(set).toMatchObject({
      status: 201,
      body: { data: { attributes: { action: "set", quantity: 4 } } },
    });
    const { body: read } = await ask("GET", `/v2/inventories/${id}`, undefined, asShopper);
    expect(read.data).toMatchObject({
      ...{ total: 4, available: 4, allocated: 0 },
      attributes: { total: 4, available: 4, allocated: 0 },
      meta: { stock_id: id },
    });
  });

  test("has no locations, and says so", async () => {
    const id = await newProduct(1);
    expect((await ask("GET", "/v2/inventories/locations", undefined, asShopper)).body.data).toEqual([]);
    expect((await ask("GET", "/v2/inventories/locations/east")).status).toBe(404);
    const location = { type: "inventory_location", attributes: { name: "East", slug: "east" } };
    expect((await ask("POST", "/v2/inventories/locations", { data: location })).status).toBe(422);
    const attributes = { action: "increment", quantity: 1, location: "east" };
    const path = `/v2/inventories/${id}`;
    expect((await ask("POST", `${path}/transactions`, { data: { attributes } })).status).toBe(422);
    const locations = { locations: { east: { available: 1 } } };
    expect((await ask("PUT", path, { data: { type: "stock", id, attributes: locations } })).status).toBe(422);
    expect((await ask("PUT", path, { data: { type: "stock", id, attributes: {} } })).status).toBe(200);
    const other = await newProduct();
    const withLocations = { data: { type: "stock", id: other, attributes: locations } };
    expect((await ask("POST", "/v2/inventories", withLocations)).status).toBe(422);
  });

  test("E8 is not moved below what is allocated, and the shop is told the numbers", async () => {
    const id = await newProduct(5);
    await move(id, "allocate", 3);
    const insufficient = {
      status: 422,
      body: {
        errors: [
          {
            status: 422,
            title: "Cannot complete request",
            detail: "Your request could not be completed due to insufficient stock levels",
            meta: { id, total: 5, allocated: 3, available: 2 },
          },
        ],
      },
    };
    expect(await move(id, "decrement", 3)).toMatchObject(insufficient);
    expect(await move(id, "allocate", 3)).toMatchObject(insufficient);
    expect(await move(id, "deallocate", 4)).toMatchObject(insufficient);
    expect(await move(id, "set", 2)).toMatchObject(insufficient);
    expect(await numbers(id)).toEqual({ total: 5, available: 2, allocated: 3 });
    expect((await move(id, "set", 3)).status).toBe(200);
  });

  test("does not grow beyond what can be counted", async () => {
    const id = await newProduct(1);
    const { status, body } = await move(id, "increment", 1_000_000_000);
    expect([status, body.errors[0].detail]).toEqual([
      422,
      "The stock of a product cannot be more than 1000000000",
    ]);
    expect((await move(id, "increment", 1_000_000_001)).status).toBe(400);
  });

  test("is written by the shop alone", async () => {
    const id = await newProduct(1);
    const path = `/v2/inventories/${id}`;
    const movement = { data: { type: "stock-transaction", action: "increment", quantity: 1 } };
    for (const [method, at, body] of [
      ["POST", path, { data: { quantity: 1 } }],
      ["POST", `${path}/transactions`, movement],
      ["DELETE", path, undefined],
    ] as const) {
      expect((await ask(method, at, body, asShopper)).status).toBe(403);
    }
  });

  test("is created once, for products that exist, with a number", async () => {
    const id = await newProduct(2);
    expect((await ask("POST", `/v2/inventories/${id}`, { data: { quantity: 9 } })).status).toBe(409);
    expect((await ask("POST", "/v2/inventories/nobody", { data: { quantity: 9 } })).status).toBe(404);
    const uncounted = await newProduct();
    const missing = await ask("POST", `/v2/inventories/${uncounted}`, { data: {} });
    expect(missing).toMatchObject({
      status: 400,
      body: { errors: [{ title: "required", source: "data.quantity" }] },
    });
    expect((await ask("POST", `/v2/inventories/${uncounted}`, { data: { quantity: 1.5 } })).status).toBe(400);
    expect((await move("nobody", "increment", 1)).status).toBe(404);
    expect((await ask("DELETE", `/v2/inventories/${uncounted}`)).status).toBe(404);
  });

  test("is moved by whole positive quantities and known actions", async () => {
    const id = await newProduct(2);
    for (const [action, quantity] of [
      ["increment", 0],
      ["increment", -1],
      ["increment", 0.5],
      ["fulfil", 1],
      ["create", 1],
    ] as const) {
      expect((await move(id, action, quantity)).status).toBe(400);
    }
    expect((await ask("POST", `/v2/inventories/${id}/transactions`, { data: {} })).body.errors).toMatchObject(
      [
        { title: "required", source: "data.action" },
        { title: "required", source: "data.quantity" },
      ],
    );
    expect((await move(id, "set", 0)).status).toBe(200);
  });

  test("E10 the log has what orders did, and replaying it gives the numbers", async () => {
    const id = await newProduct(5);
    const cart = `/v2/carts/${newReference()}`;
    await engine.ask("POST", `${cart}/items`, { data: { type: "cart_item", id, quantity: 2 } }, asShopper);
    const address = {
      first_name: "Ada",
      last_name: "Byron",
      line_1: "1 Long Lane",
      postcode: "90210",
      country: "US",
      county: "CA",
      region: "CA",
    };
    const checkout = {
      customer: { name: "Ada Byron", email: "ada@example.com" },
      billing_address: address,
      shipping_address: address,
    };
    const order = (await engine.ask("POST", `${cart}/checkout`, { data: checkout }, asShopper)).body.data.id;
    const payment = { data: { gateway: "manual", method: "purchase" } };
    expect((await engine.ask("POST", `/v2/orders/${order}/payments`, payment)).status).toBe(201);
    expect(await numbers(id)).toEqual({ total: 5, available: 3, allocated: 2 });
    await engine.ask("PUT", `/v2/orders/${order}`, { data: { type: "order", shipping: "fulfilled" } });

    const path = `/v2/inventories/${id}/transactions`;
    const { data } = (await ask("GET", path)).body;
    expect(
      data.map(({ action, quantity }: { action: string; quantity: number }) => [action, quantity]),
    ).toEqual([
      ["create", 5],
      ["allocate", 2],
      ["decrement", 2],
    ]);
    expect(data[1].meta).toMatchObject({ order_id: order, before: { total: 5, allocated: 0 } });
    expect(data[2].meta.after).toEqual({ total: 3, allocated: 0 });
    expect(await numbers(id)).toEqual({ total: 3, available: 3, allocated: 0 });

    // Who bought what is not for shoppers.
    const seen = (await ask("GET", path, undefined, asShopper)).body.data;
    expect(seen[1].meta).not.toHaveProperty("order_id");
    expect(seen[1].meta).not.toHaveProperty("actor");
    const paged = (await ask("GET", `${path}?page[limit]=1&page[offset]=1&sort=-created_at`)).body;
    expect([paged.data[0].action, paged.meta.results.total]).toEqual(["allocate", 3]);
  });

  test("E3 fifty requests at once take no more than there is", async () => {
    const id = await newProduct(20);
    const answers = await Promise.all(Array.from({ length: 50 }, () => move(id, "decrement", 1)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(30);
    expect(await numbers(id)).toEqual({ total: 0, available: 0, allocated: 0 });
  });

  test("is moved once by a request that is sent twice with a key", async () => {
    const id = await newProduct(5);
    const body = { data: { type: "stock-transaction", action: "decrement", quantity: 1 } };
    const send = () =>
      ask("POST", `/v2/inventories/${id}/transactions`, body, { headers: { "idempotency-key": id } });
    expect((await send()).body).toEqual((await send()).body);
    expect(await numbers(id)).toEqual({ total: 4, available: 4, allocated: 0 });
  });
});
