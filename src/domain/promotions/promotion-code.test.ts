import { expect, test } from "vitest";
import { automaticCode, codeRefusal, type PromotionCode, usesOf } from "./promotion-code.ts";

const code = (more: Partial<PromotionCode> = {}): PromotionCode => ({
  code: "SAVE",
  consumeUnit: "per_cart",
  ...more,
});

test.each([1, 2, 3, 4, 5])(
  "G3 with a limit of %i, every use to the last is allowed and the next is told",
  (limit) => {
    let usesLeft = limit;
    for (let order = 0; order < limit; order++) {
      expect(codeRefusal(code({ usesLeft }), [])).toBeUndefined();
      usesLeft -= usesOf(code({ usesLeft }), 7);
    }
    expect(usesLeft).toBe(0);
    expect(codeRefusal(code({ usesLeft }), [])).toEqual({ type: "code_used_up" });
  },
);

test("G1 a code takes one use of an order, or one for each discounted unit", () => {
  expect(usesOf(code(), 5)).toBe(1);
  expect(usesOf(code({ consumeUnit: "per_item" }), 5)).toBe(5);
});

test("a code without a limit is never used up, and one of a user is theirs alone", () => {
  expect(codeRefusal(code(), [])).toBeUndefined();
  expect(codeRefusal(code({ user: "c1" }), ["a@example.com", "c1"])).toBeUndefined();
  expect(codeRefusal(code({ user: "c1" }), ["C1"])).toEqual({ type: "code_for_another_user" });
  expect(codeRefusal(code({ user: "c1", usesLeft: 0 }), [])).toEqual({ type: "code_for_another_user" });
});

test("an automatic promotion goes by a code of its own", () => {
  expect(automaticCode({ id: "p1" })).toEqual({ code: "auto_p1", consumeUnit: "per_cart" });
});
