import Type, { type Static } from "typebox";
import type { ProductCategory } from "../../domain/catalog/grouped-by.ts";
import type { Result } from "../../domain/result.ts";
import {
  type CategoryDetails,
  type CategoryRefusal,
  categorizeProducts,
  createCategory,
  deleteCategory,
  updateCategory,
} from "../../operations/save-category.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { categorySchema, staffErrors } from "./product-schemas.ts";
import { readQuery } from "./query.ts";
import { renderCategory } from "./render-category.ts";
import { bodyOf, deleted, given, handleText, joined, listOf, metadata, one, text } from "./schemas.ts";
import { type CategoryParameters, categoryPage, categoryQuery, noCategory } from "./store-categories.ts";

const tag = "Medusa admin: products";
const path = "/admin/product-categories/:categoryId";
const answer = one("product_category", categorySchema);

const staffQuery = Type.Object({
  ...categoryQuery.properties,
  is_active: Type.Optional(Type.Boolean()),
  is_internal: Type.Optional(Type.Boolean()),
});

const members = {
  description: given(Type.String({ maxLength: 10_000 })),
  handle: handleText,
  is_internal: given(Type.Boolean()),
  is_active: given(Type.Boolean()),
  parent_category_id: given(Type.String({ maxLength: 255 })),
  metadata: given(metadata),
};
const changes = bodyOf({
  ...members,
  name: given(text(255)),
  rank: given(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
});
const productsBody = bodyOf({
  product_ids: Type.Array(bodyOf({ id: text(255) }), { maxItems: 1000 }),
});

export const adminCategoryRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/product-categories",
    access: "shop",
    tag,
    summary: "List the categories",
    query: Object.keys(staffQuery.properties),
    responses: { 200: listOf("product_categories", categorySchema), ...staffErrors },
    async handle(call) {
      const read = readQuery<CategoryParameters>(call, staffQuery);
      return "refusal" in read ? read.refusal : categoryPage(await allOf(call), read.query);
    },
  }),
  route({
    method: "POST",
    path: "/admin/product-categories",
    access: "shop",
    tag,
    summary: "Create a category",
    body: bodyOf({ ...members, name: text(255) }),
    responses: { 200: answer, ...staffErrors },
    async handle(call) {
      const details = { ...detailsOf(call.body), name: call.body.name };
      return categoryReply(call, await createCategory(call.deps, call.context, details));
    },
  }),
  route({
    method: "GET",
    path,
    access: "shop",
    tag,
    summary: "Get a category with what is below it",
    responses: { 200: answer, ...staffErrors },
    async handle(call) {
      const all = await allOf(call);
      const found = all.find(({ id }) => id === categoryIdOf(call));
      if (!found) return noCategory(call);
      return { status: 200, body: { product_category: renderCategory(all, found, { isDeep: true }) } };
    },
  }),
  route({
    method: "POST",
    path,
    access: "shop",
    tag,
    summary: "Change a category and its place",
    body: changes,
    responses: { 200: answer, ...staffErrors },
    async handle(call) {
      const details = detailsOf(call.body);
      return categoryReply(call, await updateCategory(call.deps, call.context, categoryIdOf(call), details));
    },
  }),
  route({
    method: "DELETE",
    path,
    access: "shop",
    tag,
    summary: "Delete a category that has none below it; its products stay",
    responses: { 200: deleted, ...staffErrors },
    async handle(call) {
      const gone = await deleteCategory(call.deps, call.context, categoryIdOf(call));
      if (!gone.ok) return refused(gone.error);
      return { status: 200, body: { id: call.params.categoryId, object: "product-category", deleted: true } };
    },
  }),
  ...(["POST", "DELETE"] as const).map((method) =>
    route({
      method,
      path: `${path}/products/batch`,
      access: "shop",
      tag,
      summary: method === "POST" ? "Put products into a category" : "Take products out of a category",
      body: productsBody,
      responses: { 200: answer, ...staffErrors },
      async handle(call) {
        const ids = call.body.product_ids.map(({ id }) => engineId("prod", id));
        const what = method === "POST" ? "add" : "remove";
        const { deps, context } = call;
        return categoryReply(call, await categorizeProducts(deps, context, categoryIdOf(call), ids, what));
      },
    }),
  ),
];

const categoryIdOf = ({ params }: Pick<Call<unknown>, "params">): string =>
  engineId("pcat", params.categoryId ?? "");

function allOf({ deps, context }: Call<unknown>): Promise<readonly ProductCategory[]> {
  return deps.storage.records.all(context.store.storeId, "product_category");
}

function detailsOf(body: Static<typeof changes>): CategoryDetails {
  const { name, handle, description, is_active: isActive, is_internal: isInternal, rank } = body;
  const { parent_category_id: parent, metadata: notes } = body;
  return {
    ...(name && { name }),
    ...(handle && { handle: joined(handle) }),
    ...(typeof description === "string" && { description }),
    ...(typeof isActive === "boolean" && { isActive }),
    ...(typeof isInternal === "boolean" && { isInternal }),
    ...(typeof rank === "number" && { rank }),
    ...(notes && { metadata: notes }),
    ...(parent !== undefined && { parentId: parent && engineId("pcat", parent) }),
  };
}

async function categoryReply(
  call: Call<unknown>,
  result: Result<ProductCategory, CategoryRefusal>,
): Promise<Reply> {
  if (!result.ok) return refused(result.error);
  const all = await allOf(call);
  return {
    status: 200,
    body: { product_category: renderCategory(all, result.value, { isDeep: true }) },
  };
}
