import { fail, ok, type Result } from "../result.ts";
import { type Cart, MAX_CODES } from "./cart.ts";
import type { CartRefusal } from "./refusals.ts";

/** The cart with one more code; the same cart when it has it already. */
export function withCode(cart: Cart, code: string): Result<Cart, CartRefusal> {
  const codes = cart.codes ?? [];
  if (codes.includes(code)) return ok(cart);
  if (codes.length >= MAX_CODES) return fail({ type: "cart_codes_full", limit: MAX_CODES });
  return ok({ ...cart, codes: [...codes, code] });
}

/** The cart without a code. */
export function withoutCode(cart: Cart, code: string): Cart {
  const { codes = [], ...rest } = cart;
  const left = codes.filter((one) => one !== code);
  return left.length > 0 ? { ...rest, codes: left } : rest;
}
