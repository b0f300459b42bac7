import Type from "typebox";
import { type StockLocation, stockKeyOf } from "../../domain/inventory/stock-location.ts";
import type { Condition } from "../../operations/listing.ts";
import type { ListedReservation } from "../../operations/ports/reservations.ts";
import type { Call, Reply } from "../route.ts";
import { renderOrders } from "./answer-order.ts";
import { engineId, type IdPrefix, wholeId, wireId } from "./ids.ts";
import { type ListParameters, listParameters, namesIn, readList } from "./list-parameters.ts";
import { plainOrder } from "./plain-order.ts";
import { readQuery } from "./query.ts";
import { countsOf, renderInventoryItem } from "./render-inventory.ts";
import { renderHeld, renderReservation, type WireReservation } from "./render-reservation.ts";
import { ids } from "./schemas.ts";

const some = Type.Optional(Type.Union([Type.String({ maxLength: 1000 }), ids]));
const bound = Type.Optional(Type.String({ pattern: "^\\d{1,9}$" }));
const comparisons = { lt: "lt", gt: "gt", lte: "le", gte: "ge" } as const;

/** What the list of reservations may be asked for. */
export const reservationQuery = listParameters({
  location_id: some,
  inventory_item_id: some,
  line_item_id: some,
  quantity: Type.Optional(
    Type.Union([
      Type.String({ pattern: "^\\d{1,9}$" }),
      Type.Array(Type.String({ pattern: "^\\d{1,9}$" }), { minItems: 1, maxItems: 200 }),
      Type.Object({ lt: bound, gt: bound, lte: bound, gte: bound }, { additionalProperties: false }),
    ]),
  ),
  description: some,
});
type Some = string | readonly string[];
type Query = ListParameters & {
  readonly location_id?: Some;
  readonly inventory_item_id?: Some;
  readonly line_item_id?: Some;
  readonly quantity?: Some | { readonly [Bound in keyof typeof comparisons]?: string };
  readonly description?: Some;
};

const SORTABLE = ["created_at", "updated_at", "quantity"];

/** One page of what is held back by hand and by orders, the newest first. */
export async function listReservations(call: Call): Promise<Reply> {
  const read = readQuery<Query>(call, reservationQuery);
  if ("refusal" in read) return read.refusal;
  const { query } = read;
  const idsOf = (prefix: IdPrefix, wanted: Some | undefined): string[] | undefined =>
    wanted === undefined ? undefined : [wanted].flat().map((id) => engineId(prefix, id));
  const productIds = idsOf("iitem", query.inventory_item_id);
  const lineIds = idsOf("item", query.line_item_id);
  const list = readList(query, {
    sortable: SORTABLE,
    defaultLimit: 20,
    conditions: [
      ...among("location_id", idsOf("sloc", query.location_id)),
      ...among("product_id", productIds),
      // Of what is held by hand it is kept as it was written.
      ...among("line_id", lineIds && [...lineIds, ...[query.line_item_id ?? []].flat()]),
      ...among("description", query.description),
      ...quantityConditions(query.quantity),
    ],
  });
  if ("refusal" in list) return list.refusal;
  const { storage } = call.deps;
  const { storeId } = call.context.store;
  const { stockLocations } = await storage.records.setup(storeId);
  const of = {
    places: placesOf(stockLocations),
    ...(productIds && { productIds }),
    ...(lineIds && { lineIds }),
  };
  const { rows, total } = await storage.reservations.list(storeId, of, list.query);
  const reservations = await expanded(call, rows, stockLocations, namesIn(query.expand));
  const { offset, limit } = list.query;
  return { status: 200, body: { reservations, count: total, offset, limit } };
}

/** The reservation of an order that the path names: its id says which line and which location it may be of. */
export async function heldReservation({
  deps,
  context,
  params,
}: Omit<Call, "body">): Promise<WireReservation | undefined> {
  const id = params.id as string;
  const { storeId } = context.store;
  const { stockLocations } = await deps.storage.records.setup(storeId);
  const lineIds = stockLocations.map((_, place) => wholeId("resitem", id, place));
  const { rows } = await deps.storage.reservations.list(
    storeId,
    { places: placesOf(stockLocations), lineIds },
    { filter: [among("line_id", lineIds)], sort: undefined, limit: 1000, offset: 0 },
  );
  return rows
    .flatMap((row) => (row.kind === "held" ? [renderHeld(row.held, stockLocations)] : []))
    .find((one) => one.id === id);
}

const placesOf = (locations: readonly StockLocation[]) =>
  locations.map((location) => ({ key: stockKeyOf(location), locationId: location.id }));

function among(field: string, wanted: Some | undefined): Condition[] {
  if (wanted === undefined) return [];
  const values = [wanted].flat();
  return [{ field, operator: "in", values: values.length > 0 ? values : [""] }];
}

function quantityConditions(wanted: Query["quantity"]): Condition[] {
  if (wanted === undefined || typeof wanted === "string" || Array.isArray(wanted)) {
    return among("quantity", wanted as Some | undefined);
  }
  return Object.entries(wanted).map(([name, value]) => ({
    field: "quantity",
    operator: comparisons[name as keyof typeof comparisons],
    values: [value],
  }));
}

/** The rows with what the query's `expand` names; a line that is not of an order that holds pieces is not shown. */
async function expanded(
  call: Call,
  rows: readonly ListedReservation[],
  locations: readonly StockLocation[],
  wanted: ReadonlySet<string>,
): Promise<readonly WireReservation[]> {
  const { storage } = call.deps;
  const { storeId } = call.context.store;
  const shown = rows.map((row) =>
    row.kind === "held" ? renderHeld(row.held, locations) : renderReservation(row.reservation),
  );
  const of = <Value>(name: string, values: readonly Value[]): Value[] =>
    wanted.has(name) ? [...new Set(values)] : [];
  const productIds = of(
    "inventory_item",
    rows.map((row) => (row.kind === "held" ? row.held : row.reservation).productId),
  );
  const orderIds = of(
    "line_item",
    rows.flatMap((row) => (row.kind === "held" ? [row.held.orderId] : [])),
  );
  const [products, counts, orders] = await Promise.all([
    productIds.length > 0 ? storage.products.byId(storeId, productIds) : [],
    productIds.length > 0 ? countsOf(call.deps, call.context, productIds) : { notes: [] },
    orderIds.length > 0 ? storage.orders.loadMany(storeId, orderIds) : [],
  ]);
  const lines = (orders.length > 0 ? await renderOrders(call, orders) : []).flatMap((order) =>
    order.items.map((item) => ({ ...item, order: plainOrder(order) })),
  );
  return shown.map((row) => {
    const product = products.find(
      (one) => wireId("iitem", one.product.id) === row.inventory_item_id,
    )?.product;
    return {
      ...row,
      ...(wanted.has("inventory_item") && {
        inventory_item: product ? renderInventoryItem(product, counts) : null,
      }),
      ...(wanted.has("line_item") && { line_item: lines.find(({ id }) => id === row.line_item_id) ?? null }),
    };
  });
}
