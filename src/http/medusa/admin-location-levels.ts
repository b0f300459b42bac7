import Type from "typebox";
import type { Result } from "../../domain/result.ts";
import type { Refusal } from "../../operations/refusal.ts";
import type { SalesRefusal } from "../../operations/sales-refusal.ts";
import { deleteLevel, saveLevel } from "../../operations/save-level.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { engineId, wireId } from "./ids.ts";
import { answerItem, itemAnswers, itemMissing, itemOf } from "./one-inventory-item.ts";
import { readQuery } from "./query.ts";
import { countsOf, levelSchema, renderLevels } from "./render-inventory.ts";
import { bodyOf, error, given, ids, one, plainText, text } from "./schemas.ts";

const tag = "Admin: inventory";
const pieces = Type.Integer({ minimum: 0, maximum: 1_000_000_000 });
const levelsQuery = Type.Object({
  location_id: Type.Optional(Type.Union([Type.String({ maxLength: 255 }), ids])),
  expand: Type.Optional(Type.String({ maxLength: 1000 })),
  fields: Type.Optional(Type.String({ maxLength: 1000 })),
});

/** How many pieces of an inventory item there are at which location. */
export const adminLocationLevelRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/inventory-items/:id/location-levels",
    access: "shop",
    tag,
    summary: "List the levels of an inventory item",
    query: Object.keys(levelsQuery.properties),
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
      if (!product) return itemMissing(call);
      const read = readQuery<{ readonly location_id?: string | readonly string[] }>(call, levelsQuery);
      if ("refusal" in read) return read.refusal;
      const wanted = [read.query.location_id ?? []].flat();
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
    responses: itemAnswers,
    handle: async (call) => {
      const { deps, context, body } = call;
      const product = await itemOf(call);
      if (!product) return itemMissing(call);
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
    responses: itemAnswers,
    handle: async (call) => {
      const { deps, context, body, params } = call;
      const product = await itemOf(call);
      if (!product) return itemMissing(call);
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
    responses: itemAnswers,
    handle: async (call) => {
      const { deps, context, params } = call;
      const product = await itemOf(call);
      if (!product) return itemMissing(call);
      const locationId = engineId("sloc", params.locationId as string);
      return after(call, await deleteLevel(deps, context, product.id, locationId));
    },
  }),
];

const after = async (
  call: Omit<Call, "body">,
  result: Result<undefined, Refusal | SalesRefusal>,
): Promise<Reply> => (result.ok ? answerItem(call) : refused(result.error));
