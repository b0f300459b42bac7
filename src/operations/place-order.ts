import { attachedGroups } from "../domain/cart/shipping-groups.ts";
import { initialFields } from "../domain/custom-fields/field-values.ts";
import type { Address, Order } from "../domain/order/order.ts";
import { placeOrder } from "../domain/order/place.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { checkCartAccess } from "./cart-access.ts";
import { isCartReference } from "./change-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { priceOf } from "./price-cart.ts";
import type { Refusal } from "./refusal.ts";

export type CheckOut = {
  readonly cartId: string;
  /** A customer of the store by id, or anybody by name and e-mail. */
  readonly buyer: { readonly customerId: string } | { readonly name: string; readonly email: string };
  readonly accountId?: string;
  readonly accountMemberId?: string;
  readonly billingAddress: Address;
  readonly shippingAddress?: Address;
  readonly orderNumber?: string;
  readonly externalRef?: string;
  /** Currency asked for; it must be the cart's. */
  readonly currency?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
};

/** Turns a cart into an unpaid order. Two checkouts of one cart are two orders; the cart stays. */
export async function checkOut(
  deps: Deps,
  context: Context,
  input: CheckOut,
): Promise<Result<Order, Refusal>> {
  if (!isCartReference(input.cartId)) return fail({ type: "cart_reference_invalid" });
  const { actor, store } = context;
  const now = deps.now();
  const customerId = "customerId" in input.buyer ? input.buyer.customerId : undefined;
  const { cart, available, customer } = await deps.storage.carts.loadWithStock(
    store.storeId,
    input.cartId,
    now,
    customerId,
  );
  if (!cart) return fail({ type: "cart_not_found", cartId: input.cartId });
  const allowed = checkCartAccess(context, cart);
  if (!allowed.ok) return allowed;
  if (input.currency !== undefined && cart.currency !== undefined && input.currency !== cart.currency) {
    return fail({ type: "cart_currency_mismatch", cartCurrency: cart.currency, currency: input.currency });
  }
  if (customerId !== undefined && !customer) return fail({ type: "customer_not_found", customerId });
  const buyer = customer ?? (input.buyer as { name: string; email: string });
  const priced = priceOf(context, cart);
  if (!priced.ok) return priced;

  const accountId = input.accountId ?? actor.accountId;
  const accountMemberId = input.accountMemberId ?? actor.accountMemberId;
  const fields = initialFields(store.customFields.orders, input.fields);
  const defaultLineFields = initialFields(store.customFields.order_items);
  const placed = placeOrder(
    cart,
    {
      orderId: deps.newId(),
      lineIds: cart.items.map(() => deps.newId()),
      shippingGroupIds: attachedGroups(cart).map(() => deps.newId()),
      priced: priced.value,
      available,
      // A guest may use a registered e-mail; the order belongs to a customer only when their token says so.
      buyer: { ...buyer, ...(!customer && actor.customerId !== undefined && { id: actor.customerId }) },
      ...(accountId !== undefined && { accountId }),
      ...(accountMemberId !== undefined && { accountMemberId }),
      billingAddress: input.billingAddress,
      ...(input.shippingAddress && { shippingAddress: input.shippingAddress }),
      ...(input.orderNumber !== undefined && { orderNumber: input.orderNumber }),
      ...(input.externalRef !== undefined && { externalRef: input.externalRef }),
      ...(fields && { fields }),
      ...(defaultLineFields && { defaultLineFields }),
    },
    now,
  );
  if (!placed.ok) return placed;
  await deps.storage.orders.insert(store.storeId, placed.value.state, placed.value.events);
  return ok({ ...placed.value.state, version: 1 });
}
