import type { EventAbout } from "../../domain/decision.ts";
import { MAX_STOCK, stockDelta } from "../../domain/inventory/stock.ts";
import { inventoryEvent } from "../../operations/inventory-events.ts";
import type {
  MoveStock,
  MoveStockOutcome,
  StockMovement,
  StockPort,
  StockRow,
} from "../../operations/ports/stock.ts";
import { type Database, statement } from "./database.ts";
import { type ListedColumns, listRows } from "./listing.ts";
import { eventValues, insertEvents } from "./told.ts";

type Row = {
  product_id: string;
  location: string;
  total: number;
  allocated: number;
  created_at: string;
  updated_at: string;
};

type MovementRow = {
  id: string;
  product_id: string;
  location: string;
  action: StockMovement["action"];
  quantity: number;
  total_before: number;
  allocated_before: number;
  total_after: number;
  allocated_after: number;
  order_id: string | null;
  actor: string;
  created_at: string;
};

/**
 * The three numbers of every product, and one movement row for each change of them, written by the same statement.
 * Each function is safe by itself, whatever its callers lock.
 */
export function stockStorage(database: Database, newId: () => string): StockPort {
  return {
    async load(storeId, productId) {
      return (await database.run<Row>(selectStock, [storeId, productId])).map(fromRow);
    },
    async loadMany(storeId, productIds) {
      return (await database.run<Row>(selectManyStock, [storeId, productIds])).map(fromRow);
    },
    async list(storeId, query) {
      const { rows, total } = await listRows<Row>(database, {
        select: stockColumns,
        from: "stock",
        where: "store_id = $1 and location = ''",
        values: [storeId],
        columns: stockListColumns,
        key: "product_id",
        query,
      });
      return { rows: rows.map(fromRow), total };
    },
    async create(storeId, input) {
      const { productId, location, quantity, now } = input;
      type Created = { known: boolean; created: boolean };
      const [row] = await database.run<Created>(insertStock, [
        storeId,
        productId,
        location,
        quantity,
        now,
        input.movementId,
        input.actor,
        ...eventValues([levelEvent("created", productId, location)], now, newId),
      ]);
      if (!row?.known) return { kind: "product_not_found" };
      if (!row.created) return { kind: "exists" };
      return {
        kind: "created",
        row: { productId, location, total: quantity, allocated: 0, createdAt: now, updatedAt: now },
      };
    },
    async move(storeId, input) {
      if (input.action !== "deallocate") return move(database, storeId, input, newId);
      // By hand only what was allocated by hand is given back: orders are shipped and cancelled with what they hold.
      return database.transaction(async (transaction) => {
        const stock = [storeId, input.productId, input.location];
        const [held] = await transaction.run<Row>(lockStock, stock);
        if (!held) return { kind: "not_found" };
        const [byHand] = await transaction.run<{ allocated: number }>(sumByHand, stock);
        if (!byHand || input.quantity > byHand.allocated) return { kind: "refused", row: fromRow(held) };
        return move(transaction, storeId, input, newId);
      });
    },
    async delete(storeId, input) {
      const [row] = await database.run<{ held: number; gone: number }>(deleteStock, [
        storeId,
        input.productId,
        input.movementId,
        input.actor,
        input.now,
        input.location ?? null,
        newId(),
      ]);
      if (!row || row.held === 0) return "not_found";
      return row.gone === row.held ? "deleted" : "allocated";
    },
    async holdsAt(storeId, location) {
      const [row] = await database.run<{ held: boolean }>(selectHeldAt, [storeId, location]);
      return row?.held ?? false;
    },
    async movements(storeId, productId, query) {
      const { rows, total } = await listRows<MovementRow>(database, {
        select: movementColumns,
        from: "stock_movement",
        where: "store_id = $1 and product_id = $2",
        values: [storeId, productId],
        columns: movementListColumns,
        query,
      });
      return { rows: rows.map(movementOf), total };
    },
    async movement(storeId, productId, movementId) {
      const [row] = await database.run<MovementRow>(selectMovement, [storeId, productId, movementId]);
      return row && movementOf(row);
    },
  };
}

async function move(
  database: Database,
  storeId: string,
  input: MoveStock,
  newId: () => string,
): Promise<MoveStockOutcome> {
  const { action, quantity } = input;
  const delta = action === "set" ? { total: 0, allocated: 0 } : stockDelta(action, quantity);
  const fields = [delta.allocated === 0 ? "total" : "allocated"];
  const told = input.follows ? [] : [levelEvent("updated", input.productId, input.location, { fields })];
  const [row] = await database.run<Row & { moved: boolean }>(moveStock, [
    storeId,
    input.productId,
    input.location,
    action,
    quantity,
    delta.total,
    delta.allocated,
    MAX_STOCK,
    input.now,
    input.movementId,
    input.actor,
    ...eventValues(told, input.now, newId),
  ]);
  if (!row) return { kind: "not_found" };
  return { kind: row.moved ? "moved" : "refused", row: fromRow(row) };
}

function levelEvent(what: string, productId: string, location: string, facts?: object): EventAbout {
  const place = { locationId: location === "" ? null : location };
  return inventoryEvent(`inventory-level.${what}`, productId, { ...place, ...facts });
}

const stockListColumns: ListedColumns = {
  id: { column: "product_id", type: "text" },
  total: { column: "total", type: "integer" },
  allocated: { column: "allocated", type: "integer" },
  available: { column: "(total - allocated)", type: "integer" },
  created_at: { column: "created_at", type: "timestamp" },
  updated_at: { column: "updated_at", type: "timestamp" },
};

const movementListColumns: ListedColumns = {
  id: { column: "id", type: "text" },
  action: { column: "action", type: "text" },
  created_at: { column: "seq", type: "integer" },
};

