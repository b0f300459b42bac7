import type { DomainEvent } from "../../domain/decision.ts";
import { extended } from "../../domain/extended.ts";
import { commonPlace, type SellingPlaces } from "../../domain/inventory/selling-places.ts";
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
  OrderPort,
  OrderScope,
  OrderStockChange,
  SaveOrderOutcome,
} from "../../operations/ports/orders.ts";
import { type Database, statement } from "./database.ts";
import { readSetting } from "./gateway-settings.ts";
import { type ListedColumns, listRows } from "./listing.ts";
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
    async insertOfCart(storeId, order, events, { demands, places, actor, cart, cartVersion }) {
      type Row = { current: boolean; short: string | null; held: string | null; display_id: number | null };
      const columns = derived(order, "allocated");
      const [row] = await database.run<Row>(insertOrderOfCart, [
        ...insertColumns(storeId, order, events, newId),
        ...neededColumns(demandsAt(places, demands), newId),
        actor,
        columns.pendingSince ?? null,
        columns.waitsFor,
        columns.authorizedUntil,
        cart.id,
        cartVersion,
        cart.name,
        cart.customerId ?? null,
        JSON.stringify(cart),
        cart.updatedAt,
        cart.expiresAt,
        places.areChosen,
      ]);
      if (row && row.short !== null) return { kind: "insufficient", productId: row.short };
      if (!row?.current) return { kind: "conflict" };
      return { kind: "saved", held: parseHeld(row.held ?? "[]"), ...numbered(row) };
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
      if (stock && stock.demands.length > 0) return saveWithStock(database, common, found, stock, newId);
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

/** How one action moves the two stored numbers, per piece. */
const movesPerPiece = {
  allocate: { total: 0, allocated: 1 },
  deallocate: { total: 0, allocated: -1 },
  fulfil: { total: -1, allocated: -1 },
  unfulfil: { total: 1, allocated: 1 },
  restock: { total: 1, allocated: 0 },
} as const;

type Needed = StockDemand & { readonly action: keyof typeof movesPerPiece };

/** What is needed of each product, at every place that it may come from, the first one first. */
function demandsAt({ keys }: SellingPlaces, demands: readonly StockDemand[]): Needed[] {
  return demands.flatMap((demand) =>
    keys.map((location) => extended(demand, { location, action: "allocate" })),
  );
}

function neededOf({ action, demands, places = commonPlace, instead = [] }: OrderStockChange): Needed[] {
  if (action === "allocate") return demandsAt(places, demands);
  const all = (kind: Needed["action"], some: readonly StockDemand[]): Needed[] =>
    some.map((demand) => extended(demand, { action: kind }));
  if (action === "rehold") return [...all("deallocate", instead), ...all("allocate", demands)];
  return all(action, demands);
}

function neededColumns(needed: readonly Needed[], newId: () => string): unknown[] {
  return [
    needed.map(({ productId }) => productId),
    needed.map(({ location }) => location),
    needed.map(({ quantity }) => quantity),
    needed.map(() => newId()),
  ];
}

async function saveWithStock(
  database: Database,
  common: readonly unknown[],
  found: readonly unknown[],
  stock: OrderStockChange,
  newId: () => string,
): Promise<SaveOrderOutcome> {
  type Row = { current: boolean; short: string | null; held: string | null; display_id: number | null };
  const needed = neededOf(stock);
  const [row] = await database.run<Row>(updateOrderWithStock, [
    ...common,
    stock.after.state,
    ...neededColumns(needed, newId),
    needed.map(({ action }) => movesPerPiece[action].total),
    needed.map(({ action }) => movesPerPiece[action].allocated),
    needed.map(({ action }) => action),
    stock.actor,
    ...found,
    JSON.stringify(stock.after.held),
    stock.action === "allocate",
    stock.action === "rehold" || (stock.places?.areChosen ?? false),
  ]);
  if (!row?.current) return { kind: "conflict" };
  if (row.short !== null) return { kind: "insufficient", productId: row.short };
  const held = stock.action === "allocate" ? parseHeld(row.held ?? "[]") : stock.after.held;
  return { kind: "saved", held, ...numbered(row) };
}

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

// Keeps by whom payments are found, with the save of their order; `state` is the parameter with its document.
const linkPayments = (state: string): string => `
   insert into order_payment (store_id, payment_id, order_id)
   select $1, p ->> 'id', $2 from json_array_elements(${state}::text::json -> 'payments') p
    where exists (select from saved)
   on conflict do nothing`;

const insertOrder = statement(
  "order_insert",
  `with saved as (
     insert into orders (store_id, id, version, status, payment, shipping, currency, with_tax, without_tax, customer_id,
       account_id, account_member_id, name, email, order_number, external_ref, billing_postcode, shipping_postcode,
       product_ids, product_skus, doc, state, stock_state, stock_held, created_at, updated_at, region_cart_id,
       display_id, progress, region_id, sales_channel_id)
     values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
       'none', '[]', $22, $22, $26, case when $27::boolean then next_display_id($1) end, $28,
       $29, $30)
     on conflict (store_id, region_cart_id) where region_cart_id is not null do nothing
     returning display_id),
   paid as (${linkPayments("$21")}),
   told as (
     insert into event (store_id, id, type, subject_id, payload, created_at)
     select $1, e.id, e.type, $2, e.payload, $22
       from unnest($23::text[], $24::text[], $25::text[]) as e(id, type, payload)
      where exists (select from saved))
   select display_id from saved`,
);

const eventsOfSave = `
   insert into event (store_id, id, type, subject_id, payload, created_at)
   select $1, e.id, e.type, $2, e.payload, $9
     from unnest($10::text[], $11::text[], $12::text[]) as e(id, type, payload)
    where exists (select from saved)`;

// Once given, a number stays.
const displayId =
  "case when display_id is null and $13::boolean then next_display_id($1) else display_id end";

const updateOrder = statement(
  "order_update",
  `with saved as (
     update orders set version = version + 1, status = $4, payment = $5, shipping = $6, state = $7,
       pending_since = $8, updated_at = $9, display_id = ${displayId}, stock_state = $14, stock_held = $15,
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
     update orders set version = version + 1, status = $4, payment = $5, shipping = $6, state = $7,
       pending_since = $8, updated_at = $9, display_id = ${displayId}, stock_state = $14, stock_held = $15,
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

// What an order takes of each product: as much of it as the places have, the first ones first; of what may be
// back-ordered, as much as there is. It is computed from the locked rows, so it is what the check says and no other
// plan is ever older than the stock.
const drawn = (isClaim: string): string => `
     select r.*, case when not ${isClaim} then r.quantity else greatest(0, least(r.total - r.allocated,
              r.quantity - coalesce(sum(r.total - r.allocated) over (partition by r.product_id order by r.rank
                rows between unbounded preceding and 1 preceding), 0)))::bigint end as taken
       from rows r`;

// A product of which the rows have too few pieces. With `isStrict`, one that has no row here is short as well: when it
// is claimed if it is counted somewhere else, and otherwise in any case.
const shortOf = (isClaim: string, isStrict: string): string => `
     select min(product_id) from (
       select d.product_id from drawn d
        where not ${isClaim} and not (0 <= d.allocated + d.allocated_move * d.taken
          and d.allocated + d.allocated_move * d.taken <= d.total + d.total_move * d.taken)
       union all
       select d.product_id from drawn d where ${isClaim}
        group by d.product_id having sum(d.taken) < max(d.quantity) and not (
          select p.allow_backorder from product p where p.store_id = $1 and p.id = d.product_id)
       union all
       select n.product_id from need n
        where ${isStrict} and exists (select from found)
          and not exists (select from drawn d where d.product_id = n.product_id
                             and (${isClaim} or d.location = n.location))
          and (not ${isClaim} or (
            exists (select from stock s where s.store_id = $1 and s.product_id = n.product_id)
            and (select p.manage_stock and not p.allow_backorder from product p
                  where p.store_id = $1 and p.id = n.product_id)))) lacking`;

const heldNow = `
         select json_agg(json_build_object('productId', l.product_id, 'location', l.location, 'quantity', l.taken)
                         order by l.product_id, l.location)::text from locked l`;

// All or nothing in one statement: the order's row is locked, then its stock rows in one global order; only when the
// version still holds and every product has enough is anything written. The verdict and the new numbers come from the
// locked rows, which are the latest and stay so. The update itself must neither compare nor add up: what it sees first
// are the rows as they were before it waited for the locks. The table's CHECK stands behind it. Products that nobody
// counts are passed over. That the rows are named by $15 too keeps every plan from reading the stock of the whole store.
const updateOrderWithStock = statement(
  "order_update_with_stock",
  `with found as materialized (
     select 1 from orders where store_id = $1 and id = $2 and version = $3 for update),
   need as (
     select * from unnest($15::text[], $16::text[], $17::bigint[], $18::text[], $19::bigint[], $20::bigint[], $21::text[])
       with ordinality as n(product_id, location, quantity, movement_id, total_move, allocated_move, action, rank)),
   rows as materialized (
     select s.product_id, s.location, s.total, s.allocated, n.quantity, n.movement_id, n.total_move, n.allocated_move,
            n.action, n.rank
       from stock s join need n on n.product_id = s.product_id and n.location = s.location
      where s.store_id = $1 and s.product_id = any($15::text[]) and exists (select from found)
        and (not $27::boolean or (
          select p.manage_stock from product p where p.store_id = $1 and p.id = s.product_id))
      order by s.product_id, s.location
        for update of s),
   drawn as materialized (${drawn("$27::boolean")}),
   locked as materialized (select * from drawn where taken > 0),
   verdict as materialized (
     select exists (select from found) as current, (${shortOf("$27::boolean", "$28::boolean")}) as short),
   saved as (
     update orders set version = version + 1, status = $4, payment = $5, shipping = $6, state = $7,
       pending_since = $8, updated_at = $9, display_id = ${displayId}, stock_state = $14, waits_for = $23,
       authorized_until = $24, progress = $25,
       stock_held = case when $27::boolean then coalesce((${heldNow}), '[]') else $26 end
     from verdict
     where store_id = $1 and id = $2 and version = $3 and verdict.current and verdict.short is null
     returning display_id),
   moved as (
     update stock s set total = l.total + l.total_move * l.taken, allocated = l.allocated + l.allocated_move * l.taken,
       updated_at = $9
     from locked l
     where s.store_id = $1 and s.product_id = any($15::text[]) and s.product_id = l.product_id
       and s.location = l.location and exists (select from saved)
     returning s.product_id, s.location),
   noted as (
     insert into stock_movement (store_id, id, product_id, location, action, quantity, total_before, allocated_before,
       total_after, allocated_after, order_id, actor, created_at)
     select $1, l.movement_id, l.product_id, l.location, l.action, l.taken, l.total, l.allocated,
       l.total + l.total_move * l.taken, l.allocated + l.allocated_move * l.taken, $2, $22, $9
     from locked l join moved m on m.product_id = l.product_id and m.location = l.location),
   paid as (${linkPayments("$7")}),
   told as (${eventsOfSave})
   select verdict.current, verdict.short, (select display_id from saved), (${heldNow}) as held
   from verdict`,
);

// Like the statement above, with a new order in place of a stored one, and the lock on its cart in place of the order's:
// whoever completes a cart meets whoever changes it there. $31 to $34 are what is needed, $39 and $40 the cart as it was.
const insertOrderOfCart = statement(
  "order_insert_of_cart",
  `with found as materialized (
     select 1 from cart where store_id = $1 and id = $39 and version = $40
       and not exists (select from orders o where o.store_id = $1 and o.region_cart_id = $26)
       for update),
   need as (
     select *, 0 as total_move, 1 as allocated_move
       from unnest($31::text[], $32::text[], $33::bigint[], $34::text[])
         with ordinality as n(product_id, location, quantity, movement_id, rank)),
   rows as materialized (
     select s.product_id, s.location, s.total, s.allocated, n.quantity, n.movement_id, n.total_move, n.allocated_move,
            n.rank
       from stock s join need n on n.product_id = s.product_id and n.location = s.location
      where s.store_id = $1 and s.product_id = any($31::text[]) and exists (select from found)
        and (select p.manage_stock from product p where p.store_id = $1 and p.id = s.product_id)
      order by s.product_id, s.location
        for update of s),
   drawn as materialized (${drawn("true")}),
   locked as materialized (select * from drawn where taken > 0),
   verdict as materialized (
     select exists (select from found) as current, (${shortOf("true", "$46::boolean")}) as short),
   saved as (
     insert into orders (store_id, id, version, status, payment, shipping, currency, with_tax, without_tax, customer_id,
       account_id, account_member_id, name, email, order_number, external_ref, billing_postcode, shipping_postcode,
       product_ids, product_skus, doc, state, stock_state, stock_held, created_at, updated_at, region_cart_id,
       display_id, progress, region_id, sales_channel_id, pending_since, waits_for, authorized_until)
     select $1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
       'allocated', coalesce((${heldNow}), '[]'),
       $22::timestamptz, $22::timestamptz, $26, case when $27::boolean then next_display_id($1) end,
       $28::text[], $29, $30, $36::timestamptz, $37, $38::timestamptz
      from verdict where verdict.current and verdict.short is null
     on conflict (store_id, region_cart_id) where region_cart_id is not null do nothing
     returning display_id),
   moved as (
     update stock s set allocated = l.allocated + l.taken, updated_at = $22
     from locked l
     where s.store_id = $1 and s.product_id = any($31::text[]) and s.product_id = l.product_id
       and s.location = l.location and exists (select from saved)
     returning s.product_id, s.location),
   noted as (
     insert into stock_movement (store_id, id, product_id, location, action, quantity, total_before, allocated_before,
       total_after, allocated_after, order_id, actor, created_at)
     select $1, l.movement_id, l.product_id, l.location, 'allocate', l.taken, l.total, l.allocated, l.total,
       l.allocated + l.taken, $2, $35, $22
     from locked l join moved m on m.product_id = l.product_id and m.location = l.location),
   paid as (${linkPayments("$21")}),
   told as (
     insert into event (store_id, id, type, subject_id, payload, created_at)
     select $1, e.id, e.type, $2, e.payload, $22
       from unnest($23::text[], $24::text[], $25::text[]) as e(id, type, payload)
      where exists (select from saved)),
   kept as (
     update cart set version = $40::bigint + 1, name = $41, customer_id = $42, doc = $43, updated_at = $44,
       expires_at = $45::timestamptz, expires_on = $45::timestamptz::date
     where store_id = $1 and id = $39 and exists (select from saved))
   select exists (select from saved) as current, verdict.short, (select display_id from saved),
     (${heldNow}) as held
   from verdict`,
);
