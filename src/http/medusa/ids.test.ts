import fc from "fast-check";
import { expect, test } from "vitest";
import { engineId, partId, wireId } from "./ids.ts";

test("an id is the same 128 bits in both spellings", () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      const wire = wireId("cart", id);
      expect(wire).toMatch(/^cart_[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
      expect(engineId("cart", wire)).toBe(id);
    }),
  );
  expect(wireId("reg", "00000000-0000-0000-0000-000000000021")).toBe("reg_00000000000000000000000011");
});

test("what is no id of the engine stays as it is", () => {
  expect(wireId("cart", "my-own-cart")).toBe("my-own-cart");
  expect(engineId("cart", "my-own-cart")).toBe("my-own-cart");
  expect(engineId("cart", "order_00000000000000000000000011")).toBe("order_00000000000000000000000011");
  // Beyond 128 bits.
  expect(engineId("cart", `cart_8${"0".repeat(25)}`)).toBe(`cart_8${"0".repeat(25)}`);
});

test("parts have ids of their own, always the same", () => {
  const id = "0b06c0fc-8f5c-4d75-9c1f-b4f1fbb90f62";
  expect(partId("litl", id, 0)).toBe(partId("litl", id, 0));
  expect(new Set([0, 1, 2, 3].map((salt) => partId("litl", id, salt))).size).toBe(4);
});
