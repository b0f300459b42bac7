import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitUntil } from "../../engine.ts";
import { type Receiver, startReceiver } from "../../webhooks/receiver.ts";
import { useWire } from "../elasticpath/harness.ts";

const wire = useWire({ env: { NODE_ENV: "production" }, surroundings: { background: { tellEveryMs: 20 } } });
const ENDPOINTS = "/cartwright/webhook-endpoints";
let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

const nobody = "00000000-0000-4000-8000-000000000000";
const create = (body: unknown) => wire.ask("POST", ENDPOINTS, body);

test("all types of events are listed, with what their data holds and what to ask for", async () => {
  const { status, body } = await wire.ask("GET", "/cartwright/event-types");
  expect(status).toBe(200);
  const listed = new Map(body.data.map((row: { type: string }) => [row.type, row]));
  expect([...listed.keys()]).toEqual((await wire.ask("GET", ENDPOINTS)).body.types);
  expect(listed.get("order.refund_created")).toMatchObject({
    data: { id: expect.any(String), payment_id: expect.any(String), amount: "Minor units" },
    asked_for_by: ["order.refund_created", "order.*", "*"],
  });
  expect(listed.get("cart.updated")).toMatchObject({ asked_for_by: ["cart.updated", "cart.*"] });
  expect(listed.get("customer.password_reset")).toMatchObject({ asked_for_by: ["customer.password_reset"] });
  const descriptions = body.data.flatMap((row: { data: object }) => Object.values(row.data));
  expect(descriptions).not.toContain("");
  expect((await wire.ask("GET", "/cartwright/event-types", undefined, { as: "none" })).status).toBe(401);
});

