import { expect, test } from "vitest";
import { aProduct } from "../../../test/storage/a-product.ts";
import { familiesOf, variantTitle } from "./family.ts";
import type { Product } from "./product.ts";

const row = (id: string, more: Partial<Product> = {}) => ({
  product: aProduct({ id, ...more }),
  pieces: 1,
});

test("variants are in the order of their ranks, and a product that stands alone is its own", () => {
  const rows = [
    row("b", { parentId: "base", rank: 1 }),
    row("alone"),
    row("a", { parentId: "base", rank: 0 }),
    row("base", { isBase: true }),
    row("orphan", { parentId: "gone" }),
  ];
  const shown = familiesOf(rows).map(({ group, variants }) => [
    group.id,
    ...variants.map(({ product }) => product.id),
  ]);
  expect(shown).toEqual([
    ["alone", "alone"],
    ["base", "a", "b"],
  ]);
});

test("a variant without a title is called what was chosen for it, else by its name", () => {
  expect(variantTitle(aProduct({ id: "a", title: "Large", options: { Size: "L" } }))).toBe("Large");
  expect(variantTitle(aProduct({ id: "a", options: { Size: "L", Colour: "Sand" } }))).toBe("L / Sand");
  expect(variantTitle(aProduct({ id: "a", name: "Mug" }))).toBe("Mug");
});
