import type {
  ProductCategory,
  ProductCollection,
  ProductTag,
  ProductType,
} from "../domain/catalog/grouped-by.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { RecordKinds } from "./ports/records.ts";

/** What the products of a seed are grouped by; `demo/README.md` explains every member. */
export type SeedGroups = {
  readonly collections?: readonly { readonly slug: string; readonly name: string }[];
  /** A parent stands before those below it. */
  readonly categories?: readonly {
    readonly slug: string;
    readonly name: string;
    readonly description: string;
    readonly parent: string | null;
  }[];
  readonly tags?: readonly { readonly slug: string; readonly name: string }[];
  readonly products: readonly { readonly type?: string }[];
};

/** Ids of what products are grouped by, by their slugs; those of types by their values. */
export type SeededGroups = {
  readonly collections: ReadonlyMap<string, string>;
  readonly categories: ReadonlyMap<string, string>;
  readonly tags: ReadonlyMap<string, string>;
  readonly types: ReadonlyMap<string, string>;
};

/** Stores what the products of a seed are grouped by; what is there already stays as it is. */
export async function seedGroups(deps: Deps, { store }: Context, seed: SeedGroups): Promise<SeededGroups> {
  const { records } = deps.storage;
  const now = Date.parse(deps.now());
  let count = 0;
  // A moment apart, so that lists have an order.
  const stamped = () => {
    const createdAt = new Date(now + count).toISOString();
    count += 1;
    return { id: deps.newId(), createdAt, updatedAt: createdAt };
  };
  const ensure = async <
    Kind extends "product_collection" | "product_category" | "product_tag" | "product_type",
  >(
    kind: Kind,
    name: string,
    record: RecordKinds[Kind],
  ): Promise<string> => {
    const present = await records.named(store.storeId, kind, name);
    if (present) return present.id;
    await records.insert(store.storeId, kind, record, name);
    return record.id;
  };

  const collections = new Map<string, string>();
  // The last of the file first: lists show the newest collection first, and front pages the first few of them.
  for (const { slug, name } of [...(seed.collections ?? [])].reverse()) {
    const collection: ProductCollection = { ...stamped(), title: name, handle: slug };
    collections.set(slug, await ensure("product_collection", slug, collection));
  }
  const categories = new Map<string, string>();
  const ranks = new Map<string | null, number>();
  for (const { slug, name, description, parent } of seed.categories ?? []) {
    const parentId = parent === null ? undefined : categories.get(parent);
    const rank = ranks.get(parent) ?? 0;
    ranks.set(parent, rank + 1);
    const category: ProductCategory = {
      ...stamped(),
      name,
      handle: slug,
      description,
      rank,
      isActive: true,
      isInternal: false,
      ...(parentId !== undefined && { parentId }),
    };
    categories.set(slug, await ensure("product_category", slug, category));
  }
  const tags = new Map<string, string>();
  for (const { slug, name } of seed.tags ?? []) {
    const tag: ProductTag = { ...stamped(), value: name };
    tags.set(slug, await ensure("product_tag", name, tag));
  }
  const types = new Map<string, string>();
  for (const value of new Set(seed.products.flatMap(({ type }) => type ?? []))) {
    const type: ProductType = { ...stamped(), value };
    types.set(value, await ensure("product_type", value, type));
  }
  return { collections, categories, tags, types };
}
