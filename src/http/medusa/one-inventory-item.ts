import type { Product } from "../../domain/catalog/product.ts";
import type { Call, Reply } from "../route.ts";
import { refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { countsOf, inventoryItemSchema, renderInventoryItem } from "./render-inventory.ts";
import { error, one, plainText } from "./schemas.ts";

/** The answers of routes about one inventory item. */
export const itemAnswers = {
  200: one("inventory_item", inventoryItemSchema),
  400: error,
  401: plainText,
  404: error,
};

/** The variant that the path's inventory item is. */
export async function itemOf({ deps, context, params }: Omit<Call, "body">): Promise<Product | undefined> {
  const id = engineId("iitem", params.id as string);
  const found = await deps.storage.products.load(context.store.storeId, id);
  return found && !found.product.isBase ? found.product : undefined;
}

/** That there is none. */
export const itemMissing = ({ params }: Pick<Call, "params">): Reply =>
  refused({ type: "inventory_item_not_found", itemId: engineId("iitem", params.id as string) });

/** The item as it is now. */
export async function answerItem(call: Omit<Call, "body">): Promise<Reply> {
  const product = await itemOf(call);
  if (!product) return itemMissing(call);
  const counts = await countsOf(call.deps, call.context, [product.id]);
  return { status: 200, body: { inventory_item: renderInventoryItem(product, counts) } };
}
