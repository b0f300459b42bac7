import Type, { type Static } from "typebox";
import type { InventoryNote } from "../../domain/inventory/stock-location.ts";
import { fail, ok, type Result } from "../../domain/result.ts";
import type { Context } from "../../operations/context.ts";
import type { Deps } from "../../operations/deps.ts";
import type { Refusal } from "../../operations/refusal.ts";
import type { SalesRefusal } from "../../operations/sales-refusal.ts";
import { noteInventory } from "../../operations/save-level.ts";
import { type bodyOf, given, metadata, text, words } from "./schemas.ts";

const measure = given(Type.Number({ minimum: 0, maximum: 1_000_000_000 }));

/** What staff say about an inventory item. */
export const itemMembers = {
  sku: given(text(255)),
  hs_code: given(words(255)),
  origin_country: given(words(2)),
  mid_code: given(words(255)),
  material: given(words(255)),
  weight: measure,
  height: measure,
  width: measure,
  length: measure,
  title: given(text(255)),
  description: given(words(2000)),
  thumbnail: given(words(2000)),
  requires_shipping: given(Type.Boolean()),
  metadata: given(metadata),
};

type ItemBody = Static<ReturnType<typeof bodyOf<typeof itemMembers>>> & {
  readonly ean?: string | null;
  readonly upc?: string | null;
  readonly barcode?: string | null;
  readonly allow_backorder?: boolean | null;
  /** Whether it is counted at all; absent: as it is. */
  readonly isCounted?: boolean;
};

/** Changes the variant that an inventory item is, and what is noted about the item alone. */
export async function changeItem(
  deps: Deps,
  context: Context,
  productId: string,
  body: ItemBody,
): Promise<Result<undefined, Refusal | SalesRefusal>> {
  const updatedAt = deps.now();
  const saved = await deps.storage.products.change(context.store.storeId, productId, (before) => ({
    ...before,
    ...(body.sku != null && { sku: body.sku, isSkuMadeUp: false }),
    ...(body.hs_code != null && { hsCode: body.hs_code }),
    ...(body.origin_country != null && { originCountry: body.origin_country }),
    ...(body.mid_code != null && { midCode: body.mid_code }),
    ...(body.material != null && { material: body.material }),
    ...(body.weight != null && { weight: body.weight }),
    ...(body.height != null && { height: body.height }),
    ...(body.width != null && { width: body.width }),
    ...(body.length != null && { length: body.length }),
    ...(body.ean != null && { ean: body.ean }),
    ...(body.upc != null && { upc: body.upc }),
    ...(body.barcode != null && { barcode: body.barcode }),
    ...(body.allow_backorder != null && { allowBackorder: body.allow_backorder }),
    ...(body.isCounted !== undefined && { manageStock: body.isCounted }),
    ...(body.requires_shipping != null && {
      commodityType: body.requires_shipping ? ("physical" as const) : ("digital" as const),
    }),
    updatedAt,
  }));
  if (saved.kind === "sku_taken") return fail({ type: "product_sku_taken", sku: body.sku ?? "" });
  if (saved.kind !== "saved") return fail({ type: "inventory_item_not_found", itemId: productId });
  const noted: Partial<InventoryNote> = {
    ...(body.title != null && { title: body.title }),
    ...(body.description != null && { description: body.description }),
    ...(body.thumbnail != null && { thumbnail: body.thumbnail }),
    ...(body.metadata != null && { metadata: body.metadata }),
  };
  if (Object.keys(noted).length > 0)
    await noteInventory(deps, deps.storage, context, productId, (note) => ({ ...note, ...noted }));
  return ok(undefined);
}
