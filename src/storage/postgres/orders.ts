import type { DomainEvent } from "../../domain/decision.ts";
import type { StockDemand } from "../../domain/inventory/stock.ts";
import { firstExpiry } from "../../domain/order/authorization.ts";
import { unansweredIn } from "../../domain/order/fulfilment.ts";
import { waitingForGoods } from "../../domain/order/late-money.ts";
import type { Order } from "../../domain/order/order.ts";
import { pendingSince } from "../../domain/order/pay.ts";
import { progressWords } from "../../domain/order/progress.ts";
import { orderFacts, orderStatuses } from "../../domain/order/status.ts";
import type {
  OrderAttention,
  OrderOfCart,
  OrderPort,
  OrderScope,
  OrderStockChange,
} from "../../operations/ports/orders.ts";
import { type Database, statement } from "./database.ts";
import { readSetting } from "./gateway-settings.ts";
import { type ListedColumns, listRows } from "./listing.ts";
import { eventsOfInsert, eventsOfSave, insertedColumns, linkPayments, savedColumns } from "./order-sql.ts";
import { insertWithStock, saveWithStock } from "./order-stock.ts";
import { insertWithStockQuickly, saveWithStockQuickly } from "./order-stock-quickly.ts";
import type { SecretBox } from "./secret-box.ts";

type OrderRow = {
  version: number;
  doc: string;
  state: string;
  stock_state: string;
  stock_held: string;
  display_id: number | null;
};

/**
 * Orders: a document that was frozen at checkout, a small one of what changes, and columns that are derived from both
 * at every save.
 */
