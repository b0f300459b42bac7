import { expect, test } from "vitest";
import type { Cart } from "./cart.ts";
import { cartEvent } from "./cart-events.ts";

const cart = { id: "c", name: "", region: { email: "ada@example.com" } } as unknown as Cart;

test("K4 a save of a cart is one event", () => {
  const typeOf = (before: Cart | undefined, after: object) =>
    cartEvent(before, { ...cart, ...after } as Cart).type;
  expect(typeOf(undefined, { customerId: "a" })).toBe("cart.created");
  expect(typeOf(cart, {})).toBe("cart.updated");
  for (const change of [{ customerId: "a" }, { accountId: "a" }, { contactEmail: "a@b.c" }, { region: {} }]) {
    expect(typeOf(cart, change)).toBe("cart.customer_updated");
  }
});
