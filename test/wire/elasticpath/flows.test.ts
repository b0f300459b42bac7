import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newReference } from "../../engine.ts";
import { rejection, type Sdk, sdkNames, useWire } from "./harness.ts";

const wire = useWire({ env: { CARTWRIGHT_SEED: "none" } });
let shop: Sdk;
beforeAll(() => {
  shop = wire.sdk("@moltin/sdk", "shop");
});
beforeEach(async () => {
  for (const { id } of (await shop.Flows.All()).data) await shop.Flows.Delete(id);
});

const problem = (status: number, title: string) => ({ errors: [{ status, title }] });

async function newFlow(slug = "carts", members: object = {}): Promise<string> {
  const body = { name: `More on ${slug}`, slug, description: "d", enabled: true, ...members };
  return (await shop.Flows.Create(body)).data.id;
}

const aField = (flow: string, members: object = {}) => ({
  name: "Gift note",
  slug: "gift-note",
  field_type: "string",
  description: "What the card says",
  required: false,
  enabled: true,
  relationships: { flow: { data: { type: "flow", id: flow } } },
  ...members,
});

/** The answer to a field that is to be made, as `source title` when it is refused. */
async function made(flow: string, members: object): Promise<string> {
  const { status, body } = await wire.ask("POST", "/v2/fields", { data: aField(flow, members) });
  if (status === 201) await shop.Fields.Delete(body.data.id);
  return status === 201 ? "made" : `${status} ${body.errors[0].source} ${body.errors[0].title}`;
}

describe.each(sdkNames)("%s", (name) => {
  test("Flows: created, listed, read, changed and deleted", async () => {
    const client = wire.sdk(name, "shop");
    const body = { type: "flow", name: "Carts", slug: "carts", description: "More of carts", enabled: true };
    const { data } = await client.Flows.Create(body);
    expect(data).toMatchObject({ ...body, meta: { owner: "store" } });
    expect(data.links.self).toBe(`${wire.engine.url}/v2/flows/${data.id}`);
    expect((await client.Flows.All()).data).toEqual([data]);
    expect((await client.Flows.Get(data.id)).data).toEqual(data);
    const changed = await client.Flows.Update(data.id, { name: "Baskets", slug: "carts", enabled: false });
    expect(changed.data).toMatchObject({ ...body, name: "Baskets", enabled: false });
    await client.Flows.Delete(data.id);
    expect(await rejection(client.Flows.Get(data.id))).toMatchObject(problem(404, "Not Found"));
    for (const refusal of await Promise.all(
      [client.Flows.Update(data.id, { name: "x" }), client.Flows.Delete(data.id)].map(rejection),
    )) {
      expect(refusal).toMatchObject(problem(404, "Not Found"));
    }
  });

  test("Fields: created, listed, read, changed and deleted", async () => {
    const client = wire.sdk(name, "shop");
    const flow = await newFlow("carts");
    await newFlow("orders");
    const validation_rules = [{ type: "enum", options: ["card", "ribbon"] }];
    const { data } = await client.Fields.Create(
      aField(flow, { default: "card", validation_rules, order: 2 }),
    );
    expect(data).toMatchObject({
      type: "field",
      ...aField(flow, { default: "card", validation_rules, order: 2, omit_null: false }),
    });
    expect((await client.Fields.All()).data).toEqual([data]);
    expect((await client.Fields.Get(data.id)).data).toEqual(data);
    expect((await client.Flows.GetFields("carts")).data).toEqual([data]);
    expect((await client.Flows.GetFields("orders")).data).toEqual([]);
    const changes = {
      slug: "gift-note",
      field_type: "string",
      required: true,
      default: null,
      omit_null: true,
    };
    const changed = await client.Fields.Update(data.id, changes);
    expect(changed.data).toMatchObject({ ...aField(flow), ...changes, validation_rules, order: 2 });
    await client.Fields.Delete(data.id);
    for (const refusal of await Promise.all(
      [
        client.Fields.Get(data.id),
        client.Fields.Update(data.id, {}),
        client.Fields.Delete(data.id),
        client.Flows.GetFields("products"),
      ].map(rejection),
    )) {
      expect(refusal).toMatchObject(problem(404, "Not Found"));
    }
  });

  test("Attributes() names the fields of a resource", async () => {
    const client = wire.sdk(name, "shopper");
    for (const slug of ["carts", "orders", "customers", "products"]) {
      const flow = await newFlow(slug);
      const validation_rules = [{ type: "enum", options: ["a", "b"] }];
      await shop.Fields.Create(aField(flow, { validation_rules, required: slug === "orders" }));
      await shop.Fields.Create(aField(flow, { slug: "off", enabled: false }));
    }
    const attribute = {
      label: "Gift note",
      value: "gift-note",
      type: "string",
      required: false,
      description: "What the card says",
      options: ["a", "b"],
      validation_rules: [{ type: "enum", options: ["a", "b"] }],
    };
    const meta = (entity: string) => ({ entity, version: "v2" });
    expect(await client.Customers.Attributes()).toEqual({ data: [attribute], meta: meta("customers") });
    expect(await client.Orders.Attributes()).toEqual({
      data: [{ ...attribute, required: true }],
      meta: meta("orders"),
    });
    expect(await client.Products.Attributes()).toEqual({ data: [attribute], meta: meta("products") });
    expect(await client.Flows.GetFlowTypeAttributes("cart_items")).toEqual({
      data: [],
      meta: meta("cart_items"),
    });
    const carts = await wire.ask("GET", "/v2/carts/attributes", undefined, { as: "shopper" });
    expect(carts.body).toEqual({ data: [attribute], meta: meta("carts") });
    expect((await wire.ask("GET", "/v2/flows/wishlist/attributes")).status).toBe(404);
  });
});