export function orderStorage(database: Database, newId: () => string, box: SecretBox): OrderPort {
  return {
    async load(storeId, orderId) {
      const [row] = await database.run<OrderRow>(selectOrder, [storeId, orderId]);
      return row && fromRow(row);
    },
    async loadWithGateway(storeId, orderId, gateway) {
      type Row = OrderRow & { enabled: boolean | null; settings: string | null };
      const [row] = await database.run<Row>(selectOrderWithGateway, [storeId, orderId, gateway]);
      if (!row) return { order: undefined, setting: undefined };
      const setting =
        row.enabled === null
          ? undefined
          : readSetting(box, storeId, {
              slug: gateway,
              enabled: row.enabled,
              settings: row.settings ?? "{}",
            });
      return { order: fromRow(row), setting };
    },
    async ofRegionCart(storeId, cartId) {
      const [row] = await database.run<OrderRow>(selectOrderOfCart, [storeId, cartId]);
      return row && fromRow(row);
    },
    async leaveRegionCart(storeId, cartId, cartSince) {
      await database.run(leaveRegionCart, [storeId, cartId, cartSince]);
    },
    async ofPayment(storeId, paymentId) {
      const [row] = await database.run<OrderRow>(selectOrderOfPayment, [storeId, paymentId]);
      return row && fromRow(row);
    },
    async loadMany(storeId, orderIds) {
      const rows = await database.run<OrderRow>(selectOrders, [storeId, orderIds]);
      return rows.map(fromRow);
    },
    async insert(storeId, order, events) {
      type Row = { display_id: number | null };
      const values = insertColumns(storeId, order, events, newId);
      const [row] = await database.run<Row>(insertOrder, values);
      return row ? { kind: "saved", ...numbered(row) } : { kind: "cart_has_order" };
    },
    async insertOfCart(storeId, order, events, input) {
      const { pendingSince: since, waitsFor, authorizedUntil } = derived(order, "allocated");
      const columns = insertColumns(storeId, order, events, newId);
      const found = [since ?? null, waitsFor, authorizedUntil];
      const saved = cartColumns(input);
      return (
        (await insertWithStockQuickly(database, columns, found, saved, input, newId)) ??
        (await insertWithStock(database, columns, found, saved, input, newId))
      );
    },
    async save(storeId, order, events, options = {}) {
      const stock = options.stock;
      const { state: stockState, held } = stock?.after ?? order.stock;
      const columns = derived(order, stockState);
      const found = [columns.waitsFor, columns.authorizedUntil, columns.progress];
      const common = [
        storeId,
        order.id,
        order.version,
        columns.status,
        columns.payment,
        columns.shipping,
        stateOf(order),
        columns.pendingSince ?? null,
        order.updatedAt,
        ...eventColumns(events, newId),
        columns.isNumbered,
      ];
      if (options.frozen) await assertNoStock(stock);
      if (stock && stock.demands.length > 0) {
        return (
          (await saveWithStockQuickly(database, common, found, stock, newId)) ??
          (await saveWithStock(database, common, found, stock, newId))
        );
      }
      const stockColumns = [stockState, JSON.stringify(held)];
      type Row = { display_id: number | null };
      const [row] = options.frozen
        ? await database.run<Row>(updateOrderFrozen, [
            ...common,
            ...stockColumns,
            ...found,
            ...frozenColumns(order),
          ])
        : await database.run<Row>(updateOrder, [...common, ...stockColumns, ...found]);
      return row ? { kind: "saved", held, ...numbered(row) } : { kind: "conflict" };
    },
    async list(storeId, scope, query) {
      const { rows, total } = await listRows<OrderRow>(database, {
        select: "version, doc, state, stock_state, stock_held, display_id",
        from: "orders",
        where: ["store_id = $1", ...scopeCondition(scope)].join(" and "),
        values: [storeId, ...scopeValue(scope)],
        columns: orderColumns,
        query,
      });
      return { rows: rows.map(fromRow), total };
    },
    async pendingGateways(storeId, before) {
      const rows = await database.run<{ gateway: string }>(selectPendingGateways, [storeId, before]);
      return rows.map(({ gateway }) => gateway);
    },
    listPending(storeId, gateway, before, limit, after) {
      const from = after ?? { since: "-infinity", orderId: "" };
      return database.run(selectPending, [storeId, before, limit, from.since, from.orderId, gateway]);
    },
    async countPending(storeId) {
      type Row = { orders: number; since: string | null };
      const [row] = await database.run<Row>(countPending, [storeId]);
      return { orders: row?.orders ?? 0, ...(row?.since && { since: row.since }) };
    },
    listWaiting(storeId, what, limit, after) {
      const from = after ?? { since: "-infinity", orderId: "" };
      return database.run(selectWaiting, [storeId, what, limit, from.since, from.orderId]);
    },
    listExpiring(storeId, before, limit, after) {
      const from = after ?? { since: "-infinity", orderId: "" };
      return database.run(selectExpiring, [storeId, before, limit, from.since, from.orderId]);
    },
    async countAttention(storeId, soon, asked) {
      const [row] = await database.run<OrderAttention>(countAttention, [storeId, soon, asked]);
      return row ?? { backordered: 0, held: 0, expiring: 0, unanswered: 0 };
    },
    async events(storeId, orderId) {
      type Row = { type: string; payload: string; created_at: string };
      const rows = await database.run<Row>(selectEvents, [storeId, orderId]);
      return rows.map((row) => ({ type: row.type, payload: JSON.parse(row.payload), at: row.created_at }));
    },
  };
}

/** What orders may be listed by. */
export const orderColumns: ListedColumns = {
  id: { column: "id", type: "text" },
  status: { column: "status", type: "text" },
  payment: { column: "payment", type: "text" },
  shipping: { column: "shipping", type: "text" },
  currency: { column: "currency", type: "text" },
  product_id: { column: "product_ids", type: "text[]" },
  product_sku: { column: "product_skus", type: "text[]" },
  name: { column: "name", type: "text" },
  email: { column: "email", type: "text" },
  "contact.name": { column: "name", type: "text" },
  "contact.email": { column: "email", type: "text" },
  customer_id: { column: "customer_id", type: "text" },
  account_id: { column: "account_id", type: "text" },
  account_member_id: { column: "account_member_id", type: "text" },
  shipping_postcode: { column: "shipping_postcode", type: "text" },
  billing_postcode: { column: "billing_postcode", type: "text" },
  external_ref: { column: "external_ref", type: "text" },
  order_number: { column: "order_number", type: "text" },
  display_id: { column: "display_id", type: "integer" },
  progress: { column: "progress", type: "text[]" },
  region_cart_id: { column: "region_cart_id", type: "text" },
  region_id: { column: "region_id", type: "text" },
  sales_channel_id: { column: "sales_channel_id", type: "text" },
  with_tax: { column: "with_tax", type: "integer" },
  without_tax: { column: "without_tax", type: "integer" },
  created_at: { column: "created_at", type: "timestamp" },
  updated_at: { column: "updated_at", type: "timestamp" },
  canceled_at: { column: "(state::json ->> 'cancelledAt')::timestamptz", type: "timestamp" },
  // Lines have tax rates, orders none.
  tax_rate: { column: "(null::text)", type: "text" },
};

