import { type CountedProduct, familiesOf, type ProductFamily } from "../../domain/catalog/family.ts";
import type { Image, Product } from "../../domain/catalog/product.ts";
import { productCreated, productUpdated } from "../../domain/catalog/product-events.ts";
import { commonPlace, type PiecesAt, piecesFrom } from "../../domain/inventory/selling-places.ts";
import type {
  ProductPort,
  ProductScope,
  StockedProduct,
  StoredImage,
} from "../../operations/ports/products.ts";
import { type Database, statement } from "./database.ts";
import { type ListedColumns, listRows } from "./listing.ts";
import { writeUnique } from "./savepoint.ts";
import { eventValues, insertEvents } from "./told.ts";

type Row = { doc: string; available: number | null };
type CountedRow = { doc: string; pieces: string | null };
type GroupedRow = CountedRow & { base: string | null };

/**
 * Products as documents; the columns beside them are copies, to filter by and to keep unique. What is told of a change
 * is written with it.
 */
export function productStorage(database: Database, newId: () => string): ProductPort {
  return {
    async load(storeId, productId) {
      const [row] = await database.run<Row>(selectProduct, [storeId, productId]);
      return row && fromRow(row);
    },
    async bySku(storeId, skus) {
      return (await database.run<Row>(selectProductsBySku, [storeId, skus])).map(fromRow);
    },
    async byId(storeId, productIds) {
      return (await database.run<Row>(selectProductsById, [storeId, productIds])).map(fromRow);
    },
    async list(storeId, scope, query) {
      const { conditions, values } = scoped(storeId, scope);
      const { rows, total } = await listRows<Row>(database, {
        select: "p.doc, s.total - s.allocated as available",
        from: "product p left join stock s on s.store_id = $1 and s.product_id = p.id and s.location = ''",
        where: conditions.join(" and "),
        values,
        columns: productListColumns,
        key: "p.id",
        query,
      });
      return { rows: rows.map(fromRow), total };
    },
    async families(storeId, productIds, places = commonPlace) {
      if (productIds.length === 0) return [];
      const rows = await database.run<CountedRow>(selectFamilies, [storeId, productIds]);
      const families = familiesOf(
        rows.map(({ doc, pieces }): CountedProduct => {
          const counted = JSON.parse(pieces ?? "{}") as PiecesAt;
          return { product: JSON.parse(doc) as Product, pieces: piecesFrom(places, counted) };
        }),
      );
      const place = new Map(productIds.map((id, index) => [id, index]));
      const placeOf = ({ group, variants }: ProductFamily): number =>
        Math.min(
          ...[group.id, ...variants.map(({ product }) => product.id)].map((id) => place.get(id) ?? Infinity),
        );
      return families.sort((a, b) => placeOf(a) - placeOf(b));
    },
    async grouped(storeId, productIds) {
      if (productIds.length === 0) return [];
      const rows = await database.run<GroupedRow>(selectGrouped, [storeId, productIds]);
      return rows.flatMap(({ doc, base, pieces }) => {
        const product = JSON.parse(doc) as Product;
        const group = base === null ? product : (JSON.parse(base) as Product);
        // A base product is sold by its variants only, and a variant of what is none by nobody.
        if (group.isBase !== (product.parentId !== undefined)) return [];
        const counted = JSON.parse(pieces ?? "{}") as PiecesAt;
        return [{ group, variant: { product, pieces: piecesFrom(commonPlace, counted) } }];
      });
    },
    tagUsage: (storeId, limit) => database.run(selectTagUsage, [storeId, limit]),
    groups: (storeId) => database.run(selectGroups, [storeId]),
    async insert(storeId, product, stock) {
      const values = [
        ...columnsOf(storeId, product),
        stock?.quantity ?? null,
        stock?.movementId ?? null,
        stock?.actor ?? null,
        ...imageColumns(product),
        ...eventValues([productCreated(product)], product.createdAt, newId),
      ];
      // Whoever took the id, sku or slug may have given it up again before we look: then another try decides.
      for (;;) {
        const [saved] = await database.run(insertProduct, values);
        if (saved) return "saved";
        const taken = [storeId, product.id, product.sku, product.slug];
        const [row] = await database.run<{ what: "id" | "sku" | "slug" }>(selectTaken, taken);
        if (row) return `${row.what}_taken`;
      }
    },
    change: (storeId, productId, change, follows = false) =>
      database.transaction(async (transaction) => {
        const [row] = await transaction.run<Row>(selectProductForUpdate, [storeId, productId]);
        if (!row) return { kind: "not_found" };
        const before = JSON.parse(row.doc) as Product;
        const product = change(before);
        const told = follows ? [] : productUpdated(before, product);
        const values = [
          ...columnsOf(storeId, product),
          ...imageColumns(product),
          ...eventValues(told, product.updatedAt, newId),
        ];
        if (product.sku === before.sku && product.slug === before.slug) {
          await transaction.run(updateProduct, values);
        } else {
          const written = await writeUnique(transaction, updateProduct, values);
          if ("violated" in written) {
            return { kind: written.violated === "product_store_id_sku_key" ? "sku_taken" : "slug_taken" };
          }
        }
        return { kind: "saved", stocked: stocked(product, row.available) };
      }),
    async delete(storeId, productId, by) {
      const [row] = await database.run<{ family: number; blocked: boolean }>(deleteProduct, [
        storeId,
        productId,
        by.movementId,
        by.actor,
        by.now,
        newId(),
      ]);
      if (!row || row.family === 0) return "not_found";
      return row.blocked ? "allocated" : "deleted";
    },
    async images(storeId, query) {
      const { rows, total } = await listRows<{ doc: string; created_at: string }>(database, {
        select: "doc, created_at",
        from: "image",
        where: "store_id = $1",
        values: [storeId],
        columns: imageListColumns,
        query,
      });
      return { rows: rows.map(imageOf), total };
    },
    async image(storeId, imageId) {
      const [row] = await database.run<{ doc: string; created_at: string }>(selectImage, [storeId, imageId]);
      return row && imageOf(row);
    },
  };
}

