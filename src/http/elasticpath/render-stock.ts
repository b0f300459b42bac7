import Type, { type Static } from "typebox";
import type { StockMovement, StockRow } from "../../operations/ports/stock.ts";
import { timestamps } from "./schemas.ts";

const counts = { available: Type.Integer(), allocated: Type.Integer(), total: Type.Integer() };

/** The numbers twice: old clients read them at the top, clients of the multi-location API under `attributes`. */
export const stockSchema = Type.Object({
  id: Type.String(),
  type: Type.Literal("stock"),
  ...counts,
  attributes: Type.Object(counts),
  meta: Type.Object({ stock_id: Type.String(), timestamps }),
});

const moved = {
  action: Type.Enum(["create", "increment", "decrement", "allocate", "deallocate", "set", "delete"]),
  quantity: Type.Integer(),
  product_id: Type.String(),
};

export const stockTransactionSchema = Type.Object({
  id: Type.String(),
  type: Type.Literal("stock-transaction"),
  ...moved,
  timestamps: Type.Object({ created_at: Type.String({ format: "date-time" }) }),
  attributes: Type.Object(moved),
  meta: Type.Object({
    timestamps,
    // Who moved it and why are the shop's business.
    order_id: Type.Optional(Type.String()),
    actor: Type.Optional(Type.String()),
    before: Type.Optional(Type.Object({ total: Type.Integer(), allocated: Type.Integer() })),
    after: Type.Optional(Type.Object({ total: Type.Integer(), allocated: Type.Integer() })),
  }),
});

export function renderStock(row: StockRow): Static<typeof stockSchema> {
  const numbers = {
    available: row.total - row.allocated,
    allocated: row.allocated,
    total: row.total,
  };
  return {
    id: row.productId,
    type: "stock",
    ...numbers,
    attributes: numbers,
    meta: {
      stock_id: row.productId,
      timestamps: { created_at: row.createdAt, updated_at: row.updatedAt },
    },
  };
}

const shownActions = {
  create: "create",
  increment: "increment",
  decrement: "decrement",
  allocate: "allocate",
  deallocate: "deallocate",
  set: "set",
  delete: "delete",
  fulfil: "decrement",
  unfulfil: "increment",
  restock: "increment",
} as const satisfies Record<StockMovement["action"], string>;

/** One line of the log. What an order took out of the warehouse, or put back, is a decrement or increment to this API. */
export function renderMovement(
  movement: StockMovement,
  forShop: boolean,
): Static<typeof stockTransactionSchema> {
  const { createdAt } = movement;
  const told = {
    action: shownActions[movement.action],
    quantity: movement.quantity,
    product_id: movement.productId,
  };
  return {
    id: movement.id,
    type: "stock-transaction",
    ...told,
    timestamps: { created_at: createdAt },
    attributes: told,
    meta: {
      timestamps: { created_at: createdAt, updated_at: createdAt },
      ...(forShop && {
        ...(movement.orderId !== undefined && { order_id: movement.orderId }),
        actor: movement.actor,
        before: { total: movement.totalBefore, allocated: movement.allocatedBefore },
        after: { total: movement.totalAfter, allocated: movement.allocatedAfter },
      }),
    },
  };
}
