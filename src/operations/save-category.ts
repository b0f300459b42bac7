import { childrenOf, withDescendants } from "../domain/catalog/category-tree.ts";
import type { ProductCategory } from "../domain/catalog/grouped-by.ts";
import { handleOf } from "../domain/catalog/handle.ts";
import { withMetadata } from "../domain/catalog/metadata.ts";
import type { Product } from "../domain/catalog/product.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { allOrNothing } from "./all-or-nothing.ts";
import type { Context } from "./context.ts";
import type { Deps, Storage } from "./deps.ts";
import { grouped } from "./product-groups.ts";
import { changeProducts, productIdsOf } from "./products-of-group.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";

export type CategoryRefusal = SalesRefusalOf<
  "product_group_not_found" | "product_group_taken" | "category_loop" | "category_has_children"
>;

/** What a merchant says of a category; `parentId` null puts it at the top. */
export type CategoryDetails = Partial<
  Pick<ProductCategory, "name" | "handle" | "description" | "isActive" | "isInternal" | "rank" | "metadata">
> & { readonly parentId?: string | null };

const KIND = "product_category";
const notFound = (id: string) => fail({ type: "product_group_not_found", kind: KIND, id } as const);
const taken = (name: string) => fail({ type: "product_group_taken", kind: KIND, name } as const);

/** Stores a new category, the last one of its parent. Shoppers see it when it is made active. */
export function createCategory(
  deps: Deps,
  { store }: Context,
  { parentId, ...details }: CategoryDetails & { readonly name: string },
): Promise<Result<ProductCategory, CategoryRefusal>> {
  const [id, now] = [deps.newId(), deps.now()];
  return allOrNothing(deps, async ({ records }): Promise<Result<ProductCategory, CategoryRefusal>> => {
    const all = await records.all(store.storeId, KIND);
    if (parentId && !all.some((category) => category.id === parentId)) return notFound(parentId);
    const handle = details.handle ?? (handleOf(details.name) || id);
    const category: ProductCategory = {
      description: "",
      isActive: false,
      isInternal: false,
      ...details,
      id,
      handle,
      ...(parentId && { parentId }),
      rank: childrenOf(all, parentId ?? undefined).length,
      createdAt: now,
      updatedAt: now,
    };
    const saved = await records.insert(store.storeId, KIND, category, handle);
    return saved === "saved" ? ok(category) : taken(handle);
  });
}

/** Changes a category, and its place in the tree. */
export function updateCategory(
  deps: Deps,
  context: Context,
  id: string,
  details: CategoryDetails,
): Promise<Result<ProductCategory, CategoryRefusal>> {
  return allOrNothing(deps, async (storage): Promise<Result<ProductCategory, CategoryRefusal>> => {
    const { records } = storage;
    const { storeId } = context.store;
    const all = await records.all(storeId, KIND);
    const before = all.find((category) => category.id === id);
    if (!before) return notFound(id);
    const { rank, parentId: wantedParent, ...members } = details;
    const parentId = wantedParent === undefined ? before.parentId : (wantedParent ?? undefined);
    if (parentId !== undefined) {
      if (!all.some((category) => category.id === parentId)) return notFound(parentId);
      if (withDescendants(all, [id]).includes(parentId))
        return fail({ type: "category_loop", categoryId: id });
    }
    // It gets its place with everything else of it: that is one change.
    const siblings = childrenOf(all, parentId).filter((other) => other.id !== id);
    const isMoved = rank !== undefined || parentId !== before.parentId;
    const place = Math.min(rank ?? siblings.length, siblings.length);
    const changed = await records.change(
      storeId,
      KIND,
      id,
      (category) => ({
        ...category,
        ...members,
        ...(isMoved && { rank: place }),
        ...(members.metadata && { metadata: withMetadata(category.metadata, members.metadata) }),
        parentId,
        updatedAt: deps.now(),
      }),
      ({ handle }) => handle,
    );
    if (changed.kind === "not_found") return notFound(id);
    if (changed.kind === "name_taken") return taken(details.handle ?? "");
    if (isMoved) await makeRoom(deps, context, storage, siblings, place);
    return ok(changed.record);
  });
}

/** Takes a category away that has none below it; its products stay. */
export function deleteCategory(
  deps: Deps,
  context: Context,
  id: string,
): Promise<Result<void, CategoryRefusal>> {
  return allOrNothing(deps, async (storage): Promise<Result<void, CategoryRefusal>> => {
    const { storeId } = context.store;
    const all = await storage.records.all(storeId, KIND);
    if (!all.some((category) => category.id === id)) return notFound(id);
    if (childrenOf(all, id).length > 0) return fail({ type: "category_has_children", categoryId: id });
    await storage.records.delete(storeId, KIND, id);
    const ids = await productIdsOf(storage, context, "category_ids", id);
    await changeProducts(deps, context, storage, ids, (product) => inCategory(product, id, undefined));
    return ok(undefined);
  });
}

/** Puts products into a category, or takes them out. */
export function categorizeProducts(
  deps: Deps,
  context: Context,
  id: string,
  productIds: readonly string[],
  what: "add" | "remove",
): Promise<Result<ProductCategory, CategoryRefusal>> {
  return allOrNothing(deps, async (storage): Promise<Result<ProductCategory, CategoryRefusal>> => {
    const category = await storage.records.load(context.store.storeId, KIND, id);
    if (!category) return notFound(id);
    const wanted = what === "add" ? category : undefined;
    await changeProducts(deps, context, storage, productIds, (product) => inCategory(product, id, wanted));
    return ok(category);
  });
}

/** A product in a category or out of it; the other dialect's catalog shows the first one that it was put into. */
function inCategory(product: Product, id: string, category: ProductCategory | undefined): Product {
  const others = (product.categoryIds ?? []).filter((its) => its !== id);
  const categoryIds = category ? [...others, id] : others;
  const slugs =
    categoryIds.length === 0
      ? { category: null }
      : categoryIds.length === 1 && category
        ? { category: category.handle }
        : {};
  return grouped(product, { categoryIds, slugs });
}

/** Numbers the others of a parent anew, so that `place` is free among them. */
async function makeRoom(
  { now }: Pick<Deps, "now">,
  { store }: Context,
  { records }: Storage,
  siblings: readonly ProductCategory[],
  place: number,
): Promise<void> {
  for (const [index, { id, rank: before }] of siblings.entries()) {
    const rank = index < place ? index : index + 1;
    if (before === rank) continue;
    await records.change(store.storeId, KIND, id, (category) => ({ ...category, rank, updatedAt: now() }));
  }
}
