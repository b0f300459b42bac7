import type { OrderPort, OrderScope, OrderStockChange } from "../../operations/ports/orders.ts";
import { attendedOrders } from "./attended-orders.ts";
import { type Database, statement } from "./database.ts";
import { readSetting } from "./gateway-settings.ts";
import { type ListedColumns, listRows } from "./listing.ts";
import {
  cartColumns,
  derived,
  eventColumns,
  fromRow,
  frozenColumns,
  insertColumns,
  numbered,
  type OrderRow,
  rowColumns,
  stateOf,
} from "./order-row.ts";
import { eventsOfInsert, eventsOfSave, insertedColumns, linkPayments, savedColumns } from "./order-sql.ts";
import { insertWithStock, saveWithStock } from "./order-stock.ts";
import { insertWithStockQuickly, saveWithStockQuickly } from "./order-stock-quickly.ts";
import type { SecretBox } from "./secret-box.ts";

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
    ...attendedOrders(database),
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

function scopeCondition(scope: OrderScope): string[] {
  if (scope.customerId !== undefined) return ["customer_id = $2"];
  if (scope.guestEmails !== undefined) {
    const isGuest = "customer_id is null and account_id is null and region_id is not null";
    return [`${isGuest} and lower(email) = any($2::text[])`];
  }
  return scope.accountId !== undefined ? ["account_id = $2"] : [];
}

function scopeValue(scope: OrderScope): (string | readonly string[])[] {
  const owner = scope.customerId ?? scope.guestEmails ?? scope.accountId;
  return owner === undefined ? [] : [owner];
}

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
