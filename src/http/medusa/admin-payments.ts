import Type, { type Static } from "typebox";
import type { Order } from "../../domain/order/order.ts";
import { type Payment, paymentFacts } from "../../domain/order/payment.ts";
import { fail, ok, type Result } from "../../domain/result.ts";
import { capturePayment, refundPayment } from "../../operations/change-payment.ts";
import { derivedId } from "../../operations/derived-id.ts";
import type { Refusal } from "../../operations/refusal.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { isShown } from "./answer-order.ts";
import { invalidData, notAllowed, refused } from "./errors.ts";
import { engineId, wireId } from "./ids.ts";
import { readQuery } from "./query.ts";
import { paymentDates, refundReasons, renderRefunds } from "./render-after-sales.ts";
import { isPromised, renderPayment } from "./render-order.ts";
import {
  amount,
  bodyOf,
  dateTime,
  error,
  given,
  nullable,
  one,
  plainText,
  text,
  textOrNull,
} from "./schemas.ts";
import { readShown } from "./shown-members.ts";

const tag = "Admin: payments";
const path = "/admin/payments/:paymentId";

const paymentSchema = Type.Object({
  id: Type.String(),
  cart_id: textOrNull,
  order_id: textOrNull,
  amount,
  currency_code: Type.String(),
  amount_refunded: amount,
  provider_id: Type.String(),
  data: Type.Record(Type.String(), Type.Unknown()),
  captured_at: nullable(dateTime),
  canceled_at: nullable(dateTime),
});
const refundSchema = Type.Object({
  id: Type.String(),
  order_id: Type.String(),
  payment_id: Type.String(),
  amount,
  reason: Type.Enum([...refundReasons]),
  note: textOrNull,
});
/** `fields` may leave all but the id out. */
const shownPaymentSchema = Type.Object({
  ...Type.Partial(paymentSchema).properties,
  id: Type.String(),
});
const failures = { 400: error, 401: plainText, 404: error, 409: error };
const answers = { 200: one("payment", paymentSchema), ...failures };

const word = Type.Optional(Type.String({ maxLength: 1000 }));
const query = Type.Object({ expand: word, fields: word });
const refundBody = bodyOf({
  amount: Type.Integer({ minimum: 1, maximum: 1_000_000_000_000 }),
  reason: text(64),
  note: given(Type.String({ maxLength: 1000 })),
});

/** Payments one by one, for a merchant who has only the payment's id. */
export const adminPaymentRoutes: readonly Route[] = [
  route({
    method: "GET",
    path,
    access: "shop",
    tag,
    summary: "A payment of an order",
    query: ["expand", "fields"],
    responses: { ...answers, 200: one("payment", shownPaymentSchema) },
    async handle(call) {
      const read = readQuery<Static<typeof query>>(call, query);
      if ("refusal" in read) return read.refusal;
      const { expand, fields } = read.query;
      const members = { usual: [], more: [] };
      const selected = readShown({ ...(expand && { expand }), ...(fields && { fields }) }, members);
      if ("refusal" in selected) return selected.refusal;
      const found = await paidOrder(call);
      if (!found.ok) return refused(found.error);
      const { order, payment } = found.value;
      const shown = fields ? renderPayment(order, payment) : plainPayment(order, payment);
      return { status: 200, body: { payment: selected.shown.pick(shown) } };
    },
  }),
  route({
    method: "POST",
    path: `${path}/capture`,
    access: "shop",
    tag,
    summary: "Capture what the payment has authorized; captured twice is as good as once",
    idempotency: "phased",
    responses: answers,
    handle: capture,
  }),
  route({
    method: "POST",
    path: `${path}/refund`,
    access: "shop",
    tag,
    summary: "Pay a part or all of the payment back",
    body: refundBody,
    idempotency: "phased",
    responses: { 200: one("refund", refundSchema), ...failures },
    handle: refund,
  }),
];

type PaidOrder = { readonly order: Order; readonly payment: Payment };

async function paidOrder({ deps, context, params }: Call): Promise<Result<PaidOrder, Refusal>> {
  const paymentId = engineId("pay", params.paymentId as string);
  const order = await deps.storage.orders.ofPayment(context.store.storeId, paymentId);
  const payment = order?.payments.find(({ id }) => id === paymentId);
  return order && payment && isShown(order) && isPromised(payment)
    ? ok({ order, payment })
    : fail({ type: "payment_not_found", paymentId });
}

async function capture(call: Call): Promise<Reply> {
  const found = await paidOrder(call);
  if (!found.ok) return refused(found.error);
  const { order, payment } = found.value;
  // Of a part that was captured, the rest may still be taken.
  if (paymentDates(payment).captured_at !== null && paymentFacts(payment).authorized === 0) {
    return { status: 200, body: { payment: plainPayment(order, payment) } };
  }
  const captured = await capturePayment(call.deps, call.context, order.id, {
    paymentId: payment.id,
    operationId: derivedId(call.attemptId, 0),
    mechanism: "gateway",
  });
  if (captured.ok) {
    return { status: 200, body: { payment: plainPayment(captured.value.order, captured.value.payment) } };
  }
  return captured.error.type === "order_cancelled"
    ? notAllowed("A canceled order cannot capture payment")
    : refused(captured.error);
}

async function refund(call: Call<Static<typeof refundBody>>): Promise<Reply> {
  const { amount: wanted, reason, note } = call.body;
  if (!refundReasons.some((known) => known === reason)) {
    return invalidData(`reason must be one of ${refundReasons.join(", ")}`);
  }
  const found = await paidOrder(call);
  if (!found.ok) return refused(found.error);
  const { order, payment } = found.value;
  if (order.cancelledAt) return notAllowed("A canceled order cannot be refunded");
  const operationId = derivedId(call.attemptId, 0);
  const refunded = await refundPayment(call.deps, call.context, order.id, {
    paymentId: payment.id,
    operationId,
    amount: wanted,
    reason,
    ...(note && { note }),
  });
  if (!refunded.ok) return refused(refunded.error);
  const id = wireId("ref", operationId);
  const made = renderRefunds(refunded.value.order).find((one) => one.id === id);
  return { status: 200, body: { refund: { ...made, payment_id: wireId("pay", payment.id) } } };
}

/** As the original shows a payment that is asked for alone. */
function plainPayment(order: Order, payment: Payment) {
  const { created_at: _, updated_at: __, idempotency_key: ___, ...plain } = renderPayment(order, payment);
  return plain;
}
