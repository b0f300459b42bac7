import type { Static } from "typebox";
import { payInstead } from "../../operations/pay-instead.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { badRequest, problem, refused } from "./errors.ts";
import { paymentBody, transaction } from "./order-schemas.ts";
import { renderTransaction } from "./render-transaction.ts";
import { commonErrors, one } from "./schemas.ts";

export const paymentRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/v2/orders/:orderId/payments",
    access: "token",
    tag: "Payments",
    summary: "Pay for an order, in full or in part",
    body: paymentBody,
    responses: { 201: one(transaction), ...commonErrors },
    idempotency: "phased",
    handle: pay,
  }),
];

async function pay(call: Call<Static<typeof paymentBody>>): Promise<Reply> {
  const { data } = call.body;
  // Card numbers belong to the gateway's own page; here they are refused before anything looks at them.
  const card = ["number", "verification_value", "cvv", "card"].find((member) => member in data);
  if (card !== undefined) {
    return problem(
      400,
      "Bad Request",
      "Card details are not accepted here, send a token of the payment gateway",
      {
        source: `data.${card}`,
      },
    );
  }
  const { gateway, method, amount, payment, paymentmethod_meta: meta, options } = data;
  if (method !== "authorize" && method !== "purchase") {
    return badRequest(`The method ${method} is not supported, use authorize or purchase`);
  }
  const paid = await payInstead(call.deps, call.context, {
    orderId: call.params.orderId as string,
    paymentId: call.attemptId,
    gateway,
    method,
    ...(amount !== undefined && { amount }),
    ...(meta?.name !== undefined && { name: meta.name }),
    ...(meta?.custom_reference !== undefined && { customReference: meta.custom_reference }),
    ...(payment !== undefined && { paymentToken: payment }),
    ...(options && { options }),
  });
  if (!paid.ok) {
    const { error } = paid;
    if (error.type !== "insufficient_stock") return refused(error);
    return problem(400, "Insufficient stock", "There is not enough stock to complete your order", {
      meta: { id: error.productId, sku: error.sku },
    });
  }
  const { order, payment: made } = paid.value;
  return { status: 201, body: { data: renderTransaction(call.context.store, order, made) } };
}
