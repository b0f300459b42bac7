import Type from "typebox";
import { withDescendants } from "../../domain/catalog/category-tree.ts";
import type { ProductCategory } from "../../domain/catalog/grouped-by.ts";
import type { Condition, ListQuery } from "../../operations/listing.ts";
import type { ProductScope } from "../../operations/ports/products.ts";
import type { Call, Reply } from "../route.ts";
import { ofCondition } from "./condition-members.ts";
import { engineId, type IdPrefix } from "./ids.ts";
import { foreignChannel } from "./key-channels.ts";
import { type ListParameters, listParameters, readList, timeFilter } from "./list-parameters.ts";
import type { PriceParameters } from "./price-place.ts";
import { oneOf } from "./schemas.ts";

const word = Type.Optional(Type.String({ maxLength: 255 }));
const ids = Type.Optional(Type.Array(Type.String({ maxLength: 255 }), { maxItems: 200 }));
const flag = Type.Optional(Type.Boolean());

export const priceParameters = { cart_id: word, region_id: word, currency_code: word };

const filters = {
  q: word,
  id: ids,
  collection_id: ids,
  type_id: ids,
  tags: ids,
  category_id: ids,
  include_category_children: flag,
  sales_channel_id: ids,
  title: word,
  description: Type.Optional(Type.String({ maxLength: 2000 })),
  handle: word,
  is_giftcard: flag,
  deleted_at: Type.Optional(timeFilter),
};

/** What the lists of products take. */
export const storeProductQuery = listParameters({ ...filters, ...priceParameters });
export const adminProductQuery = listParameters({
  ...filters,
  status: Type.Optional(Type.Array(oneOf(["draft", "proposed", "published", "rejected"]))),
  discount_condition_id: word,
  price_list_id: ids,
});

/** The query of a list of products. */
export type ProductParameters = ListParameters &
  PriceParameters & {
    readonly q?: string;
    readonly id?: readonly string[];
    readonly collection_id?: readonly string[];
    readonly type_id?: readonly string[];
    readonly tags?: readonly string[];
    readonly category_id?: readonly string[];
    readonly include_category_children?: boolean;
    readonly sales_channel_id?: readonly string[];
    readonly title?: string;
    readonly description?: string;
    readonly handle?: string;
    readonly is_giftcard?: boolean;
    readonly discount_condition_id?: string;
    readonly status?: readonly ("draft" | "proposed" | "published" | "rejected")[];
  };

const sortable = ["created_at", "updated_at", "title", "handle", "id"] as const;
const columns: Readonly<Record<string, string>> = { title: "name", handle: "slug" };

/**
 * A list of products as it is read: what a request filters by, its page and order, newest first. Costs a statement where
 * it asks for categories with all that are below them, or for tags by their values.
 */
export async function readProductList(
  call: Pick<Call, "deps" | "context">,
  parameters: ProductParameters,
  of: { readonly liveOnly: boolean; readonly defaultLimit: number },
): Promise<{ readonly scope: ProductScope; readonly query: ListQuery } | { readonly refusal: Reply }> {
  const foreign = foreignChannel(call.context, parameters.sales_channel_id ?? []);
  if (foreign) return { refusal: foreign };
  const among = (field: string, prefix: IdPrefix, wanted: readonly string[] | undefined): Condition[] =>
    wanted && wanted.length > 0
      ? [{ field, operator: "in", values: wanted.map((id) => engineId(prefix, id)) }]
      : [];
  const equal = (field: string, value: string | boolean | undefined): Condition[] =>
    value === undefined ? [] : [{ field, operator: "eq", values: [String(value)] }];
  const conditions = [
    ...among("id", "prod", parameters.id),
    ...among("collection_id", "pcol", parameters.collection_id),
    ...among("type_id", "ptyp", parameters.type_id),
    ...(await tagConditions(call, parameters)),
    ...(await categoryConditions(call, parameters)),
    ...(await ofCondition(call, parameters.discount_condition_id, "products")),
    ...equal("name", parameters.title),
    ...equal("description", parameters.description),
    ...equal("slug", parameters.handle),
    ...equal("is_gift_card", parameters.is_giftcard),
  ];
  const read = readList(parameters, {
    sortable,
    defaultLimit: of.defaultLimit,
    conditions,
    anyOf: (parameters.status ?? []).map(statusCondition),
  });
  if ("refusal" in read) return read;
  const { sort } = read.query;
  const query: ListQuery = {
    ...read.query,
    sort: sort && { ...sort, field: columns[sort.field] ?? sort.field },
  };
  const channelIds =
    parameters.sales_channel_id?.map((id) => engineId("sc", id)) ?? call.context.salesChannelIds;
  const text = parameters.q?.trim();
  const scope: ProductScope = {
    liveOnly: of.liveOnly,
    children: false,
    ...(channelIds && channelIds.length > 0 && { channelIds }),
    ...(text && { text }),
  };
  return { scope, query };
}

async function categoryConditions(
  { deps, context }: Pick<Call, "deps" | "context">,
  { category_id: wanted = [], include_category_children: withChildren }: ProductParameters,
): Promise<Condition[]> {
  if (wanted.length === 0) return [];
  const ids = wanted.map((id) => engineId("pcat", id));
  const all: readonly ProductCategory[] = withChildren
    ? await deps.storage.records.all(context.store.storeId, "product_category")
    : [];
  return [{ field: "category_ids", operator: "in", values: withDescendants(all, ids) }];
}

/** By ids, and by values too: a storefront asks with the values of a product's tags for what is like it. */
async function tagConditions(
  { deps, context }: Pick<Call, "deps" | "context">,
  { tags: wanted = [] }: ProductParameters,
): Promise<Condition[]> {
  if (wanted.length === 0) return [];
  const values = wanted.filter((tag) => !tag.startsWith("ptag_"));
  const filter = [[{ field: "name_key", operator: "in" as const, values }]];
  const named =
    values.length === 0
      ? []
      : (
          await deps.storage.records.list(context.store.storeId, "product_tag", {
            ...{ filter, sort: undefined, limit: values.length, offset: 0 },
          })
        ).rows;
  const ids = [...wanted.map((tag) => engineId("ptag", tag)), ...named.map(({ id }) => id)];
  return [{ field: "tag_ids", operator: "in", values: ids }];
}

const statusCondition = (status: "draft" | "proposed" | "published" | "rejected"): Condition =>
  status === "published"
    ? { field: "status", operator: "eq", values: ["live"] }
    : { field: "draft_kind", operator: "eq", values: [status] };
