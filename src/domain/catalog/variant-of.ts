import { fail, ok, type Result } from "../result.ts";
import type { Product, Variation } from "./product.ts";

/** What may be wrong with the values that variants choose. */
export type ChoiceRefusal =
  | { readonly type: "variant_options_mismatch"; readonly options: number; readonly values: number }
  | { readonly type: "variant_option_missing"; readonly option: string }
  | { readonly type: "variant_option_unknown"; readonly optionId: string }
  | { readonly type: "variant_taken"; readonly title: string };

/** Values in the order of the choices, as a new product gives them. */
export function valuesInOrder(
  variations: readonly Variation[],
  values: readonly string[],
): Result<Readonly<Record<string, string>>, ChoiceRefusal> {
  if (values.length !== variations.length) {
    return fail({
      type: "variant_options_mismatch",
      options: variations.length,
      values: values.length,
    });
  }
  return ok(Object.fromEntries(variations.map(({ name }, index) => [name, values[index] as string])));
}

/** Values by the ids of their choices, put over those that a variant has; in the end it must have one of each. */
export function valuesById(
  variations: readonly Variation[],
  before: Readonly<Record<string, string>>,
  given: readonly { readonly optionId: string; readonly value: string }[],
): Result<Readonly<Record<string, string>>, ChoiceRefusal> {
  const values: Record<string, string> = {};
  const byId = new Map(given.map(({ optionId, value }) => [optionId, value]));
  for (const { id, name } of variations) {
    const value = byId.get(id) ?? before[name];
    if (value === undefined) return fail({ type: "variant_option_missing", option: name });
    values[name] = value;
    byId.delete(id);
  }
  const [unknown] = byId.keys();
  return unknown === undefined ? ok(values) : fail({ type: "variant_option_unknown", optionId: unknown });
}

/** The first variant, if any, that another one before it has the same values as. */
export function repeatedChoice(
  variants: readonly Pick<Product, "title" | "options">[],
): ChoiceRefusal | undefined {
  const seen = new Set<string>();
  for (const { title = "", options = {} } of variants) {
    const key = JSON.stringify(Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1)));
    if (Object.keys(options).length > 0 && seen.has(key)) return { type: "variant_taken", title };
    seen.add(key);
  }
  return undefined;
}

/**
 * A variant after its base product has changed: what it has from there follows, its own stays. One that other dialects
 * made has a name of its own.
 */
export function followBase(variant: Product, before: Product, base: Product): Product {
  const hasSameImages =
    variant.images.length === before.images.length &&
    variant.images.every(({ id }, index) => id === before.images[index]?.id);
  return {
    ...variant,
    status: base.status,
    ...(variant.title !== undefined && { name: variantName(base, variant.title) }),
    ...(variant.description === before.description && { description: base.description }),
    ...(hasSameImages && { images: base.images }),
  };
}

/** What a variant is called where its product does not stand beside it. */
export function variantName(base: Pick<Product, "name">, title: string): string {
  return title === "" ? base.name : `${base.name}, ${title}`;
}
