import Type from "typebox";
import type { Product } from "../../domain/catalog/product.ts";
import { piecesFrom, placesOf } from "../../domain/inventory/selling-places.ts";
import type { InventoryNote } from "../../domain/inventory/stock-location.ts";
import type { Result } from "../../domain/result.ts";
import type { Condition } from "../../operations/listing.ts";
import type { Refusal } from "../../operations/refusal.ts";
import type { SalesRefusal } from "../../operations/sales-refusal.ts";
import { deleteLevel, noteInventory, saveLevel } from "../../operations/save-level.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { engineId, wireId } from "./ids.ts";
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
import { bodyOf, error, given, ids, listOf, metadata, nullable, one, plainText, text } from "./schemas.ts";

const tag = "Admin: inventory";
const pieces = Type.Integer({ minimum: 0, maximum: 1_000_000_000 });
const measure = given(Type.Number({ minimum: 0, maximum: 1_000_000_000 }));
const answers = { 200: one("inventory_item", inventoryItemSchema), 400: error, 401: plainText, 404: error };

const itemBody = bodyOf({
  sku: given(text(255)),
  hs_code: given(text(255)),
  origin_country: given(text(2)),
  mid_code: given(text(255)),
  material: given(text(255)),
  weight: measure,
  height: measure,
  width: measure,
  length: measure,
  title: given(text(255)),
  description: given(text(2000)),
  thumbnail: given(text(2000)),
  requires_shipping: given(Type.Boolean()),
  metadata: given(metadata),
});

const listQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  offset: Type.Optional(Type.Integer({ minimum: 0 })),
  id: Type.Optional(ids),
  sku: Type.Optional(Type.String({ maxLength: 255 })),
  q: Type.Optional(Type.String({ maxLength: 255 })),
  expand: Type.Optional(Type.String({ maxLength: 1000 })),
  fields: Type.Optional(Type.String({ maxLength: 1000 })),
});
type ListQuery = {
  readonly limit?: number;
  readonly offset?: number;
  readonly id?: readonly string[];
  readonly sku?: string;
  readonly q?: string;
};

/** What is counted, and how many there are where: every variant that is counted is an inventory item. */
export const adminInventoryItemRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/inventory-items",
    access: "shop",
    tag,
    summary: "List inventory items with their levels",
    query: ["id", "sku", "q", "limit", "offset"],
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
      const { limit = 20, offset = 0, id, sku, q } = read.query;
      const { deps, context } = call;
      const { storeId } = context.store;
      const conditions: Condition[] = [
        { field: "is_base", operator: "eq", values: ["false"] },
        { field: "manage_stock", operator: "eq", values: ["true"] },
      ];
      if (id)
        conditions.push({ field: "id", operator: "in", values: id.map((one) => engineId("iitem", one)) });
      if (sku !== undefined) conditions.push({ field: "sku", operator: "eq", values: [sku] });
      if (q !== undefined) conditions.push({ field: "sku", operator: "ilike", values: [`*${q}*`] });
      const { rows, total } = await deps.storage.products.list(
        storeId,
        { liveOnly: false, children: true },
        { filter: [conditions], sort: { field: "created_at", descending: true }, limit, offset },
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
    body: itemBody,
    responses: { ...answers, 422: error },
    handle: async (call) => {
      const { deps, context, body } = call;
      const product = await itemOf(call);
      if (!product) return unknown(call);
      const updatedAt = deps.now();
      const saved = await deps.storage.products.change(context.store.storeId, product.id, (before) => ({
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
        ...(body.requires_shipping != null && {
          commodityType: body.requires_shipping ? ("physical" as const) : ("digital" as const),
        }),
        updatedAt,
      }));
      if (saved.kind === "sku_taken") return refused({ type: "product_sku_taken", sku: body.sku ?? "" });
      if (saved.kind !== "saved") return unknown(call);
      const noted: Partial<InventoryNote> = {
        ...(body.title != null && { title: body.title }),
        ...(body.description != null && { description: body.description }),
        ...(body.thumbnail != null && { thumbnail: body.thumbnail }),
        ...(body.metadata != null && { metadata: body.metadata }),
      };
      if (Object.keys(noted).length > 0)
        await noteInventory(deps, deps.storage, context, product.id, (note) => ({ ...note, ...noted }));
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
