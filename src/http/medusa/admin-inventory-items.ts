import Type from "typebox";
import { stockKeyOf } from "../../domain/inventory/stock-location.ts";
import { countPieces } from "../../operations/count-pieces.ts";
import type { Condition } from "../../operations/listing.ts";
import { type Call, type Route, route } from "../route.ts";
import { duplicate, invalidData, refused } from "./errors.ts";
import { engineId, wireId } from "./ids.ts";
import { changeItem, itemMembers } from "./inventory-item-body.ts";
import { type ItemFilters, itemConditions, itemFilters } from "./inventory-item-filters.ts";
import { answerItem, itemAnswers, itemMissing, itemOf } from "./one-inventory-item.ts";
import { readQuery } from "./query.ts";
import { countedItemSchema, countsOf, renderCountedItem } from "./render-inventory.ts";
import { renderVariantAlone } from "./render-product.ts";
import { bodyOf, deleted, error, given, ids, listOf, one, plainText, text } from "./schemas.ts";

const tag = "Admin: inventory";
const pieces = Type.Integer({ minimum: 0, maximum: 1_000_000_000 });

const listQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  offset: Type.Optional(Type.Integer({ minimum: 0 })),
  id: Type.Optional(ids),
  location_id: Type.Optional(Type.Union([Type.String({ maxLength: 255 }), ids])),
  order: Type.Optional(Type.String({ maxLength: 64 })),
  ...itemFilters,
  q: Type.Optional(Type.String({ maxLength: 255 })),
  expand: Type.Optional(Type.String({ maxLength: 1000 })),
  fields: Type.Optional(Type.String({ maxLength: 1000 })),
});
type ListQuery = {
  readonly limit?: number;
  readonly offset?: number;
  readonly id?: readonly string[];
  readonly location_id?: string | readonly string[];
  readonly order?: string;
  readonly q?: string;
} & ItemFilters;

/** What is counted: every variant that is counted is an inventory item. */
export const adminInventoryItemRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/inventory-items",
    access: "shop",
    tag,
    summary: "List inventory items with their levels",
    query: Object.keys(listQuery.properties),
    responses: {
      200: listOf(
        "inventory_items",
        Type.Object({ ...countedItemSchema.properties, variants: Type.Array(Type.Unknown()) }),
      ),
      400: error,
      401: plainText,
    },
    handle: async (call) => {
      const read = readQuery<ListQuery>(call, listQuery);
      if ("refusal" in read) return read.refusal;
      const { limit = 20, offset = 0, id, q, order, location_id: at } = read.query;
      const field = order?.replace(/^-/, "") ?? "created_at";
      if (!["id", "sku", "created_at", "updated_at"].includes(field)) {
        return invalidData(`Order field ${field} is not valid`);
      }
      const { deps, context } = call;
      const { storeId } = context.store;
      const conditions: Condition[] = [
        { field: "is_base", operator: "eq", values: ["false"] },
        { field: "manage_stock", operator: "eq", values: ["true"] },
        ...itemConditions(read.query),
      ];
      if (id)
        conditions.push({ field: "id", operator: "in", values: id.map((one) => engineId("iitem", one)) });
      if (at !== undefined) {
        conditions.push({
          field: "counted_at",
          operator: "in",
          values: await stockKeysOf(call, [at].flat()),
        });
      }
      if (q !== undefined) conditions.push({ field: "sku", operator: "ilike", values: [`*${q}*`] });
      const { rows, total } = await deps.storage.products.list(
        storeId,
        { liveOnly: false, children: true },
        { filter: [conditions], sort: { field, descending: order?.startsWith("-") ?? true }, limit, offset },
      );
      const productIds = rows.map(({ product }) => product.id);
      const [counts, families] = await Promise.all([
        countsOf(deps, context, productIds),
        productIds.length > 0 ? deps.storage.products.families(storeId, productIds) : [],
      ]);
      const items = rows.map(({ product }) => {
        const family = families.find(({ variants }) => variants.some((one) => one.product.id === product.id));
        const variant = family?.variants.find((one) => one.product.id === product.id);
        return {
          ...renderCountedItem(product, counts),
          variants: family && variant ? [renderVariantAlone(call, family.group, variant)] : [],
        };
      });
      return { status: 200, body: { inventory_items: items, count: total, offset, limit } };
    },
  }),
  route({
    method: "POST",
    path: "/admin/inventory-items",
    access: "shop",
    tag,
    summary: "Begin to count a variant that nobody counts",
    body: bodyOf({
      ...itemMembers,
      variant_id: text(255),
      ean: given(text(255)),
      upc: given(text(255)),
      barcode: given(text(255)),
      inventory_quantity: given(pieces),
      allow_backorder: given(Type.Boolean()),
      manage_inventory: given(Type.Boolean()),
    }),
    responses: { ...itemAnswers, 422: error },
    handle: async (call) => {
      const { deps, context, body } = call;
      const id = engineId("variant", body.variant_id);
      const found = await deps.storage.products.load(context.store.storeId, id);
      if (!found || found.product.isBase) return refused({ type: "variant_not_found", variantId: id });
      if (found.product.manageStock) {
        return duplicate(`The variant with id: ${body.variant_id} has an inventory item already`);
      }
      const changed = await changeItem(deps, context, id, { ...body, isCounted: true });
      if (!changed.ok) return refused(changed.error);
      const counted = await countPieces(deps, context, deps.storage, id, body.inventory_quantity ?? 0);
      if (!counted.ok) return refused(counted.error);
      return answerItem({ ...call, params: { id: wireId("iitem", id) } });
    },
  }),
  route({
    method: "DELETE",
    path: "/admin/inventory-items/:id",
    access: "shop",
    tag,
    summary: "Stop counting a variant: there is always enough of it from then on",
    responses: { 200: deleted, 401: plainText },
    handle: async (call) => {
      const { deps, context, params } = call;
      const product = await itemOf(call);
      if (product?.manageStock) await changeItem(deps, context, product.id, { isCounted: false });
      return { status: 200, body: { id: params.id, object: "inventory_item", deleted: true } };
    },
  }),
  route({
    method: "GET",
    path: "/admin/inventory-items/:id",
    access: "shop",
    tag,
    summary: "Retrieve an inventory item",
    query: ["expand", "fields"],
    responses: { 200: one("inventory_item", countedItemSchema), 401: plainText, 404: error },
    handle: async (call) => {
      const product = await itemOf(call);
      if (!product) return itemMissing(call);
      const counts = await countsOf(call.deps, call.context, [product.id]);
      return { status: 200, body: { inventory_item: renderCountedItem(product, counts) } };
    },
  }),
  route({
    method: "POST",
    path: "/admin/inventory-items/:id",
    access: "shop",
    tag,
    summary: "Change an inventory item",
    body: bodyOf(itemMembers),
    responses: { ...itemAnswers, 422: error },
    handle: async (call) => {
      const { deps, context, body } = call;
      const product = await itemOf(call);
      if (!product) return itemMissing(call);
      const changed = await changeItem(deps, context, product.id, body);
      if (!changed.ok) return refused(changed.error);
      return answerItem(call);
    },
  }),
];

/** What stock rows call the locations; a name that none has where there are no such locations. */
async function stockKeysOf({ deps, context }: Call, locationIds: readonly string[]): Promise<string[]> {
  const ids = locationIds.map((id) => engineId("sloc", id));
  const locations = await deps.storage.records.loadMany(context.store.storeId, "stock_location", ids);
  return locations.length > 0 ? locations.map(stockKeyOf) : ["-"];
}
