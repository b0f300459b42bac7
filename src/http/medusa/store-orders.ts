import Type, { type Static } from "typebox";
import type { Order } from "../../domain/order/order.ts";
import { buyerId } from "../../operations/order-details.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { isShown, renderOrders } from "./answer-order.ts";
import { invalidData, notFound } from "./errors.ts";
import { engineId } from "./ids.ts";
import { orderSchema } from "./order-schemas.ts";
import { readQuery } from "./query.ts";
import { error, one, plainText } from "./schemas.ts";
import { orderSelector, ownRelations, storeRelations } from "./select-order.ts";

const tag = "Store: orders";
const names = Type.Optional(Type.String({ maxLength: 2048 }));
const selection = Type.Object({ expand: names, fields: names });
const lookUp = Type.Object({
  expand: names,
  fields: names,
  display_id: Type.String({ maxLength: 32 }),
  email: Type.String({ format: "email", maxLength: 255 }),
  shipping_address: Type.Optional(
    Type.Object({ postal_code: Type.Optional(Type.String({ maxLength: 255 })) }),
  ),
});

/**
 * How shoppers find their orders: whoever knows the id of one may see it, as pages that confirm orders need it, unless the
 * engine is told otherwise.
 */
export const storeOrderRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/store/orders",
    access: "open",
    tag,
    summary: "The order with that number and e-mail address",
    query: Object.keys(lookUp.properties),
    responses: { 200: one("order", orderSchema), 400: error, 404: plainText },
    async handle(call) {
      const read = readQuery<Static<typeof lookUp>>(call, lookUp);
      if ("refusal" in read) {
        // The number is missing or none: said as of a number, though it comes as text.
        return /(^|&)display_id=/.test(call.rawQuery) ? read.refusal : noNumber();
      }
      const { display_id, email, ...rest } = read.query;
      if (!/^\d{1,15}$/.test(display_id)) return noNumber();
      const filter = [[{ field: "display_id", operator: "eq", values: [display_id] } as const]];
      const query = { filter, sort: undefined, limit: 2, offset: 0 };
      const { rows } = await call.deps.storage.orders.list(call.context.store.storeId, {}, query);
      const found = rows.filter((order) => isShown(order) && isOf(order, email));
      return found.length === 1 ? answer(call, found[0], rest, "store") : { status: 404, text: "Not Found" };
    },
  }),
  route({
    method: "GET",
    path: "/store/orders/cart/:cartId",
    access: "open",
    tag,
    summary: "The order that was made of a cart",
    query: ["expand", "fields"],
    responses: { 200: one("order", orderSchema), 400: error, 404: error },
    async handle(call) {
      const read = readQuery<Static<typeof selection>>(call, selection);
      if ("refusal" in read) return read.refusal;
      const { orders } = call.deps.storage;
      const cartId = call.params.cartId as string;
      const order = await orders.ofRegionCart(call.context.store.storeId, engineId("cart", cartId));
      return order && isShown(order) && mayRead(call, order)
        ? answer(call, order, read.query, "own")
        : notFound(`Order with cart id ${cartId} was not found`);
    },
  }),
  route({
    method: "GET",
    path: "/store/orders/:orderId",
    access: "open",
    tag,
    summary: "An order",
    query: ["expand", "fields"],
    responses: { 200: one("order", orderSchema), 400: error, 404: error },
    async handle(call) {
      const read = readQuery<Static<typeof selection>>(call, selection);
      if ("refusal" in read) return read.refusal;
      const orderId = call.params.orderId as string;
      const { orders } = call.deps.storage;
      const order = await orders.load(call.context.store.storeId, engineId("order", orderId));
      return order && isShown(order) && mayRead(call, order)
        ? answer(call, order, read.query, "store")
        : notFound(`Order with id ${orderId} was not found`);
    },
  }),
];

/** Ids cannot be guessed, but they travel: the engine can be told to ask for more. */
function mayRead({ deps, context }: Call, order: Order): boolean {
  const { customerId } = context.actor;
  return deps.ordersById === "anyone" || (customerId !== undefined && buyerId(order) === customerId);
}

function isOf({ buyer, region }: Order, email: string): boolean {
  return (region?.email ?? buyer.email).toLowerCase() === email.toLowerCase();
}

function noNumber(): Reply {
  return invalidData("display_id must be a number conforming to the specified constraints");
}

async function answer(
  call: Call,
  order: Order | undefined,
  { expand, fields }: Static<typeof selection>,
  kind: "store" | "own",
): Promise<Reply> {
  const relations = kind === "own" ? ownRelations : storeRelations;
  const selector = orderSelector({ expand, fields }, relations, { totalsWithFields: "all" });
  if ("refusal" in selector) return selector.refusal;
  const [rendered] = await renderOrders(call, order ? [order] : []);
  return { status: 200, body: { order: rendered && selector.select(rendered) } };
}
