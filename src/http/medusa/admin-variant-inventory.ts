import Type from "typebox";
import { piecesFrom, placesOf } from "../../domain/inventory/selling-places.ts";
import { type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { engineId, wireId } from "./ids.ts";
import { countedItemSchema, countsOf, renderCountedItem } from "./render-inventory.ts";
import { error, nullable, one, plainText } from "./schemas.ts";

/** What of a variant can be sold where. */
export const adminVariantInventoryRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/variants/:id/inventory",
    access: "shop",
    tag: "Admin: inventory",
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
