import type { ProductFamily } from "../domain/catalog/family.ts";
import type { Product, Variation } from "../domain/catalog/product.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { allOrNothing } from "./all-or-nothing.ts";
import type { Context } from "./context.ts";
import type { Deps, Storage } from "./deps.ts";
import { changeGroup, type FamilyRefusal, lockedFamily, saveProduct } from "./save-family.ts";

/** Adds a choice to a product. Variants that are there have no value of it yet. */
export function addProductOption(
  deps: Deps,
  context: Context,
  productId: string,
  name: string,
): Promise<Result<ProductFamily, FamilyRefusal>> {
  const id = deps.newId();
  return allOrNothing(deps, (storage) =>
    changeGroup(deps, context, storage, productId, ({ group }) => {
      if (!group.isBase) return fail({ type: "product_stands_alone", productId });
      return ok(withVariations(deps, group, [...(group.variations ?? []), { id, name, options: [] }]));
    }),
  );
}

/** Renames a choice; the values of variants stay theirs. */
export function renameProductOption(
  deps: Deps,
  context: Context,
  productId: string,
  optionId: string,
  name: string,
): Promise<Result<ProductFamily, FamilyRefusal>> {
  return allOrNothing(deps, async (storage): Promise<Result<ProductFamily, FamilyRefusal>> => {
    const locked = await lockedFamily(storage, context, productId);
    if (!locked.ok) return locked;
    const before = locked.value.group.variations?.find(({ id }) => id === optionId);
    if (!before) return fail({ type: "product_option_not_found", optionId, productId });
    const renamed = await changeOptions(storage, context, locked.value, (option) =>
      option === before.name ? name : option,
    );
    if (!renamed.ok) return renamed;
    return changeGroup(deps, context, storage, productId, ({ group }) =>
      ok(
        withVariations(
          deps,
          group,
          (group.variations ?? []).map((its) => (its.id === optionId ? { ...its, name } : its)),
        ),
      ),
    );
  });
}

/** Takes a choice away, with what variants chose of it; nothing happens when it is not there. */
export function deleteProductOption(
  deps: Deps,
  context: Context,
  productId: string,
  optionId: string,
): Promise<Result<ProductFamily, FamilyRefusal>> {
  return allOrNothing(deps, async (storage): Promise<Result<ProductFamily, FamilyRefusal>> => {
    const locked = await lockedFamily(storage, context, productId);
    if (!locked.ok) return locked;
    const before = locked.value.group.variations?.find(({ id }) => id === optionId);
    if (!before) return locked;
    const left = await changeOptions(storage, context, locked.value, (option) =>
      option === before.name ? undefined : option,
    );
    if (!left.ok) return left;
    return changeGroup(deps, context, storage, productId, ({ group }) =>
      ok(
        withVariations(
          deps,
          group,
          (group.variations ?? []).filter(({ id }) => id !== optionId),
        ),
      ),
    );
  });
}

const withVariations = (
  { now }: Pick<Deps, "now">,
  group: Product,
  variations: readonly Variation[],
): Product => ({ ...group, variations, updatedAt: now() });

/** Renames what variants chose; a choice without a new name is taken away. */
async function changeOptions(
  storage: Storage,
  context: Context,
  { group, variants }: ProductFamily,
  rename: (option: string) => string | undefined,
): Promise<Result<void, FamilyRefusal>> {
  for (const { product } of variants) {
    if (product.id === group.id || !product.options) continue;
    const options = Object.fromEntries(
      Object.entries(product.options).flatMap(([option, value]) => {
        const name = rename(option);
        return name === undefined ? [] : [[name, value]];
      }),
    );
    const saved = await saveProduct(storage, context, { ...product, options });
    if (!saved.ok) return saved;
  }
  return ok(undefined);
}
