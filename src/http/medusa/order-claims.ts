import Type from "typebox";
import { claimOrders, requestOrders } from "../../operations/claim-orders.ts";
import { type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { bodyOf, error, plainText } from "./schemas.ts";

/** How a customer gets the orders that they bought without an account, or with another e-mail address. */
export const orderClaimRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/store/orders/batch/customer/token",
    access: "shopper",
    tag: "Orders",
    summary: "Ask for orders; the event order-update-token.created carries the token that proves them",
    body: bodyOf({ order_ids: Type.Array(Type.String({ maxLength: 255 }), { maxItems: 100 }) }),
    responses: { 200: plainText, 400: error, 401: plainText },
    idempotency: "none",
    async handle({ deps, context, body }) {
      await requestOrders(deps, context, {
        customerId: context.actor.customerId as string,
        orderIds: body.order_ids.map((id) => engineId("order", id)),
      });
      return { status: 200, text: "OK" };
    },
  }),
  route({
    method: "POST",
    path: "/store/orders/customer/confirm",
    access: "open",
    tag: "Orders",
    summary: "Make the orders that a token names the customer's who asked for them",
    body: bodyOf({ token: Type.String({ maxLength: 16_384 }) }),
    responses: { 200: plainText, 400: error, 404: error, 409: error },
    // Twice is as good as once.
    idempotency: "none",
    async handle({ deps, context, body }) {
      const claimed = await claimOrders(deps, context, body.token);
      return claimed.ok ? { status: 200, text: "OK" } : refused(claimed.error);
    },
  }),
];
