import Type from "typebox";
import { orderProgress } from "../../domain/order/progress.ts";
import { type Route, route } from "../route.ts";
import { withKey } from "./answer-cart.ts";
import { isShown } from "./answer-order.ts";
import { notAllowed, notFound } from "./errors.ts";
import { engineId } from "./ids.ts";
import { bodyOf, error, given, text } from "./schemas.ts";

const tag = "Store: swaps";
const pieces = Type.Integer({ minimum: 1, maximum: 1_000_000 });
const notCaptured = "Cannot swap an order that has not been captured";
const instead = "Exchanges are not offered here: ask for a return, and order the other items anew";

/** Exchanges, which are not offered: what is asked for is looked at as far as the original does, and refused. */
export const swapRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/store/swaps",
    access: "open",
    tag,
    summary: "Not offered: send items back and order others instead",
    body: bodyOf({
      order_id: text(255),
      return_items: Type.Array(
        bodyOf({
          item_id: text(255),
          quantity: pieces,
          reason_id: given(Type.String({ maxLength: 255 })),
          note: given(Type.String({ maxLength: 1000 })),
        }),
        { maxItems: 1000 },
      ),
      additional_items: Type.Array(bodyOf({ variant_id: text(255), quantity: pieces }), { maxItems: 1000 }),
      return_shipping_option: given(Type.String({ maxLength: 255 })),
    }),
    responses: { 400: error, 404: error },
    async handle(call) {
      const { deps, context, body } = call;
      const orderId = engineId("order", body.order_id);
      const order = await deps.storage.orders.load(context.store.storeId, orderId);
      if (!order || !isShown(order))
        return withKey(call, notFound(`Order with id: ${body.order_id} was not found`));
      // What was paid back in part does not count as captured, in the original neither.
      const isCaptured = orderProgress(order).payment === "captured";
      return withKey(call, notAllowed(isCaptured ? instead : notCaptured));
    },
  }),
  route({
    method: "GET",
    path: "/store/swaps/:cartId",
    access: "open",
    tag,
    summary: "Not offered: there are none",
    responses: { 404: error },
    handle: async ({ params }) => notFound(`There is no swap with the cart ${params.cartId}`),
  }),
];
