import Type from "typebox";
import type { Product } from "../../domain/catalog/product.ts";
import { piecesFrom, placesOf } from "../../domain/inventory/selling-places.ts";
import { stockKeyOf } from "../../domain/inventory/stock-location.ts";
import type { Result } from "../../domain/result.ts";
import { countPieces } from "../../operations/count-pieces.ts";
import type { Condition } from "../../operations/listing.ts";
import type { Refusal } from "../../operations/refusal.ts";
import type { SalesRefusal } from "../../operations/sales-refusal.ts";
import { deleteLevel, saveLevel } from "../../operations/save-level.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { duplicate, invalidData, refused } from "./errors.ts";
import { engineId, wireId } from "./ids.ts";
import { changeItem, itemMembers } from "./inventory-item-body.ts";
import { type ItemFilters, itemConditions, itemFilters } from "./inventory-item-filters.ts";
import { readQuery } from "./query.ts";
import {
  countedItemSchema,
  countsOf,
  inventoryItemSchema,
  levelSchema,
  renderCountedItem,
  renderInventoryItem,
  renderLevels,
} from "./render-inventory.ts";
import { renderVariantAlone } from "./render-product.ts";
import { bodyOf, deleted, error, given, ids, listOf, nullable, one, plainText, text } from "./schemas.ts";

const tag = "Admin: inventory";
const pieces = Type.Integer({ minimum: 0, maximum: 1_000_000_000 });
const answers = { 200: one("inventory_item", inventoryItemSchema), 400: error, 401: plainText, 404: error };

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

