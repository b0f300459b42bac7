import { commonPlace, type SellingPlaces } from "../../domain/inventory/selling-places.ts";
import type { StockDemand } from "../../domain/inventory/stock.ts";
import type { OrderOfCart, OrderStockChange, SaveOrderOutcome } from "../../operations/ports/orders.ts";
import { type Database, sqlState, statement } from "./database.ts";
import { eventsOfInsert, eventsOfSave, insertedColumns, linkPayments, savedColumns } from "./order-sql.ts";

// What almost every order is: all that is counted comes from one place, which has enough of it. Such an order is saved and
// its stock taken by updates alone, which lock what they write and nothing before; the exact statements lock first, look,
// and then write each row a second time. Here nobody looks first: each row is taken if it has enough by then, and when one
// was not, or something is counted that was not thought to be, the statement ends with an error and has done nothing. The
// exact statement is asked then. Rows are locked in the same order by both: the order's or cart's, then the stock's by
// product, as demands are sorted.

/** Saves an order that takes its stock, as `saveWithStock` does; undefined: that has to be asked, nothing was saved. */
export async function saveWithStockQuickly(
  database: Database,
  common: readonly unknown[],
  found: readonly unknown[],
  { action, demands, likely, places = commonPlace, after, actor }: OrderStockChange,
  newId: () => string,
): Promise<SaveOrderOutcome | undefined> {
  const claim = action === "allocate" && claimOf(database, demands, likely, places, newId);
  if (!claim) return undefined;
  const values = [...common, after.state, ...claim.values, actor, ...found, JSON.stringify(claim.held)];
  return outcomeOf(await unlessShort(() => database.run<Row>(updateOrderQuickly, values)), claim.held);
}

/** Stores a new order, its stock and its cart, as `insertWithStock` does; undefined: that has to be asked. */
export async function insertWithStockQuickly(
  database: Database,
  columns: readonly unknown[],
  found: readonly unknown[],
  cart: readonly unknown[],
  { demands, likely, places, actor }: OrderOfCart,
  newId: () => string,
): Promise<SaveOrderOutcome | undefined> {
  const claim = claimOf(database, demands, likely, places, newId);
  if (!claim) return undefined;
  const values = [...columns, ...claim.values, actor, ...found, ...cart, JSON.stringify(claim.held)];
  return outcomeOf(await unlessShort(() => database.run<Row>(insertOrderQuickly, values)), claim.held);
}

type Claim = {
  readonly held: readonly StockDemand[];
  /** Ids, pieces and movements' ids of what is taken, the place, and ids of what is not thought to be counted. */
  readonly values: readonly [string[], number[], string[], string, string[]];
};

/** Undefined where the exact statement is needed: several places, or a transaction, which an error would end. */
function claimOf(
  database: Database,
  demands: readonly StockDemand[],
  likely: ReadonlySet<string> | undefined,
  { keys, areChosen }: SellingPlaces,
  newId: () => string,
): Claim | undefined {
  const [place] = keys;
  if (!likely || database.isTransaction || areChosen || place === undefined || keys.length > 1)
    return undefined;
  const held = demands
    .filter(({ productId }) => likely.has(productId))
    .map(({ productId, quantity }) => ({ productId, location: place, quantity }));
  const others = demands.filter(({ productId }) => !likely.has(productId));
  return {
    held,
    values: [
      held.map(({ productId }) => productId),
      held.map(({ quantity }) => quantity),
      held.map(() => newId()),
      place,
      others.map(({ productId }) => productId),
    ],
  };
}

type Row = { readonly current: boolean; readonly display_id: number | null };

/** The rows, or undefined when the statement ended because the stock was not as expected. */
async function unlessShort(run: () => Promise<Row[]>): Promise<Row[] | undefined> {
  try {
    return await run();
  } catch (error) {
    if (sqlState(error) === SHORT) return undefined;
    throw error;
  }
}

/** What `stock_is_short` raises. */
const SHORT = "CW001";

