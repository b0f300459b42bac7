import type { ProductFamily } from "../domain/catalog/family.ts";
import { handleOf } from "../domain/catalog/handle.ts";
import { withMetadata } from "../domain/catalog/metadata.ts";
import type { Image, Product, Variation } from "../domain/catalog/product.ts";
import { followBase, repeatedChoice, valuesInOrder, variantName } from "../domain/catalog/variant-of.ts";
import { refreshVariations } from "../domain/catalog/variations.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { allOrNothing } from "./all-or-nothing.ts";
import type { Context } from "./context.ts";
import type { Deps, Storage } from "./deps.ts";
import { type GivenPrice, pricesFrom } from "./given-prices.ts";
import { type GivenGroups, grouped, resolveGroups } from "./product-groups.ts";
import type { Refusal } from "./refusal.ts";
import type { SalesRefusal } from "./sales-refusal.ts";

/** What can be refused of a family. */
export type FamilyRefusal = Refusal | SalesRefusal;

/** What a merchant says of a group; members that are there and undefined are taken away. */
export type GroupDetails = Partial<Omit<Product, "id" | "parentId" | "isBase" | "images" | "sku">> & {
  /** Addresses of its pictures. */
  readonly pictures?: readonly string[];
};

/** What a merchant says of a variant. */
export type VariantDetails = Partial<Omit<Product, "id" | "parentId" | "isBase" | "prices">>;

/** A variant to be made with its product: its values are in the order of the choices. */
export type NewVariant = {
  readonly details: VariantDetails & { readonly title: string };
  readonly prices: readonly GivenPrice[];
  readonly values: readonly string[];
  /** Pieces on the shelf. */
  readonly pieces: number;
};

export type NewFamily = {
  readonly details: GroupDetails & { readonly name: string };
  readonly groups: GivenGroups;
  /** Names of the choices between its variants. */
  readonly choices: readonly string[];
  readonly variants: readonly NewVariant[];
};

/** Stores a product with its variants, their prices and their stock: all of it or nothing. */
export function createFamily(
  deps: Deps,
  context: Context,
  { details, groups, choices, variants }: NewFamily,
): Promise<Result<ProductFamily, FamilyRefusal>> {
  const now = deps.now();
  const id = deps.newId();
  return allOrNothing(deps, async (storage): Promise<Result<ProductFamily, FamilyRefusal>> => {
    const resolved = await resolveGroups(deps, context, storage, {
      ...groups,
      channelIds: groups.channelIds ?? (await defaultChannels(storage, context)),
    });
    if (!resolved.ok) return resolved;
    const { pictures = [], ...members } = details;
    const variations: Variation[] = choices.map((name) => ({ id: deps.newId(), name, options: [] }));
    const images = pictures.map((href) => pictureOf(deps, href));
    const thumbnail = details.thumbnail ?? images[0]?.href;
    const bare: Product = {
      description: "",
      status: "draft",
      commodityType: details.isGiftCard ? "digital" : "physical",
      manageStock: false,
      prices: [],
      ...members,
      ...(thumbnail !== undefined && { thumbnail }),
      id,
      isBase: true,
      sku: id,
      isSkuMadeUp: true,
      slug: details.slug ?? (handleOf(details.name) || id),
      images,
      createdAt: now,
      updatedAt: now,
    };
    const base = grouped(bare, resolved.value);
    const rows: Product[] = [];
    for (const [rank, variant] of variants.entries()) {
      const values = valuesInOrder(variations, variant.values);
      if (!values.ok) return values;
      const made = await newVariantRow(deps, context, storage, base, { ...variant, rank }, values.value, now);
      if (!made.ok) return made;
      rows.push(made.value);
    }
    const repeated = repeatedChoice(rows);
    if (repeated) return fail(repeated);
    const whole = { ...base, ...refreshVariations(variations, rows, deps.newId) };
    const saved = await insertProduct(storage, context, whole);
    if (!saved.ok) return saved;
    for (const [index, row] of rows.entries()) {
      const pieces = variants[index]?.pieces ?? 0;
      const stored = await insertProduct(storage, context, row, { pieces, movementId: deps.newId() });
      if (!stored.ok) return stored;
    }
    return loadFamily(storage, context, id);
  });
}

/** Changes a product; its variants follow in what they have from it. */
export function updateFamily(
  deps: Deps,
  context: Context,
  productId: string,
  { details, groups }: { readonly details: GroupDetails; readonly groups: GivenGroups },
): Promise<Result<ProductFamily, FamilyRefusal>> {
  return allOrNothing(deps, async (storage): Promise<Result<ProductFamily, FamilyRefusal>> => {
    const resolved = await resolveGroups(deps, context, storage, groups);
    if (!resolved.ok) return resolved;
    const { pictures, ...members } = details;
    const updatedAt = deps.now();
    return changeGroup(deps, context, storage, productId, ({ group }) => {
      const images = pictures?.map(
        (href) => group.images.find((image) => image.href === href) ?? pictureOf(deps, href),
      );
      const metadata = members.metadata && withMetadata(group.metadata, members.metadata);
      const changed = {
        ...group,
        ...members,
        ...(metadata && { metadata }),
        ...(images && { images }),
        updatedAt,
      };
      return ok(grouped(changed, resolved.value));
    });
  });
}

