import Type from "typebox";
import type { ProductCollection } from "../../domain/catalog/grouped-by.ts";
import type { Result } from "../../domain/result.ts";
import { productIdsOf } from "../../operations/products-of-group.ts";
import {
  type CollectionRefusal,
  collectProducts,
  createCollection,
  deleteCollection,
  updateCollection,
} from "../../operations/save-collection.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { notFound, refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { productIdsBody } from "./product-body.ts";
import {
  collectionSchema,
  collectionWithProducts,
  staffErrors,
  tagSchema,
  typeSchema,
} from "./product-schemas.ts";
import { renderCollection, renderTag, renderType } from "./render-groups.ts";
import { productColumns } from "./render-product.ts";
import { bodyOf, deleted, given, handleText, joined, listOf, metadata, one, text } from "./schemas.ts";
import { collectionQuery, listCollections, listTags, listTypes, valuedQuery } from "./store-collections.ts";

const tag = "Medusa admin: products";
const path = "/admin/collections/:collectionId";
const answer = one("collection", collectionWithProducts);
/** Tags that are shown by how many products have them. */
const MOST_USED = 10;

export const adminCollectionRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/collections",
    access: "shop",
    tag,
    summary: "List the collections, newest first",
    query: Object.keys(collectionQuery.properties),
    responses: { 200: listOf("collections", collectionSchema), ...staffErrors },
    handle: (call) => listCollections(call, 10),
  }),
  route({
    method: "POST",
    path: "/admin/collections",
    access: "shop",
    tag,
    summary: "Create a collection",
    body: bodyOf({ title: text(255), handle: handleText, metadata: given(metadata) }),
    responses: { 200: answer, ...staffErrors },
    async handle(call) {
      const { title, handle: wanted, metadata: notes } = call.body;
      const created = await createCollection(call.deps, call.context, {
        title,
        ...(wanted && { handle: joined(wanted) }),
        ...(notes && { metadata: notes }),
      });
      return collectionReply(call, created);
    },
  }),
  route({
    method: "GET",
    path,
    access: "shop",
    tag,
    summary: "Get a collection with its products",
    responses: { 200: answer, ...staffErrors },
    async handle(call) {
      const { deps, context, params } = call;
      const id = collectionIdOf(call);
      const found = await deps.storage.records.load(context.store.storeId, "product_collection", id);
      if (!found) return notFound(`Product collection with id: ${params.collectionId} was not found`);
      return collectionReply(call, { ok: true, value: found });
    },
  }),
  route({
    method: "POST",
    path,
    access: "shop",
    tag,
    summary: "Change a collection",
    body: bodyOf({ title: given(text(255)), handle: handleText, metadata: given(metadata) }),
    responses: { 200: answer, ...staffErrors },
    async handle(call) {
      const { title, handle: wanted, metadata: notes } = call.body;
      const changed = await updateCollection(call.deps, call.context, collectionIdOf(call), {
        ...(title && { title }),
        ...(wanted && { handle: joined(wanted) }),
        ...(notes && { metadata: notes }),
      });
      return collectionReply(call, changed);
    },
  }),
  route({
    method: "DELETE",
    path,
    access: "shop",
    tag,
    summary: "Delete a collection; its products stay",
    responses: { 200: deleted, ...staffErrors },
    async handle(call) {
      await deleteCollection(call.deps, call.context, collectionIdOf(call));
      const { collectionId: id } = call.params;
      return { status: 200, body: { id, object: "product-collection", deleted: true } };
    },
  }),
  route({
    method: "POST",
    path: `${path}/products/batch`,
    access: "shop",
    tag,
    summary: "Put products into a collection",
    body: productIdsBody,
    responses: { 200: answer, ...staffErrors },
    async handle(call) {
      return collectionReply(call, await collect(call, "add"));
    },
  }),
  route({
    method: "DELETE",
    path: `${path}/products/batch`,
    access: "shop",
    tag,
    summary: "Take products out of a collection",
    body: productIdsBody,
    responses: {
      200: Type.Object({
        id: Type.String(),
        object: Type.String(),
        removed_products: Type.Array(Type.String()),
      }),
      ...staffErrors,
    },
    async handle(call) {
      const left = await collect(call, "remove");
      if (!left.ok) return refused(left.error);
      const { product_ids: removed } = call.body;
      const { collectionId: id } = call.params;
      return { status: 200, body: { id, object: "product-collection", removed_products: removed } };
    },
  }),
  route({
    method: "GET",
    path: "/admin/product-types",
    access: "shop",
    tag,
    summary: "List the types of products",
    query: Object.keys(valuedQuery.properties),
    responses: { 200: listOf("product_types", typeSchema), ...staffErrors },
    handle: (call) => listTypes(call, 20),
  }),
  route({
    method: "GET",
    path: "/admin/product-tags",
    access: "shop",
    tag,
    summary: "List the tags of products",
    query: Object.keys(valuedQuery.properties),
    responses: { 200: listOf("product_tags", tagSchema), ...staffErrors },
    handle: (call) => listTags(call, 10),
  }),
  route({
    method: "GET",
    path: "/admin/products/types",
    access: "shop",
    tag,
    summary: "All types of products",
    responses: { 200: Type.Object({ types: Type.Array(typeSchema) }), ...staffErrors },
    async handle({ deps, context }) {
      const types = await deps.storage.records.all(context.store.storeId, "product_type");
      return { status: 200, body: { types: types.map(renderType) } };
    },
  }),
  route({
    method: "GET",
    path: "/admin/products/tag-usage",
    access: "shop",
    tag,
    summary: "The tags that most products have",
    responses: {
      200: Type.Object({
        tags: Type.Array(
          Type.Object({ id: Type.String(), value: Type.String(), usage_count: Type.Integer() }),
        ),
      }),
      ...staffErrors,
    },
    async handle({ deps, context }) {
      const { records, products } = deps.storage;
      const { storeId } = context.store;
      const used = await products.tagUsage(storeId, MOST_USED);
      const ids = used.map(({ id }) => id);
      const known = new Map(
        (await records.loadMany(storeId, "product_tag", ids)).map((one) => [one.id, one]),
      );
      const tags = used.flatMap(({ id, products: count }) => {
        const found = known.get(id);
        if (!found) return [];
        const { id: wire, value } = renderTag(found);
        return [{ id: wire, value, usage_count: count }];
      });
      return { status: 200, body: { tags } };
    },
  }),
];

const collectionIdOf = ({ params }: Pick<Call<unknown>, "params">): string =>
  engineId("pcol", params.collectionId ?? "");

function collect(call: Call<{ readonly product_ids: readonly string[] }>, what: "add" | "remove") {
  const ids = call.body.product_ids.map((id) => engineId("prod", id));
  return collectProducts(call.deps, call.context, collectionIdOf(call), ids, what);
}

async function collectionReply(
  { deps, context, baseUrl }: Call<unknown>,
  result: Result<ProductCollection, CollectionRefusal>,
): Promise<Reply> {
  if (!result.ok) return refused(result.error);
  const { products } = deps.storage;
  const ids = await productIdsOf(deps.storage, context, "collection_id", result.value.id);
  const rows = await products.byId(context.store.storeId, ids);
  const shown = rows.map(({ product }) => productColumns({ baseUrl }, product));
  return { status: 200, body: { collection: { ...renderCollection(result.value), products: shown } } };
}
