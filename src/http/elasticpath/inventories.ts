import Type, { type Static } from "typebox";
import { MAX_STOCK } from "../../domain/inventory/stock.ts";
import type { StockRow } from "../../operations/ports/stock.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { notFound, problem, refused } from "./errors.ts";
import { invalidBody } from "./invalid-body.ts";
import { inventoryLocationRoutes, locationsRefused } from "./inventory-locations.ts";
import { LIST_PARAMETERS, listReply } from "./list-reply.ts";
import { renderStock, stockSchema } from "./render-stock.ts";
import { commonErrors, one, page, requiredText } from "./schemas.ts";
import { stockTransactionRoutes } from "./stock-transactions.ts";

const count = Type.Integer({ minimum: 0, maximum: MAX_STOCK });
const type = Type.Optional(Type.Literal("stock"));

/** Both forms of a new stock record: `quantity`, or `attributes.available` in the multi-location API. */
const newStock = {
  type,
  quantity: Type.Optional(count),
  attributes: Type.Optional(
    Type.Object({
      available: Type.Optional(count),
      locations: Type.Optional(Type.Object({})),
    }),
  ),
};

const MAX_PRODUCTS_AT_ONCE = 1_000;

const tag = "Inventories";
const path = "/v2/inventories/:productId";

export const inventoryRoutes: readonly Route[] = [
  ...inventoryLocationRoutes,
  route({
    method: "GET",
    path: "/v2/inventories",
    access: "token",
    tag,
    summary: "List the stock of all products",
    query: LIST_PARAMETERS,
    responses: { 200: page(stockSchema), ...commonErrors },
    handle(call) {
      const { store } = call.context;
      return listReply(
        call,
        {
          fields: {
            id: { type: "text", operators: ["eq", "in"] },
            total: { type: "integer", operators: ["eq", "gt", "ge", "lt", "le"], sortable: true },
            allocated: { type: "integer", operators: ["eq", "gt", "ge", "lt", "le"], sortable: true },
            available: { type: "integer", operators: ["eq", "gt", "ge", "lt", "le"], sortable: true },
            created_at: { type: "timestamp", operators: ["gt", "ge", "lt", "le"], sortable: true },
            updated_at: { type: "timestamp", operators: ["gt", "ge", "lt", "le"], sortable: true },
          },
          defaultLimit: store.settings.pageLength,
        },
        (query) => call.deps.storage.stock.list(store.storeId, query),
        (rows) => ({ data: rows.map(renderStock) }),
      );
    },
  }),
  route({
    method: "POST",
    path: "/v2/inventories/multiple",
    access: "token",
    tag,
    summary: "Get the stock of several products; products without a stock record are left out",
    body: Type.Object({
      data: Type.Array(Type.Object({ id: requiredText() }), { maxItems: MAX_PRODUCTS_AT_ONCE }),
    }),
    responses: { 200: Type.Object({ data: Type.Array(stockSchema) }), ...commonErrors },
    idempotency: "none",
    async handle(call) {
      const ids = call.body.data.map(({ id }) => id);
      const rows = await call.deps.storage.stock.loadMany(call.context.store.storeId, ids);
      return { status: 200, body: { data: rows.map(renderStock) } };
    },
  }),
  route({
    method: "POST",
    path: "/v2/inventories",
    access: "shop",
    tag,
    summary: "Begin to count a product that the body names",
    body: one(Type.Object({ id: requiredText(), ...newStock })),
    responses: { 201: one(stockSchema), ...commonErrors },
    handle: (call) => create(call, call.body.data.id, call.body.data),
  }),
  route({
    method: "POST",
    path,
    access: "shop",
    tag,
    summary: "Begin to count a product",
    body: one(Type.Object(newStock)),
    responses: { 201: one(stockSchema), ...commonErrors },
    handle: (call) => create(call, call.params.productId as string, call.body.data),
  }),
  route({
    method: "GET",
    path,
    access: "token",
    tag,
    summary: "Get the stock of a product",
    responses: { 200: one(stockSchema), ...commonErrors },
    async handle(call) {
      const row = await loadStock(call);
      return row ? { status: 200, body: { data: renderStock(row) } } : stockNotFound();
    },
  }),
  route({
    method: "PUT",
    path,
    access: "shop",
    tag,
    summary: "Add or remove locations; there are none in this version, so nothing can be changed",
    body: one(Type.Object({ type, attributes: newStock.attributes })),
    responses: { 200: one(stockSchema), ...commonErrors },
    async handle(call) {
      const row = await loadStock(call);
      if (!row) return stockNotFound();
      if (namesLocations(call.body.data)) return locationsRefused();
      return { status: 200, body: { data: renderStock(row) } };
    },
  }),
  route({
    method: "DELETE",
    path,
    access: "shop",
    tag,
    summary: "Stop counting a product; orders must not hold pieces of it",
    responses: { 204: null, ...commonErrors },
    async handle(call) {
      const { productId = "" } = call.params;
      const deleted = await call.deps.storage.stock.delete(call.context.store.storeId, {
        movementId: call.deps.newId(),
        productId,
        actor: call.context.actor.label,
        now: call.deps.now(),
      });
      if (deleted === "not_found") return stockNotFound();
      return deleted === "deleted" ? { status: 204 } : refused({ type: "stock_allocated", productId });
    },
  }),
  ...stockTransactionRoutes,
];

type NewStock = Static<ReturnType<typeof Type.Object<typeof newStock>>>;

const namesLocations = ({ attributes }: Pick<NewStock, "attributes">): boolean =>
  Object.keys(attributes?.locations ?? {}).length > 0;

async function create(
  call: Pick<Call, "deps" | "context">,
  productId: string,
  data: NewStock,
): Promise<Reply> {
  if (namesLocations(data)) return locationsRefused();
  const quantity = data.quantity ?? data.attributes?.available;
  if (quantity === undefined) {
    const path = data.attributes ? "data.attributes.available" : "data.quantity";
    return invalidBody([{ path, keyword: "required", expected: undefined, value: undefined }]);
  }
  const created = await call.deps.storage.stock.create(call.context.store.storeId, {
    movementId: call.deps.newId(),
    productId,
    location: "",
    quantity,
    actor: call.context.actor.label,
    now: call.deps.now(),
  });
  if (created.kind === "product_not_found") return refused({ type: "product_not_found", id: productId });
  if (created.kind === "exists") {
    return problem(409, "Conflict", "This product has stock already; change it with a stock transaction", {
      meta: { id: productId },
    });
  }
  return { status: 201, body: { data: renderStock(created.row) } };
}

async function loadStock({ deps, context, params }: Pick<Call, "deps" | "context" | "params">) {
  const rows: readonly StockRow[] = await deps.storage.stock.load(
    context.store.storeId,
    params.productId as string,
  );
  return rows.find(({ location }) => location === "");
}

const stockNotFound = (): Reply => notFound("The resource could not be found");
