import Type from "typebox";
import type { Product } from "../../domain/catalog/product.ts";
import { type InventoryNote, type StockLocation, stockKeyOf } from "../../domain/inventory/stock-location.ts";
import type { Context } from "../../operations/context.ts";
import type { Deps } from "../../operations/deps.ts";
import type { StockRow } from "../../operations/ports/stock.ts";
import { partId, wireId } from "./ids.ts";
import { dateTime, metadata, nullable, textOrNull, timestamps } from "./schemas.ts";

const numberOrNull = nullable(Type.Number());

export const inventoryItemSchema = Type.Object({
  id: Type.String(),
  ...timestamps,
  sku: textOrNull,
  origin_country: textOrNull,
  hs_code: textOrNull,
  mid_code: textOrNull,
  material: textOrNull,
  weight: numberOrNull,
  length: numberOrNull,
  height: numberOrNull,
  width: numberOrNull,
  requires_shipping: Type.Boolean(),
  description: textOrNull,
  title: textOrNull,
  thumbnail: textOrNull,
  metadata: nullable(metadata),
});

export const levelSchema = Type.Object({
  id: Type.String(),
  created_at: dateTime,
  updated_at: dateTime,
  deleted_at: Type.Null(),
  inventory_item_id: Type.String(),
  location_id: Type.String(),
  stocked_quantity: Type.Integer(),
  reserved_quantity: Type.Integer(),
  incoming_quantity: Type.Integer(),
  available_quantity: Type.Integer(),
  metadata: Type.Null(),
});

/** With its numbers at every location, and their sums. */
export const countedItemSchema = Type.Object({
  ...inventoryItemSchema.properties,
  deleted_at: Type.Null(),
  reserved_quantity: Type.Integer(),
  stocked_quantity: Type.Integer(),
  location_levels: Type.Array(levelSchema),
});

/** What products are counted with: where, how many, and what is noted about them. */
export type Counts = {
  readonly locations: readonly StockLocation[];
  readonly rows: readonly StockRow[];
  readonly notes: readonly InventoryNote[];
};

/** The counts of some products, in three statements. */
export async function countsOf(
  { storage }: Deps,
  { store }: Context,
  productIds: readonly string[],
): Promise<Counts> {
  const { storeId } = store;
  const [locations, rows, notes] = await Promise.all([
    storage.records.all(storeId, "stock_location"),
    productIds.length > 0 ? storage.stock.loadMany(storeId, productIds) : [],
    storage.records.loadMany(storeId, "inventory_note", productIds),
  ]);
  return { locations, rows, notes };
}

/** What is counted: the same thing as the variant, by another name. */
export function renderInventoryItem(product: Product, { notes }: Pick<Counts, "notes">) {
  const note = notes.find(({ id }) => id === product.id);
  return {
    id: wireId("iitem", product.id),
    created_at: product.createdAt,
    updated_at: product.updatedAt,
    sku: product.isSkuMadeUp ? null : product.sku,
    origin_country: product.originCountry ?? null,
    hs_code: product.hsCode ?? null,
    mid_code: product.midCode ?? null,
    material: product.material ?? null,
    weight: product.weight ?? null,
    length: product.length ?? null,
    height: product.height ?? null,
    width: product.width ?? null,
    requires_shipping: product.commodityType === "physical",
    description: note?.description ?? null,
    title: note?.title ?? null,
    thumbnail: note?.thumbnail ?? null,
    metadata: note?.metadata ?? null,
  };
}

/** The numbers of a product at each location that it is counted at. */
export function renderLevels(productId: string, { locations, rows, notes }: Counts) {
  const incoming = notes.find(({ id }) => id === productId)?.incoming ?? {};
  return locations.flatMap((location) => {
    const row = rows.find((one) => one.productId === productId && one.location === stockKeyOf(location));
    if (!row) return [];
    return [
      {
        id: partId("ilev", productId, locations.indexOf(location)),
        created_at: row.createdAt,
        updated_at: row.updatedAt,
        deleted_at: null,
        inventory_item_id: wireId("iitem", productId),
        location_id: wireId("sloc", location.id),
        stocked_quantity: row.total,
        reserved_quantity: row.allocated,
        incoming_quantity: incoming[location.id] ?? 0,
        available_quantity: row.total - row.allocated,
        metadata: null,
      },
    ];
  });
}

/** An item with its numbers. */
export function renderCountedItem(product: Product, counts: Counts) {
  const levels = renderLevels(product.id, counts);
  return {
    ...renderInventoryItem(product, counts),
    deleted_at: null,
    reserved_quantity: levels.reduce((sum, level) => sum + level.reserved_quantity, 0),
    stocked_quantity: levels.reduce((sum, level) => sum + level.stocked_quantity, 0),
    location_levels: levels,
  };
}
