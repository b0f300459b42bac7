import { nodeIdOf, nodesOf } from "../../domain/catalog/nodes.ts";
import { isPlainPrice } from "../../domain/catalog/product.ts";
import type { ProductGroup, StockedProduct } from "../../operations/ports/products.ts";
import type { Call } from "../route.ts";
import { shownCustomFields } from "./custom-fields.ts";
import {
  displayPriceOf,
  imageRelationships,
  isObject,
  type ProductPlace,
  renderVariation,
} from "./render-product.ts";

/** A product as the shopper's catalog shows it: a second view of what `/v2/products` shows. */
export function renderCatalogProduct(place: ProductPlace, { product }: StockedProduct) {
  const { tags } = product.details ?? {};
  const { variations, variationMatrix: matrix } = product;
  const price = displayPriceOf(place, product);
  const nodes = nodesOf(product);
  return {
    id: product.id,
    type: "product",
    attributes: {
      ...shownCustomFields(place.context.store, "products", { ...product.details, ...product.fields }),
      name: product.name,
      sku: product.sku,
      slug: product.slug,
      description: product.description,
      status: product.status,
      commodity_type: product.commodityType,
      manage_stock: product.manageStock,
      base_product: product.isBase,
      ...(product.parentId !== undefined && { base_product_id: product.parentId }),
      price: Object.fromEntries(
        product.prices
          .filter(isPlainPrice)
          .map(({ currency, amount, includesTax }) => [currency, { amount, includes_tax: includesTax }]),
      ),
      ...(Array.isArray(tags) && { tags: texts(tags) }),
      published_at: product.createdAt,
      created_at: product.createdAt,
      updated_at: product.updatedAt,
    },
    meta: {
      catalog_id: place.context.store.storeId,
      catalog_source: "pim",
      ...(price && { display_price: price }),
      bread_crumb_nodes: nodes,
      ...(product.isBase && variations && { variations: variations.map(renderVariation) }),
      ...(product.isBase && isObject(matrix) && { variation_matrix: matrix }),
      ...(product.options && {
        child_variations: Object.entries(product.options).map(([name, value]) => ({
          name,
          option: { name: value },
        })),
      }),
    },
    relationships: {
      ...imageRelationships(product),
      ...(product.isBase && {
        children: {
          links: { self: `${place.baseUrl}/catalog/products/${product.id}/relationships/children` },
        },
      }),
    },
  };
}

type Place = Pick<Call, "context" | "baseUrl">;

/** The two trees of nodes that products are in; ours have one level. */
export const hierarchies = [
  { id: "collections", kind: "collection", name: "Collections" },
  { id: "categories", kind: "category", name: "Categories" },
] as const;

export type CatalogHierarchy = (typeof hierarchies)[number];

export function renderHierarchy(place: Place, { id, name }: CatalogHierarchy) {
  const self = `${place.baseUrl}/catalog/hierarchies/${id}`;
  return {
    id,
    type: "hierarchy",
    attributes: namedAttributes(place, name, id),
    relationships: {
      children: relatedTo(`${self}/children`),
      nodes: relatedTo(`${self}/nodes`),
      products: relatedTo(`${self}/products`),
    },
    meta: {},
  };
}

export function renderNode(place: Place, { kind, slug }: ProductGroup) {
  const id = nodeIdOf(kind, slug);
  const self = `${place.baseUrl}/catalog/nodes/${encodeURIComponent(id)}`;
  const hierarchy = hierarchies.find((candidate) => candidate.kind === kind);
  return {
    id,
    type: "node",
    attributes: { ...namedAttributes(place, nameOf(slug), slug), status: "live" },
    relationships: {
      hierarchy: { data: { type: "hierarchy", id: hierarchy?.id ?? "" } },
      children: relatedTo(`${self}/relationships/children`),
      products: relatedTo(`${self}/relationships/products`),
    },
    meta: { bread_crumb: [id] },
  };
}

/** The one release of the one catalog: what is live now. */
export function renderRelease({ baseUrl, context: { store } }: Place) {
  return {
    id: store.storeId,
    type: "catalog-release",
    attributes: {
      name: store.name,
      description: "",
      catalog_id: store.storeId,
      published_at: store.createdAt,
      hierarchies: hierarchies.map(({ id, name }) => ({ id, label: name, name })),
    },
    meta: {
      created_at: store.createdAt,
      started_at: store.createdAt,
      updated_at: store.createdAt,
      release_status: "PUBLISHED",
      is_full_publish: true,
      is_full_delta: false,
      percent_completed: 100,
      owner: "store",
    },
    relationships: {
      products: relatedTo(`${baseUrl}/catalog/products`),
      hierarchies: relatedTo(`${baseUrl}/catalog/hierarchies`),
    },
    links: { self: `${baseUrl}/catalog` },
  };
}

/** What a node's id says: the kind of group, and its slug. */
export function groupOfNode(nodeId: string): Pick<ProductGroup, "kind" | "slug"> | undefined {
  const [, kind, slug] = /^(collection|category)-(.+)$/s.exec(nodeId) ?? [];
  return kind && slug ? { kind: kind as ProductGroup["kind"], slug } : undefined;
}

/** "slow-table" is "Slow table": a group has nothing but its slug. */
function nameOf(slug: string): string {
  const words = slug.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function namedAttributes({ context: { store } }: Place, name: string, slug: string) {
  const { createdAt } = store;
  return {
    name,
    slug,
    description: "",
    created_at: createdAt,
    published_at: createdAt,
    updated_at: createdAt,
  };
}

const relatedTo = (href: string) => ({ links: { related: href } });

const texts = (values: unknown): string[] =>
  Array.isArray(values) ? values.filter((value) => typeof value === "string") : [];
