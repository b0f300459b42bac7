import { fail, ok, type Result } from "../result.ts";
import { insufficientStock, isStockEnough, type StockedName } from "./add-item.ts";
import { type Cart, type CartItem, type CartRules, MAX_QUANTITY, withItems } from "./cart.ts";
import type { CartRefusal } from "./refusals.ts";
import { refusedGroup } from "./shipping-groups.ts";

/** What of a line is to change; members that are absent stay. */
export type ItemChange = {
  readonly itemId: string;
  /** Absolute; 0 removes the line. */
  readonly quantity?: number;
  readonly customInputs?: Readonly<Record<string, unknown>>;
  readonly location?: string;
  /** A group of the cart; null takes the line out of the one that it has. */
  readonly shippingGroupId?: string | null;
  /** Only lines that are no product may change these. */
  readonly name?: string;
  readonly sku?: string;
  readonly description?: string;
  readonly unitAmount?: number;
  readonly includesTax?: boolean;
  readonly fields?: Readonly<Record<string, unknown>>;
};

/**
 * Changes one line. The whole quantity of the line is checked against stock; a lower quantity is never refused.
 * `sellable` is the line's product as it is now, undefined when it is gone or the line is no product.
 */
export function updateItem(
  cart: Cart,
  change: ItemChange,
  sellable: StockedName | undefined,
  rules: CartRules,
  now: string,
): Result<Cart, CartRefusal> {
  const line = cart.items.find((item) => item.id === change.itemId);
  if (!line) return fail({ type: "cart_item_not_found", itemIds: [change.itemId] });
  const quantity = change.quantity ?? line.quantity;
  if (quantity === 0) return removeItem(cart, line.id, rules, now);
  if (quantity > MAX_QUANTITY) return fail({ type: "quantity_too_large", limit: MAX_QUANTITY });
  if (quantity > line.quantity && sellable && !isStockEnough(cart, sellable, quantity)) {
    return fail(insufficientStock(sellable.product));
  }
  const { shippingGroupId: groupBefore, ...ungrouped } = line;
  const groupId = change.shippingGroupId === undefined ? groupBefore : change.shippingGroupId;
  const noGroup =
    typeof change.shippingGroupId === "string" &&
    refusedGroup(cart, change.shippingGroupId, cart.currency as string);
  if (noGroup) return fail(noGroup);
  const common = {
    quantity,
    updatedAt: now,
    ...(typeof groupId === "string" && { shippingGroupId: groupId }),
    ...(change.customInputs && { customInputs: change.customInputs }),
    ...(change.fields && { fields: { ...line.fields, ...change.fields } }),
  };
  const changed: CartItem =
    ungrouped.kind === "product"
      ? { ...ungrouped, ...common, ...(change.location !== undefined && { location: change.location }) }
      : {
          ...ungrouped,
          ...common,
          name: change.name ?? line.name,
          sku: change.sku ?? line.sku,
          description: change.description ?? line.description,
          unitAmount: change.unitAmount ?? line.unitAmount,
          includesTax: change.includesTax ?? line.includesTax,
        };
  return ok(
    withItems(
      cart,
      cart.items.map((item) => (item.id === line.id ? changed : item)),
      rules,
      now,
    ),
  );
}

/** Takes one line out. */
export function removeItem(
  cart: Cart,
  itemId: string,
  rules: CartRules,
  now: string,
): Result<Cart, CartRefusal> {
  const items = cart.items.filter((item) => item.id !== itemId);
  if (items.length === cart.items.length) return fail({ type: "cart_item_not_found", itemIds: [itemId] });
  return ok(withItems(cart, items, rules, now));
}

/** Empties the cart, codes included; its name, associations and attributes stay. */
export function removeAllItems(cart: Cart, rules: CartRules, now: string): Cart {
  const { codes: _codes, ...rest } = cart;
  return withItems(rest, [], rules, now);
}
