import { expect, test } from "vitest";
import { matrixOf, refreshVariations } from "./variations.ts";

const variants = [
  { id: "s-red", options: { Size: "S", Colour: "Red" } },
  { id: "l-red", options: { Size: "L", Colour: "Red" } },
  { id: "l-blue", options: { Size: "L", Colour: "Blue" } },
];

test("values that variants have keep their ids, new ones get one, and others go", () => {
  const option = (id: string, name: string) => ({ id, name, description: name });
  const before = [
    { id: "size", name: "Size", options: [option("1", "S"), option("2", "M")] },
    { id: "colour", name: "Colour", options: [] },
  ];
  let count = 2;
  const { variations, variationMatrix } = refreshVariations(before, variants, () => String(++count));
  expect(variations).toEqual([
    { id: "size", name: "Size", options: [option("1", "S"), option("3", "L")] },
    { id: "colour", name: "Colour", options: [option("4", "Red"), option("5", "Blue")] },
  ]);
  expect(variationMatrix).toEqual({ 1: { 4: "s-red" }, 3: { 4: "l-red", 5: "l-blue" } });
});

test("without choices the first variant is meant", () => {
  expect(matrixOf([], variants)).toBe("s-red");
});
