import Type from "typebox";
import type { ProductCategory } from "../../domain/catalog/grouped-by.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { notFound } from "./errors.ts";
import { engineId } from "./ids.ts";
import { catalogErrors, categorySchema } from "./product-schemas.ts";
import { readQuery } from "./query.ts";
import { renderCategory } from "./render-category.ts";
import { listOf, one } from "./schemas.ts";

const tag = "Medusa store: products";
const word = Type.Optional(Type.String({ maxLength: 2048 }));

const paging = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000_000 })),
  expand: word,
  fields: word,
};

/** What lists of categories are filtered by; staff may ask for those that shoppers do not see. */
export const categoryQuery = Type.Object({
  q: word,
  handle: word,
  parent_category_id: word,
  include_descendants_tree: Type.Optional(Type.Boolean()),
  ...paging,
});

export type CategoryParameters = {
  readonly q?: string;
  readonly handle?: string;
  /** "null": those at the top. */
  readonly parent_category_id?: string;
  readonly include_descendants_tree?: boolean;
  readonly is_active?: boolean;
  readonly is_internal?: boolean;
  readonly limit?: number;
  readonly offset?: number;
};

const oneQuery = Type.Object({ expand: word, fields: word });

export const storeCategoryRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/store/product-categories",
    access: "open",
    tag,
    summary: "List the categories that shoppers may see",
    query: Object.keys(categoryQuery.properties),
    responses: { 200: listOf("product_categories", categorySchema), ...catalogErrors },
    async handle(call) {
      const read = readQuery<CategoryParameters>(call, categoryQuery);
      return "refusal" in read
        ? read.refusal
        : categoryPage(await shownCategories(call), read.query, shopperView);
    },
  }),
  route({
    method: "GET",
    path: "/store/product-categories/:categoryId",
    access: "open",
    tag,
    summary: "Get a category that shoppers may see",
    query: Object.keys(oneQuery.properties),
    responses: { 200: one("product_category", categorySchema), ...catalogErrors },
    async handle(call) {
      const read = readQuery(call, oneQuery);
      if ("refusal" in read) return read.refusal;
      const all = await shownCategories(call);
      const found = all.find(({ id }) => id === engineId("pcat", call.params.categoryId ?? ""));
      if (!found) return noCategory(call);
      const rendered = renderCategory(all, found, { isDeep: true });
      return { status: 200, body: { product_category: shopperView(rendered) } };
    },
  }),
];

export function noCategory({ params }: Pick<Call<unknown>, "params">): Reply {
  return notFound(`ProductCategory with id: ${params.categoryId} was not found`);
}

async function shownCategories({ deps, context }: Call<unknown>): Promise<ProductCategory[]> {
  const all = await deps.storage.records.all(context.store.storeId, "product_category");
  return all.filter(({ isActive, isInternal }) => isActive && !isInternal);
}

/** What is for staff only is left out, all the way down. */
function shopperView(value: object): object {
  const { is_active, is_internal, ...shown } = value as Record<string, unknown>;
  const { parent_category: parent, category_children: children } = shown;
  return {
    ...shown,
    ...(parent !== undefined && parent !== null && { parent_category: shopperView(parent) }),
    ...(Array.isArray(children) && { category_children: children.map(shopperView) }),
  };
}

/** A page of categories by their places; `view` is what is shown of each. */
export function categoryPage(
  all: readonly ProductCategory[],
  parameters: CategoryParameters,
  view: (rendered: object) => object = (rendered) => rendered,
): Reply {
  const { q, handle, parent_category_id: parent, limit = 100, offset = 0 } = parameters;
  const text = q?.trim().toLowerCase();
  const parentId = parent === undefined || parent === "null" ? undefined : engineId("pcat", parent);
  const found = all
    .filter(
      (category) =>
        (handle === undefined || category.handle === handle) &&
        (parent === undefined || category.parentId === parentId) &&
        (parameters.is_active ?? category.isActive) === category.isActive &&
        (parameters.is_internal ?? category.isInternal) === category.isInternal &&
        (!text || [category.name, category.handle].some((name) => name.toLowerCase().includes(text))),
    )
    .sort((a, b) => a.rank - b.rank);
  const isDeep = parameters.include_descendants_tree ?? false;
  const shown = found
    .slice(offset, offset + limit)
    .map((category) => view(renderCategory(all, category, { isDeep })));
  return { status: 200, body: { count: found.length, offset, limit, product_categories: shown } };
}
