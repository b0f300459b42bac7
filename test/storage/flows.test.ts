import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { fail, ok } from "../../src/domain/result.ts";
import { defaultSettings } from "../../src/operations/context.ts";
import type { Field, Flow, FlowPort } from "../../src/operations/ports/flows.ts";
import type { StorePort } from "../../src/operations/ports/stores.ts";
import type { OpenDatabase } from "../../src/storage/postgres/database.ts";
import { flowStorage } from "../../src/storage/postgres/flows.ts";
import { storeCache } from "../../src/storage/postgres/store-cache.ts";
import { storeStorage } from "../../src/storage/postgres/stores.ts";
import { openMigratedDatabase } from "./migrated-database.ts";

const NOW = "2026-01-02T03:04:05.000Z";
const LATER = "2026-01-03T03:04:05.000Z";

let database: OpenDatabase;
let close: () => Promise<void>;
let storeId: string;
/** Milliseconds of the clock that the held configuration ages by. */
let clock: number;
let flows: FlowPort;
/** Of the same process as `flows`, and of another one. */
let stores: StorePort;
let elsewhere: StorePort;

beforeAll(async () => {
  ({ database, close } = await openMigratedDatabase());
});
afterAll(() => close());

beforeEach(async () => {
  clock = 0;
  storeId = `store-${crypto.randomUUID()}`;
  const cache = storeCache(() => clock);
  flows = flowStorage(database, cache);
  stores = storeStorage(database, cache, randomUUID);
  elsewhere = storeStorage(
    database,
    storeCache(() => clock),
    randomUUID,
  );
  const founder = storeStorage(database, storeCache(), randomUUID);
  await founder.create({ storeId, name: "Wrenfold", settings: defaultSettings, createdAt: NOW });
});

function aFlow(slug: Flow["slug"] = "carts", members: Partial<Flow> = {}): Flow {
  const id = `flow-${slug}`;
  return { id, slug, name: slug, description: "", enabled: true, createdAt: NOW, updatedAt: NOW, ...members };
}

function aField(slug: string, members: Partial<Field> = {}): Field {
  return {
    id: `field-${slug}`,
    flowId: "flow-carts",
    slug,
    name: slug,
    description: "",
    type: "string",
    required: false,
    default: null,
    rules: [],
    omitNull: false,
    enabled: true,
    order: null,
    createdAt: NOW,
    updatedAt: NOW,
    ...members,
  };
}

const add = (field: Field, limit = 100) => flows.insertField(storeId, field, limit);
const slugs = async (port: StorePort = stores) =>
  (await port.config(storeId))?.customFields.carts?.map((field) => field.slug);

