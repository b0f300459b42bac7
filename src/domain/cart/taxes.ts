import { fail, ok, type Result } from "../result.ts";
import { type Cart, type CartItem, type CartRules, type CartTax, withItems } from "./cart.ts";
import type { CartRefusal } from "./refusals.ts";

/** Puts one more tax on a line. */
export function addItemTax(
  cart: Cart,
  itemId: string,
  tax: CartTax,
  rules: CartRules,
  now: string,
): Result<Cart, CartRefusal> {
  return changeTaxes(cart, itemId, rules, now, (line) =>
    line.taxes.length >= rules.maxTaxesPerItem
      ? fail({ type: "tax_limit_reached", limit: rules.maxTaxesPerItem, itemId })
      : ok([...line.taxes, tax]),
  );
}

/** Members that are absent stay; null takes a member away (how a rate becomes an amount). */
export type TaxChange = {
  readonly name?: string | null;
  readonly jurisdiction?: string | null;
  readonly code?: string | null;
  readonly rate?: number | null;
  readonly amount?: number | null;
};

/** The tax after a change. */
export function changedTax(tax: CartTax, change: TaxChange): CartTax {
  const merged: Record<string, unknown> = { ...tax };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete merged[key];
    else if (value !== undefined) merged[key] = value;
  }
  return merged as CartTax;
}

/** Changes one tax of a line. */
export function updateItemTax(
  cart: Cart,
  itemId: string,
  taxId: string,
  change: TaxChange,
  rules: CartRules,
  now: string,
): Result<Cart, CartRefusal> {
  return changeTaxes(cart, itemId, rules, now, (line) =>
    line.taxes.some((tax) => tax.id === taxId)
      ? ok(line.taxes.map((tax) => (tax.id === taxId ? changedTax(tax, change) : tax)))
      : fail({ type: "tax_not_found", taxId }),
  );
}

/** Takes one tax off a line. */
export function removeItemTax(
  cart: Cart,
  itemId: string,
  taxId: string,
  rules: CartRules,
  now: string,
): Result<Cart, CartRefusal> {
  return changeTaxes(cart, itemId, rules, now, (line) =>
    line.taxes.some((tax) => tax.id === taxId)
      ? ok(line.taxes.filter((tax) => tax.id !== taxId))
      : fail({ type: "tax_not_found", taxId }),
  );
}

/** Takes all taxes off all lines. */
export function removeAllTaxes(cart: Cart, rules: CartRules, now: string): Result<Cart, CartRefusal> {
  if (cart.items.every((item) => item.taxes.length === 0)) return fail({ type: "no_taxes_on_cart" });
  const items = cart.items.map((item) =>
    item.taxes.length > 0 ? { ...item, taxes: [], updatedAt: now } : item,
  );
  return ok(withItems(cart, items, rules, now));
}

function changeTaxes(
  cart: Cart,
  itemId: string,
  rules: CartRules,
  now: string,
  change: (line: CartItem) => Result<readonly CartTax[], CartRefusal>,
): Result<Cart, CartRefusal> {
  const line = cart.items.find((item) => item.id === itemId);
  if (!line) return fail({ type: "cart_item_not_found", itemIds: [itemId] });
  const taxes = change(line);
  if (!taxes.ok) return taxes;
  const items = cart.items.map((item) =>
    item.id === itemId ? { ...item, taxes: taxes.value, updatedAt: now } : item,
  );
  return ok(withItems(cart, items, rules, now));
}