/** Stores what `change` makes of a group, and of its variants what follows from that. */
export async function changeGroup(
  deps: Pick<Deps, "newId">,
  context: Context,
  storage: Storage,
  productId: string,
  change: (family: ProductFamily) => Result<Product, FamilyRefusal>,
): Promise<Result<ProductFamily, FamilyRefusal>> {
  const before = await lockedFamily(storage, context, productId);
  if (!before.ok) return before;
  const { group, variants } = before.value;
  const changed = change(before.value);
  if (!changed.ok) return changed;
  const base = changed.value;
  const rows = variants
    .map(({ product }) => product)
    .filter(({ id }) => id !== group.id)
    .map((product) => followBase(product, group, base));
  const refreshed = base.variations ? refreshVariations(base.variations, rows, deps.newId) : {};
  const saved = await saveProduct(storage, context, { ...base, ...refreshed });
  if (!saved.ok) return saved;
  for (const product of rows) {
    const followed = await saveProduct(storage, context, product, true);
    if (!followed.ok) return followed;
  }
  return loadFamily(storage, context, productId);
}

/** A row for a new variant of `base`, or why it cannot be made. */
export async function newVariantRow(
  deps: Pick<Deps, "newId">,
  { store }: Context,
  storage: Storage,
  base: Product,
  { details, prices, rank }: Pick<NewVariant, "details" | "prices"> & { readonly rank: number },
  values: Readonly<Record<string, string>>,
  now: string,
): Promise<Result<Product, FamilyRefusal>> {
  const setup = await storage.records.setup(store.storeId);
  const priced = pricesFrom(store, setup, prices);
  if (!priced.ok) return priced;
  const id = deps.newId();
  return ok({
    description: base.description,
    status: base.status,
    commodityType: base.commodityType,
    manageStock: true,
    images: base.images,
    ...details,
    sku: details.sku ?? id,
    ...(details.sku === undefined && { isSkuMadeUp: true }),
    id,
    parentId: base.id,
    isBase: false,
    slug: `${base.slug}-${id.slice(-12)}`,
    name: variantName(base, details.title),
    options: values,
    rank,
    prices: priced.value,
    createdAt: now,
    updatedAt: now,
  });
}

/** Takes a product away with its variants; true also when it was not there. */
export async function deleteFamily(
  deps: Deps,
  { store, actor }: Context,
  productId: string,
): Promise<Result<void, FamilyRefusal>> {
  const by = { movementId: deps.newId(), actor: actor.label, now: deps.now() };
  const deleted = await deps.storage.products.delete(store.storeId, productId, by);
  return deleted === "allocated" ? fail({ type: "stock_allocated", productId }) : ok(undefined);
}

/** A family as it is now, its group locked: whoever changes it later waits. */
export async function lockedFamily(
  storage: Storage,
  { store }: Pick<Context, "store">,
  productId: string,
): Promise<Result<ProductFamily, FamilyRefusal>> {
  const locked = await storage.products.change(store.storeId, productId, (product) => product);
  if (locked.kind === "not_found") return fail({ type: "product_not_found", id: productId });
  return loadFamily(storage, { store }, productId);
}

export async function loadFamily(
  storage: Storage,
  { store }: Pick<Context, "store">,
  productId: string,
): Promise<Result<ProductFamily, FamilyRefusal>> {
  const [family] = await storage.products.families(store.storeId, [productId]);
  return family?.group.id === productId ? ok(family) : fail({ type: "product_not_found", id: productId });
}

/** Stores a product row that is there. `follows`: as a part of a change of its base product. */
export async function saveProduct(
  storage: Storage,
  { store }: Pick<Context, "store">,
  product: Product,
  follows = false,
): Promise<Result<void, FamilyRefusal>> {
  const saved = await storage.products.change(store.storeId, product.id, () => product, follows);
  return verdict(saved.kind, product);
}

/** Stores a new product row, with its pieces if it is something that is sold. */
export async function insertProduct(
  storage: Storage,
  { store, actor }: Pick<Context, "store" | "actor">,
  product: Product,
  counted?: { readonly pieces: number; readonly movementId: string },
): Promise<Result<void, FamilyRefusal>> {
  const stock = counted && {
    quantity: counted.pieces,
    movementId: counted.movementId,
    actor: actor.label,
  };
  return verdict(await storage.products.insert(store.storeId, product, stock), product);
}

function verdict(
  kind: "saved" | "sku_taken" | "slug_taken" | "id_taken" | "not_found",
  { id, sku, slug }: Product,
): Result<void, FamilyRefusal> {
  switch (kind) {
    case "saved":
      return ok(undefined);
    case "sku_taken":
      return fail({ type: "product_sku_taken", sku });
    case "slug_taken":
      return fail({ type: "product_slug_taken", slug });
    case "not_found":
      return fail({ type: "product_not_found", id });
    case "id_taken":
      throw new Error(`There is a product ${id} already`);
  }
}

/** A product that names no channel is sold where storefronts sell that name none, either. */
async function defaultChannels({ records }: Storage, { store }: Context): Promise<string[] | undefined> {
  const { salesChannels } = await records.setup(store.storeId);
  const ids = salesChannels.filter(({ isDefault }) => isDefault).map(({ id }) => id);
  return ids.length > 0 ? ids : undefined;
}

const mimeTypes: Readonly<Record<string, string>> = {
  avif: "image/avif",
  gif: "image/gif",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  png: "image/png",
  svg: "image/svg+xml",
  webp: "image/webp",
};

function pictureOf({ newId }: Pick<Deps, "newId">, href: string): Image {
  const fileName = /([^/?#]*)(?:[?#].*)?$/.exec(href)?.[1] || "image";
  const extension = fileName.split(".").pop()?.toLowerCase() ?? "";
  return { id: newId(), href, mimeType: mimeTypes[extension] ?? "application/octet-stream", fileName };
}
