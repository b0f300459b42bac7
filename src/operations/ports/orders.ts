import type { Cart } from "../../domain/cart/cart.ts";
import type { DomainEvent } from "../../domain/decision.ts";
import type { SellingPlaces } from "../../domain/inventory/selling-places.ts";
import type { StockDemand } from "../../domain/inventory/stock.ts";
import type { Order } from "../../domain/order/order.ts";
import type { Listed, ListQuery } from "../listing.ts";
import type { GatewaySetting } from "./gateway-settings.ts";

/** Whose orders. */
export type OrderScope = {
  readonly customerId?: string;
  readonly accountId?: string;
  /** Of the guests of a region with these e-mail addresses, in lower case, as whom orders belong to nobody else. */
  readonly guestEmails?: readonly string[];
};

/** How an order's save moves stock, in the same transaction. */
export type OrderStockChange = {
  /**
   * `unfulfil` takes pieces back into what the order holds, `restock` into what is for sale. `rehold` gives up what
   * the order holds in `instead` and holds `demands`, exactly those and whether or not they are counted.
   */
  readonly action: "allocate" | "deallocate" | "fulfil" | "unfulfil" | "restock" | "rehold";
  /** What the order's stock is afterwards; `held` is found out by `allocate`. */
  readonly after: Order["stock"];
  /** For `allocate`: what the order needs of each product. Products that nobody counts are passed over. */
  readonly demands: readonly StockDemand[];
  /**
   * For `allocate`: ids of the products that are counted as far as the order knows. What holds is what the catalog says
   * when they are taken; a good guess only takes less time.
   */
  readonly likely?: ReadonlySet<string>;
  /** For `allocate`: where it is taken from, first from the first; absent: from the common stock. */
  readonly places?: SellingPlaces;
  /** For `rehold`; at other places than `demands`. */
  readonly instead?: readonly StockDemand[];
  readonly actor: string;
};

/** What a new order takes of the stock, and the cart that it is made of, as it is saved with it. */
export type OrderOfCart = {
  readonly demands: readonly StockDemand[];
  /** As in `OrderStockChange`. */
  readonly likely?: ReadonlySet<string>;
  readonly places: SellingPlaces;
  readonly actor: string;
  readonly cart: Cart;
  readonly cartVersion: number;
};

export type SaveOrderOutcome =
  /** `held` is what the order holds now; `displayId` its number, when it has one by now. */
  | { readonly kind: "saved"; readonly held: readonly StockDemand[]; readonly displayId?: number }
  /** Somebody else saved the order since it was loaded. */
  | { readonly kind: "conflict" }
  /** Nothing was saved: too few pieces of this product are there. */
  | { readonly kind: "insufficient"; readonly productId: string };

/**
 * An order and the moment (RFC 3339) by which it is in line: since when its oldest unanswered operation is, when it was
 * placed, or when its authorization expires.
 */
export type PendingOrder = { readonly orderId: string; readonly since: string };

/** Orders that want somebody to look at them. */
export type OrderAttention = {
  readonly backordered: number;
  readonly held: number;
  readonly expiring: number;
  /** With a fulfilment whose provider has not answered: staff ask again, or call it off. */
  readonly unanswered: number;
};

export type OrderPort = {
  load(storeId: string, orderId: string): Promise<Order | undefined>;
  /** The order and the store's settings of a gateway, in one round trip. */
  loadWithGateway(
    storeId: string,
    orderId: string,
    gateway: string,
  ): Promise<{ readonly order: Order | undefined; readonly setting: GatewaySetting | undefined }>;
  loadMany(storeId: string, orderIds: readonly string[]): Promise<readonly Order[]>;
  /** Stores a new order. The cart of a region has one order at most: another is not stored. */
  insert(
    storeId: string,
    order: Order,
    events: readonly DomainEvent[],
  ): Promise<{ readonly kind: "saved"; readonly displayId?: number } | { readonly kind: "cart_has_order" }>;
  /**
   * Stores a new order of a region, allocates all its stock and saves its cart, all or nothing; one round trip. `conflict`
   * when the stored cart has not `cartVersion` any more, or has an order already.
   */
  insertOfCart(
    storeId: string,
    order: Order,
    events: readonly DomainEvent[],
    input: OrderOfCart,
  ): Promise<SaveOrderOutcome>;
  /** The order that a payment belongs to. */
  ofPayment(storeId: string, paymentId: string): Promise<Order | undefined>;
  /** The order that was made of the cart of a region. */
  ofRegionCart(storeId: string, cartId: string): Promise<Order | undefined>;
  /**
   * Makes room for an order of a cart whose reference another cart had before: an order that is older than `cartSince`
   * (RFC 3339) is not found by the reference any more.
   */
  leaveRegionCart(storeId: string, cartId: string, cartSince: string): Promise<void>;
  /**
   * Saves state, events and stock movements in one transaction, if the stored order still has the version that
   * `order` carries. `frozen` says that also what was frozen at checkout has changed.
   */
  save(
    storeId: string,
    order: Order,
    events: readonly DomainEvent[],
    options?: { readonly stock?: OrderStockChange; readonly frozen?: boolean },
  ): Promise<SaveOrderOutcome>;
  list(storeId: string, scope: OrderScope, query: ListQuery): Promise<Listed<Order>>;
  /** The gateways of operations that are unanswered, in orders that have one since before `before`. */
  pendingGateways(storeId: string, before: string): Promise<readonly string[]>;
  /**
   * Orders with an operation that has been unanswered since before `before`, and with an unanswered one at this gateway,
   * oldest first, from `after` on.
   */
  listPending(
    storeId: string,
    gateway: string,
    before: string,
    limit: number,
    after?: PendingOrder,
  ): Promise<readonly PendingOrder[]>;
  /** How many orders have an unanswered operation, and since when (RFC 3339) the oldest of these is. */
  countPending(storeId: string): Promise<{ readonly orders: number; readonly since?: string }>;
  /** Orders that wait for their goods (`backordered`) or for a person (`held`), oldest first, from `after` on. */
  listWaiting(
    storeId: string,
    what: "backordered" | "held",
    limit: number,
    after?: PendingOrder,
  ): Promise<readonly PendingOrder[]>;
  /** Orders with an authorization that expires before `before`, the first to expire first, from `after` on. */
  listExpiring(
    storeId: string,
    before: string,
    limit: number,
    after?: PendingOrder,
  ): Promise<readonly PendingOrder[]>;
  /**
   * How many orders are backordered, held, authorized only until before `soon`, and have waited for a fulfilment's
   * provider since before `asked` (RFC 3339, both).
   */
  countAttention(storeId: string, soon: string, asked: string): Promise<OrderAttention>;
  events(storeId: string, orderId: string): Promise<readonly (DomainEvent & { readonly at: string })[]>;
};
