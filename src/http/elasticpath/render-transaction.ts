import { authorizedUntil, hasExpired, isCalledOff } from "../../domain/order/authorization.ts";
import type { Order } from "../../domain/order/order.ts";
import {
  type Payment,
  paymentFacts,
  type ShopperAction,
  startOf,
  waitsForShopper,
} from "../../domain/order/payment.ts";
import { formatFor, type StoreConfig } from "../../operations/context.ts";
import { shown } from "./render-money.ts";

/**
 * A payment as this dialect shows it: one record that goes from authorize to capture to refund, and keeps its whole
 * amount beside what was refunded.
 */
export function renderTransaction(store: StoreConfig, order: Order, payment: Payment) {
  const format = formatFor(store, payment.currency);
  const facts = paymentFacts(payment);
  const first = startOf(payment);
  const last = payment.operations.findLast(({ type, status }) => status === "complete" && type !== "void");
  const failure = payment.operations.findLast(({ failure }) => failure !== undefined)?.failure;
  const captureBy = payment.operations.find(
    ({ type, status }) => type === "capture" && status === "complete",
  );
  const refundBy = payment.operations.findLast(
    ({ type, status }) => type === "refund" && status === "complete",
  );
  const expiresAt = authorizedUntil(payment);
  const unresolved = payment.operations.find(({ status }) => status === "pending");
  return {
    id: payment.id,
    type: "transaction",
    reference: payment.reference ?? "",
    ...(payment.name !== undefined && { name: payment.name }),
    ...(payment.customReference !== undefined && { custom_reference: payment.customReference }),
    gateway: payment.gateway,
    amount: payment.amount,
    ...(facts.captured > 0 && facts.captured < payment.amount && { captured_amount: facts.captured }),
    refunded_amount: facts.refunded,
    currency: payment.currency,
    transaction_type: last?.type ?? first?.type ?? "authorize",
    status: statusOf(payment),
    ...(captureBy?.mechanism === "manual" && { capture_mechanism: "manual" }),
    ...(refundBy?.mechanism === "manual" && { refund_mechanism: "manual" }),
    ...(unresolved && {
      payment_details: {
        detailed_status: unresolved.action?.status ?? "unknown",
        operation: unresolved.type,
        since: unresolved.createdAt,
      },
    }),
    ...(hasExpired(payment) &&
      facts.captured === 0 && { payment_details: { detailed_status: "expired_uncaptured_charge" } }),
    ...(unresolved?.action && shopperAction(payment, unresolved.action)),
    ...(failure && !facts.voided && first?.origin !== "gateway" && { failure_details: failure }),
    next_actions: nextActions(payment),
    relationships: { order: { data: { type: "order", id: order.id } } },
    meta: {
      display_price: shown(payment.amount, format),
      display_refunded_amount: { total: shown(facts.refunded, format) },
      timestamps: { created_at: payment.createdAt, updated_at: payment.updatedAt },
      ...(expiresAt !== undefined && {
        authorization: { expires_at: expiresAt, expires_soon: first?.expiryWarnedAt !== undefined },
      }),
    },
  };
}

/** How the shopper goes on, in the two forms that the vendor's gateways have for it. */
function shopperAction({ reference }: Payment, { status, clientSecret, redirectUrl }: ShopperAction) {
  const url = redirectUrl !== undefined && { redirect_url: redirectUrl };
  if (clientSecret === undefined) return url && { client_parameters: url };
  return {
    client_parameters: { token: reference, secret: clientSecret, ...url },
    payment_intent: { id: reference, status, client_secret: clientSecret },
  };
}

function statusOf(payment: Payment): "pending" | "complete" | "failed" | "cancelled" {
  // The vendor leaves an authorization that has expired as it is, until somebody calls it off.
  if (paymentFacts(payment).voided && (isCalledOff(payment) || !hasExpired(payment))) return "cancelled";
  return startOf(payment)?.status ?? "pending";
}

function nextActions(payment: Payment): string[] {
  const facts = paymentFacts(payment);
  if (hasExpired(payment) && facts.captured === 0 && !isCalledOff(payment)) return ["cancel", "capture"];
  if (!facts.live) return [];
  if (waitsForShopper(payment)) return ["confirm", "cancel"];
  if (!facts.resolved) return ["confirm"];
  const captured = payment.operations.some(
    ({ type, status }) => status === "complete" && (type === "capture" || type === "purchase"),
  );
  return [
    ...(!captured || facts.authorized > 0 ? ["capture", "cancel"] : []),
    ...(facts.captured > facts.refunded ? ["refund"] : []),
  ];
}
