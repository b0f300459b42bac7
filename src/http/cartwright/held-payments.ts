import Type from "typebox";
import { completeRegionCart } from "../../operations/complete-region-cart.ts";
import { listHeldPayments } from "../../operations/held-payments.ts";
import { loadRegionCart } from "../../operations/region-cart.ts";
import { returnHeldPayment } from "../../operations/return-paid-session.ts";
import { type Route, route } from "../route.ts";
import { problemAnswer } from "./explanation.ts";
import { invalidBody, problem } from "./problems.ts";

const MAX_LIMIT = 100;
const MAX_OFFSET = 10_000;

const heldAnswer = Type.Object({
  data: Type.Array(
    Type.Object({
      cart_id: Type.String(),
      since: Type.String(),
      email: Type.Union([Type.String(), Type.Null()]),
      provider: Type.String(),
      /** Minor units. */
      amount: Type.Integer(),
      currency: Type.String(),
      /** Empty: the cart can be completed. */
      missing: Type.Array(
        Type.Object({
          product_id: Type.String(),
          sku: Type.String(),
          name: Type.String(),
          wanted: Type.Integer(),
          available: Type.Integer(),
        }),
      ),
    }),
  ),
  total: Type.Integer(),
});

/** What staff decide about money that waits with a cart, where the store's setting `paid_but_gone` is `hold`. */
export const heldPaymentRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/cartwright/held-payments",
    access: "shop",
    tag: "Cartwright: payments",
    summary:
      "List carts that are paid for and wait for a decision, the oldest first, with what they lack by now",
    query: ["limit", "offset"],
    responses: { 200: heldAnswer, 400: problemAnswer, 401: problemAnswer, 403: problemAnswer },
    async handle({ deps, context, rawQuery }) {
      const query = new URLSearchParams(rawQuery);
      const wanted = { limit: query.get("limit") ?? "20", offset: query.get("offset") ?? "0" };
      for (const [path, value] of Object.entries(wanted)) {
        const most = path === "limit" ? MAX_LIMIT : MAX_OFFSET;
        const least = path === "limit" ? 1 : 0;
        if (!/^\d{1,5}$/.test(value) || Number(value) < least || Number(value) > most) {
          return invalidBody([{ path, keyword: "query", expected: most, value }]);
        }
      }
      const page = { limit: Number(wanted.limit), offset: Number(wanted.offset) };
      const { rows, total } = await listHeldPayments(deps, context, page);
      const data = rows.map(({ cartId, since, email, provider, amount, currency, missing }) => ({
        cart_id: cartId,
        since,
        email: email ?? null,
        provider,
        amount,
        currency,
        missing: missing.map(({ productId, ...rest }) => ({ product_id: productId, ...rest })),
      }));
      return { status: 200, body: { data, total } };
    },
  }),
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
