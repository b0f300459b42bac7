import type { Cart } from "../cart/cart.ts";
import { takesCustomDiscounts } from "../cart/custom-discounts.ts";
import type { CartRefusal } from "../cart/refusals.ts";
import { attachedGroups } from "../cart/shipping-groups.ts";
import type { Decision, DomainEvent } from "../decision.ts";
import { stockDemands } from "../inventory/stock.ts";
import type { PricedCart } from "../pricing/price-cart.ts";
import { fail, ok, type Result } from "../result.ts";
import type { Address, Order, OrderLine, OrderPromotion } from "./order.ts";
import type { OrderRefusal } from "./refusals.ts";

export type PlaceOrder = {
  readonly orderId: string;
  /** One id for each item of the cart, in its order. */
  readonly lineIds: readonly string[];
  /** One id for each shipping group that a line of the cart belongs to, in their order. */
  readonly shippingGroupIds: readonly string[];
  readonly priced: PricedCart;
  /** Those that apply, in their order. */
  readonly promotions?: readonly OrderPromotion[];
  /** Pieces that can be promised now, by product id; a product that nobody counts is absent. */
  readonly available: ReadonlyMap<string, number>;
  readonly buyer: Order["buyer"];
  readonly accountId?: string;
  readonly accountMemberId?: string;
  readonly billingAddress: Address;
  /** Absent: the billing address. */
  readonly shippingAddress?: Address;
  readonly orderNumber?: string;
  readonly externalRef?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Values of custom fields that the lines have where the cart's items have none. */
  readonly defaultLineFields?: Readonly<Record<string, unknown>>;
};

/**
 * Freezes the cart into an unpaid order: what is paid later is what was priced here, whatever becomes of the cart.
 * Stock is checked and not reserved, so more may be checked out than is there. The cart stays as it is.
 */
export function placeOrder(
  cart: Cart,
  input: PlaceOrder,
  now: string,
): Result<Decision<Order>, OrderRefusal | CartRefusal> {
  if (cart.snapshotDate !== undefined) return fail({ type: "cart_is_preview" });
  if (cart.items.length === 0 || cart.currency === undefined) return fail({ type: "cart_empty" });

  if (!cart.deferInventoryCheck) {
    for (const demand of stockDemands(cart.items)) {
      const available = input.available.get(demand.productId);
      if (available === undefined || demand.quantity <= available) continue;
      const line = cart.items.find((item) => item.kind === "product" && item.productId === demand.productId);
      return fail({
        type: "insufficient_stock",
        productId: demand.productId,
        sku: line?.sku ?? "",
        name: line?.name ?? "",
      });
    }
  }

  // Two orders of one cart are sent apart, so each has groups of its own.
  const groups = attachedGroups(cart).map((group, index) => ({
    before: group.id,
    group: { ...group, id: input.shippingGroupIds[index] as string, createdAt: now, updatedAt: now },
  }));
  const discounted = takesCustomDiscounts(cart, input.priced.method);
  const lines = cart.items.map((item, index): OrderLine => {
    const { id, kind, name, sku, description, quantity, includesTax, taxes, customInputs, fields } = item;
    const group = groups.find(({ before }) => before === item.shippingGroupId)?.group;
    const frozen = {
      id: input.lineIds[index] as string,
      cartItemId: id,
      kind,
      name,
      sku,
      description,
      quantity,
      includesTax,
      taxes,
      ...(discounted && item.customDiscounts && { customDiscounts: item.customDiscounts }),
      ...(group && { shippingGroupId: group.id }),
      ...(customInputs && { customInputs }),
      ...((fields ?? input.defaultLineFields) && { fields: { ...input.defaultLineFields, ...fields } }),
      price: input.priced.lines[index] as OrderLine["price"],
    };
    if (item.kind === "custom") return { manageStock: false, ...frozen };
    const { productId, slug, image, manageStock, location, isGift } = item;
    return {
      productId,
      slug,
      ...(image && { image }),
      manageStock,
      ...(location && { location }),
      ...(isGift && { isGift }),
      ...frozen,
    };
  });
  const order: Order = {
    id: input.orderId,
    version: 0,
    cartId: cart.id,
    ...(input.orderNumber !== undefined && { orderNumber: input.orderNumber }),
    ...(input.externalRef !== undefined && { externalRef: input.externalRef }),
    currency: cart.currency,
    buyer: input.buyer,
    ...(input.accountId !== undefined && { accountId: input.accountId }),
    ...(input.accountMemberId !== undefined && { accountMemberId: input.accountMemberId }),
    billingAddress: input.billingAddress,
    shippingAddress: input.shippingAddress ?? input.billingAddress,
    lines,
    ...(discounted && cart.customDiscounts && { customDiscounts: cart.customDiscounts }),
    ...(groups.length > 0 && { shippingGroups: groups.map(({ group }) => group) }),
    totals: input.priced.totals,
    method: input.priced.method,
    ...(input.promotions && input.promotions.length > 0 && { promotions: input.promotions }),
    customAttributes: cart.customAttributes,
    ...(input.fields && { fields: input.fields }),
    anonymized: false,
    payments: [],
    stock: { state: "none", held: [] },
    createdAt: now,
    updatedAt: now,
  };
  return ok({ state: order, events: [placedEvent(order)] });
}

/** What is told of an order once it is one. `total` is in minor units. */
export function placedEvent(order: Order): DomainEvent {
  const { id: orderId, cartId, currency, totals } = order;
  return { type: "order.placed", payload: { orderId, cartId, currency, total: totals.withTax } };
}