/** What products may be listed by. */
const productListColumns: ListedColumns = {
  id: { column: "p.id", type: "text" },
  name: { column: "p.name", type: "text" },
  slug: { column: "p.slug", type: "text" },
  sku: { column: "p.sku", type: "text" },
  status: { column: "p.status", type: "text" },
  description: { column: "p.description", type: "text" },
  commodity_type: { column: "p.commodity_type", type: "text" },
  manage_stock: { column: "p.manage_stock", type: "boolean" },
  parent_id: { column: "p.parent_id", type: "text" },
  stock: { column: "coalesce(s.total - s.allocated, 0)", type: "integer" },
  "category.id": { column: "p.category", type: "text" },
  "collection.id": { column: "p.collections", type: "text[]" },
  "brand.id": { column: "(null::text)", type: "text" },
  collection_id: { column: "p.collection_id", type: "text" },
  type_id: { column: "p.type_id", type: "text" },
  tag_ids: { column: "p.tag_ids", type: "text[]" },
  category_ids: { column: "p.category_ids", type: "text[]" },
  is_gift_card: { column: "p.is_gift_card", type: "boolean" },
  allow_backorder: { column: "p.allow_backorder", type: "boolean" },
  is_base: { column: "p.is_base", type: "boolean" },
  counted_at: {
    column: "array(select l.location from stock l where l.store_id = p.store_id and l.product_id = p.id)",
    type: "text[]",
  },
  title: { column: "(p.doc::json ->> 'title')", type: "text" },
  draft_kind: {
    column: "(case when p.status = 'draft' then coalesce(p.review, 'draft') end)",
    type: "text",
  },
  created_at: { column: "p.created_at", type: "timestamp" },
  updated_at: { column: "p.updated_at", type: "timestamp" },
  // What is deleted is gone.
  deleted_at: { column: "(null::timestamptz)", type: "timestamp" },
  hs_code: { column: "(p.doc::json ->> 'hsCode')", type: "text" },
  mid_code: { column: "(p.doc::json ->> 'midCode')", type: "text" },
  origin_country: { column: "(p.doc::json ->> 'originCountry')", type: "text" },
  material: { column: "(p.doc::json ->> 'material')", type: "text" },
  weight: { column: "(p.doc::json ->> 'weight')::numeric", type: "integer" },
  length: { column: "(p.doc::json ->> 'length')::numeric", type: "integer" },
  height: { column: "(p.doc::json ->> 'height')::numeric", type: "integer" },
  width: { column: "(p.doc::json ->> 'width')::numeric", type: "integer" },
};

const imageListColumns: ListedColumns = {
  id: { column: "id", type: "text" },
  created_at: { column: "created_at", type: "timestamp" },
};

function scoped(storeId: string, scope: ProductScope): { conditions: string[]; values: unknown[] } {
  const conditions = ["p.store_id = $1"];
  const values: unknown[] = [storeId];
  const bound = (value: unknown) => `$${values.push(value)}`;
  if (scope.liveOnly) conditions.push("p.status = 'live'");
  if (scope.parentId !== undefined) conditions.push(`p.parent_id = ${bound(scope.parentId)}`);
  else if (!scope.children) conditions.push("p.parent_id is null");
  if (scope.collection !== undefined) conditions.push(`${bound(scope.collection)} = any(p.collections)`);
  if (scope.category !== undefined) conditions.push(`p.category = ${bound(scope.category)}`);
  if (scope.grouped === "collection") conditions.push("cardinality(p.collections) > 0");
  if (scope.grouped === "category") conditions.push("p.category is not null");
  if (scope.channelIds !== undefined) {
    conditions.push(`(p.channel_ids is null or p.channel_ids && ${bound(scope.channelIds)}::text[])`);
  }
  if (scope.text !== undefined) {
    const pattern = bound(`%${scope.text.replace(/[\\%_]/g, "\\$&")}%`);
    conditions.push(`(p.name ilike ${pattern} or p.description ilike ${pattern} or p.sku ilike ${pattern}
      or exists (select from product v where v.store_id = $1 and v.parent_id = p.id
                    and (v.name ilike ${pattern} or v.sku ilike ${pattern})))`);
  }
  return { conditions, values };
}

