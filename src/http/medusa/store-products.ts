import Type from "typebox";
import type { ProductFamily } from "../../domain/catalog/family.ts";
import type { SellingPlaces } from "../../domain/inventory/selling-places.ts";
import type { SalesSetup } from "../../operations/ports/records.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { invalidData, notFound } from "./errors.ts";
import { engineId } from "./ids.ts";
import { placesLookedAt } from "./key-channels.ts";
import { type PriceParameters, type PricesOf, readPricePlace } from "./price-place.ts";
import {
  type ProductParameters,
  priceParameters,
  readProductList,
  storeProductQuery,
} from "./product-query.ts";
import { catalogErrors, productSchema } from "./product-schemas.ts";
import { readQuery } from "./query.ts";
import { categoryColumns } from "./render-groups.ts";
import { categoriesOf, channelsOf, renderStoreProduct } from "./render-product.ts";
import { renderSalesChannel } from "./render-sales-channel.ts";
import { listOf, one } from "./schemas.ts";
import { readShown, type Shown, type ShownParameters } from "./shown-members.ts";

const tag = "Medusa store: products";

const members = {
  usual: ["variants", "options", "images", "tags", "collection", "type", "profiles"],
  more: ["categories", "sales_channels", "profile"],
} as const;

const word = Type.Optional(Type.String({ maxLength: 2048 }));
const oneQuery = Type.Object({
  ...priceParameters,
  sales_channel_id: word,
  expand: word,
  fields: word,
});

const searchBody = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 255 })),
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000_000 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  filter: Type.Optional(Type.Unknown()),
});

export const storeProductRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/store/products",
    access: "open",
    tag,
    summary: "List the published products, newest first",
    query: Object.keys(storeProductQuery.properties),
    responses: { 200: listOf("products", productSchema), ...catalogErrors },
    async handle(call) {
      const read = readQuery<ProductParameters>(call, storeProductQuery);
      if ("refusal" in read) return read.refusal;
      const list = await readProductList(call, read.query, { liveOnly: true, defaultLimit: 100 });
      if ("refusal" in list) return list.refusal;
      const place = await readPlace(call, read.query);
      if ("refusal" in place) return place.refusal;
      const { deps, context } = call;
      const { products } = deps.storage;
      const { rows, total } = await products.list(context.store.storeId, list.scope, list.query);
      const families = await products.families(
        context.store.storeId,
        rows.map(({ product }) => product.id),
        place.places,
      );
      const shown = await showProducts(call, place, families);
      const { offset, limit } = list.query;
      return { status: 200, body: { products: shown, count: total, offset, limit } };
    },
  }),
  route({
    method: "POST",
    path: "/store/products/search",
    access: "open",
    tag,
    summary: "Search the published products for a text",
    body: searchBody,
    bodyOptional: true,
    responses: { 200: Type.Object({ hits: Type.Array(productSchema) }), ...catalogErrors },
    idempotency: "none",
    async handle(call) {
      const { q, limit = 20, offset = 0 } = call.body ?? {};
      const parameters = { limit, offset, ...(q !== undefined && { q }) };
      const list = await readProductList(call, parameters, { liveOnly: true, defaultLimit: limit });
      if ("refusal" in list) return list.refusal;
      const place = await readPlace(call, {});
      if ("refusal" in place) return place.refusal;
      const { deps, context } = call;
      const { products } = deps.storage;
      const { rows } = await products.list(context.store.storeId, list.scope, list.query);
      const ids = rows.map(({ product }) => product.id);
      const families = await products.families(context.store.storeId, ids, place.places);
      return { status: 200, body: { hits: await showProducts(call, place, families) } };
    },
  }),
  route({
    method: "GET",
    path: "/store/products/:productId",
    access: "open",
    tag,
    summary: "Get a published product",
    query: Object.keys(oneQuery.properties),
    responses: { 200: one("product", productSchema), ...catalogErrors },
    async handle(call) {
      const read = readQuery<PlaceParameters>(call, oneQuery);
      if ("refusal" in read) return read.refusal;
      const place = await readPlace(call, read.query);
      if ("refusal" in place) return place.refusal;
      const { productId = "" } = call.params;
      const id = engineId("prod", productId);
      const { products } = call.deps.storage;
      const [family] = await products.families(call.context.store.storeId, [id], place.places);
      if (family?.group.id !== id || family.group.status !== "live") {
        return notFound(`Product with id: ${productId} was not found`);
      }
      if (!isSoldTo(call, family)) {
        return invalidData(
          `Product with id: ${productId} is not sold by the sales channels of the publishable key`,
        );
      }
      const [product] = await showProducts(call, place, [family]);
      return { status: 200, body: { product } };
    },
  }),
];

/** The publishable key of the request, if it has one, names a channel that sells the product. */
export function isSoldTo({ context }: Pick<Call, "context">, { group }: ProductFamily): boolean {
  const { salesChannelIds = [] } = context;
  if (salesChannelIds.length === 0 || group.channelIds === undefined) return true;
  return group.channelIds.some((id) => salesChannelIds.includes(id));
}

type Place = {
  readonly setup: SalesSetup;
  readonly places: SellingPlaces;
  readonly pricesOf: PricesOf;
  readonly shown: Shown;
};

type PlaceParameters = PriceParameters &
  ShownParameters & { readonly sales_channel_id?: string | readonly string[] };

async function readPlace(
  call: Call<unknown>,
  parameters: PlaceParameters,
): Promise<Place | { readonly refusal: Reply }> {
  // Who sells by a publishable key sees where.
  const usual = call.context.salesChannelIds ? [...members.usual, "sales_channels"] : members.usual;
  const shown = readShown(parameters, { ...members, usual });
  if ("refusal" in shown) return shown;
  const setup = await call.deps.storage.records.setup(call.context.store.storeId);
  const prices = await readPricePlace(call, setup, parameters);
  const places = placesLookedAt(call.context, setup, parameters.sales_channel_id);
  return "refusal" in prices ? prices : { setup, places, ...shown, ...prices };
}

/** Products as the request wants them; one statement, for all that they name. */
async function showProducts(
  { deps, context, baseUrl }: Pick<Call, "deps" | "context" | "baseUrl">,
  { setup, pricesOf, shown }: Place,
  families: readonly ProductFamily[],
) {
  const groups = await deps.storage.records.productGroups(context.store.storeId, namedBy(families));
  const place = { baseUrl, setup, groups };
  return families.map((family) =>
    shown.pick({
      ...renderStoreProduct(place, family, pricesOf),
      ...(shown.has("categories") && {
        categories: categoriesOf(place, family.group)
          .filter(({ isActive, isInternal }) => isActive && !isInternal)
          .map(categoryColumns),
      }),
      ...(shown.has("sales_channels") && {
        sales_channels: channelsOf(place, family.group).map(renderSalesChannel),
      }),
    }),
  );
}

/** Ids of the collections, types, tags and categories that products name, each once. */
export function namedBy(families: readonly ProductFamily[]): string[] {
  const ids = families.flatMap(({ group }) => [
    ...(group.collectionId === undefined ? [] : [group.collectionId]),
    ...(group.typeId === undefined ? [] : [group.typeId]),
    ...(group.tagIds ?? []),
    ...(group.categoryIds ?? []),
  ]);
  return [...new Set(ids)];
}
