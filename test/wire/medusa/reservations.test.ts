import { beforeAll, expect, test } from "vitest";
import { aProduct, aShop, readyCart, type Shop } from "./a-shop.ts";
import { useMedusa } from "./harness.ts";

const wire = useMedusa();
let shop: Shop;
let places: string[];
let variants: string[];
const orders: string[] = [];

type Reservation = {
  id: string;
  created_at: string;
  location_id: string;
  inventory_item_id: string;
  line_item_id: string | null;
  quantity: number;
};

const item = (variantId: string) => variantId.replace("variant_", "iitem_");
const list = async (query = ""): Promise<{ reservations: Reservation[]; count: number }> =>
  wire.admin("GET", `/admin/reservations${query}`);

/** Two variants of which a channel sells four pieces here and ten there, and orders of them at every stage. */
beforeAll(async () => {
  shop = await aShop(wire);
  const location = async (name: string): Promise<string> =>
    (await wire.admin("POST", "/admin/stock-locations", { name })).stock_location.id;
  const common = await location("Common");
  const here = await location("Here");
  const there = await location("There");
  places = [common, here, there];
  const channel = (await wire.admin("GET", "/admin/sales-channels")).sales_channels[0].id;
  for (const location_id of [here, there]) {
    await wire.admin("POST", `/admin/sales-channels/${channel}/stock-locations`, { location_id });
  }
  variants = [];
  for (const name of ["One", "Two"]) {
    const { variantId } = await aProduct(wire, name, 0);
    variants.push(variantId);
    const path = `/admin/inventory-items/${item(variantId)}/location-levels`;
    await wire.admin("POST", path, { location_id: here, stocked_quantity: 4 });
    await wire.admin("POST", path, { location_id: there, stocked_quantity: 10 });
  }
  const [one, two] = variants as [string, string];
  const order = async (items: readonly { variant_id: string; quantity: number; metadata?: object }[]) => {
    const cart = await readyCart(wire, shop, { items: items.slice(0, 1) });
    for (const more of items.slice(1)) await wire.ask("POST", `${cart}/line-items`, more);
    await wire.ask("POST", `${cart}/shipping-methods`, { option_id: shop.optionId });
    await wire.ask("POST", `${cart}/payment-sessions`);
    await wire.ask("POST", `${cart}/payment-session`, { provider_id: "manual" });
    const { status, body } = await wire.ask("POST", `${cart}/complete`);
    expect(status, JSON.stringify(body)).toBe(200);
    orders.push(body.data.id);
    return body.data;
  };
  // The same variant on two lines, of which the second lies in both places.
  const split = await order([
    { variant_id: one, quantity: 3 },
    { variant_id: one, quantity: 3, metadata: { engraving: "A" } },
    { variant_id: two, quantity: 1 },
  ]);
  const packed = await order([
    { variant_id: two, quantity: 5 },
    { variant_id: one, quantity: 1 },
  ]);
  const unpacked = await order([{ variant_id: one, quantity: 2 }]);
  // More pieces are held for an edit that is being paid for than its lines have yet.
  const edited = await order([{ variant_id: two, quantity: 1 }]);
  const { order_edit: edit } = await wire.admin("POST", "/admin/order-edits", { order_id: edited.id });
  const path = `/admin/order-edits/${edit.id}`;
  await wire.admin("POST", `${path}/items`, { variant_id: two, quantity: 1 });
  const { order_edit: requested } = await wire.admin("POST", `${path}/request`);
  const collection = `/store/payment-collections/${requested.payment_collection_id}`;
  const session = await wire.ask("POST", `${collection}/sessions`, { provider_id: "manual" });
  const sessionId = session.body.payment_collection.payment_sessions[0].id;
  await wire.ask("POST", `${collection}/sessions/${sessionId}/authorize`);
  const sent = await order([{ variant_id: two, quantity: 1 }]);
  const cancelled = await order([{ variant_id: two, quantity: 1 }]);
  const pack = (of: typeof split, place: number, quantity: number) =>
    wire.admin("POST", `/admin/orders/${of.id}/fulfillment`, {
      items: [{ item_id: of.items[place].id, quantity }],
    });
  await pack(split, 0, 2);
  await pack(packed, 0, 4);
  const back = (await pack(unpacked, 0, 1)).order.fulfillments[0].id;
  await wire.admin("POST", `/admin/orders/${unpacked.id}/fulfillments/${back}/cancel`);
  await pack(sent, 0, 1);
  await wire.admin("POST", `/admin/orders/${cancelled.id}/cancel`);
  await wire.admin("POST", "/admin/reservations", {
    ...{ inventory_item_id: item(two), location_id: there, quantity: 2 },
    ...{ description: "for the fair", line_item_id: packed.items[0].id },
  });
});

