import type { Product, Variation } from "./product.ts";

type Chosen = Pick<Product, "id" | "options">;

/** Option id within option id …, down to the variant's id: how a storefront finds what was chosen. */
export function matrixOf(variations: readonly Variation[], variants: readonly Chosen[]): unknown {
  const [variation, ...others] = variations;
  if (!variation) return variants[0]?.id;
  return Object.fromEntries(
    variation.options.flatMap((option) => {
      const chosen = variants.filter(({ options }) => options?.[variation.name] === option.name);
      return chosen.length > 0 ? [[option.id, matrixOf(others, chosen)]] : [];
    }),
  );
}

/**
 * A base product's choices with the values that its variants have now: known ones keep their ids and their places, new
 * ones come last, and what no variant has is left out.
 */
export function refreshVariations(
  variations: readonly Variation[],
  variants: readonly Chosen[],
  newId: () => string,
): Pick<Product, "variations" | "variationMatrix"> {
  const refreshed = variations.map((variation) => {
    const values = new Set(variants.flatMap(({ options }) => options?.[variation.name] ?? []));
    const kept = variation.options.filter(({ name }) => values.delete(name));
    const added = [...values].map((name) => ({ id: newId(), name, description: name }));
    return { ...variation, options: [...kept, ...added] };
  });
  return { variations: refreshed, variationMatrix: matrixOf(refreshed, variants) };
}
