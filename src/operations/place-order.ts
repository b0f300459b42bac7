import { type Cart, type CartItem, touched } from "../domain/cart/cart.ts";
import { productsToLookAt, refreshPrices } from "../domain/cart/refresh-prices.ts";
import { attachedGroups, withShippingDiscounts } from "../domain/cart/shipping-groups.ts";
import { initialFields } from "../domain/custom-fields/field-values.ts";
import type { DomainEvent } from "../domain/decision.ts";
import { extended } from "../domain/extended.ts";
import type { Address, Order, OrderPromotion } from "../domain/order/order.ts";
import { placeOrder } from "../domain/order/place.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { codeKey } from "../domain/rule-promotions/rule-code.ts";
import { checkCartAccess } from "./cart-access.ts";
import { codeReasons } from "./cart-codes.ts";
import { checkCartOpen } from "./cart-open.ts";
import { isAsSeen, isCartReference } from "./change-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { holdUses } from "./hold-uses.ts";
import type { OrderPort } from "./ports/orders.ts";
import { type Buyer, type Quote, quoteCart } from "./quote-cart.ts";
import type { Refusal, RefusalOf } from "./refusal.ts";

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

/**
 * Turns a cart into an unpaid order. Two checkouts of one cart are two orders; the cart stays. A cart of a region that
 * has been completed has one order, and is refused.
 */