function fromRow(row: Row): StockedProduct {
  return stocked(JSON.parse(row.doc) as Product, row.available);
}

/** A product is limited when it wants to be counted, has a stock row, and is not sold beyond it. */
function stocked(product: Product, available: number | null): StockedProduct {
  const isLimited = product.manageStock && product.allowBackorder !== true;
  return { product, available: isLimited ? (available ?? undefined) : undefined };
}

function imageOf(row: { doc: string; created_at: string }): StoredImage {
  return { image: JSON.parse(row.doc) as Image, createdAt: row.created_at };
}

function columnsOf(storeId: string, product: Product): unknown[] {
  const { category, collections } = product.details ?? {};
  return [
    storeId,
    product.id,
    product.parentId ?? null,
    product.isBase,
    product.sku,
    product.slug,
    product.name,
    product.status,
    product.commodityType,
    product.manageStock,
    JSON.stringify(product),
    product.createdAt,
    product.updatedAt,
    product.description,
    typeof category === "string" ? category : null,
    Array.isArray(collections) ? collections.filter((slug) => typeof slug === "string") : [],
    product.collectionId ?? null,
    product.typeId ?? null,
    product.tagIds ?? [],
    product.categoryIds ?? [],
    product.channelIds ?? null,
    product.isGiftCard ?? false,
    product.review ?? null,
    product.allowBackorder ?? false,
  ];
}

function imageColumns(product: Product): unknown[] {
  return [product.images.map((image) => image.id), product.images.map((image) => JSON.stringify(image))];
}

const selectProduct = statement(
  "product_select",
  `select p.doc, s.total - s.allocated as available
     from product p left join stock s on s.store_id = $1 and s.product_id = p.id and s.location = ''
    where p.store_id = $1 and p.id = $2`,
);

const selectProductsWhere = (condition: string): string =>
  `select p.doc, s.total - s.allocated as available
     from product p left join stock s on s.store_id = $1 and s.product_id = p.id and s.location = ''
    where p.store_id = $1 and ${condition}`;

const selectProductsBySku = statement(
  "products_select_by_sku",
  selectProductsWhere("p.sku = any($2::text[])"),
);

const selectProductsById = statement("products_select_by_id", selectProductsWhere("p.id = any($2::text[])"));

// The groups that are named, by themselves or by a variant, and all their variants.
const selectFamilies = statement(
  "product_families",
  `with groups as materialized (
     select distinct coalesce(p.parent_id, p.id) as id from product p
      where p.store_id = $1 and p.id = any($2::text[]))
   select p.doc, (select json_object_agg(s.location, s.total - s.allocated)::text
                    from stock s where s.store_id = $1 and s.product_id = p.id) as pieces
     from (select p.id, p.doc from product p join groups g on g.id = p.id where p.store_id = $1
           union all
           select p.id, p.doc from product p join groups g on g.id = p.parent_id where p.store_id = $1) p`,
);

// Each by its key: the planner does not know how few ids there are.
const selectGrouped = statement(
  "product_grouped",
  `select p.doc, (select b.doc from product b where b.store_id = $1 and b.id = p.parent_id) as base,
          (select json_object_agg(s.location, s.total - s.allocated)::text
             from stock s where s.store_id = $1 and s.product_id = p.id) as pieces
     from (select distinct id from unnest($2::text[]) as named(id)) wanted
    cross join lateral (select id, parent_id, doc from product
                         where store_id = $1 and id = wanted.id limit 1) p`,
);

const selectProductForUpdate = statement(
  "product_select_for_update",
  `select p.doc, (select s.total - s.allocated from stock s
                   where s.store_id = $1 and s.product_id = $2 and s.location = '') as available
     from product p where p.store_id = $1 and p.id = $2 for update`,
);

const selectTagUsage = statement(
  "product_tag_usage",
  `select tag.id, count(*) as products from product p cross join lateral unnest(p.tag_ids) as tag(id)
    where p.store_id = $1 group by tag.id order by products desc, tag.id limit $2`,
);