describe("flows", () => {
  test("are one for each resource that can have fields, and no others", async () => {
    const slugs = ["carts", "cart_items", "orders", "order_items", "customers", "products"];
    for (const slug of slugs) await newFlow(slug);
    expect((await shop.Flows.All()).data.map(({ slug }: { slug: string }) => slug)).toEqual(slugs);
    const again = await wire.ask("POST", "/v2/flows", { data: { type: "flow", name: "x", slug: "orders" } });
    expect([again.status, again.body.errors[0].title]).toEqual([422, "Slug taken"]);
    for (const slug of ["wishlist", "Orders", "addresses", "constructor"]) {
      const { status, body } = await wire.ask("POST", "/v2/flows", {
        data: { type: "flow", name: "x", slug },
      });
      expect([status, body.errors[0].source]).toEqual([422, "data.slug"]);
    }
  });

  test("keep their slug", async () => {
    const path = `/v2/flows/${await newFlow("orders")}`;
    const { status, body } = await wire.ask("PUT", path, { data: { slug: "carts", name: "Moved" } });
    expect([status, body.errors[0].detail]).toEqual([422, expect.stringContaining("orders")]);
    expect((await wire.ask("GET", path)).body.data).toMatchObject({ slug: "orders", name: "More on orders" });
  });

  test("and fields are read by everybody, and changed by the shop", async () => {
    const as = { as: "shopper" } as const;
    const flow = await newFlow();
    const { data: field } = await shop.Fields.Create(aField(flow));
    for (const path of [
      `/v2/flows/${flow}`,
      "/v2/fields",
      `/v2/fields/${field.id}`,
      "/v2/flows/carts/fields",
    ]) {
      expect((await wire.ask("GET", path, undefined, as)).status).toBe(200);
    }
    const refused = [
      wire.ask("POST", "/v2/flows", { data: { name: "x", slug: "orders" } }, as),
      wire.ask("PUT", `/v2/flows/${flow}`, { data: { name: "x" } }, as),
      wire.ask("DELETE", `/v2/flows/${flow}`, undefined, as),
      wire.ask("POST", "/v2/fields", { data: aField(flow, { slug: "x" }) }, as),
      wire.ask("PUT", `/v2/fields/${field.id}`, { data: { name: "x" } }, as),
      wire.ask("DELETE", `/v2/fields/${field.id}`, undefined, as),
      wire.ask("GET", "/v2/flows/carts/entries/x", undefined, as),
      wire.ask("PUT", "/v2/flows/carts/entries/x", { data: {} }, as),
    ];
    expect((await Promise.all(refused)).map(({ status }) => status)).toEqual(refused.map(() => 403));
    expect((await shop.Fields.All()).data).toEqual([field]);
  });
});

