import { extended } from "../../domain/extended.ts";
import { commonPlace, type SellingPlaces } from "../../domain/inventory/selling-places.ts";
import type { StockDemand } from "../../domain/inventory/stock.ts";
import type { OrderOfCart, OrderStockChange, SaveOrderOutcome } from "../../operations/ports/orders.ts";
import { type Database, statement } from "./database.ts";
import { eventsOfInsert, eventsOfSave, insertedColumns, linkPayments, savedColumns } from "./order-sql.ts";

/**
 * Saves an order with what it does to stock, all or nothing, whatever the stock is by then. `common` are the first 13
 * parameters of a save, `found` what is found out about the order.
 */
export async function saveWithStock(
  database: Database,
  common: readonly unknown[],
  found: readonly unknown[],
  stock: OrderStockChange,
  newId: () => string,
): Promise<SaveOrderOutcome> {
  const needed = neededOf(stock);
  const [row] = await database.run<StockVerdict>(updateOrderWithStock, [
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
  const outcome = outcomeOf(row);
  return outcome.kind === "saved" && stock.action !== "allocate"
    ? { ...outcome, held: stock.after.held }
    : outcome;
}

/**
 * Stores a new order with all its stock and its cart, all or nothing. `columns` are the parameters of an insert, `cart`
 * those of the cart, `found` what is found out about the order.
 */
export async function insertWithStock(
  database: Database,
  columns: readonly unknown[],
  found: readonly unknown[],
  cart: readonly unknown[],
  { demands, places, actor }: OrderOfCart,
  newId: () => string,
): Promise<SaveOrderOutcome> {
  const [row] = await database.run<StockVerdict>(insertOrderOfCart, [
    ...columns,
    ...neededColumns(demandsAt(places, demands), newId),
    actor,
    ...found,
    ...cart,
    places.areChosen,
  ]);
  return outcomeOf(row);
}

type StockVerdict = {
  readonly current: boolean;
  readonly short: string | null;
  readonly held: string | null;
  readonly display_id: number | null;
};

function outcomeOf(row: StockVerdict | undefined): SaveOrderOutcome {
  if (row && row.short !== null) return { kind: "insufficient", productId: row.short };
  if (!row?.current) return { kind: "conflict" };
  const held = JSON.parse(row.held ?? "[]") as StockDemand[];
  return { kind: "saved", held, ...(row.display_id !== null && { displayId: row.display_id }) };
}

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
     update orders set ${savedColumns}, waits_for = $23,
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
     insert into orders (${insertedColumns}, pending_since, waits_for, authorized_until)
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
   told as (${eventsOfInsert}),
   kept as (
     update cart set version = $40::bigint + 1, name = $41, customer_id = $42, doc = $43, updated_at = $44,
       expires_at = $45::timestamptz, expires_on = $45::timestamptz::date
     where store_id = $1 and id = $39 and exists (select from saved))
   select exists (select from saved) as current, verdict.short, (select display_id from saved),
     (${heldNow}) as held
   from verdict`,
);