describe("flows", () => {
  test("come back as they were stored, oldest first", async () => {
    const orders = aFlow("orders", { description: "of orders", enabled: false });
    const carts = aFlow("carts", { createdAt: LATER });
    expect(await flows.insert(storeId, carts)).toBe("saved");
    expect(await flows.insert(storeId, orders)).toBe("saved");
    expect(await flows.list(storeId)).toEqual([orders, carts]);
    expect(await flows.load(storeId, orders.id)).toEqual(orders);
    expect(await flows.findBySlug(storeId, "orders")).toEqual(orders);
    expect(await flows.load(storeId, "nobody")).toBeUndefined();
    expect(await flows.findBySlug(storeId, "customers")).toBeUndefined();
    expect(await flows.load("another", orders.id)).toBeUndefined();
  });

  test("are one for each resource, also when many want to make it, and inside a transaction", async () => {
    const made = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        flows.insert(storeId, aFlow("carts", { id: `flow-${index}` })),
      ),
    );
    expect(made.filter((answer) => answer === "saved")).toHaveLength(1);
    await database.transaction(async (transaction) => {
      const inside = flowStorage(transaction, storeCache());
      expect(await inside.insert(storeId, aFlow("carts", { id: "late" }))).toBe("slug_taken");
      expect(await inside.insert(storeId, aFlow("orders"))).toBe("saved");
    });
    expect(await flows.list(storeId)).toHaveLength(2);
  });

  test("change all but their slug", async () => {
    await flows.insert(storeId, aFlow());
    const changed = await flows.change(storeId, "flow-carts", (flow) => ({
      ...flow,
      name: "Changed",
      enabled: false,
      updatedAt: LATER,
    }));
    expect(changed).toEqual(aFlow("carts", { name: "Changed", enabled: false, updatedAt: LATER }));
    expect(await flows.load(storeId, "flow-carts")).toEqual(changed);
    expect(await flows.change(storeId, "nobody", (flow) => flow)).toBeUndefined();
    expect(await flows.change("another", "flow-carts", (flow) => flow)).toBeUndefined();
  });

  test("go with their fields, and leave those of other flows and stores", async () => {
    await flows.insert(storeId, aFlow());
    await flows.insert(storeId, aFlow("orders"));
    await add(aField("a"));
    await add(aField("b", { flowId: "flow-orders" }));
    expect(await flows.delete("another", "flow-carts")).toBe(false);
    expect(await flows.delete(storeId, "flow-carts")).toBe(true);
    expect(await flows.delete(storeId, "flow-carts")).toBe(false);
    expect((await flows.listFields(storeId)).map((field) => field.slug)).toEqual(["b"]);
  });
});

describe("fields", () => {
  beforeEach(async () => {
    await flows.insert(storeId, aFlow());
  });

  test("come back as they were stored, of one flow or of all", async () => {
    await flows.insert(storeId, aFlow("orders"));
    const rating = aField("rating", {
      type: "integer",
      description: "stars",
      required: true,
      default: 3,
      rules: [{ type: "between", options: { from: 1, to: 5 } }],
      omitNull: true,
      enabled: false,
      order: -2,
      createdAt: LATER,
    });
    const note = aField("note", { flowId: "flow-orders" });
    expect(await add(rating)).toBe("saved");
    expect(await add(note)).toBe("saved");
    expect(await flows.listFields(storeId)).toEqual([note, rating]);
    expect(await flows.listFields(storeId, "flow-carts")).toEqual([rating]);
    expect(await flows.loadField(storeId, "field-rating")).toEqual(rating);
    expect(await flows.loadField("another", "field-rating")).toBeUndefined();
  });

  test("have a slug of their own in a flow that is there", async () => {
    await flows.insert(storeId, aFlow("orders"));
    expect(await add(aField("note"))).toBe("saved");
    expect(await add(aField("note", { id: "other" }))).toBe("slug_taken");
    expect(await add(aField("note", { id: "other", flowId: "flow-orders" }))).toBe("saved");
    expect(await add(aField("x", { flowId: "nobody" }))).toBe("flow_not_found");
  });

  test("are as many as the limit, however many are added at once", async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => add(aField(`f${index}`), 5)));
    expect(answers.filter((answer) => answer === "saved")).toHaveLength(5);
    expect(answers.filter((answer) => answer === "limit")).toHaveLength(7);
    expect(await flows.listFields(storeId)).toHaveLength(5);
  });

  test("are not left behind by a flow that is deleted while they are added", async () => {
    for (let round = 0; round < 10; round += 1) {
      await Promise.all([add(aField("late")), flows.delete(storeId, "flow-carts")]);
      expect(await flows.listFields(storeId)).toEqual([]);
      await flows.insert(storeId, aFlow());
    }
  });

  test("change, and stay as they are when the change is refused", async () => {
    await add(aField("note"));
    const change = (name: string) =>
      flows.changeField(storeId, "field-note", (field) => ok({ ...field, name, updatedAt: LATER }));
    expect(await change("Note")).toEqual({
      ok: true,
      value: aField("note", { name: "Note", updatedAt: LATER }),
    });
    expect(await flows.changeField(storeId, "field-note", () => fail("no"))).toEqual({
      ok: false,
      error: "no",
    });
    expect((await flows.loadField(storeId, "field-note"))?.name).toBe("Note");
    expect(await flows.changeField(storeId, "nobody", (field) => ok(field))).toBeUndefined();
    expect(await flows.deleteField("another", "field-note")).toBe(false);
    expect(await flows.deleteField(storeId, "field-note")).toBe(true);
    expect(await flows.deleteField(storeId, "field-note")).toBe(false);
  });
});

