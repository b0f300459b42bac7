import type { Static } from "typebox";
import Type from "typebox";
import type { Price } from "../../domain/catalog/product.ts";
import type { ListableFields } from "../../operations/listing.ts";
import type { ProductScope, StockedProduct } from "../../operations/ports/products.ts";
import { createProduct, type ProductDetails, updateProduct } from "../../operations/save-product.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { customFieldsOf, invalidCustomFields } from "./custom-fields.ts";
import { refused } from "./errors.ts";
import { invalidBody } from "./invalid-body.ts";
import { LIST_PARAMETERS, listReply } from "./list-reply.ts";
import { mainImageRoutes } from "./product-images.ts";
import {
  newProductBody,
  productAnswer,
  productChangesBody,
  productIncluded,
  productSchema,
} from "./product-schemas.ts";
import { includedOf, renderProduct } from "./render-product.ts";
import { commonErrors, page } from "./schemas.ts";

/** Products can be listed by these. */
export const productFields: ListableFields = {
  id: { type: "text", operators: ["eq", "in"] },
  name: { type: "text", operators: ["eq", "in", "like", "ilike"], sortable: true },
  slug: { type: "text", operators: ["eq", "in", "like", "ilike"], sortable: true },
  sku: { type: "text", operators: ["eq", "in", "like", "ilike"], sortable: true },
  status: { type: "text", operators: ["eq", "in", "like"], sortable: true },
  description: { type: "text", operators: ["like", "ilike"], sortable: true },
  commodity_type: { type: "text", operators: ["eq", "in"], sortable: true },
  manage_stock: { type: "boolean", operators: ["eq"], sortable: true },
  stock: { type: "integer", operators: ["eq", "gt", "ge", "lt", "le"], sortable: true },
  "brand.id": { type: "text", operators: ["eq", "in"] },
  "category.id": { type: "text", operators: ["eq", "in"] },
  "collection.id": { type: "text", operators: ["eq", "in"] },
  created_at: { type: "timestamp", operators: ["eq", "gt", "ge", "lt", "le"], sortable: true },
  updated_at: { type: "timestamp", operators: ["eq", "gt", "ge", "lt", "le"], sortable: true },
};

const tag = "Products";
const path = "/v2/products/:productId";

