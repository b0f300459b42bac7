import { beforeAll, expect, test } from "vitest";
import { engineId } from "../../../src/http/medusa/ids.ts";
import { useMedusa } from "./harness.ts";

const wire = useMedusa();
const ulid = (prefix: string) => expect.stringMatching(new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`));
let berlin: string;
let paris: string;
let item: string;
let variant: string;

beforeAll(async () => {
  const made = await wire.admin("POST", "/admin/products", {
    title: "P",
    status: "published",
    options: [{ title: "o" }],
    variants: [
      {
        title: "a",
        sku: "A",
        inventory_quantity: 5,
        prices: [{ currency_code: "usd", amount: 1000 }],
        options: [{ value: "1" }],
      },
    ],
  });
  variant = made.product.variants[0].id;
  item = variant.replace("variant_", "iitem_");
  const address = { address_1: "x", country_code: "DE" };
  const first = await wire.admin("POST", "/admin/stock-locations", { name: "Berlin", address });
  expect(first.stock_location).toEqual({
    id: ulid("sloc"),
    created_at: expect.any(String),
    updated_at: expect.any(String),
    name: "Berlin",
    address_id: ulid("laddr"),
    metadata: null,
  });
  berlin = first.stock_location.id;
  paris = (await wire.admin("POST", "/admin/stock-locations", { name: "Paris" })).stock_location.id;
});

const levelOf = async (location: string) => {
  const { inventory_item } = await wire.admin("GET", `/admin/inventory-items/${item}`);
  return inventory_item.location_levels.find(
    (level: { location_id: string }) => level.location_id === location,
  );
};

test("locations show their address and channels when asked", async () => {
  const [{ id: channel }] = (await wire.admin("GET", "/admin/sales-channels")).sales_channels;
  const path = `/admin/sales-channels/${channel}/stock-locations`;
  const attached = await wire.admin("POST", path, { location_id: berlin });
  expect(attached.sales_channel.id).toBe(channel);
  const listed = await wire.admin("GET", "/admin/stock-locations?expand=address,sales_channels");
  expect(listed).toMatchObject({ count: 2, offset: 0, limit: 20 });
  expect(listed.stock_locations).toMatchObject([
    { name: "Paris", address: null, sales_channels: [] },
    { name: "Berlin", address: { country_code: "de", city: null }, sales_channels: [{ id: channel }] },
  ]);
  expect(await wire.admin("DELETE", path, { location_id: berlin })).toMatchObject({ deleted: true });
});

test("a level is the stock row: both dialects count the same pieces", async () => {
  // The same bits, as the other dialect spells them.
  const product = engineId("variant", variant);
  const { inventory_items } = await wire.admin("GET", "/admin/inventory-items");
  expect(inventory_items).toMatchObject([
    { id: item, sku: "A", stocked_quantity: 5, reserved_quantity: 0, variants: [{ id: variant }] },
  ]);
  const path = `/admin/inventory-items/${item}/location-levels`;
  await wire.admin("POST", `${path}/${berlin}`, { stocked_quantity: 3, incoming_quantity: 7 });
  expect(await levelOf(berlin)).toMatchObject({
    id: ulid("ilev"),
    stocked_quantity: 3,
    incoming_quantity: 7,
    reserved_quantity: 0,
    available_quantity: 3,
  });
  const seen = async () => (await wire.engine.ask("GET", `/v2/inventories/${product}`)).body.data;
  expect(await seen()).toMatchObject({ total: 3, available: 3, allocated: 0 });
  await wire.engine.ask("POST", `/v2/inventories/${product}/transactions`, {
    data: { type: "stock-transaction", action: "allocate", quantity: 2 },
  });
  expect(await levelOf(berlin)).toMatchObject({ stocked_quantity: 3, reserved_quantity: 2 });
  const tooFew = await wire.ask("POST", `${path}/${berlin}`, { stocked_quantity: 1 }, { as: "admin" });
  expect(tooFew.status).toBe(400);
  const kept = await wire.ask("DELETE", `${path}/${berlin}`, undefined, { as: "admin" });
  expect(kept.status).toBe(400);
  await wire.engine.ask("POST", `/v2/inventories/${product}/transactions`, {
    data: { type: "stock-transaction", action: "deallocate", quantity: 2 },
  });

  const nowhere = await wire.ask("POST", `${path}/${paris}`, { stocked_quantity: 1 }, { as: "admin" });
  expect(nowhere.status).toBe(404);
  await wire.admin("POST", path, { location_id: paris, stocked_quantity: 4 });
  const { inventory_item } = await wire.admin("GET", path);
  expect(inventory_item.location_levels).toHaveLength(2);
  for (const named of [`location_id=${paris}`, `location_id[]=${paris}`, `location_id[0]=${paris}`]) {
    const one = (await wire.admin("GET", `${path}?${named}`)).inventory_item;
    expect(one.location_levels).toMatchObject([{ location_id: paris }]);
  }
  const { variant: shown } = await wire.admin("GET", `/admin/variants/${variant}/inventory`);
  expect(shown).toMatchObject({
    id: variant,
    inventory: [{ id: item, stocked_quantity: 7, reserved_quantity: 0 }],
    sales_channel_availability: [{ channel_id: ulid("sc"), available_quantity: 3 }],
  });
  const inUse = await wire.ask("DELETE", `/admin/stock-locations/${paris}`, undefined, { as: "admin" });
  expect(inUse).toMatchObject({ status: 400, body: { message: "There is stock at the location" } });
  await wire.admin("DELETE", `${path}/${paris}`);
  expect(await levelOf(paris)).toBeUndefined();
  expect(await levelOf(berlin)).toMatchObject({ stocked_quantity: 3 });
});

test("what is noted about an item, and what its variant shows of it", async () => {
  const path = `/admin/inventory-items/${item}`;
  const { inventory_item } = await wire.admin("POST", path, {
    sku: "A2",
    weight: 250,
    title: "Box",
    origin_country: "de",
  });
  expect(inventory_item).toMatchObject({ sku: "A2", weight: 250, title: "Box", origin_country: "de" });
  expect((await wire.admin("GET", "/admin/inventory-items?sku=A2")).count).toBe(1);
  expect((await wire.admin("GET", "/admin/inventory-items?sku=A")).count).toBe(0);
  expect((await wire.ask("GET", "/admin/inventory-items/iitem_x", undefined, { as: "admin" })).body).toEqual({
    type: "not_found",
    message: "InventoryItem with id iitem_x was not found",
  });
});

test("a reservation holds its pieces, however many change it at once", async () => {
  const hold = { location_id: berlin, inventory_item_id: item, quantity: 1, description: "hold" };
  const { reservation } = await wire.admin("POST", "/admin/reservations", hold);
  expect(reservation).toMatchObject({
    ...hold,
    id: ulid("resitem"),
    created_by: ulid("usr"),
    line_item_id: null,
  });
  const path = `/admin/reservations/${reservation.id}`;
  expect(await levelOf(berlin)).toMatchObject({ reserved_quantity: 1, available_quantity: 2 });
  await wire.admin("POST", path, { quantity: 2 });
  expect(await levelOf(berlin)).toMatchObject({ reserved_quantity: 2 });
  const tooMany = await wire.ask("POST", path, { quantity: 200 }, { as: "admin" });
  expect(tooMany.status).toBe(400);
  expect((await wire.admin("GET", path)).reservation.quantity).toBe(2);
  const more = await Promise.all(
    Array.from({ length: 5 }, () => wire.ask("POST", "/admin/reservations", hold, { as: "admin" })),
  );
  // One piece was left.
  expect(more.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400]);
  expect(await levelOf(berlin)).toMatchObject({ stocked_quantity: 3, reserved_quantity: 3 });
  expect((await wire.admin("GET", "/admin/reservations")).count).toBe(2);
  const gone = await Promise.all(
    Array.from({ length: 5 }, () => wire.ask("DELETE", path, undefined, { as: "admin" })),
  );
  expect(gone.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect(await levelOf(berlin)).toMatchObject({ stocked_quantity: 3, reserved_quantity: 1 });
  expect((await wire.ask("GET", path, undefined, { as: "admin" })).status).toBe(404);
});

test("a variant that nobody counts is counted from when it becomes an item, and not any more once the item is gone", async () => {
  const { product } = await wire.admin("POST", "/admin/products", {
    title: "Uncounted",
    status: "published",
    options: [{ title: "o" }],
    variants: [
      {
        title: "a",
        manage_inventory: false,
        prices: [{ currency_code: "usd", amount: 1000 }],
        options: [{ value: "1" }],
      },
    ],
  });
  const [{ id: variantId }] = product.variants;
  const body = { variant_id: variantId, inventory_quantity: 4, sku: "COUNTED", title: "Box", hs_code: "99" };
  const { inventory_item: made } = await wire.admin("POST", "/admin/inventory-items", body);
  expect(made).toMatchObject({ sku: "COUNTED", title: "Box", hs_code: "99" });
  const twice = await wire.ask("POST", "/admin/inventory-items", body, { as: "admin" });
  expect(twice).toMatchObject({ status: 422, body: { type: "duplicate_error" } });
  const none = { ...body, variant_id: "variant_x" };
  expect((await wire.ask("POST", "/admin/inventory-items", none, { as: "admin" })).status).toBe(404);
  const seen = async () => (await wire.admin("GET", `/admin/variants/${variantId}`)).variant;
  expect(await seen()).toMatchObject({ manage_inventory: true, inventory_quantity: 4, sku: "COUNTED" });

  const list = async (query: string) =>
    (await wire.admin("GET", `/admin/inventory-items?${query}`)).inventory_items.map(
      ({ id }: { id: string }) => id,
    );
  expect(await list(`location_id=${berlin}&order=sku`)).toContain(made.id);
  expect(await list(`location_id[]=${paris}`)).not.toContain(made.id);
  expect(await list("location_id=sloc_x")).toEqual([]);
  const bad = await wire.ask("GET", "/admin/inventory-items?order=weight", undefined, { as: "admin" });
  expect(bad.status).toBe(400);

  const gone = { id: made.id, object: "inventory_item", deleted: true };
  expect(await wire.admin("DELETE", `/admin/inventory-items/${made.id}`)).toEqual(gone);
  expect(await wire.admin("DELETE", `/admin/inventory-items/${made.id}`)).toEqual(gone);
  expect(await seen()).toMatchObject({ manage_inventory: false });
  expect(await list("q=COUNTED")).toEqual([]);
});
