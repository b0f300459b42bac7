import { fail, type Result } from "../domain/result.ts";
import { type AddedToCart, addToCart, type WantedItem } from "./add-to-cart.ts";
import { checkCartAccess } from "./cart-access.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { checkOrderAccess } from "./order-access.ts";
import type { Refusal } from "./refusal.ts";

/** Copies the items of another cart into this one, adding up quantities; the other cart stays as it is. */
export async function mergeCarts(
  deps: Deps,
  context: Context,
  input: {
    readonly cartId: string;
    readonly fromCartId: string;
    readonly defaultCurrency: string;
    readonly allOrNothing: boolean;
  },
): Promise<Result<AddedToCart, Refusal>> {
  const now = deps.now();
  const { cart } = await deps.storage.carts.load(context.store.storeId, input.fromCartId, now);
  if (!cart) return fail({ type: "cart_not_found", cartId: input.fromCartId });
  const allowed = checkCartAccess(context, cart);
  if (!allowed.ok) return allowed;
  // Gifts are not copied: this cart's own are decided anew, as all of its promotions are.
  const bought = cart.items.filter((item) => item.kind === "custom" || !item.isGift);
  const items = bought.map((item): WantedItem => {
    const { quantity, taxes, customInputs, fields } = item;
    const common = {
      quantity,
      // Taxes that are there are brought along; a line without any takes none from the line that it joins.
      ...(taxes.length > 0 && { taxes }),
      ...(customInputs && { customInputs }),
      ...(fields && { fields }),
    };
    return item.kind === "product"
      ? { kind: "product", id: item.productId, ...common, ...(item.location && { location: item.location }) }
      : {
          kind: "custom",
          ...common,
          name: item.name,
          sku: item.sku,
          description: item.description,
          unitAmount: item.unitAmount,
          includesTax: item.includesTax,
        };
  });
  return addToCart(deps, context, {
    cartId: input.cartId,
    items,
    currency: cart.currency,
    defaultCurrency: input.defaultCurrency,
    allOrNothing: input.allOrNothing,
  });
}

/** Copies the products of an old order into a cart, at today's prices; what is out of stock is skipped and named. */
export async function reorder(
  deps: Deps,
  context: Context,
  input: {
    readonly cartId: string;
    readonly orderId: string;
    readonly defaultCurrency: string;
    readonly allOrNothing: boolean;
  },
): Promise<Result<AddedToCart, Refusal>> {
  const order = await deps.storage.orders.load(context.store.storeId, input.orderId);
  const allowed = checkOrderAccess(context, order, input.orderId);
  if (!allowed.ok) return allowed;
  const items = allowed.value.lines.flatMap((line): WantedItem[] => {
    const { productId, quantity, customInputs } = line;
    if (productId === undefined || line.isGift) return [];
    return [{ kind: "product", id: productId, quantity, ...(customInputs && { customInputs }) }];
  });
  return addToCart(deps, context, {
    cartId: input.cartId,
    items,
    currency: allowed.value.currency,
    defaultCurrency: input.defaultCurrency,
    allOrNothing: input.allOrNothing,
  });
}
