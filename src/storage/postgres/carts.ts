import { type Cart, productIdsOf } from "../../domain/cart/cart.ts";
import type { StoredGoods } from "../../domain/cart/region-goods.ts";
import type { Product } from "../../domain/catalog/product.ts";
import type { PiecesAt } from "../../domain/inventory/selling-places.ts";
import type { CartPort, CartScope, LoadedCart } from "../../operations/ports/carts.ts";
import { type Database, statement } from "./database.ts";
import { type ListedColumns, listRows } from "./listing.ts";
import { eventValues, telling } from "./told.ts";

type CartRow = { version: number | null; doc: string | null; live: boolean | null };

/** Carts as documents, with a version that every save must name. */
export function cartStorage(database: Database, newId: () => string): CartPort {
  return {
    async load(storeId, cartId, now) {
      const [row] = await database.run<CartRow>(selectCart, [storeId, cartId, now]);
      return loaded(row);
    },
    async loadWithProducts(storeId, cartId, now, wanted) {
      const ids = [...new Set(wanted.ids)];
      const skus = [...new Set(wanted.skus)];
      const [query, ...values] =
        ids.length === 1 && skus.length === 0
          ? [selectCartWithProductId, ids[0]]
          : ids.length === 0 && skus.length === 1
            ? [selectCartWithSku, skus[0]]
            : [selectCartWithProducts, ids, skus];
      type Row = CartRow & { products: string | null };
      const [row] = await database.run<Row>(query, [storeId, cartId, now, ...values]);
      const products = JSON.parse(row?.products ?? "[]") as { doc: Product; available: number | null }[];
      const sellables = products.map(({ doc, available }) => ({
        product: doc,
        available: available ?? undefined,
      }));
      return { sellables, ...loaded(row) };
    },
    async loadWithStock(storeId, cartId, now, customerId) {
      type Row = CartRow & { available: string | null; changed_at: string | null; customer: string | null };
      const [row] = await database.run<Row>(selectCartWithStock, [storeId, cartId, now, customerId ?? null]);
      return {
        available: new Map(JSON.parse(row?.available ?? "[]") as [string, number][]),
        changedAt: new Map(JSON.parse(row?.changed_at ?? "[]") as [string, string][]),
        customer: row?.customer ? JSON.parse(row.customer) : undefined,
        ...loaded(row),
      };
    },
    async loadWithGoods(storeId, cartId, now, variantIds) {
      type Row = CartRow & { goods: string | null };
      const [row] = await database.run<Row>(selectCartWithGoods, [storeId, cartId, now, variantIds]);
      return { goods: goodsOf(row?.goods ?? "[]"), ...loaded(row) };
    },
    async save(storeId, cart, expectedVersion, told) {
      const [query, toldQuery] =
        expectedVersion === 0 ? [insertCart, insertToldCart] : [updateCart, updateToldCart];
      const rows = await database.run(told ? toldQuery : query, [
        storeId,
        cart.id,
        expectedVersion,
        cart.name,
        cart.customerId ?? null,
        cart.accountId ?? null,
        productIdsOf(cart),
        JSON.stringify(cart),
        cart.createdAt,
        cart.updatedAt,
        cart.expiresAt,
        ...(told ? eventValues([told], cart.updatedAt, newId) : []),
      ]);
      return rows.length === 1;
    },
    async delete(storeId, cartId, expectedVersion) {
      const rows = await database.run(deleteCart, [storeId, cartId, expectedVersion]);
      return rows.length === 1;
    },
    async list(storeId, scope, query, now) {
      const conditions = ["store_id = $1", "expires_at > $2", ...scopeConditions(scope)];
      const values = [storeId, now, ...scopeValues(scope)];
      const { rows, total } = await listRows<{ doc: string; version: number }>(database, {
        select: "doc, version",
        from: "cart",
        where: conditions.join(" and "),
        values,
        columns: cartColumns,
        query,
      });
      return { rows: rows.map((row) => ({ ...(JSON.parse(row.doc) as Cart), version: row.version })), total };
    },
    async countOfCustomer(storeId, customerId, now) {
      const [row] = await database.run<{ carts: number }>(countCarts, [storeId, customerId, now]);
      return row?.carts ?? 0;
    },
    async deleteExpired(storeId, now, limit) {
      const rows = await database.run(deleteExpiredCarts, [storeId, now, limit]);
      return rows.length;
    },
  };
}