function outcomeOf(
  rows: readonly Row[] | undefined,
  held: readonly StockDemand[],
): SaveOrderOutcome | undefined {
  if (!rows) return undefined;
  const [row] = rows;
  if (!row?.current) return { kind: "conflict" };
  return { kind: "saved", held, ...(row.display_id !== null && { displayId: row.display_id }) };
}

/** Numbers of the parameters of a claim, from `first` on. */
const claimAt = (first: number) => ({
  products: `$${first}::text[]`,
  pieces: `$${first + 1}::bigint[]`,
  movements: `$${first + 2}::text[]`,
  place: `$${first + 3}`,
  others: `$${first + 4}::text[]`,
  actor: `$${first + 5}`,
});

type Parameters = ReturnType<typeof claimAt>;

// That the rows are named by their products twice keeps every plan from reading the stock of the whole store.
const moved = ({ products, pieces, movements, place }: Parameters, at: string): string => `
     update stock s set allocated = s.allocated + n.quantity, updated_at = ${at}
       from unnest(${products}, ${pieces}, ${movements}) as n(product_id, quantity, movement_id)
      where s.store_id = $1 and s.product_id = any(${products}) and s.product_id = n.product_id
        and s.location = ${place} and s.allocated + n.quantity <= s.total
        and (select p.manage_stock from product p where p.store_id = $1 and p.id = s.product_id)
        and exists (select from saved)
     returning s.product_id, s.location, s.total, s.allocated, n.quantity, n.movement_id`;

const noted = ({ actor }: Parameters, at: string): string => `
     insert into stock_movement (store_id, id, product_id, location, action, quantity, total_before, allocated_before,
       total_after, allocated_after, order_id, actor, created_at)
     select $1, m.movement_id, m.product_id, m.location, 'allocate', m.quantity, m.total, m.allocated - m.quantity,
       m.total, m.allocated, $2, ${actor}, ${at}
     from moved m`;

const isAsExpected = ({ products, place, others }: Parameters): string => `
     (select count(*) from moved) = cardinality(${products}) and not exists (
       select from stock s join product p on p.store_id = $1 and p.id = s.product_id
        where s.store_id = $1 and s.product_id = any(${others}) and s.location = ${place} and p.manage_stock)`;

const ofSave = claimAt(15);
const updateOrderQuickly = statement(
  "order_update_quickly",
  `with saved as (
     update orders set ${savedColumns}, waits_for = $21,
       authorized_until = $22, progress = $23, stock_held = $24
     where store_id = $1 and id = $2 and version = $3
     returning display_id),
   moved as (${moved(ofSave, "$9")}),
   noted as (${noted(ofSave, "$9")}),
   paid as (${linkPayments("$7")}),
   told as (${eventsOfSave})
   select exists (select from saved) as current, (select display_id from saved)
    where case when not exists (select from saved) or (${isAsExpected(ofSave)}) then true else stock_is_short() end`,
);

const ofInsert = claimAt(31);
const insertOrderQuickly = statement(
  "order_insert_quickly",
  `with kept as (
     update cart set version = $41::bigint + 1, name = $42, customer_id = $43, doc = $44, updated_at = $45,
       expires_at = $46::timestamptz, expires_on = $46::timestamptz::date
      where store_id = $1 and id = $40 and version = $41
        and not exists (select from orders o where o.store_id = $1 and o.region_cart_id = $26)
     returning id),
   saved as (
     insert into orders (${insertedColumns}, pending_since, waits_for, authorized_until)
     select $1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
       'allocated', $47, $22::timestamptz, $22::timestamptz, $26, case when $27::boolean then next_display_id($1) end,
       $28::text[], $29, $30, $37::timestamptz, $38, $39::timestamptz
      from kept
     on conflict (store_id, region_cart_id) where region_cart_id is not null do nothing
     returning display_id),
   moved as (${moved(ofInsert, "$22")}),
   noted as (${noted(ofInsert, "$22")}),
   paid as (${linkPayments("$21")}),
   told as (${eventsOfInsert})
   select exists (select from saved) as current, (select display_id from saved)
    where case when not exists (select from kept) or (exists (select from saved) and ${isAsExpected(ofInsert)})
               then true else stock_is_short() end`,
);
