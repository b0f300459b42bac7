import type { DomainEvent } from "../../domain/decision.ts";
import type { StockDemand } from "../../domain/inventory/stock.ts";
import { firstExpiry } from "../../domain/order/authorization.ts";
import { unansweredIn } from "../../domain/order/fulfilment.ts";
import { waitingForGoods } from "../../domain/order/late-money.ts";
import type { Order } from "../../domain/order/order.ts";
import { pendingSince } from "../../domain/order/pay.ts";
import { progressWords } from "../../domain/order/progress.ts";
import { orderFacts, orderStatuses } from "../../domain/order/status.ts";
import type { OrderOfCart } from "../../operations/ports/orders.ts";

/** What is read of an order, by {@link rowColumns}. */
export type OrderRow = {
  version: number;
  doc: string;
  state: string;
  stock_state: string;
  stock_held: string;
  display_id: number | null;
};

/** The columns of an {@link OrderRow}; `o` is the table of orders. */
export const rowColumns = "o.version, o.doc, o.state, o.stock_state, o.stock_held, o.display_id";

/** The part that checkout has frozen, as JSON. It is the bigger one, and only written when it is new or changed. */
function frozenOf(order: Order): string {
  const {
    version: _version,
    payments: _payments,
    stock: _stock,
    editHold: _editHold,
    cancelledAt: _cancelledAt,
    fulfilledAt: _fulfilledAt,
    fullyPaidAt: _fullyPaidAt,
    fulfilments: _fulfilments,
    returns: _returns,
    takenWhole: _takenWhole,
    completedAt: _completedAt,
    archivedAt: _archivedAt,
    updatedAt: _updatedAt,
    displayId: _displayId,
    ...frozen
  } = order;
  return JSON.stringify(frozen);
}

/** The part that changes while the order lives, as JSON. */
export function stateOf(order: Order): string {
  const { payments, cancelledAt, fulfilledAt, fullyPaidAt, updatedAt } = order;
  const { fulfilments, returns, takenWhole, completedAt, archivedAt, editHold } = order;
  return JSON.stringify({
    payments,
    editHold,
    fulfilments,
    returns,
    takenWhole,
    cancelledAt,
    fulfilledAt,
    fullyPaidAt,
    completedAt,
    archivedAt,
    updatedAt,
  });
}

/** The order that a row holds. */
export function fromRow(row: OrderRow): Order {
  return {
    version: row.version,
    stock: { state: row.stock_state, held: parseHeld(row.stock_held) },
    ...numbered(row),
    ...JSON.parse(row.doc),
    ...JSON.parse(row.state),
  } as Order;
}

/** The number that an order shows itself by, where it has one. */
export function numbered({ display_id }: { display_id: number | null }): { readonly displayId?: number } {
  return display_id === null ? {} : { displayId: display_id };
}

function parseHeld(text: string): StockDemand[] {
  return JSON.parse(text) as StockDemand[];
}

function soldWhere({ region }: Order): [regionId: string | null, channelId: string | null] {
  return [region?.region.id ?? null, region?.salesChannelId ?? null];
}

/**
 * The columns that are derived from an order at every save.
 *
 * @param stockState what it will be once the order is saved
 */
export function derived(order: Order, stockState = order.stock.state) {
  const facts = orderFacts(order);
  const { status, payment, shipping } = orderStatuses(order);
  return {
    status,
    payment,
    shipping,
    pendingSince: pendingSince(order),
    waitsFor:
      waitingForGoods({ ...order, stock: { ...order.stock, state: stockState } }) ??
      (unansweredIn(order) ? "fulfilment" : null),
    authorizedUntil: firstExpiry(order) ?? null,
    progress: progressWords(order),
    // An order of a region shows itself when somebody has promised to pay for it, others do at once.
    isNumbered: order.region === undefined || facts.anyAuthorized || facts.anyCaptured,
  };
}

/** What an insert of an order takes, in the order of its parameters. */
export function insertColumns(
  storeId: string,
  order: Order,
  events: readonly DomainEvent[],
  newId: () => string,
): unknown[] {
  const columns = derived(order);
  return [
    storeId,
    order.id,
    columns.status,
    columns.payment,
    columns.shipping,
    order.currency,
    order.totals.withTax,
    order.totals.withoutTax,
    order.buyer.id ?? null,
    order.accountId ?? null,
    order.accountMemberId ?? null,
    ...foundColumns(order),
    ...soldColumns(order),
    frozenOf(order),
    stateOf(order),
    order.createdAt,
    ...eventColumns(events, newId),
    order.region ? order.cartId : null,
    columns.isNumbered,
    columns.progress,
    ...soldWhere(order),
  ];
}

/** What the insert of a cart's order writes of that cart. */
export function cartColumns({ cart, cartVersion }: OrderOfCart): unknown[] {
  return [
    cart.id,
    cartVersion,
    cart.name,
    cart.customerId ?? null,
    JSON.stringify(cart),
    cart.updatedAt,
    cart.expiresAt,
  ];
}

/** The frozen part of an order, for a save that changes it. */
export function frozenColumns(order: Order): unknown[] {
  return [
    frozenOf(order),
    order.buyer.id ?? null,
    ...foundColumns(order),
    order.currency,
    order.totals.withTax,
    order.totals.withoutTax,
    ...soldColumns(order),
    ...soldWhere(order),
  ];
}

/** Columns that an order is found and listed by, as its buyer and the shop write them. */
function foundColumns(order: Order): (string | null)[] {
  return [
    order.buyer.name,
    order.buyer.email,
    order.orderNumber ?? null,
    order.externalRef ?? null,
    order.billingAddress.postcode,
    order.shippingAddress.postcode,
  ];
}

/** Ids of what was sold, one for each line, so that it shows where a product is on several; and SKUs, each once. */
function soldColumns({ lines }: Order): [string[], string[]] {
  return [lines.flatMap((line) => line.productId ?? []), [...new Set(lines.map((line) => line.sku))]];
}

/** Ids, types and payloads of events, a list of each. */
export function eventColumns(
  events: readonly DomainEvent[],
  newId: () => string,
): [string[], string[], string[]] {
  return [
    events.map(() => newId()),
    events.map((event) => event.type),
    events.map((event) => JSON.stringify(event.payload)),
  ];
}