function fromRow(row: Row): StockRow {
  return {
    productId: row.product_id,
    location: row.location,
    total: row.total,
    allocated: row.allocated,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function movementOf(row: MovementRow): StockMovement {
  return {
    id: row.id,
    productId: row.product_id,
    location: row.location,
    action: row.action,
    quantity: row.quantity,
    totalBefore: row.total_before,
    allocatedBefore: row.allocated_before,
    totalAfter: row.total_after,
    allocatedAfter: row.allocated_after,
    ...(row.order_id !== null && { orderId: row.order_id }),
    actor: row.actor,
    createdAt: row.created_at,
  };
}

const stockColumns = "product_id, location, total, allocated, created_at, updated_at";
const movementColumns = `id, product_id, location, action, quantity, total_before, allocated_before, total_after,
  allocated_after, order_id, actor, created_at`;

const selectStock = statement(
  "stock_select",
  `select ${stockColumns} from stock where store_id = $1 and product_id = $2 order by location`,
);

const lockStock = statement(
  "stock_lock",
  `select ${stockColumns} from stock where store_id = $1 and product_id = $2 and location = $3 for update`,
);

// Asked once the row is locked: whoever moves these pieces by hand waits for that.
const sumByHand = statement(
  "stock_sum_by_hand",
  `select coalesce(sum(allocated_after - allocated_before), 0)::bigint as allocated from stock_movement
    where store_id = $1 and product_id = $2 and location = $3 and order_id is null`,
);

const selectHeldAt = statement(
  "stock_held_at",
  "select exists (select from stock where store_id = $1 and location = $2 and total > 0) as held",
);

const selectManyStock = statement(
  "stock_select_many",
  `select ${stockColumns} from stock where store_id = $1 and product_id = any($2::text[]) order by product_id, location`,
);

const selectMovement = statement(
  "stock_movement_select",
  `select ${movementColumns} from stock_movement where store_id = $1 and product_id = $2 and id = $3`,
);

// The product's row is held, so that it cannot be deleted while its stock comes into being.
const insertStock = statement(
  "stock_insert",
  `with product as materialized (
     select 1 from product where store_id = $1 and id = $2 for share),
   created as (
     insert into stock (store_id, product_id, location, total, allocated, created_at, updated_at)
     select $1, $2, $3, $4::bigint, 0, $5::timestamptz, $5::timestamptz from product
     on conflict (store_id, product_id, location) do nothing
     returning total),
   noted as (
     insert into stock_movement (store_id, id, product_id, location, action, quantity, total_before,
       allocated_before, total_after, allocated_after, actor, created_at)
     select $1, $6, $2, $3, 'create', $4::bigint, 0, 0, $4::bigint, 0, $7, $5::timestamptz from created),
   told as (${insertEvents(8, "created")})
   select exists (select from product) as known, exists (select from created) as created`,
);

// One conditional update. The condition is asked of the locked row, which is the newest: the row that the update
// itself finds is as old as the statement, and asking that one would refuse what a release has just made possible.
// The table's CHECK stands behind it. A row that was not moved is answered as it was found.
const moveStock = statement(
  "stock_move",
  `with held as materialized (
     select ${stockColumns},
            case when $4::text = 'set' then $5::bigint else total + $6::bigint end as total_after,
            allocated + $7::bigint as allocated_after
       from stock where store_id = $1 and product_id = $2 and location = $3 for update),
   moved as (
     update stock s set total = h.total_after, allocated = h.allocated_after, updated_at = $9
       from held h
      where s.store_id = $1 and s.product_id = $2 and s.location = $3
        and 0 <= h.allocated_after and h.allocated_after <= h.total_after and h.total_after <= $8::bigint
     returning s.product_id, s.location, s.total, s.allocated, s.created_at, s.updated_at,
       h.total as total_before, h.allocated as allocated_before),
   noted as (
     insert into stock_movement (store_id, id, product_id, location, action, quantity, total_before,
       allocated_before, total_after, allocated_after, actor, created_at)
     select $1, $10, product_id, location, $4::text, $5::bigint, total_before, allocated_before, total, allocated,
       $11, $9
       from moved),
   changed as (select from moved where (total, allocated) <> (total_before, allocated_before)),
   told as (${insertEvents(12, "changed")})
   select ${stockColumns}, true as moved from moved
   union all
   select ${stockColumns}, false from held where not exists (select from moved)`,
);

// A movement row for each location: the first bears the id that was given, the others one made from it.
const deleteStock = statement(
  "stock_delete",
  `with held as materialized (
     select location, allocated from stock where store_id = $1 and product_id = $2
        and ($6::text is null or location = $6) order by location for update),
   gone as (
     delete from stock s using held h
      where s.store_id = $1 and s.product_id = $2 and s.location = h.location
        and not exists (select from held where allocated > 0)
     returning s.location, s.total),
   noted as (
     insert into stock_movement (store_id, id, product_id, location, action, quantity, total_before,
       allocated_before, total_after, allocated_after, actor, created_at)
     select $1, $3 || coalesce('-' || nullif(row_number() over (order by location), 1), ''), $2, location,
       'delete', total, total, 0, 0, 0, $4, $5::timestamptz
       from gone),
   told as (
     insert into event (store_id, id, type, subject_id, payload, created_at)
     select $1, $7 || coalesce('-' || nullif(row_number() over (order by location), 1), ''), 'inventory-level.deleted',
            'inventory ' || $2, json_build_object('id', $2::text, 'locationId', nullif(location, ''))::text,
            $5::timestamptz
       from gone)
   select (select count(*) from held) as held, (select count(*) from gone) as gone`,
);