describe("endpoints", () => {
  test("one is made, read, changed and deleted, and its secret is shown once", async () => {
    const made = await create({
      url: receiver.url,
      description: "Books",
      types: ["order.*", "customer.created"],
    });
    expect(made.status).toBe(201);
    expect(made.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { secret, ...endpoint } = made.body;
    const path = `${ENDPOINTS}/${endpoint.id}`;
    expect(endpoint).toMatchObject({ enabled: true, description: "Books" });
    expect((await wire.ask("GET", path)).body).toEqual(endpoint);
    const listed = (await wire.ask("GET", ENDPOINTS)).body;
    expect(listed.data).toEqual([endpoint]);
    expect(listed.types).toContain("order.payment_captured");
    const rows = await wire.engine.engine.core.database.runText("select * from webhook_endpoint", []);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(secret.slice("whsec_".length));
    const changed = await wire.ask("PUT", path, { enabled: false, types: ["*"] });
    expect(changed.body).toEqual({
      ...endpoint,
      enabled: false,
      types: ["*"],
      updated_at: changed.body.updated_at,
    });
    expect((await wire.ask("DELETE", path)).status).toBe(204);
    expect((await wire.ask("DELETE", path)).status).toBe(404);
    expect((await wire.ask("GET", ENDPOINTS)).body.data).toEqual([]);
  });

  test("a key that is used twice makes two, so that no secret is kept to be answered again", async () => {
    const headers = { "idempotency-key": "make-one" };
    const twice = [1, 2].map(() => wire.ask("POST", ENDPOINTS, { url: receiver.url }, { headers }));
    const [one, other] = await Promise.all(twice);
    expect(one?.body.secret).not.toBe(other?.body.secret);
    for (const made of [one, other]) await wire.ask("DELETE", `${ENDPOINTS}/${made?.body.id}`);
  });

  test.each([
    ["http://shop.example/hooks", "not_https"],
    ["http://10.0.0.1/hooks", "not_https"],
    ["http://localhost.example/hooks", "not_https"],
    ["ftp://shop.example", "not_https"],
    ["javascript:alert(1)", "not_https"],
    ["shop.example/hooks", "not_a_url"],
    ["https://", "not_a_url"],
    ["https://me:secret@shop.example/hooks", "has_password"],
  ])("the address %s is refused: %s", async (url, rule) => {
    const { status, body } = await create({ url });
    expect({ status, type: body.type, errors: body.errors }).toEqual({
      status: 400,
      type: "invalid",
      errors: [{ path: "url", rule }],
    });
    expect(body.detail).toContain("url");
  });

  test.each([
    "https://shop.example/hooks",
    "http://localhost:8080/hooks",
    "http://[::1]:8080",
    "http://127.0.0.1",
  ])("the address %s is fine", async (url) => {
    const { status, body } = await create({ url, enabled: false });
    expect(status).toBe(201);
    expect((await wire.ask("PUT", `${ENDPOINTS}/${body.id}`, { url: "http://shop.example" })).status).toBe(
      400,
    );
    await wire.ask("DELETE", `${ENDPOINTS}/${body.id}`);
  });

  test.each([
    [{}, "url"],
    [{ url: "" }, "url"],
    [{ url: 5 }, "url"],
    [{ url: "https://a.example", types: [] }, "types"],
    [{ url: "https://a.example", types: ["order"] }, "types.0"],
    [{ url: "https://a.example", types: ["*.placed"] }, "types.0"],
    [{ url: "https://a.example", types: "order.placed" }, "types"],
    [{ url: "https://a.example", enabled: "yes" }, "enabled"],
    [{ url: "https://a.example", secret: "mine" }, "secret"],
    [{ url: `https://a.example/${"a".repeat(2048)}` }, "url"],
    [{ url: "https://a.example", description: "a".repeat(1001) }, "description"],
  ])("of %j the wrong member is named", async (input, path) => {
    const { status, body } = await create(input);
    expect({ status, paths: body.errors.map((error: { path: string }) => error.path) }).toEqual({
      status: 400,
      paths: [path],
    });
  });

  test("a store has fifty at most", async () => {
    const made: string[] = [];
    for (let count = 1; count <= 50; count += 1) {
      made.push((await create({ url: "https://a.example", enabled: false })).body.id);
    }
    expect(await create({ url: "https://a.example" })).toMatchObject({
      status: 422,
      body: { type: "too_many_endpoints" },
    });
    await Promise.all(made.map((id) => wire.ask("DELETE", `${ENDPOINTS}/${id}`)));
  });

  test("they are the shop's alone", async () => {
    for (const [as, status] of [
      ["none", 401],
      ["shopper", 403],
    ] as const) {
      expect((await wire.ask("GET", ENDPOINTS, undefined, { as })).status).toBe(status);
      expect((await wire.ask("POST", ENDPOINTS, { url: receiver.url }, { as })).status).toBe(status);
      expect((await wire.ask("GET", `${ENDPOINTS}/${nobody}/deliveries`, undefined, { as })).status).toBe(
        status,
      );
    }
  });
});

describe("deliveries", () => {
  test("are listed in pages with bodies and attempts, and told again", async () => {
    const { body: endpoint } = await create({ url: receiver.url });
    const path = `${ENDPOINTS}/${endpoint.id}`;
    for (let count = 1; count <= 3; count += 1)
      expect((await wire.ask("POST", `${path}/test`)).status).toBe(202);
    await waitUntil(() => receiver.taken.length === 3);
    await waitUntil(
      async () => (await wire.ask("GET", `${path}/deliveries?status=delivered`)).body.data.length === 3,
    );
    const first = (await wire.ask("GET", `${path}/deliveries?limit=2`)).body;
    expect(first.data).toHaveLength(2);
    const second = (await wire.ask("GET", `${path}/deliveries?limit=2&before=${first.next}`)).body;
    expect(second).toMatchObject({ data: [{ body: { sequence: 1 } }], next: null });
    const [delivery] = first.data;
    expect(delivery).toMatchObject({
      type: "webhook.test",
      status: "delivered",
      tries: 1,
      next_try_at: null,
      attempts: [{ status: 200, answer: "" }],
      body: { id: delivery.event_id, type: "webhook.test", sequence: 3, data: { id: endpoint.id } },
    });
    expect(receiver.taken.map(({ body }) => body)).toContainEqual(delivery.body);
    expect((await wire.ask("POST", `${path}/deliveries/${delivery.id}/replay`)).status).toBe(202);
    await waitUntil(() => receiver.taken.length === 4);
    expect(receiver.taken[3]?.headers["webhook-id"]).toBe(delivery.event_id);
    await wire.ask("DELETE", path);
  });

  test("bad queries, bad bodies and what is not there are told as such", async () => {
    const { body: endpoint } = await create({ url: receiver.url, enabled: false });
    const path = `${ENDPOINTS}/${endpoint.id}`;
    for (const [query, member] of [
      ["status=lost", "status"],
      ["limit=0", "limit"],
      ["limit=101", "limit"],
      ["limit=ten", "limit"],
      ["before=yesterday", "before"],
      ["before=-1", "before"],
    ]) {
      expect(await wire.ask("GET", `${path}/deliveries?${query}`)).toMatchObject({
        status: 400,
        body: { errors: [{ path: member }] },
      });
    }
    for (const [body, member] of [
      [{}, "since"],
      [{ since: "yesterday" }, "since"],
      [{ since: "2026-01-01T00:00:00Z", until: 5 }, "until"],
      [{ since: "2026-01-01T00:00:00Z", which: "some" }, "which"],
    ] as const) {
      const answer = await wire.ask("POST", `${path}/replay`, body);
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: member }] } });
    }
    const missing = { status: 404, body: { type: "endpoint_not_found" } };
    const other = `${ENDPOINTS}/${nobody}`;
    expect(await wire.ask("GET", other)).toMatchObject(missing);
    expect(await wire.ask("PUT", other, {})).toMatchObject(missing);
    expect(await wire.ask("POST", `${other}/test`)).toMatchObject(missing);
    expect(await wire.ask("GET", `${other}/deliveries`)).toMatchObject(missing);
    expect(await wire.ask("POST", `${other}/replay`, { since: "2026-01-01T00:00:00Z" })).toMatchObject(
      missing,
    );
    expect(await wire.ask("POST", `${path}/deliveries/${nobody}/replay`)).toMatchObject({
      status: 404,
      body: { type: "delivery_not_found" },
    });
    await wire.ask("DELETE", path);
  });
});

test("what is on its way and what has failed is measured", async () => {
  receiver.mood = () => 500;
  const { body: endpoint } = await create({ url: receiver.url });
  await wire.ask("POST", `${ENDPOINTS}/${endpoint.id}/test`);
  const measured = async (name: string) => {
    const text = await (await fetch(`${wire.engine.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
  };
  await waitUntil(async () => (await measured("cartwright_webhook_deliveries_pending")) === 1);
  expect(await measured("cartwright_webhook_deliveries_failed")).toBe(0);
  await waitUntil(async () => (await measured("cartwright_webhook_deliveries_pending_seconds")) > 0);
  await wire.ask("DELETE", `${ENDPOINTS}/${endpoint.id}`);
  expect(await measured("cartwright_webhook_deliveries_pending")).toBe(0);
  expect(await measured("cartwright_webhook_deliveries_pending_seconds")).toBe(0);
});
