import { describe, expect, test } from "vitest";
import { openCart, type PromotableLine } from "./open-cart.ts";
import type { CartScope, ItemScope, Selection } from "./promotion.ts";
import { cartLines, itemLines, namedLines } from "./select-lines.ts";

const lines: readonly PromotableLine[] = [
  { id: "shoe", productId: "p-shoe", sku: "SHOE", quantity: 1, unitAmount: 100, catalogId: "main" },
  {
    id: "boot",
    productId: "p-boot",
    sku: "BOOT",
    quantity: 1,
    unitAmount: 300,
    catalogId: "main",
    nodes: ["winter", "all-shoes"],
    attributes: [
      { template: "products(shoes)", field: "brand", value: "Acme" },
      { template: "products(shoes)", field: "size", value: "42" },
    ],
  },
  {
    id: "coat",
    productId: "p-coat",
    sku: "COAT",
    quantity: 1,
    unitAmount: 200,
    catalogId: "outlet",
    nodes: ["winter"],
    attributes: [{ template: "products(coats)", field: "brand", value: "Acme" }],
  },
  { id: "wrap", sku: "WRAP", quantity: 1, unitAmount: 50 },
  { id: "fee", sku: "", quantity: 1, unitAmount: 10 },
];
const cart = openCart(lines, "USD")!;
const ids = (positions: readonly number[] | undefined) => positions?.map((position) => lines[position]!.id);
const meant = (scope: ItemScope) => ids(itemLines(cart, scope).positions);
const brand = (template: string, ...values: string[]) => ({ template, field: "brand", values });

describe("an item promotion means", () => {
  test.each<[string, ItemScope, string[]]>([
    [
      "SKUs and product ids, each line once, dearest first",
      { targets: ["SHOE", "p-boot", "BOOT", "nothing"] },
      ["boot", "shoe"],
    ],
    ["any product, but no custom item", { all: true }, ["boot", "coat", "shoe"]],
    [
      "any product, and the custom item whose SKU is named",
      { all: true, targets: ["WRAP"] },
      ["boot", "coat", "shoe", "wrap"],
    ],
    ["a custom item whose SKU is named", { targets: ["WRAP", ""] }, ["wrap"]],
    ["nothing, when nothing is named", {}, []],
    ["what is in a node", { nodes: ["winter", "summer"] }, ["boot", "coat"]],
    ["what has an attribute", { attributes: [brand("products(shoes)", "Acme", "Other")] }, ["boot"]],
    [
      "any of targets, nodes and attributes",
      { targets: ["SHOE"], attributes: [brand("products(coats)", "Acme")] },
      ["coat", "shoe"],
    ],
    [
      "groups of conditions, all of one",
      {
        anyOf: [
          [{ nodes: ["winter"] }, { attribute: brand("products(shoes)", "Acme") }],
          [{ nodes: ["summer"] }],
        ],
      },
      ["boot"],
    ],
    ["nothing for an empty group", { anyOf: [[]] }, []],
    ["only what is in its catalogs", { all: true, catalogs: ["outlet", "other"] }, ["coat"]],
    ["everything in its catalogs when nothing is named", { catalogs: ["main"] }, ["boot", "shoe"]],
    [
      "what is named and in its catalogs",
      { targets: ["COAT", "SHOE", "WRAP"], catalogs: ["main"] },
      ["shoe"],
    ],
    ["all but the excluded", { all: true, exclude: { targets: ["p-boot"] } }, ["coat", "shoe"]],
  ])("%s", (_, scope, expected) => {
    expect(meant(scope)).toEqual(expected);
  });
});

test("a cart promotion means custom items too, and all of the cart unless it is narrowed", () => {
  expect(cartLines(cart, {}).positions).toBeUndefined();
  expect(cartLines(cart, { catalogs: [], exclude: { targets: [] } }).positions).toBeUndefined();
  const scope: CartScope = { exclude: { nodes: ["winter"] } };
  expect(ids(cartLines(cart, scope).positions)).toEqual(["shoe", "wrap", "fee"]);
  expect(ids(cartLines(cart, { catalogs: ["outlet"] }).positions)).toEqual(["coat"]);
});

test.each<[string, Selection]>([
  ["targets", { targets: ["BOOT"] }],
  ["nodes", { nodes: ["all-shoes"] }],
  ["attributes", { attributes: [brand("products(shoes)", "Acme")] }],
  ["conditions", { anyOf: [[{ nodes: ["all-shoes"] }]] }],
])("G7 an exclusion by %s is told apart from nothing meant", (_, exclude) => {
  expect(itemLines(cart, { targets: ["BOOT"], exclude })).toEqual({ positions: [], hasExcluded: true });
  expect(itemLines(cart, { targets: ["GLOVE"], exclude })).toEqual({ positions: [], hasExcluded: false });
});

test("a requirement's lines are narrowed by catalogs", () => {
  expect(ids(namedLines(cart, ["COAT", "BOOT", "WRAP"], undefined))).toEqual(["boot", "coat", "wrap"]);
  expect(ids(namedLines(cart, ["COAT", "BOOT", "WRAP"], ["main"]))).toEqual(["boot"]);
});