/** What carts may be listed by. */
export const cartColumns: ListedColumns = {
  id: { column: "id", type: "text" },
  name: { column: "name", type: "text" },
  customer_ids: { column: "customer_id", type: "text" },
  account_ids: { column: "account_id", type: "text" },
  created_at: { column: "created_at", type: "timestamp" },
  updated_at: { column: "updated_at", type: "timestamp" },
};

function scopeConditions(scope: CartScope): string[] {
  const conditions: string[] = [];
  if (scope.customerId !== undefined) conditions.push("customer_id = $3");
  else if (scope.accountId !== undefined) conditions.push("account_id = $3");
  else if (scope.owned) conditions.push("(customer_id is not null or account_id is not null)");
  return conditions;
}

function scopeValues(scope: CartScope): string[] {
  const owner = scope.customerId ?? scope.accountId;
  return owner === undefined ? [] : [owner];
}

function loaded(row: CartRow | undefined): LoadedCart {
  if (!row || row.doc === null || row.version === null) return { cart: undefined, version: 0 };
  if (!row.live) return { cart: undefined, version: row.version };
  return { cart: { ...(JSON.parse(row.doc) as Cart), version: row.version }, version: row.version };
}

/** Something that is sold (`doc`, its `pieces` by place), and its base product where it has one. */
type GoodsEntry = { doc: Product; pieces: PiecesAt; base: Product | null };

function goodsOf(text: string): StoredGoods {
  const entries = JSON.parse(text) as GoodsEntry[];
  const groups = entries.flatMap(({ doc, base }) =>
    doc.parentId === undefined ? [doc] : base ? [base] : [],
  );
  return {
    variants: new Map(entries.map(({ doc, pieces }) => [doc.id, { product: doc, pieces }])),
    groups: new Map(groups.map((group) => [group.id, group])),
  };
}

const selectCart = statement(
  "cart_select",
  "select version, doc, expires_at > $3 as live from cart where store_id = $1 and id = $2",
);

/**
 * The cart, and the products that `wanted` selects (`id`, `doc`, `is_limited`), with what of them can be sold.
 * Documents are JSON text already: they are put together as text, which costs no parsing in the database.
 */
const cartAndProducts = (wanted: string): string =>
  `select c.version, c.doc, c.expires_at > $3 as live,
     (select '[' || string_agg('{"doc":' || p.doc || ',"available":' || coalesce((
               select s.total - s.allocated from stock s
                where s.store_id = $1 and s.product_id = p.id and s.location = '' and p.is_limited)::text, 'null')
             || '}', ',') || ']'
        from (${wanted}) p) as products
   from (select 1) as one
   left join cart c on c.store_id = $1 and c.id = $2`;

const productWhere = (condition: string): string =>
  `select id, doc, manage_stock and not allow_backorder as is_limited from product where store_id = $1 and ${condition} limit 1`;

// One product is asked for apart: the planner takes an array to have ten members, finds its general plan too dear for
// the one there is, and so plans anew every time, which takes longer than everything else here.
const selectCartWithProductId = statement(
  "cart_select_with_product_id",
  cartAndProducts(productWhere("id = $4")),
);

const selectCartWithSku = statement("cart_select_with_sku", cartAndProducts(productWhere("sku = $4")));

