import type { ProductCollection } from "../domain/catalog/grouped-by.ts";
import { handleOf } from "../domain/catalog/handle.ts";
import { withMetadata } from "../domain/catalog/metadata.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { allOrNothing } from "./all-or-nothing.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { inCollection } from "./product-groups.ts";
import { changeProducts, productIdsOf } from "./products-of-group.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";

export type CollectionRefusal = SalesRefusalOf<"product_group_not_found" | "product_group_taken">;

/** What a merchant says of a collection. */
export type CollectionDetails = Partial<Pick<ProductCollection, "title" | "handle" | "metadata">>;

const KIND = "product_collection";
const notFound = (id: string) => fail({ type: "product_group_not_found", kind: KIND, id } as const);
const taken = (name: string) => fail({ type: "product_group_taken", kind: KIND, name } as const);

/** Stores a new collection; without a handle, its title makes one. */
export async function createCollection(
  deps: Deps,
  { store }: Context,
  details: CollectionDetails & { readonly title: string },
): Promise<Result<ProductCollection, CollectionRefusal>> {
  const [id, now] = [deps.newId(), deps.now()];
  const handle = details.handle ?? (handleOf(details.title) || id);
  const collection = { ...details, id, handle, createdAt: now, updatedAt: now };
  const saved = await deps.storage.records.insert(store.storeId, KIND, collection, handle);
  return saved === "saved" ? ok(collection) : taken(handle);
}

/** Changes a collection; with another handle its products are shown by that in the other dialect's catalog. */
export function updateCollection(
  deps: Deps,
  context: Context,
  id: string,
  details: CollectionDetails,
): Promise<Result<ProductCollection, CollectionRefusal>> {
  return allOrNothing(deps, async (storage): Promise<Result<ProductCollection, CollectionRefusal>> => {
    const { storeId } = context.store;
    const updatedAt = deps.now();
    const changed = await storage.records.change(
      storeId,
      KIND,
      id,
      (before) => ({
        ...before,
        ...details,
        ...(details.metadata && { metadata: withMetadata(before.metadata, details.metadata) }),
        updatedAt,
      }),
      ({ handle }) => handle,
    );
    if (changed.kind === "not_found") return notFound(id);
    if (changed.kind === "name_taken") return taken(details.handle ?? "");
    const { record } = changed;
    if (details.handle !== undefined) {
      const ids = await productIdsOf(storage, context, "collection_id", id);
      await changeProducts(deps, context, storage, ids, (product) => inCollection(product, record));
    }
    return ok(record);
  });
}

/** Takes a collection away; its products stay, in none. */
export function deleteCollection(deps: Deps, context: Context, id: string): Promise<void> {
  return deps.storage.transaction(async (storage) => {
    if (!(await storage.records.delete(context.store.storeId, KIND, id))) return;
    const ids = await productIdsOf(storage, context, "collection_id", id);
    await changeProducts(deps, context, storage, ids, (product) => inCollection(product, undefined));
  });
}

/** Puts products into a collection, or takes those that are in it out again. */
export function collectProducts(
  deps: Deps,
  context: Context,
  id: string,
  productIds: readonly string[],
  what: "add" | "remove",
): Promise<Result<ProductCollection, CollectionRefusal>> {
  return allOrNothing(deps, async (storage): Promise<Result<ProductCollection, CollectionRefusal>> => {
    const collection = await storage.records.load(context.store.storeId, KIND, id);
    if (!collection) return notFound(id);
    const moved = await changeProducts(deps, context, storage, productIds, (product) => {
      if (what === "add") return inCollection(product, collection);
      return product.collectionId === id ? inCollection(product, undefined) : product;
    });
    if (moved.length > 0) {
      const type = `product-collection.products_${what === "add" ? "added" : "removed"}`;
      const told = { type, payload: { id, productIds: moved } };
      await storage.events.record(context.store.storeId, id, told, deps.now());
    }
    return ok(collection);
  });
}
