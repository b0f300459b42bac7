import type { CartTax, CustomAttribute, CustomDiscount } from "../cart/cart.ts";
import type { Image } from "../catalog/product.ts";
import type { StockDemand } from "../inventory/stock.ts";
import type { MinorUnits } from "../money.ts";
import type { CalculationMethod, CartTotals, PricedLine } from "../pricing/price-cart.ts";
import type { ShippingGroup } from "../shipping/shipping-group.ts";
import type { Fulfilment, Return } from "./fulfilment.ts";
import type { Payment } from "./payment.ts";
import type { RegionOrderPart } from "./region-part.ts";

/** Where something goes. Members that were not given are absent. */
export type Address = {
  readonly first_name: string;
  readonly last_name: string;
  readonly line_1: string;
  readonly postcode: string;
  readonly country: string;
  readonly region?: string;
  readonly county?: string;
  readonly city?: string;
  readonly line_2?: string;
  readonly line_3?: string;
  readonly company_name?: string;
  readonly phone_number?: string;
  readonly instructions?: string;
};

/** One line as it was bought: nothing about it changes when the product does. */
export type OrderLine = {
  readonly id: string;
  readonly cartItemId: string;
  readonly kind: "product" | "custom";
  readonly productId?: string;
  readonly name: string;
  readonly sku: string;
  readonly description: string;
  readonly slug?: string;
  readonly image?: Image;
  readonly quantity: number;
  readonly includesTax: boolean;
  readonly manageStock: boolean;
  readonly location?: string;
  /** Put in by the engine, not by the shopper. */
  readonly isGift?: true;
  readonly customInputs?: Readonly<Record<string, unknown>>;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly taxes: readonly CartTax[];
  /** As they were wanted; what they came to is in `price`. */
  readonly customDiscounts?: readonly CustomDiscount[];
  /** The shipping group of the order that the line goes with. */
  readonly shippingGroupId?: string;
  readonly price: PricedLine;
};

/** A promotion that took something off the order, as it was then. */
export type OrderPromotion = {
  readonly promotionId: string;
  readonly code: string;
  readonly name: string;
  readonly description: string;
  readonly automatic: boolean;
  /** Absent: a standard promotion. */
  readonly source?: "rule-promotion";
  /** What it took off the goods, in minor units, <= 0. */
  readonly amount: MinorUnits;
  /** Uses that the order takes from the code, at least 1. */
  readonly uses: number;
};

export type Order = {
  readonly id: string;
  /** Counts saves, from 1. */
  readonly version: number;
  readonly cartId: string;
  readonly orderNumber?: string;
  readonly externalRef?: string;
  readonly currency: string;
  /** Who buys; `id` only for a customer of the store. */
  readonly buyer: { readonly id?: string; readonly name: string; readonly email: string };
  /** An account's order is bought by a contact. */
  readonly accountId?: string;
  readonly accountMemberId?: string;
  readonly billingAddress: Address;
  readonly shippingAddress: Address;
  readonly lines: readonly OrderLine[];
  /** Those of the cart as a whole, as they were wanted. */
  readonly customDiscounts?: readonly CustomDiscount[];
  /** What of them is bought is frozen; how they are sent may change. Those of checkout make up the totals' shipping. */
  readonly shippingGroups?: readonly ShippingGroup[];
  readonly totals: CartTotals;
  /** How it was calculated; absent in orders from before this was kept. */
  readonly method?: CalculationMethod;
  /** Absent: none. */
  readonly promotions?: readonly OrderPromotion[];
  readonly customAttributes: Readonly<Record<string, CustomAttribute>>;
  readonly fields?: Readonly<Record<string, unknown>>;
  /** What it has besides when it was sold in a region. */
  readonly region?: RegionOrderPart;
  /**
   * The number that people call it by, from 1 on in each store, in the order of being shown: at checkout, or when an
   * order of a region is first authorized. Given by the storage, never changed.
   */
  readonly displayId?: number;
  /** Nobody is to be told about it by mail, unless about a part of it more is said; absent: not said. */
  readonly noNotification?: boolean;
  readonly anonymized: boolean;
  readonly payments: readonly Payment[];
  readonly stock: OrderStock;
  /** What of the stock is held for an edit that is being paid for; absent: nothing. */
  readonly editHold?: EditHold;
  /** What was packed and sent, in the order of packing; absent: nothing was. */
  readonly fulfilments?: readonly Fulfilment[];
  /** What left the stock when all of it was marked as sent; absent: nothing, or from the common stock only. */
  readonly takenWhole?: readonly StockDemand[];
  /** What comes or came back, in the order of asking; absent: nothing. */
  readonly returns?: readonly Return[];
  readonly cancelledAt?: string;
  /** All of it is packed or sent. */
  readonly fulfilledAt?: string;
  readonly fullyPaidAt?: string;
  /** The shop is done with it. */
  readonly completedAt?: string;
  /** The shop has put it away; only what is done with. */
  readonly archivedAt?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** What of the stock this order holds: exactly this is given back or taken out, whatever has changed since. */
export type OrderStock = {
  readonly state: "none" | "allocated" | "removed";
  readonly held: readonly StockDemand[];
};

/** Pieces among those that the order holds, for what an edit adds. They go back when nothing pays for the edit any more. */
export type EditHold = { readonly editId: string; readonly held: readonly StockDemand[] };

/** What has to be paid in total, in minor units. */
export function orderTotal(order: Pick<Order, "totals">): MinorUnits {
  return order.totals.withTax;
}