async function assertNoStock(stock: OrderStockChange | undefined): Promise<void> {
  if (stock) throw new Error("A save cannot change both the frozen part of an order and its stock");
}

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
function stateOf(order: Order): string {
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

function fromRow(row: OrderRow): Order {
  return {
    version: row.version,
    stock: { state: row.stock_state, held: parseHeld(row.stock_held) },
    ...numbered(row),
    ...JSON.parse(row.doc),
    ...JSON.parse(row.state),
  } as Order;
}

function numbered({ display_id }: { display_id: number | null }): { readonly displayId?: number } {
  return display_id === null ? {} : { displayId: display_id };
}

function parseHeld(text: string): StockDemand[] {
  return JSON.parse(text) as StockDemand[];
}

function soldWhere({ region }: Order): [regionId: string | null, channelId: string | null] {
  return [region?.region.id ?? null, region?.salesChannelId ?? null];
}

/** @param stockState what it will be once the order is saved */
function derived(order: Order, stockState = order.stock.state) {
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

function insertColumns(
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
    order.buyer.name,
    order.buyer.email,
    order.orderNumber ?? null,
    order.externalRef ?? null,
    order.billingAddress.postcode,
    order.shippingAddress.postcode,
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

function cartColumns({ cart, cartVersion }: OrderOfCart): unknown[] {
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

function frozenColumns(order: Order): unknown[] {
  return [
    frozenOf(order),
    order.buyer.id ?? null,
    order.buyer.name,
    order.buyer.email,
    order.orderNumber ?? null,
    order.externalRef ?? null,
    order.billingAddress.postcode,
    order.shippingAddress.postcode,
    order.currency,
    order.totals.withTax,
    order.totals.withoutTax,
    ...soldColumns(order),
    ...soldWhere(order),
  ];
}

/** Ids of what was sold, one for each line, so that it shows where a product is on several; and SKUs, each once. */
function soldColumns({ lines }: Order): [string[], string[]] {
  return [lines.flatMap((line) => line.productId ?? []), [...new Set(lines.map((line) => line.sku))]];
}

function eventColumns(events: readonly DomainEvent[], newId: () => string): [string[], string[], string[]] {
  return [
    events.map(() => newId()),
    events.map((event) => event.type),
    events.map((event) => JSON.stringify(event.payload)),
  ];
}

function scopeCondition(scope: OrderScope): string[] {
  if (scope.customerId !== undefined) return ["customer_id = $2"];
  return scope.accountId !== undefined ? ["account_id = $2"] : [];
}

function scopeValue(scope: OrderScope): string[] {
  const owner = scope.customerId ?? scope.accountId;
  return owner === undefined ? [] : [owner];
}

const rowColumns = "o.version, o.doc, o.state, o.stock_state, o.stock_held, o.display_id";

const selectOrder = statement(
  "order_select",
  `select ${rowColumns} from orders o where o.store_id = $1 and o.id = $2`,
);

const selectOrderWithGateway = statement(
  "order_select_with_gateway",
  `select ${rowColumns}, g.enabled, g.settings
     from orders o
     left join gateway_setting g on g.store_id = $1 and g.slug = $3
    where o.store_id = $1 and o.id = $2`,
);

const selectOrders = statement(
  "order_select_many",
  `select ${rowColumns} from orders o where o.store_id = $1 and o.id = any($2::text[])`,
);

const leaveRegionCart = statement(
  "order_leave_region_cart",
  `update orders set region_cart_id = null
    where store_id = $1 and region_cart_id = $2 and created_at < $3::timestamptz`,
);

const selectOrderOfCart = statement(
  "order_select_of_region_cart",
  `select ${rowColumns} from orders o where o.store_id = $1 and o.region_cart_id = $2`,
);

const selectOrderOfPayment = statement(
  "order_select_of_payment",
  `select ${rowColumns} from order_payment p join orders o on o.store_id = $1 and o.id = p.order_id
    where p.store_id = $1 and p.payment_id = $2`,
);

// As json, not jsonb: that refuses a whole document for one \u0000 in a text of it.
const selectPendingGateways = statement(
  "order_select_pending_gateways",
  `select distinct p ->> 'gateway' as gateway
     from orders, json_array_elements(state::json -> 'payments') p, json_array_elements(p -> 'operations') o
    where store_id = $1 and pending_since < $2 and o ->> 'status' = 'pending'`,
);

const selectPending = statement(
  "order_select_pending",
  `select id as "orderId", pending_since as since from orders
    where store_id = $1 and pending_since < $2 and (pending_since, id) > ($4::timestamptz, $5::text)
      and exists (
        select from json_array_elements(state::json -> 'payments') p, json_array_elements(p -> 'operations') o
         where p ->> 'gateway' = $6 and o ->> 'status' = 'pending')
    order by pending_since, id limit $3`,
);

const countPending = statement(
  "order_count_pending",
  `select count(*)::int as orders, min(pending_since) as since from orders
    where store_id = $1 and pending_since is not null`,
);

const selectWaiting = statement(
  "order_select_waiting",
  `select id as "orderId", created_at as since from orders
    where store_id = $1 and waits_for = $2 and (created_at, id) > ($4::timestamptz, $5::text)
    order by created_at, id limit $3`,
);

const selectExpiring = statement(
  "order_select_expiring",
  `select id as "orderId", authorized_until as since from orders
    where store_id = $1 and authorized_until < $2 and (authorized_until, id) > ($4::timestamptz, $5::text)
    order by authorized_until, id limit $3`,
);

const countAttention = statement(
  "order_count_attention",
  `select (select count(*)::int from orders where store_id = $1 and waits_for = 'backordered') as backordered,
          (select count(*)::int from orders where store_id = $1 and waits_for = 'held') as held,
          (select count(*)::int from orders where store_id = $1 and authorized_until < $2) as expiring,
          (select count(*)::int from orders
            where store_id = $1 and waits_for = 'fulfilment' and updated_at < $3) as unanswered`,
);

const selectEvents = statement(
  "order_select_events",
  "select type, payload, created_at from event where store_id = $1 and subject_id = $2 order by seq",
);

const insertOrder = statement(
  "order_insert",
  `with saved as (
     insert into orders (${insertedColumns})
     values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
       'none', '[]', $22, $22, $26, case when $27::boolean then next_display_id($1) end, $28,
       $29, $30)
     on conflict (store_id, region_cart_id) where region_cart_id is not null do nothing
     returning display_id),
   paid as (${linkPayments("$21")}),
   told as (${eventsOfInsert})
   select display_id from saved`,
);

const updateOrder = statement(
  "order_update",
  `with saved as (
     update orders set ${savedColumns}, stock_held = $15,
       waits_for = $16, authorized_until = $17, progress = $18
     where store_id = $1 and id = $2 and version = $3
     returning display_id),
   paid as (${linkPayments("$7")}),
   told as (${eventsOfSave})
   select display_id from saved`,
);

const updateOrderFrozen = statement(
  "order_update_frozen",
  `with saved as (
     update orders set ${savedColumns}, stock_held = $15,
       waits_for = $16, authorized_until = $17, progress = $18, doc = $19, customer_id = $20, name = $21, email = $22,
       order_number = $23, external_ref = $24, billing_postcode = $25, shipping_postcode = $26, currency = $27,
       with_tax = $28, without_tax = $29, product_ids = $30, product_skus = $31, region_id = $32,
       sales_channel_id = $33
     where store_id = $1 and id = $2 and version = $3
     returning display_id),
   paid as (${linkPayments("$7")}),
   told as (${eventsOfSave})
   select display_id from saved`,
);
