import type { ProductFamily } from "../domain/catalog/family.ts";
import { withMetadata } from "../domain/catalog/metadata.ts";
import type { Product } from "../domain/catalog/product.ts";
import { repeatedChoice, valuesById, variantName } from "../domain/catalog/variant-of.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { allOrNothing } from "./all-or-nothing.ts";
import type { Context } from "./context.ts";
import { countPieces } from "./count-pieces.ts";
import type { Deps, Storage } from "./deps.ts";
import { type GivenPrice, pricesFrom } from "./given-prices.ts";
import {
  changeGroup,
  type FamilyRefusal,
  insertProduct,
  lockedFamily,
  newVariantRow,
  saveProduct,
  type VariantDetails,
} from "./save-family.ts";

/** A value that a variant has of a choice. */
export type GivenOption = { readonly optionId: string; readonly value: string };

/** A variant as a merchant gives it; of one that is there, what is absent stays. */
export type GivenVariant = {
  readonly details: VariantDetails;
  /** In place of all prices that it has. */
  readonly prices?: readonly GivenPrice[];
  readonly options?: readonly GivenOption[];
  /** Pieces that can be sold, beside those that orders hold. */
  readonly pieces?: number;
};

/** Adds a variant to a product. */
export function createVariant(
  deps: Deps,
  context: Context,
  productId: string,
  given: GivenVariant & { readonly details: { readonly title: string } },
): Promise<Result<ProductFamily, FamilyRefusal>> {
  return allOrNothing(deps, async (storage): Promise<Result<ProductFamily, FamilyRefusal>> => {
    const locked = await lockedFamily(storage, context, productId);
    if (!locked.ok) return locked;
    const added = await addVariant(deps, context, storage, locked.value, given);
    return added.ok ? changeGroup(deps, context, storage, productId, ({ group }) => ok(group)) : added;
  });
}

/** Changes a variant of a product. */
export function updateVariant(
  deps: Deps,
  context: Context,
  productId: string,
  variantId: string,
  given: GivenVariant,
): Promise<Result<ProductFamily, FamilyRefusal>> {
  return allOrNothing(deps, async (storage): Promise<Result<ProductFamily, FamilyRefusal>> => {
    const locked = await lockedFamily(storage, context, productId);
    if (!locked.ok) return locked;
    const changed = await changeVariant(deps, context, storage, locked.value, variantId, given);
    return changed.ok ? changeGroup(deps, context, storage, productId, ({ group }) => ok(group)) : changed;
  });
}

/** Takes a variant from a product; orders must not hold pieces of it. */
export function deleteVariant(
  deps: Deps,
  context: Context,
  productId: string,
  variantId: string,
): Promise<Result<ProductFamily, FamilyRefusal>> {
  return allOrNothing(deps, async (storage): Promise<Result<ProductFamily, FamilyRefusal>> => {
    const locked = await lockedFamily(storage, context, productId);
    if (!locked.ok) return locked;
    const { group, variants } = locked.value;
    if (variants.some(({ product }) => product.id === variantId)) {
      const removed = await removeVariant(deps, context, storage, group, variantId);
      if (!removed.ok) return removed;
    }
    return changeGroup(deps, context, storage, productId, (family) => ok(family.group));
  });
}

/** Makes the variants of a product the given ones: those with an id are changed, others made, and what is left out goes. */
export function replaceVariants(
  deps: Deps,
  context: Context,
  productId: string,
  given: readonly (GivenVariant & { readonly id?: string })[],
): Promise<Result<ProductFamily, FamilyRefusal>> {
  return allOrNothing(deps, async (storage): Promise<Result<ProductFamily, FamilyRefusal>> => {
    const locked = await lockedFamily(storage, context, productId);
    if (!locked.ok) return locked;
    let family = locked.value;
    const kept = new Set(given.map(({ id }) => id));
    for (const { product } of family.variants) {
      if (kept.has(product.id)) continue;
      const removed = await removeVariant(deps, context, storage, family.group, product.id);
      if (!removed.ok) return removed;
    }
    for (const [rank, variant] of given.entries()) {
      const ranked = { ...variant, details: { ...variant.details, rank } };
      const saved: Result<unknown, FamilyRefusal> =
        variant.id === undefined
          ? await addVariant(deps, context, storage, family, {
              ...ranked,
              details: { title: "", ...ranked.details },
            })
          : await changeVariant(deps, context, storage, family, variant.id, ranked);
      if (!saved.ok) return saved;
      const now = await lockedFamily(storage, context, productId);
      if (!now.ok) return now;
      family = now.value;
    }
    return changeGroup(deps, context, storage, productId, ({ group }) => ok(group));
  });
}

