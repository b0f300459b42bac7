import Type from "typebox";
import {
  createPaymentSessions,
  deletePaymentSession,
  refreshPaymentSession,
  selectPaymentSession,
  updatePaymentSession,
} from "../../operations/region-cart-payment.ts";
import { type Call, type Route, route } from "../route.ts";
import { answerCart, refusedCart, wireCartWithCustomer, withKey } from "./answer-cart.ts";
import { cartAnswers, cartSchema, providerBody, sessionDataBody } from "./cart-schemas.ts";
import { cartIdOf } from "./carts.ts";

const tag = "Store: payment sessions";

const sessionOf = (call: Pick<Call, "params">) => ({
  cartId: cartIdOf(call),
  provider: call.params.provider as string,
});

/** How a cart may be paid for. A change may ask a provider, so that no transaction is open meanwhile. */
export const paymentSessionRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/store/carts/:id/payment-sessions",
    access: "open",
    tag,
    summary: "Prepare a payment session for every provider of the region",
    idempotency: "phased",
    responses: { ...cartAnswers, 200: Type.Object({ cart: cartSchema, data: cartSchema }) },
    handle: async (call) => {
      const created = await createPaymentSessions(call.deps, call.context, cartIdOf(call));
      if (!created.ok) return withKey(call, refusedCart(created.error));
      const cart = await wireCartWithCustomer(call, created.value);
      // Both names are in use.
      return withKey(call, { status: 200, body: { cart, data: cart } });
    },
  }),
  route({
    method: "POST",
    path: "/store/carts/:id/payment-session",
    access: "open",
    tag,
    summary: "Choose the payment session to pay with",
    body: providerBody,
    idempotency: "phased",
    responses: cartAnswers,
    handle: async (call) => {
      const input = { cartId: cartIdOf(call), provider: call.body.provider_id };
      return answerCart(call, await selectPaymentSession(call.deps, call.context, input));
    },
  }),
  route({
    method: "POST",
    path: "/store/carts/:id/payment-sessions/:provider",
    access: "open",
    tag,
    summary: "Give a payment session's provider data, and choose it",
    body: sessionDataBody,
    idempotency: "phased",
    responses: cartAnswers,
    handle: async (call) => {
      const input = { ...sessionOf(call), data: call.body.data };
      return answerCart(call, await updatePaymentSession(call.deps, call.context, input));
    },
  }),
  route({
    method: "DELETE",
    path: "/store/carts/:id/payment-sessions/:provider",
    access: "open",
    tag,
    summary: "Give a payment session up",
    idempotency: "phased",
    responses: cartAnswers,
    handle: async (call) =>
      answerCart(call, await deletePaymentSession(call.deps, call.context, sessionOf(call))),
  }),
  route({
    method: "POST",
    path: "/store/carts/:id/payment-sessions/:provider/refresh",
    access: "open",
    tag,
    summary: "Begin a payment session anew",
    idempotency: "phased",
    responses: cartAnswers,
    handle: async (call) =>
      answerCart(call, await refreshPaymentSession(call.deps, call.context, sessionOf(call))),
  }),
];
