import Type from "typebox";
import type { SellingPlaces } from "../../domain/inventory/selling-places.ts";
import { type Call, type Route, route } from "../route.ts";
import { notFound } from "./errors.ts";
import { engineId } from "./ids.ts";
import { placesLookedAt } from "./key-channels.ts";
import { namesIn } from "./list-parameters.ts";
import { type PriceParameters, type PricesOf, readPricePlace } from "./price-place.ts";
import { priceParameters } from "./product-query.ts";
import { catalogErrors, variantAlone } from "./product-schemas.ts";
import { readQuery } from "./query.ts";
import { renderVariantAlone } from "./render-product.ts";
import { one } from "./schemas.ts";
import { isSoldTo } from "./store-products.ts";

const tag = "Medusa store: products";
const word = Type.Optional(Type.String({ maxLength: 8192 }));
const ids = Type.Optional(Type.Array(Type.String({ maxLength: 255 }), { maxItems: 200 }));

const listQuery = Type.Object({
  ...priceParameters,
  ids: word,
  id: ids,
  title: ids,
  inventory_quantity: Type.Optional(Type.Integer()),
  sales_channel_id: word,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000_000 })),
  expand: word,
  fields: word,
});
const oneQuery = Type.Object({ ...priceParameters, sales_channel_id: word, expand: word, fields: word });

type OneParameters = PriceParameters & { readonly sales_channel_id?: string };

type ListParameters = OneParameters & {
  readonly ids?: string;
  readonly id?: readonly string[];
  readonly title?: readonly string[];
  readonly inventory_quantity?: number;
  readonly limit?: number;
  readonly offset?: number;
};

export const storeVariantRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/store/variants",
    access: "open",
    tag,
    summary: "List variants of published products",
    query: Object.keys(listQuery.properties),
    responses: { 200: Type.Object({ variants: Type.Array(variantAlone) }), ...catalogErrors },
    async handle(call) {
      const read = readQuery<ListParameters>(call, listQuery);
      if ("refusal" in read) return read.refusal;
      const { query } = read;
      const setup = await setupOf(call);
      const place = await readPricePlace(call, setup, query);
      if ("refusal" in place) return place.refusal;
      const wanted = [...namesIn(query.ids), ...(query.id ?? [])].map((id) => engineId("variant", id));
      const shown = await variantsOf(call, wanted.length > 0 ? wanted : await firstVariants(call, query), {
        ...query,
        ...place,
        places: placesLookedAt(call.context, setup, query.sales_channel_id),
      });
      return { status: 200, body: { variants: shown } };
    },
  }),
  route({
    method: "GET",
    path: "/store/variants/:variantId",
    access: "open",
    tag,
    summary: "Get a variant of a published product",
    query: Object.keys(oneQuery.properties),
    responses: { 200: one("variant", variantAlone), ...catalogErrors },
    async handle(call) {
      const read = readQuery<OneParameters>(call, oneQuery);
      if ("refusal" in read) return read.refusal;
      const setup = await setupOf(call);
      const place = await readPricePlace(call, setup, read.query);
      if ("refusal" in place) return place.refusal;
      const { variantId = "" } = call.params;
      const places = placesLookedAt(call.context, setup, read.query.sales_channel_id);
      const [variant] = await variantsOf(call, [engineId("variant", variantId)], { ...place, places });
      return variant
        ? { status: 200, body: { variant } }
        : notFound(`Variant with id: ${variantId} was not found`);
    },
  }),
];

function setupOf({ deps, context }: Call<unknown>) {
  return deps.storage.records.setup(context.store.storeId);
}

/** Ids of what is sold, where a request names nothing: those of the newest products. */
async function firstVariants(
  { deps, context }: Call<unknown>,
  { limit = 100, offset = 0 }: ListParameters,
): Promise<string[]> {
  const scope = { liveOnly: true, children: true };
  const sort = { field: "created_at", descending: true };
  const sold = { field: "is_base", operator: "eq", values: ["false"] } as const;
  const { rows } = await deps.storage.products.list(context.store.storeId, scope, {
    filter: [[sold]],
    sort,
    limit,
    offset,
  });
  return rows.map(({ product }) => product.id);
}

/** Those of the variants that shoppers may see, in the order of the ids; one statement. */
async function variantsOf(
  call: Call<unknown>,
  ids: readonly string[],
  of: Pick<ListParameters, "title" | "inventory_quantity"> & {
    readonly pricesOf: PricesOf;
    readonly places: SellingPlaces;
  },
) {
  const families = await call.deps.storage.products.families(call.context.store.storeId, ids, of.places);
  const shown = new Map(
    families
      .filter((family) => family.group.status === "live" && isSoldTo(call, family))
      .flatMap(({ group, variants }) =>
        variants.map(
          (variant) =>
            [
              variant.product.id,
              renderVariantAlone(call, group, variant, of.pricesOf(group, variant.product)),
            ] as const,
        ),
      ),
  );
  return [...new Set(ids)]
    .flatMap((id) => shown.get(id) ?? [])
    .filter(({ title }) => of.title?.includes(title) ?? true)
    .filter(({ inventory_quantity: pieces }) => pieces === (of.inventory_quantity ?? pieces));
}
