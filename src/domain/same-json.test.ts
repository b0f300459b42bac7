import fc from "fast-check";
import { expect, test } from "vitest";
import { sameJson } from "./same-json.ts";

test("a value is the same as its copy, and members that are undefined are none", () => {
  const cart = { id: "1", items: [{ sku: "a", quantity: 1 }], region: { email: null, codes: [] } };
  expect(sameJson(cart, structuredClone(cart))).toBe(true);
  expect(sameJson({ ...cart, note: undefined }, cart)).toBe(true);
  expect(sameJson(cart, { ...cart, note: undefined })).toBe(true);
  expect(sameJson({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
});

test("every difference is seen", () => {
  const cart = { id: "1", items: [{ sku: "a", quantity: 1 }], email: null };
  const others: unknown[] = [
    { ...cart, id: "2" },
    { ...cart, note: "" },
    { id: "1", items: cart.items },
    { ...cart, items: [{ sku: "a", quantity: 2 }] },
    { ...cart, items: [...cart.items, ...cart.items] },
    { ...cart, items: { 0: cart.items[0] } },
    { ...cart, items: null },
    null,
    "1",
  ];
  for (const other of others) {
    expect(sameJson(cart, other), JSON.stringify(other)).toBe(false);
    expect(sameJson(other, cart), JSON.stringify(other)).toBe(false);
  }
});

test("it says what comparing the texts says, for members in one order", () => {
  const small = fc.jsonValue({ maxDepth: 3, noUnicodeString: true });
  fc.assert(
    fc.property(small, small, (a, b) => {
      expect(sameJson(a, JSON.parse(JSON.stringify(a)))).toBe(true);
      if (sameJson(a, b)) expect(JSON.parse(JSON.stringify(a))).toEqual(JSON.parse(JSON.stringify(b)));
      else expect(JSON.stringify(a)).not.toBe(JSON.stringify(b));
    }),
  );
});