describe("the store's configuration", () => {
  test("has the fields that are enabled, by resource, in their order", async () => {
    await flows.insert(storeId, aFlow());
    await flows.insert(storeId, aFlow("orders", { enabled: false }));
    await add(aField("last", { createdAt: "2026-01-01T00:00:00.000Z" }));
    await add(aField("second", { order: 10 }));
    await add(aField("first", { order: 9 }));
    await add(aField("off", { enabled: false }));
    await add(aField("hidden", { flowId: "flow-orders" }));
    expect(await slugs()).toEqual(["first", "second", "last"]);
    const config = await stores.config(storeId);
    expect(Object.keys(config?.customFields ?? {})).toEqual(["carts"]);
    const {
      flowId: _f,
      enabled: _e,
      order: _o,
      createdAt: _c,
      updatedAt: _u,
      ...definition
    } = aField("last");
    expect(config?.customFields.carts?.[2]).toEqual(definition);
    expect((await stores.lock(storeId))?.customFields).toEqual(config?.customFields);
  });

  test("is fresh after each change of one's own, and within a second elsewhere", async () => {
    await flows.insert(storeId, aFlow());
    /** What is seen after a change, by somebody who held what was there before it. */
    const slugsAfter = async (change: () => Promise<unknown>) => {
      clock += 60_000;
      await slugs();
      await change();
      return slugs();
    };
    const enable = (enabled: boolean) => () =>
      flows.changeField(storeId, "field-a", (field) => ok({ ...field, enabled }));
    const enableAll = (enabled: boolean) => () =>
      flows.change(storeId, "flow-carts", (flow) => ({ ...flow, enabled }));
    expect(await slugsAfter(() => add(aField("a")))).toEqual(["a"]);
    expect(await slugsAfter(() => add(aField("b")))).toEqual(["a", "b"]);
    expect(await slugs(elsewhere)).toEqual(["a", "b"]);
    expect(await slugsAfter(enable(false))).toEqual(["b"]);
    expect(await slugsAfter(enable(true))).toEqual(["a", "b"]);
    expect(await slugsAfter(enableAll(false))).toBeUndefined();
    expect(await slugsAfter(enableAll(true))).toEqual(["a", "b"]);
    expect(await slugsAfter(() => flows.deleteField(storeId, "field-b"))).toEqual(["a"]);
    expect(await slugs(elsewhere)).toEqual(["a"]);
    await flows.delete(storeId, "flow-carts");
    expect(await slugs()).toBeUndefined();
    expect(await slugs(elsewhere)).toEqual(["a"]);
    clock += 1000;
    expect(await slugs(elsewhere)).toBeUndefined();
  });

  test("can be read whatever texts are in it", async () => {
    // Half a character, which PostgreSQL refuses when it takes JSON apart.
    const half = "\ud800";
    await flows.insert(storeId, aFlow("carts", { name: half, description: half }));
    await add(aField("a", { name: half, default: half, rules: [{ type: "enum", options: [half] }] }));
    expect(await slugs()).toEqual(["a"]);
    expect((await stores.config(storeId))?.customFields.carts?.[0]?.name).toBe(half);
  });

  test("is read in one statement", async () => {
    await flows.insert(storeId, aFlow());
    await add(aField("a"));
    const before = database.statementCount();
    expect(await slugs(elsewhere)).toEqual(["a"]);
    expect(await slugs(elsewhere)).toEqual(["a"]);
    expect(database.statementCount() - before).toBe(1);
  });
});