/** What is counted, and how many there are where: every variant that is counted is an inventory item. */
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
    responses: { ...answers, 422: error },
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
      return shown({ ...call, params: { id: wireId("iitem", id) } });
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
      if (!product) return unknown(call);
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
    responses: { ...answers, 422: error },
    handle: async (call) => {
      const { deps, context, body } = call;
      const product = await itemOf(call);
      if (!product) return unknown(call);
      const changed = await changeItem(deps, context, product.id, body);
      if (!changed.ok) return refused(changed.error);
      return shown(call);
    },
  }),
  route({
    method: "GET",
    path: "/admin/inventory-items/:id/location-levels",
    access: "shop",
    tag,
    summary: "List the levels of an inventory item",
    query: ["location_id", "expand", "fields"],
    responses: {
      200: one(
        "inventory_item",
        Type.Object({ id: Type.String(), location_levels: Type.Array(levelSchema) }),
      ),
      401: plainText,
      404: error,
    },
    handle: async (call) => {
      const product = await itemOf(call);
      if (!product) return unknown(call);
      const wanted = new URLSearchParams(call.rawQuery).getAll("location_id");
      const counts = await countsOf(call.deps, call.context, [product.id]);
      const levels = renderLevels(product.id, counts).filter(
        ({ location_id }) => wanted.length === 0 || wanted.includes(location_id),
      );
      const item = { id: wireId("iitem", product.id), location_levels: levels };
      return { status: 200, body: { inventory_item: item } };
    },
  }),
  route({
    method: "POST",
    path: "/admin/inventory-items/:id/location-levels",
    access: "shop",
    tag,
    summary: "Count an inventory item at a location",
    body: bodyOf({ location_id: text(255), stocked_quantity: pieces, incoming_quantity: given(pieces) }),
    responses: answers,
    handle: async (call) => {
      const { deps, context, body } = call;
      const product = await itemOf(call);
      if (!product) return unknown(call);
      const locationId = engineId("sloc", body.location_id);
      const numbers = {
        stocked: body.stocked_quantity,
        ...(body.incoming_quantity != null && { incoming: body.incoming_quantity }),
      };
      return after(call, await saveLevel(deps, context, product.id, locationId, numbers, { create: true }));
    },
  }),
  route({
    method: "POST",
    path: "/admin/inventory-items/:id/location-levels/:locationId",
    access: "shop",
    tag,
    summary: "Change the level of an inventory item at a location",
    body: bodyOf({ stocked_quantity: given(pieces), incoming_quantity: given(pieces) }),
    responses: answers,
    handle: async (call) => {
      const { deps, context, body, params } = call;
      const product = await itemOf(call);
      if (!product) return unknown(call);
      const locationId = engineId("sloc", params.locationId as string);
      const numbers = {
        ...(body.stocked_quantity != null && { stocked: body.stocked_quantity }),
        ...(body.incoming_quantity != null && { incoming: body.incoming_quantity }),
      };
      return after(call, await saveLevel(deps, context, product.id, locationId, numbers, { create: false }));
    },
  }),
  route({
    method: "DELETE",
    path: "/admin/inventory-items/:id/location-levels/:locationId",
    access: "shop",
    tag,
    summary: "Stop counting an inventory item at a location",
    responses: answers,
    handle: async (call) => {
      const { deps, context, params } = call;
      const product = await itemOf(call);
      if (!product) return unknown(call);
      const locationId = engineId("sloc", params.locationId as string);
      return after(call, await deleteLevel(deps, context, product.id, locationId));
    },
  }),
  route({
    method: "GET",
    path: "/admin/variants/:id/inventory",
    access: "shop",
    tag,
    summary: "The inventory of a variant, and what each sales channel can sell of it",
    responses: {
      200: one(
        "variant",
        Type.Object({
          id: Type.String(),
          inventory: Type.Array(countedItemSchema),
          sales_channel_availability: Type.Array(
            Type.Object({
              channel_name: Type.String(),
              channel_id: Type.String(),
              available_quantity: nullable(Type.Integer()),
            }),
          ),
        }),
      ),
      401: plainText,
      404: error,
    },
    handle: async (call) => {
      const { deps, context, params } = call;
      const productId = engineId("variant", params.id as string);
      const found = await deps.storage.products.load(context.store.storeId, productId);
      if (!found || found.product.isBase) return refused({ type: "product_not_found", id: productId });
      const [counts, setup] = await Promise.all([
        countsOf(deps, context, [productId]),
        deps.storage.records.setup(context.store.storeId),
      ]);
      const pieces = Object.fromEntries(
        counts.rows.map(({ location, total, allocated }) => [location, total - allocated]),
      );
      return {
        status: 200,
        body: {
          variant: {
            id: params.id,
            inventory: found.product.manageStock ? [renderCountedItem(found.product, counts)] : [],
            sales_channel_availability: setup.salesChannels.map((channel) => ({
              channel_name: channel.name,
              channel_id: wireId("sc", channel.id),
              available_quantity: piecesFrom(placesOf(setup, channel.id), pieces) ?? null,
            })),
          },
        },
      };
    },
  }),
];

async function itemOf({ deps, context, params }: Omit<Call, "body">): Promise<Product | undefined> {
  const id = engineId("iitem", params.id as string);
  const found = await deps.storage.products.load(context.store.storeId, id);
  return found && !found.product.isBase ? found.product : undefined;
}

/** What stock rows call the locations; a name that none has where there are no such locations. */
async function stockKeysOf({ deps, context }: Call, locationIds: readonly string[]): Promise<string[]> {
  const ids = locationIds.map((id) => engineId("sloc", id));
  const locations = await deps.storage.records.loadMany(context.store.storeId, "stock_location", ids);
  return locations.length > 0 ? locations.map(stockKeyOf) : ["-"];
}

const unknown = ({ params }: Pick<Call, "params">): Reply =>
  refused({ type: "inventory_item_not_found", itemId: engineId("iitem", params.id as string) });

async function shown(call: Omit<Call, "body">): Promise<Reply> {
  const product = await itemOf(call);
  if (!product) return unknown(call);
  const counts = await countsOf(call.deps, call.context, [product.id]);
  return { status: 200, body: { inventory_item: renderInventoryItem(product, counts) } };
}

const after = async (
  call: Omit<Call, "body">,
  result: Result<undefined, Refusal | SalesRefusal>,
): Promise<Reply> => (result.ok ? shown(call) : refused(result.error));