async function addVariant(
  deps: Deps,
  context: Context,
  storage: Storage,
  { group, variants }: ProductFamily,
  given: GivenVariant & { readonly details: { readonly title?: string } },
): Promise<Result<void, FamilyRefusal>> {
  if (!group.isBase) return fail({ type: "product_stands_alone", productId: group.id });
  const values = valuesById(group.variations ?? [], {}, given.options ?? []);
  if (!values.ok) return values;
  const rank = Math.max(-1, ...variants.map(({ product }) => product.rank ?? 0)) + 1;
  const details = { title: "", ...given.details };
  const input = { details, prices: given.prices ?? [], rank: given.details.rank ?? rank };
  const made = await newVariantRow(deps, context, storage, group, input, values.value, deps.now());
  if (!made.ok) return made;
  const repeated = repeatedChoice([...variants.map(({ product }) => product), made.value]);
  if (repeated) return fail(repeated);
  return insertProduct(storage, context, made.value, {
    pieces: given.pieces ?? 0,
    movementId: deps.newId(),
  });
}

async function changeVariant(
  deps: Deps,
  context: Context,
  storage: Storage,
  { group, variants }: ProductFamily,
  variantId: string,
  { details, prices, options, pieces }: GivenVariant,
): Promise<Result<void, FamilyRefusal>> {
  const before = variants.find(({ product }) => product.id === variantId)?.product;
  if (!before) return fail({ type: "variant_not_found", variantId });
  const values = valuesById(group.variations ?? [], before.options ?? {}, options ?? []);
  // Variants that were made before a choice was lack its value until they are given one.
  if (!values.ok && options !== undefined) return values;
  const setup = await storage.records.setup(context.store.storeId);
  const priced = prices && pricesFrom(context.store, setup, prices, before.prices);
  if (priced && !priced.ok) return priced;
  const changed: Product = {
    ...before,
    ...details,
    ...skuOf(before, details),
    ...(details.metadata && { metadata: withMetadata(before.metadata, details.metadata) }),
    ...(details.title !== undefined && group.isBase && { name: variantName(group, details.title) }),
    ...(values.ok && group.isBase && { options: values.value }),
    ...(priced && { prices: priced.value }),
    updatedAt: deps.now(),
  };
  const others = variants.map(({ product }) => product).filter(({ id }) => id !== variantId);
  const repeated = options && repeatedChoice([...others, changed]);
  if (repeated) return fail(repeated);
  const saved = await saveProduct(storage, context, changed);
  if (!saved.ok || pieces === undefined) return saved;
  return countPieces(deps, context, storage, variantId, pieces);
}

/** A SKU that is taken away becomes one of ours. */
function skuOf(before: Product, details: VariantDetails): Pick<Product, "sku" | "isSkuMadeUp"> {
  if (!("sku" in details)) return { sku: before.sku, isSkuMadeUp: before.isSkuMadeUp };
  return details.sku === undefined
    ? { sku: before.id, isSkuMadeUp: true }
    : { sku: details.sku, isSkuMadeUp: undefined };
}

async function removeVariant(
  deps: Deps,
  { store, actor }: Context,
  storage: Storage,
  group: Product,
  variantId: string,
): Promise<Result<void, FamilyRefusal>> {
  if (!group.isBase) return fail({ type: "product_stands_alone", productId: group.id });
  const by = { movementId: deps.newId(), actor: actor.label, now: deps.now() };
  const deleted = await storage.products.delete(store.storeId, variantId, by);
  return deleted === "allocated" ? fail({ type: "stock_allocated", productId: variantId }) : ok(undefined);
}
