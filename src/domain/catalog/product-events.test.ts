import { expect, test } from "vitest";
import type { Product } from "./product.ts";
import { productUpdated } from "./product-events.ts";

const base: Product = {
  id: "p",
  isBase: true,
  sku: "TEE",
  slug: "tee",
  name: "Tee",
  description: "",
  status: "draft",
  commodityType: "physical",
  manageStock: false,
  prices: [],
  images: [],
  variations: [{ id: "v", name: "Size", options: [] }],
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:00.000Z",
};
const fieldsOf = (change: Partial<Product>) =>
  productUpdated(base, { ...base, updatedAt: "2026-01-02T00:00:00.000Z", ...change }).map(
    ({ payload }) => payload.fields,
  );

test("K4 what is saved as it was is told nobody", () => {
  expect(fieldsOf({})).toEqual([]);
  expect(fieldsOf({ prices: [], metadata: undefined })).toEqual([]);
});

test("K4 values of a choice, which come with the variants that have them, are no change of the product", () => {
  const options = [{ id: "o", name: "S", description: "S" }];
  expect(fieldsOf({ variations: [{ id: "v", name: "Size", options }], variationMatrix: { o: "x" } })).toEqual(
    [],
  );
  expect(fieldsOf({ variations: [] })).toEqual([["variations"]]);
  expect(fieldsOf({ variations: [{ id: "v", name: "Fit", options: [] }] })).toEqual([["variations"]]);
});

test("a product, and a variant with its product, are told with what is changed", () => {
  expect(fieldsOf({ name: "Better", status: "live" })).toEqual([["name", "status"]]);
  const variant = { ...base, id: "v", isBase: false, parentId: "p" };
  expect(productUpdated(variant, { ...variant, sku: "TEE-S" })).toEqual([
    {
      type: "product-variant.updated",
      subjectId: "v",
      payload: { id: "v", productId: "p", fields: ["sku"] },
    },
  ]);
});
