import Type from "typebox";
import type { ProductScope } from "../../operations/ports/products.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { catalogNodeRoutes } from "./catalog-nodes.ts";
import { catalogProductAnswer, catalogProductPage, releaseSchema } from "./catalog-schemas.ts";
import { problem } from "./errors.ts";
import { LIST_PARAMETERS, listReply } from "./list-reply.ts";
import { loadVisible, productFields, productNotFound, visibleTo } from "./products.ts";
import { renderCatalogProduct, renderRelease } from "./render-catalog.ts";
import { includedOf } from "./render-product.ts";
import { commonErrors, one } from "./schemas.ts";

const tag = "Catalog";
const path = "/catalog/products/:productId";
const query = [...LIST_PARAMETERS, "include"];

/** The shopper's catalog: read only, the same products as `/v2/products`, and only live ones, whoever asks. */
export const catalogRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/catalog",
    access: "token",
    tag,
    summary: "Get the catalog's release",
    responses: { 200: one(releaseSchema), ...commonErrors },
    async handle(call) {
      return { status: 200, body: { data: renderRelease(call) } };
    },
  }),
  route({
    method: "GET",
    path: "/catalog/products",
    access: "token",
    tag,
    summary: "List the live products",
    query,
    responses: { 200: catalogProductPage, ...commonErrors },
    handle: (call) => catalogProducts(call, {}),
  }),
  route({
    method: "GET",
    path,
    access: "token",
    tag,
    summary: "Get a live product",
    query: ["include"],
    responses: { 200: catalogProductAnswer, ...commonErrors },
    async handle(call) {
      const found = await loadLive(call);
      if (!found) return productNotFound(call);
      const included = includedOf(call, call.rawQuery, [found]);
      const data = renderCatalogProduct(call, found);
      const links = { self: `${call.baseUrl}/catalog/products/${found.product.id}` };
      return { status: 200, body: { data, ...(included && { included }), links } };
    },
  }),
  route({
    method: "GET",
    path: `${path}/relationships/children`,
    access: "token",
    tag,
    summary: "List the live variants of a base product",
    query,
    responses: { 200: catalogProductPage, ...commonErrors },
    async handle(call) {
      const found = await loadLive(call);
      return found ? catalogProducts(call, { parentId: found.product.id }) : productNotFound(call);
    },
  }),
  route({
    method: "POST",
    path: `${path}/configure`,
    access: "token",
    tag,
    summary: "Configure a bundle; there are no bundles in this version, so every product refuses",
    body: one(Type.Object({ selected_options: Type.Optional(Type.Object({})) })),
    responses: { ...commonErrors },
    idempotency: "none",
    async handle(call) {
      const found = await loadLive(call);
      if (!found) return productNotFound(call);
      return problem(
        422,
        "Unprocessable Entity",
        "This product is no bundle: it has no components to choose from",
        { meta: { id: found.product.id } },
      );
    },
  }),
  ...catalogNodeRoutes(catalogProducts),
];

async function loadLive(call: Call<unknown>) {
  const found = await loadVisible(call);
  return found?.product.status === "live" ? found : undefined;
}

function catalogProducts(call: Call, scope: Partial<ProductScope>): Promise<Reply> {
  const { store } = call.context;
  return listReply(
    call,
    {
      fields: productFields,
      defaultLimit: store.settings.pageLength,
      defaultSort: { field: "created_at", descending: false },
    },
    (wanted) =>
      call.deps.storage.products.list(
        store.storeId,
        { ...visibleTo(call), ...scope, liveOnly: true },
        wanted,
      ),
    (rows) => {
      const included = includedOf(call, call.rawQuery, rows);
      return { data: rows.map((row) => renderCatalogProduct(call, row)), ...(included && { included }) };
    },
  );
}
