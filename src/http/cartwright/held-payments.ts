import Type from "typebox";
import { completeRegionCart } from "../../operations/complete-region-cart.ts";
import { loadRegionCart } from "../../operations/region-cart.ts";
import { returnHeldPayment } from "../../operations/return-paid-session.ts";
import { type Route, route } from "../route.ts";
import { problemAnswer } from "./explanation.ts";
import { problem } from "./problems.ts";

/** What staff decide about money that waits with a cart, where the store's setting `paid_but_gone` is `hold`. */
export const heldPaymentRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/cartwright/carts/:cartId/held-payment",
    access: "shop",
    tag: "Cartwright: payments",
    summary:
      "Decide about money for goods that were gone: complete the cart, now that they are there, or give it back",
    body: Type.Object(
      { decision: Type.Union([Type.Literal("complete"), Type.Literal("return")]) },
      { additionalProperties: false },
    ),
    responses: {
      200: Type.Object({ cart_id: Type.String(), order_id: Type.Union([Type.String(), Type.Null()]) }),
      400: problemAnswer,
      401: problemAnswer,
      403: problemAnswer,
      404: problemAnswer,
      409: problemAnswer,
    },
    idempotency: "phased",
    async handle({ deps, context, params, body }) {
      const cartId = params.cartId as string;
      const loaded = await loadRegionCart(deps, context, cartId, deps.now());
      const held = loaded.ok ? loaded.value.cart.region.heldPayment : undefined;
      if (!held) return problem(404, "nothing_held", "No money waits with this cart for a decision");
      if (body.decision === "return") {
        return (await returnHeldPayment(deps, context, cartId))
          ? { status: 200, body: { cart_id: cartId, order_id: null } }
          : problem(409, "not_authorized", "The payment is not authorized any more, or about to be taken");
      }
      const done = await completeRegionCart(deps, context, cartId, { sessionId: held.sessionId });
      if (!done.ok) return problem(409, done.error.type, "The cart cannot be completed now");
      return done.value.kind === "order"
        ? { status: 200, body: { cart_id: cartId, order_id: done.value.order.id } }
        : problem(409, "not_authorized", "The payment is not authorized any more");
    },
  }),
];