describe("a field is refused", () => {
  test("that its flow or its resource has already, or without a flow", async () => {
    const flow = await newFlow("orders");
    await shop.Fields.Create(aField(flow));
    expect(await made(flow, {})).toBe("422 undefined Slug taken");
    for (const slug of ["status", "meta", "shipping_address", "id"]) {
      expect(await made(flow, { slug })).toBe("422 data.slug Unprocessable Entity");
    }
    expect(await made(flow, { slug: "sku" })).toBe("made");
    expect(await made("nobody", {})).toBe("404 undefined Not Found");
    expect(await made(flow, { relationships: {} })).toBe("400 data.relationships.flow required");
  });

  test("with a slug that is no name, a relationship, or what is to be unique", async () => {
    const flow = await newFlow();
    for (const slug of ["", "gift note", "$note", "_note", "nöte", "a".repeat(101), "__proto_"]) {
      expect(await made(flow, { slug }), slug).toMatch(/^400 data\.slug (pattern|string_lte)/);
    }
    expect(await made(flow, { field_type: "relationship" })).toBe("422 data.field_type Unprocessable Entity");
    expect(await made(flow, { unique: true })).toBe("422 data.unique Unprocessable Entity");
    expect(await made(flow, { unique: false, slug: "toString" })).toBe("made");
    expect(await made(flow, { field_type: "text" })).toBe("400 data.field_type enum");
  });

  test("with rules or a default that do not fit", async () => {
    const flow = await newFlow();
    const rule = (type: string, options?: unknown) => ({ validation_rules: [{ type, options }] });
    expect(await made(flow, rule("between", { from: 1, to: 2 }))).toBe(
      "400 data.validation_rules.0.type enum",
    );
    expect(await made(flow, rule("one-to-many"))).toBe("400 data.validation_rules.0.type enum");
    const integer = { field_type: "integer", ...rule("between", { from: 5, to: 1 }) };
    expect(await made(flow, integer)).toBe("400 data.validation_rules.0.options.to number_gte");
    expect(await made(flow, rule("enum", []))).toBe("400 data.validation_rules.0.options array_min_items");
    expect(await made(flow, { default: 5 })).toBe("400 data.default invalid_type");
    expect(await made(flow, { ...rule("email"), default: "ada" })).toBe("400 data.default format");
    expect(await made(flow, { ...rule("email"), default: "ada@example.com" })).toBe("made");
    expect(await made(flow, { order: 1.5 })).toBe("400 data.order invalid_type");
  });

  test("beyond the hundredth of a flow", async () => {
    const flow = await newFlow();
    for (let index = 0; index < 100; index += 1)
      await shop.Fields.Create(aField(flow, { slug: `f${index}` }));
    expect(await made(flow, { slug: "f100" })).toBe("422 undefined Limit Reached");
    expect((await shop.Flows.GetFields("carts")).data).toHaveLength(100);
    const page = (await wire.ask("GET", "/v2/fields?page[limit]=10&page[offset]=95")).body;
    expect([page.data.length, page.meta.results.total]).toEqual([5, 100]);
  });

  test("a change of its slug, type, flow, or of rules and default into what do not fit each other", async () => {
    const flow = await newFlow();
    const { data } = await shop.Fields.Create(aField(flow, { default: "hello" }));
    const change = async (members: object) => {
      const { status, body } = await wire.ask("PUT", `/v2/fields/${data.id}`, { data: members });
      return [status, body.errors?.[0].source ?? body.errors?.[0].detail];
    };
    expect(await change({ slug: "other" })).toEqual([422, "The slug of a field cannot be changed"]);
    expect(await change({ field_type: "date" })).toEqual([
      422,
      "The field_type of a field cannot be changed",
    ]);
    expect(await change({ field_type: "relationship" })).toEqual([422, "data.field_type"]);
    const elsewhere = { flow: { data: { id: await newFlow("orders") } } };
    expect(await change({ relationships: elsewhere })).toEqual([
      422,
      "The flow of a field cannot be changed",
    ]);
    const validation_rules = [{ type: "email" }];
    expect(await change({ validation_rules })).toEqual([400, "data.default"]);
    expect(await change({ default: 7 })).toEqual([400, "data.default"]);
    expect((await shop.Fields.Get(data.id)).data).toEqual(data);
    expect((await change({ validation_rules, default: null }))[0]).toBe(200);
  });
});

test("a flow and a field are made once for one idempotency key, also when a name is taken", async () => {
  const keyed = (path: string, data: object, key: string) =>
    wire.ask("POST", path, { data }, { headers: { "idempotency-key": key } });
  const [first, second] = [newReference(), newReference()];
  const flow = await keyed("/v2/flows", { name: "x", slug: "carts" }, first);
  expect((await keyed("/v2/flows", { name: "x", slug: "carts" }, first)).body).toEqual(flow.body);
  expect((await keyed("/v2/flows", { name: "x", slug: "carts" }, second)).status).toBe(422);
  const field = aField(flow.body.data.id);
  const [third, fourth] = [newReference(), newReference()];
  const made = await keyed("/v2/fields", field, third);
  expect((await keyed("/v2/fields", field, third)).body).toEqual(made.body);
  expect((await keyed("/v2/fields", field, fourth)).status).toBe(422);
});
