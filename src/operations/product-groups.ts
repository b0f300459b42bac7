import type { ProductCollection } from "../domain/catalog/grouped-by.ts";
import type { Product } from "../domain/catalog/product.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps, Storage } from "./deps.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";

/** What a merchant says a product is grouped by. Absent: as it is; null: by none. */
export type GivenGroups = {
  readonly type?: GivenValue | null;
  readonly tags?: readonly GivenValue[] | null;
  readonly collectionId?: string | null;
  readonly categoryIds?: readonly string[] | null;
  readonly channelIds?: readonly string[] | null;
};

/** A type or tag by its id, or by its value: one that is not there yet is made. */
export type GivenValue = { readonly id?: string; readonly value: string };

export type GroupsRefusal = SalesRefusalOf<"product_group_not_found" | "sales_channel_unknown">;

/** The same as members of a product, with the collection and categories that the other dialect's catalog shows. */
export type GroupMembers = Pick<
  Product,
  "typeId" | "tagIds" | "collectionId" | "categoryIds" | "channelIds"
> & {
  readonly slugs: { readonly collection?: string | null; readonly category?: string | null };
};

/** Looks up what a product is grouped by, and makes types and tags that are new. */
export async function resolveGroups(
  deps: Pick<Deps, "now" | "newId">,
  { store }: Pick<Context, "store">,
  storage: Storage,
  given: GivenGroups,
): Promise<Result<GroupMembers, GroupsRefusal>> {
  const { records } = storage;
  const { collectionId, categoryIds, channelIds } = given;
  const setup = await records.setup(store.storeId);
  const unsold = channelIds?.find((id) => !setup.salesChannels.some((channel) => channel.id === id));
  if (unsold !== undefined) return fail({ type: "sales_channel_unknown", channelId: unsold });

  const named = [...(collectionId ? [collectionId] : []), ...(categoryIds ?? [])];
  const { collections, categories } = await records.productGroups(store.storeId, named);
  if (collectionId && !collections.has(collectionId)) {
    return fail({ type: "product_group_not_found", kind: "product_collection", id: collectionId });
  }
  const unknown = categoryIds?.find((id) => !categories.has(id));
  if (unknown !== undefined) {
    return fail({ type: "product_group_not_found", kind: "product_category", id: unknown });
  }
  const typeId = given.type && (await valueIdOf(deps, store.storeId, storage, "product_type", given.type));
  const tagIds: string[] = [];
  for (const tag of given.tags ?? []) {
    tagIds.push(await valueIdOf(deps, store.storeId, storage, "product_tag", tag));
  }
  const slugs = {
    ...(collectionId !== undefined && {
      collection: collectionId === null ? null : (collections.get(collectionId)?.handle ?? null),
    }),
    ...(categoryIds !== undefined && {
      category: categoryIds?.[0] === undefined ? null : (categories.get(categoryIds[0])?.handle ?? null),
    }),
  };
  return ok({
    slugs,
    ...(given.type !== undefined && { typeId: typeId ?? undefined }),
    ...(given.tags !== undefined && { tagIds: [...new Set(tagIds)] }),
    ...(collectionId !== undefined && { collectionId: collectionId ?? undefined }),
    ...(categoryIds !== undefined && { categoryIds: categoryIds ?? [] }),
    ...(channelIds !== undefined && { channelIds: channelIds ?? [] }),
  });
}

/** A product with other groups. What the other dialect's catalog shows it by follows. */
export function grouped(product: Product, { slugs, ...members }: GroupMembers): Product {
  const details = { ...product.details };
  if (slugs.collection !== undefined)
    details.collections = slugs.collection === null ? [] : [slugs.collection];
  if (slugs.category !== undefined) details.category = slugs.category ?? undefined;
  return { ...product, ...members, ...(Object.keys(slugs).length > 0 && { details }) };
}

/** The id of a type or tag. */
async function valueIdOf(
  { now, newId }: Pick<Deps, "now" | "newId">,
  storeId: string,
  { records }: Storage,
  kind: "product_type" | "product_tag",
  { id, value }: GivenValue,
): Promise<string> {
  if (id !== undefined && (await records.load(storeId, kind, id))) return id;
  // Somebody else may make it, or take it away, between two looks.
  for (;;) {
    const present = await records.named(storeId, kind, value);
    if (present) return present.id;
    const at = now();
    const made = { id: newId(), value, createdAt: at, updatedAt: at };
    if ((await records.insert(storeId, kind, made, value)) === "saved") return made.id;
  }
}

/** A product that a collection is put on, or taken from. */
export function inCollection(product: Product, collection: ProductCollection | undefined): Product {
  return grouped(product, {
    collectionId: collection?.id,
    slugs: { collection: collection?.handle ?? null },
  });
}
