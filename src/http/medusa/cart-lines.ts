import {
  addToRegionCart,
  removeFromRegionCart,
  updateLineOfRegionCart,
} from "../../operations/region-cart-lines.ts";
import { type Route, route } from "../route.ts";
import { answerCart, keyOf, refusedCart, wireCartWithCustomer, withKey } from "./answer-cart.ts";
import { addLineBody, cartAnswers, updateLineBody } from "./cart-schemas.ts";
import { cartIdOf } from "./carts.ts";
import { notAllowed } from "./errors.ts";
import { engineId } from "./ids.ts";

/** The lines of a cart. */
export const cartLineRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/store/carts/:id/line-items",
    access: "open",
    tag: "Store: carts",
    summary: "Add a variant to a cart",
    body: addLineBody,
    idempotency: "phased",
    responses: cartAnswers,
    handle: async (call) => {
      const { variant_id: variantId, quantity, metadata } = call.body;
      const added = await addToRegionCart(call.deps, call.context, {
        cartId: cartIdOf(call),
        variantId: engineId("variant", variantId),
        quantity,
        ...(metadata && { metadata }),
        ...(keyOf(call) !== undefined && { attemptId: call.attemptId }),
      });
      if (!added.ok) return withKey(call, refusedCart(added.error));
      const cart = await wireCartWithCustomer(call, added.value);
      return withKey(call, { status: 200, body: { cart } });
    },
  }),
  route({
    method: "POST",
    path: "/store/carts/:id/line-items/:lineId",
    access: "open",
    tag: "Store: carts",
    summary: "Change the quantity of a line",
    body: updateLineBody,
    idempotency: "phased",
    responses: cartAnswers,
    handle: async (call) => {
      const { quantity, metadata } = call.body;
      const updated = await updateLineOfRegionCart(call.deps, call.context, {
        cartId: cartIdOf(call),
        itemId: engineId("item", call.params.lineId as string),
        quantity,
        ...(metadata && { metadata }),
      });
      if (!updated.ok && updated.error.type === "insufficient_stock") {
        return notAllowed("Inventory doesn't cover the desired quantity", "insufficient_inventory");
      }
      return answerCart(call, updated);
    },
  }),
  route({
    method: "DELETE",
    path: "/store/carts/:id/line-items/:lineId",
    access: "open",
    tag: "Store: carts",
    summary: "Take a line off a cart",
    idempotency: "phased",
    responses: cartAnswers,
    handle: async (call) => {
      const itemId = engineId("item", call.params.lineId as string);
      const input = { cartId: cartIdOf(call), itemId };
      return answerCart(call, await removeFromRegionCart(call.deps, call.context, input));
    },
  }),
];
