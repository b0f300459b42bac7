import Type, { type Static } from "typebox";
import { MAX_STOCK } from "../../domain/inventory/stock.ts";
import type { MoveStock, StockRow } from "../../operations/ports/stock.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { notFound, problem } from "./errors.ts";
import { invalidBody } from "./invalid-body.ts";
import { locationsRefused } from "./inventory-locations.ts";
import { LIST_PARAMETERS, listReply } from "./list-reply.ts";
import { renderMovement, stockTransactionSchema } from "./render-stock.ts";
import { commonErrors, one, page } from "./schemas.ts";

const type = Type.Optional(Type.Literal("stock-transaction"));
const movement = {
  type,
  action: Type.Optional(Type.Enum(["increment", "decrement", "allocate", "deallocate", "set"])),
  quantity: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_STOCK })),
};

/** Both forms: the members at the top, or under `attributes` in the multi-location API. */
const transactionBody = one(
  Type.Object({
    ...movement,
    attributes: Type.Optional(
      Type.Object({ ...movement, location: Type.Optional(Type.Union([Type.String(), Type.Null()])) }),
    ),
  }),
);

const tag = "Inventories";
const path = "/v2/inventories/:productId/transactions";

export const stockTransactionRoutes: readonly Route[] = [
  route({
    method: "GET",
    path,
    access: "token",
    tag,
    summary: "List how the stock of a product has moved, oldest first; orders' movements too",
    query: LIST_PARAMETERS,
    responses: { 200: page(stockTransactionSchema), ...commonErrors },
    handle(call) {
      const { store } = call.context;
      return listReply(
        call,
        {
          fields: {
            id: { type: "text", operators: ["eq", "in"] },
            action: { type: "text", operators: ["eq", "in"] },
            created_at: { type: "timestamp", operators: [], sortable: true },
          },
          // As many as one answer may hold: old clients do not page here.
          defaultLimit: 100,
          defaultSort: { field: "created_at", descending: false },
        },
        (query) => call.deps.storage.stock.movements(store.storeId, call.params.productId as string, query),
        (rows) => ({ data: rows.map((row) => renderMovement(row, isShop(call))) }),
      );
    },
  }),
  route({
    method: "GET",
    path: `${path}/:transactionId`,
    access: "token",
    tag,
    summary: "Get one movement of stock",
    responses: { 200: one(stockTransactionSchema), ...commonErrors },
    async handle(call) {
      const { productId = "", transactionId = "" } = call.params;
      const { storeId } = call.context.store;
      const found = await call.deps.storage.stock.movement(storeId, productId, transactionId);
      if (!found) return notFound("The resource could not be found");
      return { status: 200, body: { data: renderMovement(found, isShop(call)) } };
    },
  }),
  route({
    method: "POST",
    path,
    access: "shop",
    tag,
    summary: "Move the stock of a product",
    body: transactionBody,
    responses: { 200: one(stockTransactionSchema), 201: one(stockTransactionSchema), ...commonErrors },
    handle: move,
  }),
];

const isShop = ({ context }: Pick<Call, "context">): boolean => context.actor.kind === "shop";

async function move(call: Call<Static<typeof transactionBody>>): Promise<Reply> {
  const { deps, context } = call;
  const { attributes } = call.body.data;
  const { action, quantity } = attributes ?? call.body.data;
  const prefix = attributes ? "data.attributes" : "data";
  const missing = [action === undefined && "action", quantity === undefined && "quantity"].filter(
    (name) => name !== false,
  );
  if (action === undefined || quantity === undefined) {
    return invalidBody(
      missing.map((name) => ({
        path: `${prefix}.${name}`,
        keyword: "required",
        expected: undefined,
        value: undefined,
      })),
    );
  }
  if (quantity === 0 && action !== "set") {
    return invalidBody([{ path: `${prefix}.quantity`, keyword: "minimum", expected: 1, value: quantity }]);
  }
  if (attributes?.location) return locationsRefused();

  const wanted: MoveStock = {
    movementId: deps.newId(),
    productId: call.params.productId as string,
    location: "",
    action,
    quantity,
    actor: context.actor.label,
    now: deps.now(),
  };
  const moved = await deps.storage.stock.move(context.store.storeId, wanted);
  if (moved.kind === "not_found") return notFound("The resource could not be found");
  if (moved.kind === "refused") return stockRefused(wanted, moved.row);
  const noted = await deps.storage.stock.movement(context.store.storeId, wanted.productId, wanted.movementId);
  if (!noted) throw new Error(`Movement ${wanted.movementId} was not written`);
  return { status: attributes ? 201 : 200, body: { data: renderMovement(noted, true) } };
}

/** The numbers are told: only the shop itself moves stock. */
function stockRefused({ productId, action, quantity }: MoveStock, row: StockRow): Reply {
  const tooMany =
    action === "increment" && row.total + quantity > MAX_STOCK
      ? `The stock of a product cannot be more than ${MAX_STOCK}`
      : undefined;
  return problem(
    422,
    "Cannot complete request",
    tooMany ?? "Your request could not be completed due to insufficient stock levels",
    {
      meta: {
        id: productId,
        total: row.total,
        allocated: row.allocated,
        available: row.total - row.allocated,
      },
    },
  );
}