export async function checkOut(
  deps: Deps,
  context: Context,
  input: CheckOut,
): Promise<Result<Order, Refusal>> {
  if (!isCartReference(input.cartId)) return fail({ type: "cart_reference_invalid" });
  const { actor, store } = context;
  const now = deps.now();
  const customerId = "customerId" in input.buyer ? input.buyer.customerId : undefined;
  const loaded = await deps.storage.carts.loadWithStock(store.storeId, input.cartId, now, customerId);
  const { customer } = loaded;
  if (!loaded.cart) return fail({ type: "cart_not_found", cartId: input.cartId });
  const allowed = checkCartAccess(context, loaded.cart);
  if (!allowed.ok) return allowed;
  const { version } = loaded;
  if (!isAsSeen(context, version)) return fail({ type: "cart_changed", cartId: input.cartId, version });
  const open = await checkCartOpen(deps, context, loaded.cart);
  if (!open.ok) return open;
  const { currency } = loaded.cart;
  if (input.currency !== undefined && currency !== undefined && input.currency !== currency) {
    return fail({ type: "cart_currency_mismatch", cartCurrency: currency, currency: input.currency });
  }
  if (customerId !== undefined && !customer) return fail({ type: "customer_not_found", customerId });
  const buyer = customer ?? (input.buyer as { name: string; email: string });
  const fresh = await withFreshPrices(deps, context, loaded.cart, loaded.changedAt, now);
  if (!fresh.ok) return fresh;
  const quote = await quoteCart(deps, context, fresh.value, now, buyerNames(buyer));
  if (!quote.ok) return quote;
  const { cart, priced } = quote.value;
  const unusable = unusableCode(quote.value);
  if (unusable) return fail(unusable);
  const untaxed = store.settings.cart.taxesRequired ? untaxedItems(cart) : [];
  if (untaxed.length > 0) return fail({ type: "taxes_missing", items: untaxed });
  const minimum = store.settings.cart.minOrderTotals.find((one) => one.currency === currency)?.amount ?? 0;
  if (currency !== undefined && cart.items.length > 0 && priced.totals.withTax < minimum) {
    return fail({ type: "order_total_too_low", currency, minimum });
  }

  const accountId = input.accountId ?? actor.accountId;
  const accountMemberId = input.accountMemberId ?? actor.accountMemberId;
  const fields = initialFields(store.customFields.orders, input.fields);
  const defaultLineFields = initialFields(store.customFields.order_items);
  const placed = placeOrder(
    withShippingDiscounts(cart, quote.value.rules.shippingDiscounts),
    {
      orderId: deps.newId(),
      lineIds: cart.items.map(() => deps.newId()),
      shippingGroupIds: attachedGroups(cart).map(() => deps.newId()),
      priced,
      promotions: promotionsOf(quote.value),
      available: new Map([...loaded.available, ...quote.value.giftStock]),
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
  const { state, events } = placed.value;
  if (!state.promotions) {
    return ok(inserted(state, await deps.storage.orders.insert(store.storeId, state, events)));
  }
  return insertWithUses(deps, context, state, events);
}

/** Stores the order and holds the uses of its promotion codes, or does neither. */
async function insertWithUses(
  deps: Deps,
  context: Context,
  order: Order,
  events: readonly DomainEvent[],
): Promise<Result<Order, Refusal>> {
  const undone: { refusal?: Refusal } = {};
  return deps.storage
    .transaction(async (storage) => {
      const outcome = await storage.orders.insert(context.store.storeId, order, events);
      const held = await holdUses(deps, storage.promotionUses, context, order);
      if (held.ok) return ok(inserted(order, outcome));
      undone.refusal = held.error;
      throw undone;
    })
    .catch((error: unknown) => {
      if (error === undone) return fail(undone.refusal as Refusal);
      throw error;
    });
}

/** The order as it was stored. Carts that are checked out here have any number of orders. */
function inserted(order: Order, outcome: Awaited<ReturnType<OrderPort["insert"]>>): Order {
  if (outcome.kind === "cart_has_order")
    throw new Error(`The cart of order ${order.id} has an order already`);
  const { displayId } = outcome;
  return extended(order, { version: 1, ...(displayId !== undefined && { displayId }) });
}

/**
 * The cart with the prices that its products have now. Those that rose are saved and refused once, so that the shopper
 * sees them before they pay them, unless the store decided otherwise.
 */
async function withFreshPrices(
  deps: Deps,
  context: Context,
  cart: Cart,
  changedAt: ReadonlyMap<string, string>,
  now: string,
): Promise<Result<Cart, Refusal>> {
  const { storeId, settings } = context.store;
  const looked = productsToLookAt(cart, changedAt);
  if (looked.size === 0) return ok(cart);
  const found = await deps.storage.products.byId(storeId, [...looked]);
  const products = new Map(found.map(({ product }) => [product.id, product]));
  const refreshed = refreshPrices(cart, looked, products);
  const { gone, risen } = refreshed;
  if (gone.length > 0) return fail({ type: "products_gone", items: gone });
  const policy = settings.cart.priceChanges;
  if (policy === "keep") return ok(cart);
  if (risen.length === 0 || policy === "follow") return ok(refreshed.cart);
  const changed = touched(refreshed.cart, settings.cart, now);
  // Somebody else may just be changing the cart; then the next checkout finds the same and says so again.
  await deps.storage.carts.save(storeId, changed, cart.version);
  return fail({ type: "prices_risen", currency: cart.currency ?? "", changes: risen });
}

function untaxedItems({ items }: Cart): readonly CartItem[] {
  return items.filter((item) => item.taxes.length === 0 && !(item.kind === "product" && item.isGift));
}

/**
 * A code that the shopper counts on and that is used up or not theirs: told before an order is made without it. Of a
 * code that brings several rule promotions it is enough that one of them applies.
 */
function unusableCode({ promotions, rules }: Quote): RefusalOf<"promotion_code_refused"> | undefined {
  const applied = new Set(rules.applied.map(({ code }) => codeKey(code)));
  const refused = [...promotions.refused, ...rules.refused.filter(({ code }) => !applied.has(codeKey(code)))];
  for (const { code, reason } of refused) {
    const { type } = reason;
    if (isOneOfReasons(type)) return { type: "promotion_code_refused", code, reason: codeReasons[type] };
  }
  return undefined;
}

function isOneOfReasons(type: string): type is keyof typeof codeReasons {
  return Object.hasOwn(codeReasons, type);
}

function promotionsOf({ promotions, inPlay, rules, rulesInPlay }: Quote): OrderPromotion[] {
  const byId = new Map([...inPlay, ...rulesInPlay].map(({ promotion }) => [promotion.id, promotion]));
  const ruled = rules.applied.map((one) => ({ ...one, source: "rule-promotion" as const }));
  return [...promotions.applied, ...ruled].flatMap(({ promotionId, code, amount, uses, ...more }) => {
    const promotion = byId.get(promotionId);
    if (!promotion) return [];
    const { name, description, automatic } = promotion;
    const source = "source" in more ? { source: more.source } : {};
    return [{ promotionId, code, name, description, automatic, ...source, amount, uses: Math.max(uses, 1) }];
  });
}

function buyerNames(buyer: { readonly id?: string; readonly email: string }): Buyer {
  return { email: buyer.email, ...(buyer.id !== undefined && { customerId: buyer.id }) };
}
