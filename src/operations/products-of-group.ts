import type { Product } from "../domain/catalog/product.ts";
import { sameJson } from "../domain/same-json.ts";
import type { Context } from "./context.ts";
import type { Deps, Storage } from "./deps.ts";

/** Rows of one look. */
const PAGE = 200;

/** Changes products by their ids; those that are not there are passed over. Answers the ids of those that are others now. */
export async function changeProducts(
  { now }: Pick<Deps, "now">,
  { store }: Pick<Context, "store">,
  { products }: Pick<Storage, "products">,
  ids: readonly string[],
  change: (product: Product) => Product,
): Promise<readonly string[]> {
  const updatedAt = now();
  const changed: string[] = [];
  // In one order, so that two of these at a time wait for each other and not in a circle.
  for (const id of [...new Set(ids)].sort()) {
    let isOther = false;
    await products.change(store.storeId, id, (product) => {
      const after = change(product);
      isOther = !sameJson(product, after);
      return { ...after, updatedAt };
    });
    if (isOther) changed.push(id);
  }
  return changed;
}

/** Ids of all products of a collection or in a category, drafts too. */
export async function productIdsOf(
  { products }: Pick<Storage, "products">,
  { store }: Pick<Context, "store">,
  field: "collection_id" | "category_ids",
  id: string,
): Promise<readonly string[]> {
  const filter = [[{ field, operator: "in", values: [id] } as const]];
  const scope = { liveOnly: false, children: false };
  const ids: string[] = [];
  for (;;) {
    const query = { filter, sort: undefined, limit: PAGE, offset: ids.length };
    const { rows } = await products.list(store.storeId, scope, query);
    ids.push(...rows.map(({ product }) => product.id));
    if (rows.length < PAGE) return ids;
  }
}