// Each member is looked up by itself, also while the table has no statistics and looks as if it were empty.
const selectCartWithProducts = statement(
  "cart_select_with_products",
  cartAndProducts(
    `select p.* from unnest($4::text[]) as wanted(id) cross join lateral (${productWhere("id = wanted.id")}) p
     union all
     select p.* from unnest($5::text[]) as wanted(sku) cross join lateral (${productWhere("sku = wanted.sku")}) p`,
  ),
);

// A product is asked for by a subquery and not joined, for the same reason.
const selectCartWithStock = statement(
  "cart_select_with_stock",
  `select c.version, c.doc, c.expires_at > $3 as live,
     (select json_agg(json_build_array(s.product_id, s.total - s.allocated))::text
        from stock s
       where s.store_id = $1 and s.product_id = any(c.product_ids) and s.location = ''
         and (select p.manage_stock and not p.allow_backorder
                from product p where p.store_id = $1 and p.id = s.product_id)) as available,
     (select json_agg(json_build_array(p.id, p.updated_at))::text
        from unnest(c.product_ids) as held(id)
       cross join lateral (select id, updated_at from product
                            where store_id = $1 and id = held.id limit 1) p) as changed_at,
     (select json_build_object('id', u.id, 'name', u.name, 'email', u.email)::text
        from customer u where u.store_id = $1 and u.id = $4) as customer
   from (select 1) as one
   left join cart c on c.store_id = $1 and c.id = $2`,
);

const selectCartWithGoods = statement(
  "cart_select_with_goods",
  `select c.version, c.doc, c.expires_at > $3 as live,
     (select '[' || string_agg('{"doc":' || p.doc || ',"base":' || coalesce((
               select b.doc from product b where b.store_id = $1 and b.id = p.parent_id), 'null')
             || ',"pieces":' || coalesce((
               select json_object_agg(s.location, s.total - s.allocated)::text from stock s
                where s.store_id = $1 and s.product_id = p.id), '{}')
             || '}', ',') || ']'
        from (select distinct id from unnest(coalesce(c.product_ids, '{}') || $4::text[]) as named(id)) wanted
       cross join lateral (select id, parent_id, doc from product
                            where store_id = $1 and id = wanted.id limit 1) p) as goods
   from (select 1) as one
   left join cart c on c.store_id = $1 and c.id = $2`,
);

const insertCart = statement(
  "cart_insert",
  `insert into cart (store_id, id, version, name, customer_id, account_id, product_ids, doc, created_at, updated_at, expires_at,
     expires_on)
   values ($1, $2, $3::bigint + 1, $4, $5, $6, $7, $8, $9, $10, $11::timestamptz, $11::timestamptz::date)
   on conflict do nothing returning 1 as saved`,
);

// Never an insert: a cart that was deleted since it was loaded must not come back with what was in it.
const updateCart = statement(
  "cart_update",
  `update cart set version = $3::bigint + 1, name = $4, customer_id = $5, account_id = $6, product_ids = $7, doc = $8,
     created_at = $9, updated_at = $10, expires_at = $11::timestamptz, expires_on = $11::timestamptz::date
   where store_id = $1 and id = $2 and version = $3
   returning 1 as saved`,
);

// Where nobody listens, which is the rule, a save has nothing of this in it.
const insertToldCart = telling("cart_insert_told", insertCart.text, 12);
const updateToldCart = telling("cart_update_told", updateCart.text, 12);

const deleteCart = statement(
  "cart_delete",
  "delete from cart where store_id = $1 and id = $2 and version = $3 returning 1 as gone",
);

const countCarts = statement(
  "cart_count_of_customer",
  "select count(*) as carts from cart where store_id = $1 and customer_id = $2 and expires_at > $3",
);

const deleteExpiredCarts = statement(
  "cart_delete_expired",
  `delete from cart where store_id = $1 and id in (
     select id from cart
      where store_id = $1 and expires_on <= $2::timestamptz::date and expires_at <= $2 order by expires_on limit $3)
   and expires_at <= $2 returning 1 as gone`,
);
