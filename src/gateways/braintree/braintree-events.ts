import type { BraintreeClient, BraintreeSearch, BraintreeTransaction } from "braintree";
import type { SeenPayment, SeenRefund } from "../../domain/order/seen-payment.ts";
import type { GatewayEvent, GatewayEvents, GatewayQuestion, GatewayRequest } from "../gateway.ts";
import { fromBraintreeAmount } from "./braintree-amount.ts";
import { accountOf, braintreeClient, typeOf } from "./braintree-client.ts";
import { expiryOf, isCaptured, outcomeOfRefund, wasReleasedAfterCapture } from "./braintree-outcome.ts";
import { idsOf, releaseReference } from "./braintree-reference.ts";

/** Everything that can happen to a transaction while nobody here asked for it. */
const questions: readonly ((search: BraintreeSearch, since: Date) => void)[] = [
  (search, since) => search.createdAt().min(since),
  (search, since) => search.submittedForSettlementAt().min(since),
  (search, since) => search.voidedAt().min(since),
  (search, since) => search.authorizationExpiredAt().min(since),
];

/** @param ask sends a call with the store's keys, within the deadline */
export function braintreeEvents(
  ask: <Value>(
    question: GatewayQuestion,
    send: (client: BraintreeClient) => Promise<Value>,
  ) => Promise<Value>,
  apiBase: string | undefined,
): GatewayEvents {
  return {
    path: "braintree",
    read: (request) => read(request, apiBase),
    async *since(moment, question) {
      const since = new Date(moment);
      for (const describe of questions) {
        yield await ask(question, async (client) => {
          const found = new Map<string, GatewayEvent>();
          for await (const transaction of client.transaction.search((search) => describe(search, since))) {
            const { id, status, updatedAt = moment } = transaction;
            const event = eventOf(transaction, `${id}:${status}:${updatedAt}`, status, updatedAt);
            found.set(event.id, event);
          }
          return [...found.values()];
        });
      }
    },
    look: (reference, question) =>
      ask(question, async (client) => {
        let payment: BraintreeTransaction;
        try {
          const named = await client.transaction.find(reference);
          // What is told of a refund does not always name the payment.
          const paid = named.type === "credit" ? named.refundedTransactionId : undefined;
          payment = paid ? await client.transaction.find(paid) : named;
        } catch (error) {
          if (typeOf(error) === "notFoundError") return undefined;
          throw error;
        }
        const refunds: SeenRefund[] = [];
        for (const id of payment.refundIds ?? []) refunds.push(refundOf(await client.transaction.find(id)));
        return paymentOf(payment, refunds);
      }),
  };
}

/**
 * Reads a form with `bt_signature` and `bt_payload`. Braintree signs with the keys of its API and tells no age that could
 * be limited: it repeats calls for a day. A repeated one only makes us look once more.
 */
async function read(
  { body, settings }: GatewayRequest,
  apiBase: string | undefined,
): Promise<GatewayEvent[] | undefined> {
  const account = accountOf(settings, apiBase);
  const form = new URLSearchParams(Buffer.from(body).toString("utf8"));
  const signature = form.get("bt_signature");
  const payload = form.get("bt_payload");
  if (!account || !signature || !payload) return undefined;
  const client = await braintreeClient(account);
  try {
    const { kind, timestamp, transaction } = await client.webhookNotification.parse(signature, payload);
    if (!transaction) return [];
    return [eventOf(transaction, `${kind}:${transaction.id}:${timestamp}`, kind, timestamp)];
  } catch (error) {
    if (typeOf(error) === "invalidSignatureError") return undefined;
    throw error;
  }
}

function eventOf(transaction: BraintreeTransaction, id: string, type: string, at: string): GatewayEvent {
  const { type: kind, status, orderId, refundedTransactionId } = transaction;
  const reference = refundedTransactionId || transaction.id;
  const ids = idsOf(orderId);
  const asAsked =
    kind === "credit" ? outcomeOfRefund(transaction).kind === "approved" : status === "authorized";
  const moment = Date.parse(at);
  return {
    id,
    type,
    occurredAt: Number.isNaN(moment) ? new Date(0).toISOString() : new Date(moment).toISOString(),
    reference,
    ...(ids && { orderId: ids.orderId }),
    // What went on from there, a capture, a release, a failure, is not what that operation asked for.
    ...(ids && asAsked && { operationId: ids.operationId }),
  };
}

function paymentOf(payment: BraintreeTransaction, refunds: readonly SeenRefund[]): SeenPayment | undefined {
  const { id, status, amount, currencyIsoCode, orderId } = payment;
  const ids = idsOf(orderId);
  if (!ids || payment.type !== "sale") return undefined;
  const minor = fromBraintreeAmount(amount, currencyIsoCode);
  const released = wasReleasedAfterCapture(payment);
  const captured = isCaptured(status) || released;
  const over = status === "voided" || status === "authorization_expired";
  return {
    reference: id,
    orderId: ids.orderId,
    paymentId: ids.operationId,
    state: captured ? "captured" : over ? "released" : status === "authorized" ? "authorized" : "open",
    authorized: status === "authorized" ? minor : 0,
    captured: captured ? minor : 0,
    ...(status === "authorized" && expiryOf(payment)),
    ...(over && !released && { reason: status === "voided" ? "voided" : "expired" }),
    refunds: released
      ? [...refunds, { reference: releaseReference(id), amount: minor, status: "complete" }]
      : refunds,
  };
}

function refundOf(refund: BraintreeTransaction): SeenRefund {
  const { id, amount, currencyIsoCode, orderId } = refund;
  const { kind } = outcomeOfRefund(refund);
  const operationId = idsOf(orderId)?.operationId;
  return {
    reference: id,
    ...(operationId !== undefined && { operationId }),
    amount: fromBraintreeAmount(amount, currencyIsoCode),
    status: kind === "approved" ? "complete" : kind === "declined" ? "failed" : "pending",
  };
}