test("pages of all reservations are together what the orders hold, line by line, and what is held by hand", async () => {
  const all = await list("?limit=1000");
  expect(all.count).toBe(all.reservations.length);
  const held: Reservation[] = [];
  for (const id of orders) {
    const own = await wire.admin("GET", `/admin/orders/${id}/reservations`);
    held.push(...own.reservations);
  }
  // Every order tells of its own by another way.
  const byId = (a: Reservation, b: Reservation) => (a.id < b.id ? -1 : 1);
  expect([...all.reservations].sort(byId)).toEqual(held.sort(byId));
  expect(held.length).toBeGreaterThan(6);
  expect(held.map(({ created_at: at }) => at).length).toBe(new Set(held.map(({ id }) => id)).size);
  const paged: Reservation[] = [];
  for (let offset = 0; offset < all.count + 2; offset += 2) {
    const page = await list(`?limit=2&offset=${offset}`);
    expect(page).toMatchObject({ count: all.count, offset, limit: 2 });
    paged.push(...page.reservations);
  }
  expect(paged).toEqual(all.reservations);
  const times = paged.map(({ created_at: at }) => at);
  expect(times).toEqual([...times].sort().reverse());
});

test("the list is filtered by item, place, line, number, text and time", async () => {
  const { reservations: all } = await list("?limit=1000");
  const [, here, there] = places;
  const [one = "", two = ""] = variants.map(item);
  const among = (keep: (row: Reservation) => boolean) => all.filter(keep);
  const cases: [string, Reservation[]][] = [
    [`inventory_item_id=${one}`, among((row) => row.inventory_item_id === one)],
    [`inventory_item_id[]=${one}&inventory_item_id[]=${two}`, all],
    [`location_id[]=${here}`, among((row) => row.location_id === here)],
    [
      `location_id=${there}&inventory_item_id=${two}`,
      among((row) => row.location_id === there && row.inventory_item_id === two),
    ],
    ["quantity=1", among((row) => row.quantity === 1)],
    ["quantity[gt]=1", among((row) => row.quantity > 1)],
    ["description=for%20the%20fair", among((row) => "description" in row && row.description !== null)],
    ["created_at[gt]=2999-01-01", []],
    ["line_item_id=item_x", []],
    ["inventory_item_id=iitem_x", []],
    ["order=quantity", [...all].sort((a, b) => a.quantity - b.quantity)],
  ];
  for (const line of new Set(all.map((row) => row.line_item_id as string))) {
    cases.push([`line_item_id[]=${line}`, among((row) => row.line_item_id === line)]);
  }
  for (const [query, wanted] of cases) {
    const found = await list(`?limit=100&${query}`);
    expect([query, found.count]).toEqual([query, wanted.length]);
    const numbers = (rows: readonly Reservation[]) => rows.map(({ quantity }) => quantity);
    if (query.startsWith("order")) expect(numbers(found.reservations)).toEqual(numbers(wanted));
    else expect(new Set(found.reservations)).toEqual(new Set(wanted));
  }
  for (const query of ["quantity=many", "quantity[gt]=x", "order=line_item_id", "colour=red"]) {
    const refused = await wire.ask("GET", `/admin/reservations?${query}`, undefined, { as: "admin" });
    expect([query, refused.status]).toEqual([query, 400]);
  }
});

test("every reservation is found by its id, with what it is of where that is asked for", async () => {
  const { reservations } = await list("?limit=100&expand=line_item,inventory_item");
  for (const { line_item: line, inventory_item: counted, ...row } of reservations as (Reservation & {
    line_item: { id: string; variant_id: string } | null;
    inventory_item: { id: string; sku: string };
  })[]) {
    expect((await wire.admin("GET", `/admin/reservations/${row.id}`)).reservation).toEqual(row);
    expect(counted.id).toBe(row.inventory_item_id);
    if (line) expect([line.id, item(line.variant_id)]).toEqual([row.line_item_id, row.inventory_item_id]);
  }
  const unknown = await wire.ask("GET", "/admin/reservations/resitem_x", undefined, { as: "admin" });
  expect(unknown.status).toBe(404);
});

test("M1 the list takes as many statements for a hundred orders as for one", async () => {
  const { database } = wire.engine.engine.core;
  const statements = async (query: string): Promise<number> => {
    let least = Number.POSITIVE_INFINITY;
    for (let tried = 0; tried < 3; tried += 1) {
      const before = database.statementCount();
      await list(query);
      least = Math.min(least, database.statementCount() - before);
    }
    return least;
  };
  const one = await statements("?limit=1");
  expect(await statements("?limit=100")).toBe(one);
  // Who asks, the store, its setup, the list.
  expect(one).toBeLessThanOrEqual(4);
  expect(await statements("?limit=100&expand=line_item,inventory_item")).toBe(
    await statements("?limit=2&expand=line_item,inventory_item"),
  );
});