const selectGroups = statement(
  "product_groups",
  `select 'collection' as kind, named.slug, count(*) as products
     from product p cross join lateral unnest(p.collections) as named(slug)
    where p.store_id = $1 and p.status = 'live' and p.parent_id is null group by named.slug
   union all
   select 'category', p.category, count(*)
     from product p
    where p.store_id = $1 and p.status = 'live' and p.parent_id is null and p.category is not null
    group by p.category
   order by kind, slug`,
);

// An image that is on record already stays as it is.
const recordImages = (ids: string, docs: string, now: string) =>
  `insert into image (store_id, id, doc, created_at)
     select distinct on (i.id) $1, i.id, i.doc, ${now}::timestamptz
       from saved, unnest(${ids}::text[], ${docs}::text[]) as i(id, doc)
     on conflict (store_id, id) do nothing`;

const insertProduct = statement(
  "product_insert",
  `with saved as (
     insert into product (store_id, id, parent_id, is_base, sku, slug, name, status, commodity_type, manage_stock,
       doc, created_at, updated_at, description, category, collections, collection_id, type_id, tag_ids, category_ids,
       channel_ids, is_gift_card, review, allow_backorder)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::timestamptz, $13, $14, $15, $16, $17, $18, $19, $20,
       $21, $22, $23, $24)
     on conflict do nothing returning 1),
   counted as (
     insert into stock (store_id, product_id, total, allocated, created_at, updated_at)
     select $1, $2, $25::bigint, 0, $12::timestamptz, $12::timestamptz from saved where $25::bigint is not null
     returning 1),
   noted as (
     insert into stock_movement (store_id, id, product_id, action, quantity, total_before, allocated_before,
       total_after, allocated_after, actor, created_at)
     select $1, $26, $2, 'create', $25::bigint, 0, 0, $25::bigint, 0, $27, $12::timestamptz from counted),
   pictured as (${recordImages("$28", "$29", "$12")}),
   told as (${insertEvents(30, "saved")})
   select 1 as saved from saved`,
);

const selectTaken = statement(
  "product_taken",
  `select case when id = $2 then 'id' when sku = $3 then 'sku' else 'slug' end as what
     from product where store_id = $1 and (id = $2 or sku = $3 or slug = $4)
    order by id = $2 desc, sku = $3 desc limit 1`,
);

const updateProduct = statement(
  "product_update",
  `with saved as (
     update product set parent_id = $3, is_base = $4, sku = $5, slug = $6, name = $7, status = $8,
       commodity_type = $9, manage_stock = $10, doc = $11, created_at = $12, updated_at = $13::timestamptz,
       description = $14, category = $15, collections = $16, collection_id = $17, type_id = $18, tag_ids = $19,
       category_ids = $20, channel_ids = $21, is_gift_card = $22, review = $23, allow_backorder = $24,
       version = version + 1
     where store_id = $1 and id = $2 returning 1),
   pictured as (${recordImages("$25", "$26", "$13")}),
   told as (${insertEvents(27, "saved")})
   select 1 as saved from saved`,
);

// The product is locked against new stock rows, then the rows it has, in everybody's order.
const deleteProduct = statement(
  "product_delete",
  `with family as materialized (
     select id, parent_id from product where store_id = $1 and (id = $2 or parent_id = $2) order by id for update),
   held as materialized (
     select s.product_id, s.location, s.total, s.allocated
       from stock s join family f on f.id = s.product_id
      where s.store_id = $1 order by s.product_id, s.location for update of s),
   verdict as materialized (select exists (select from held where allocated > 0) as blocked),
   uncounted as (
     delete from stock s using held h, verdict v
      where s.store_id = $1 and s.product_id = h.product_id and s.location = h.location and not v.blocked
     returning s.product_id, s.location, h.total),
   noted as (
     insert into stock_movement (store_id, id, product_id, location, action, quantity, total_before,
       allocated_before, total_after, allocated_after, actor, created_at)
     select $1, $3 || coalesce('-' || nullif(row_number() over (order by product_id, location), 1), ''),
       product_id, location, 'delete', total, total, 0, 0, 0, $4, $5::timestamptz
       from uncounted),
   gone as (
     delete from product p using family f, verdict v
      where p.store_id = $1 and p.id = f.id and not v.blocked),
   told as (
     insert into event (store_id, id, type, subject_id, payload, created_at)
     select $1, $6, case when f.parent_id is null then 'product.deleted' else 'product-variant.deleted' end, $2,
            json_strip_nulls(json_build_object('id', $2::text, 'productId', f.parent_id))::text, $5::timestamptz
       from family f, verdict v where f.id = $2 and not v.blocked)
   select (select count(*) from family) as family, (select blocked from verdict) as blocked`,
);

const selectImage = statement(
  "image_select",
  "select doc, created_at from image where store_id = $1 and id = $2",
);
