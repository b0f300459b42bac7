import Type from "typebox";
import type { Result } from "../../domain/result.ts";
import { capturePayment, refundPayment, voidPayment } from "../../operations/change-payment.ts";
import { confirmPayment } from "../../operations/confirm-payment.ts";
import type { PaidOrder } from "../../operations/pay-order.ts";
import type { Refusal } from "../../operations/refusal.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { cancelBody, captureBody, confirmBody, refundBody, transaction } from "./order-schemas.ts";
import { visibleOrder } from "./orders.ts";
import { renderTransaction } from "./render-transaction.ts";
import { commonErrors, one } from "./schemas.ts";

const list = "/v2/orders/:orderId/transactions";
const single = `${list}/:transactionId`;

export const transactionRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: list,
    access: "shopper",
    tag: "Transactions",
    summary: "List the transactions of an order",
    responses: { 200: Type.Object({ data: Type.Array(transaction) }), ...commonErrors },
    async handle(call) {
      const found = await visibleOrder(call);
      if (!found.ok) return refused(found.error);
      const order = found.value;
      const data = order.payments.map((payment) => renderTransaction(call.context.store, order, payment));
      return { status: 200, body: { data } };
    },
  }),
  route({
    method: "GET",
    path: single,
    access: "shopper",
    tag: "Transactions",
    summary: "Get a transaction",
    responses: { 200: one(transaction), ...commonErrors },
    async handle(call) {
      const found = await visibleOrder(call);
      if (!found.ok) return refused(found.error);
      const paymentId = call.params.transactionId as string;
      const payment = found.value.payments.find((candidate) => candidate.id === paymentId);
      if (!payment) return refused({ type: "payment_not_found", paymentId });
      return { status: 200, body: { data: renderTransaction(call.context.store, found.value, payment) } };
    },
  }),
  route({
    method: "POST",
    path: `${single}/capture`,
    access: "shop",
    tag: "Transactions",
    summary: "Capture an authorized transaction",
    body: captureBody,
    bodyOptional: true,
    responses: { 200: one(transaction), ...commonErrors },
    idempotency: "phased",
    async handle(call) {
      const data = call.body?.data;
      return answered(
        call,
        await capturePayment(call.deps, call.context, call.params.orderId as string, {
          mechanism: data?.capture_mechanism === "manual" ? "manual" : "gateway",
          ...(data?.custom_reference !== undefined && { customReference: data.custom_reference }),
          ...(data?.amount !== undefined && { amount: data.amount }),
          ...(data?.final !== undefined && { isLast: data.final }),
          ...operationOf(call),
        }),
      );
    },
  }),
  route({
    method: "POST",
    path: `${single}/refund`,
    access: "shop",
    tag: "Transactions",
    summary: "Refund an amount, or mark all of a transaction as refunded",
    body: refundBody,
    bodyOptional: true,
    responses: { 200: one(transaction), ...commonErrors },
    idempotency: "phased",
    async handle(call) {
      const data = call.body?.data;
      return answered(
        call,
        await refundPayment(call.deps, call.context, call.params.orderId as string, {
          ...operationOf(call),
          ...(data?.amount !== undefined && { amount: data.amount }),
          ...(data?.options?.note !== undefined && { reason: data.options.note }),
        }),
      );
    },
  }),
  route({
    method: "POST",
    path: `${single}/cancel`,
    access: "shop",
    tag: "Transactions",
    summary: "Cancel an authorization that was not captured",
    body: cancelBody,
    bodyOptional: true,
    responses: { 200: one(transaction), ...commonErrors },
    idempotency: "phased",
    async handle(call) {
      const reason = call.body?.data?.reason;
      return answered(
        call,
        await voidPayment(call.deps, call.context, call.params.orderId as string, {
          ...operationOf(call),
          ...(reason !== undefined && { reason }),
        }),
      );
    },
  }),
  route({
    method: "POST",
    path: `${single}/confirm`,
    access: "token",
    tag: "Transactions",
    summary:
      "Ask the gateway what became of a pending transaction, or go on with what its shopper brought back",
    body: confirmBody,
    bodyOptional: true,
    responses: { 200: one(transaction), ...commonErrors },
    idempotency: "phased",
    async handle(call) {
      const { orderId, transactionId } = call.params as { orderId: string; transactionId: string };
      const options = call.body?.data?.options ?? call.body?.options;
      return answered(call, await confirmPayment(call.deps, call.context, orderId, transactionId, options));
    },
  }),
];

/** A repeat with the same idempotency key is the same operation; without a key every request is one of its own. */
function operationOf(call: Call): { paymentId: string; operationId: string } {
  return { paymentId: call.params.transactionId as string, operationId: call.attemptId };
}

function answered(call: Call, result: Result<PaidOrder, Refusal>): Reply {
  if (!result.ok) return refused(result.error);
  const { order, payment } = result.value;
  return { status: 200, body: { data: renderTransaction(call.context.store, order, payment) } };
}
