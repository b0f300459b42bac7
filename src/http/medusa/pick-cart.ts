import { namesIn } from "./list-parameters.ts";
import type { WireCart } from "./render-cart.ts";

/** Members that are there whatever a request names: the totals, and what they are computed of. */
const always = new Set([
  "object",
  "id",
  "discounts",
  "gift_cards",
  "items",
  "region",
  "shipping_address",
  "shipping_methods",
  "subtotal",
  "discount_total",
  "raw_discount_total",
  "item_tax_total",
  "shipping_total",
  "shipping_tax_total",
  "tax_total",
  "gift_card_total",
  "gift_card_tax_total",
  "total",
]);

const relations = new Set([
  "billing_address",
  "payment",
  "payment_sessions",
  "payment_session",
  "sales_channel",
  "customer",
]);

/** The members of a cart that a request wants: `expand` names things beside it, `fields` its own. */
export function pickCart(
  cart: WireCart,
  { expand, fields }: { readonly expand?: string; readonly fields?: string },
): Partial<WireCart> {
  const expanded = plainNames(expand);
  const named = plainNames(fields);
  const wanted = (member: string): boolean => {
    if (always.has(member)) return true;
    if (relations.has(member))
      return !expanded || expanded.has(member.replace(/^payment_session$/, "payment_sessions"));
    return !named || named.has(member);
  };
  return Object.fromEntries(Object.entries(cart).filter(([member]) => wanted(member)));
}

/** The names of a list, "+x" as "x"; undefined where none takes the place of the usual ones. */
function plainNames(list: string | undefined): Set<string> | undefined {
  const names = [...namesIn(list)];
  if (!names.some((name) => !/^[+-]/.test(name))) return undefined;
  return new Set(
    names
      .filter((name) => !name.startsWith("-"))
      .map((name) => name.replace(/^\+/, "").split(".")[0] as string),
  );
}
