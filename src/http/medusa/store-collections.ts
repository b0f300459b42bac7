import Type from "typebox";
import type { Condition, ListQuery } from "../../operations/listing.ts";
import type { RecordKind } from "../../operations/ports/records.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { ofCondition } from "./condition-members.ts";
import { notFound } from "./errors.ts";
import { engineId, type IdPrefix } from "./ids.ts";
import { type ListParameters, listParameters, readList, searched, timeFilter } from "./list-parameters.ts";
import { catalogErrors, collectionSchema, tagSchema, typeSchema } from "./product-schemas.ts";
import { readQuery } from "./query.ts";
import { renderCollection, renderTag, renderType } from "./render-groups.ts";
import { listOf, one } from "./schemas.ts";

const tag = "Medusa store: products";
const word = Type.Optional(Type.String({ maxLength: 255 }));
const words = Type.Optional(Type.Array(Type.String({ maxLength: 255 }), { maxItems: 200 }));

/** What lists of collections, types and tags are filtered by, for staff too. */
export const collectionQuery = listParameters({
  handle: words,
  title: words,
  q: word,
  discount_condition_id: word,
  deleted_at: Type.Optional(timeFilter),
});
export const valuedQuery = listParameters({ value: words, id: words, q: word, discount_condition_id: word });

export const storeCollectionRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/store/collections",
    access: "open",
    tag,
    summary: "List the collections",
    query: Object.keys(collectionQuery.properties),
    responses: { 200: listOf("collections", collectionSchema), ...catalogErrors },
    handle: (call) => listCollections(call, 10),
  }),
  route({
    method: "GET",
    path: "/store/collections/:collectionId",
    access: "open",
    tag,
    summary: "Get a collection",
    responses: { 200: one("collection", collectionSchema), ...catalogErrors },
    async handle(call) {
      const found = await loadNamed(call, "product_collection", "pcol", call.params.collectionId);
      return found ? { status: 200, body: { collection: renderCollection(found) } } : noCollection(call);
    },
  }),
  route({
    method: "GET",
    path: "/store/product-types",
    access: "open",
    tag,
    summary: "List the types of products",
    query: Object.keys(valuedQuery.properties),
    responses: { 200: listOf("product_types", typeSchema), ...catalogErrors },
    handle: (call) => listTypes(call, 20),
  }),
  route({
    method: "GET",
    path: "/store/product-tags",
    access: "open",
    tag,
    summary: "List the tags of products",
    query: Object.keys(valuedQuery.properties),
    responses: { 200: listOf("product_tags", tagSchema), ...catalogErrors },
    handle: (call) => listTags(call, 20),
  }),
];

export function noCollection({ params }: Pick<Call<unknown>, "params">): Reply {
  return notFound(`Product collection with id: ${params.collectionId} was not found`);
}

/** A record by its id on the wire. */
export function loadNamed<Kind extends RecordKind>(
  { deps, context }: Pick<Call, "deps" | "context">,
  kind: Kind,
  prefix: IdPrefix,
  wire: string | undefined,
) {
  return deps.storage.records.load(context.store.storeId, kind, engineId(prefix, wire ?? ""));
}

type CollectionParameters = ListParameters & {
  readonly handle?: readonly string[];
  readonly title?: readonly string[];
  readonly q?: string;
  readonly discount_condition_id?: string;
};
type ValuedParameters = ListParameters & {
  readonly value?: readonly string[];
  readonly id?: readonly string[];
  readonly q?: string;
  readonly discount_condition_id?: string;
};

/** A page of the store's collections, newest first. */
export async function listCollections(call: Call<unknown>, defaultLimit: number): Promise<Reply> {
  const read = readQuery<CollectionParameters>(call, collectionQuery);
  if ("refusal" in read) return read.refusal;
  const { handle, title, q, discount_condition_id: condition } = read.query;
  const list = readList(read.query, {
    sortable: ["created_at", "updated_at", "title"],
    defaultLimit,
    conditions: [
      ...among("name_key", handle),
      ...among("title", title),
      ...(await ofCondition(call, condition, "product_collections")),
    ],
    anyOf: searched(q, ["title", "name_key"]),
  });
  if ("refusal" in list) return list.refusal;
  const { rows, total } = await recordsOf(call, "product_collection", list.query);
  const { limit, offset } = list.query;
  return { status: 200, body: { collections: rows.map(renderCollection), count: total, limit, offset } };
}

/** A page of the store's types of products, newest first. */
export async function listTypes(call: Call<unknown>, defaultLimit: number): Promise<Reply> {
  const list = await readValued(call, "ptyp", "product_types", defaultLimit);
  if ("refusal" in list) return list.refusal;
  const { rows, total } = await recordsOf(call, "product_type", list.query);
  const { limit, offset } = list.query;
  return { status: 200, body: { product_types: rows.map(renderType), count: total, offset, limit } };
}

/** A page of the store's tags, newest first. */
export async function listTags(call: Call<unknown>, defaultLimit: number): Promise<Reply> {
  const list = await readValued(call, "ptag", "product_tags", defaultLimit);
  if ("refusal" in list) return list.refusal;
  const { rows, total } = await recordsOf(call, "product_tag", list.query);
  const { limit, offset } = list.query;
  return { status: 200, body: { product_tags: rows.map(renderTag), count: total, offset, limit } };
}

async function readValued(
  call: Call<unknown>,
  prefix: IdPrefix,
  type: "product_types" | "product_tags",
  defaultLimit: number,
) {
  const read = readQuery<ValuedParameters>(call, valuedQuery);
  if ("refusal" in read) return read;
  const { value, id, q, discount_condition_id: condition } = read.query;
  const ids = id?.map((wire) => engineId(prefix, wire));
  return readList(read.query, {
    sortable: ["created_at", "updated_at"],
    defaultLimit,
    conditions: [
      ...among("name_key", value),
      ...among("id", ids),
      ...(await ofCondition(call, condition, type)),
    ],
    anyOf: searched(q, ["name_key"]),
  });
}

function recordsOf<Kind extends RecordKind>(
  { deps, context }: Pick<Call, "deps" | "context">,
  kind: Kind,
  query: ListQuery,
) {
  return deps.storage.records.list(context.store.storeId, kind, query);
}

function among(field: string, values: readonly string[] | undefined): readonly Condition[] {
  return values && values.length > 0 ? [{ field, operator: "in", values }] : [];
}