export const productRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/v2/products",
    access: "token",
    tag,
    summary: "List products; shoppers see those that are live",
    query: [...LIST_PARAMETERS, "include"],
    responses: {
      200: Type.Interface([page(productSchema)], { included: Type.Optional(productIncluded) }),
      ...commonErrors,
    },
    handle(call) {
      const { store } = call.context;
      return listReply(
        call,
        {
          fields: productFields,
          defaultLimit: store.settings.pageLength,
          defaultSort: { field: "created_at", descending: false },
        },
        (query) => call.deps.storage.products.list(store.storeId, visibleTo(call), query),
        (rows) => {
          const included = includedOf(call, call.rawQuery, rows);
          return { data: rows.map((row) => renderProduct(call, row)), ...(included && { included }) };
        },
      );
    },
  }),
  route({
    method: "POST",
    path: "/v2/products",
    access: "shop",
    tag,
    summary: "Create a product",
    body: newProductBody,
    responses: { 201: productAnswer, ...commonErrors },
    async handle(call) {
      const { data } = call.body;
      const invalid = invalidCustomFields(call, "products", data, { creating: true });
      if (invalid.length > 0) return invalidBody(invalid);
      const fields = customFieldsOf(call, "products", data);
      const created = await createProduct(call.deps, call.context, {
        details: {
          name: data.name,
          slug: data.slug,
          sku: data.sku,
          description: data.description,
          manageStock: data.manage_stock,
          prices: pricesOf(data.price),
          status: data.status,
          commodityType: data.commodity_type,
          ...(fields && { fields }),
        },
        ...(data.stock !== undefined && { stock: data.stock }),
      });
      return created.ok ? productReply(call, created.value, 201) : refused(created.error);
    },
  }),
  route({
    method: "GET",
    path,
    access: "token",
    tag,
    summary: "Get a product; shoppers see those that are live",
    query: ["include"],
    responses: { 200: productAnswer, ...commonErrors },
    async handle(call) {
      const found = await loadVisible(call);
      return found ? productReply(call, found, 200) : productNotFound(call);
    },
  }),
  route({
    method: "PUT",
    path,
    access: "shop",
    tag,
    summary: "Change a product",
    body: productChangesBody,
    responses: { 200: productAnswer, ...commonErrors },
    async handle(call) {
      const { productId = "" } = call.params;
      const invalid = invalidCustomFields(call, "products", call.body.data, { creating: false });
      if (invalid.length > 0) return invalidBody(invalid);
      const fields = customFieldsOf(call, "products", call.body.data);
      const changes = { ...changesOf(call.body.data), ...(fields && { fields }) };
      const updated = await updateProduct(call.deps, call.context, productId, changes);
      return updated.ok ? productReply(call, updated.value, 200) : refused(updated.error);
    },
  }),
  route({
    method: "DELETE",
    path,
    access: "shop",
    tag,
    summary: "Delete a product with its variants; orders must not hold pieces of it",
    responses: { 204: null, ...commonErrors },
    async handle(call) {
      const { deps, context, params } = call;
      const { productId = "" } = params;
      const deleted = await deps.storage.products.delete(context.store.storeId, productId, {
        movementId: deps.newId(),
        actor: context.actor.label,
        now: deps.now(),
      });
      if (deleted === "not_found") return productNotFound(call);
      return deleted === "deleted" ? { status: 204 } : refused({ type: "stock_allocated", productId });
    },
  }),
  ...mainImageRoutes,
];

/** What the caller may see of the products: shoppers what is live, and variants by themselves if the store says so. */
export function visibleTo({ context }: Pick<Call, "context">): ProductScope {
  return {
    liveOnly: context.actor.kind === "shopper",
    children: context.store.settings.listChildProducts,
  };
}

/** The product that the path names, unless it is hidden from the caller. */
export async function loadVisible(
  call: Pick<Call, "deps" | "context" | "params">,
): Promise<StockedProduct | undefined> {
  const { deps, context, params } = call;
  const found = await deps.storage.products.load(context.store.storeId, params.productId as string);
  if (!found || (found.product.status !== "live" && visibleTo(call).liveOnly)) return undefined;
  return found;
}

/** The answer to a product that is not there, or hidden from the caller. */
export function productNotFound({ params }: Pick<Call, "params">): Reply {
  return refused({ type: "product_not_found", id: params.productId as string });
}

function productReply(call: Call, stocked: StockedProduct, status: 200 | 201): Reply {
  const included = includedOf(call, call.rawQuery, [stocked]);
  return { status, body: { data: renderProduct(call, stocked), ...(included && { included }) } };
}

function changesOf(data: Static<typeof productChangesBody>["data"]): Partial<ProductDetails> {
  return {
    ...(data.name !== undefined && { name: data.name }),
    ...(data.slug !== undefined && { slug: data.slug }),
    ...(data.sku !== undefined && { sku: data.sku }),
    ...(data.description !== undefined && { description: data.description }),
    ...(data.manage_stock !== undefined && { manageStock: data.manage_stock }),
    ...(data.price !== undefined && { prices: pricesOf(data.price) }),
    ...(data.status !== undefined && { status: data.status }),
    ...(data.commodity_type !== undefined && { commodityType: data.commodity_type }),
  };
}

function pricesOf(prices: Static<typeof newProductBody>["data"]["price"]): Price[] {
  return prices.map(({ amount, currency, includes_tax = false }) => ({
    amount,
    currency,
    includesTax: includes_tax,
  }));
}
