import type { Order } from "@paypal/paypal-server-sdk";
import type { GatewayOutcome } from "../../domain/order/pay.ts";
import type { FoundOutcome, GatewayCall } from "../gateway.ts";
import { toPayPalAmount } from "./paypal-amount.ts";
import { type AskPayPal, prefer } from "./paypal-client.ts";
import { refundedFor, refundFound } from "./paypal-found.ts";
import { writeLabel } from "./paypal-label.ts";
import { capturesOf, outcomeOfRefund, refundParts, unknownState } from "./paypal-order.ts";
import { declined } from "./paypal-outcome.ts";

export type PayPalRefunds = {
  /** Refunds what is not given back yet: one capture after the other, where none has so much left. */
  giveBack(of: GatewayCall, order: Order): Promise<GatewayOutcome>;
  /** A refund that was cut off half way is finished: what is missing of it is asked for by nobody else. */
  refundFinished(of: GatewayCall, order: Order): Promise<FoundOutcome>;
};

export function paypalRefunds(call: AskPayPal): PayPalRefunds {
  const giveBack = async (of: GatewayCall, order: Order): Promise<GatewayOutcome> => {
    const known = refundFound(of, order);
    if (known.kind !== "absent") return known;
    const given = refundedFor(of, order);
    const parts = refundParts(order, of.amount - given);
    if (!parts) {
      const most = "The captures of the payment have less left that could be given back";
      return declined(capturesOf(order).length === 0 ? "payment_not_captured" : "refund_too_large", most);
    }
    let outcome: GatewayOutcome = unknownState(order);
    for (const { captureId, amount } of parts) {
      const isWhole = amount === of.amount;
      const key = isWhole ? of.key : `${of.key}-${captureId}`;
      const { result } = await call(of, ({ payments }, as) =>
        payments.refundCapturedPayment({
          captureId,
          paypalRequestId: key,
          prefer,
          body: {
            amount: {
              currencyCode: of.currency.toUpperCase(),
              value: toPayPalAmount(amount, of.currency) ?? "",
            },
            invoiceId: key,
            customId: writeLabel({ ...of, detail: of.key }),
          },
          ...as,
        }),
      );
      const next = outcomeOfRefund(result);
      // What one part waits for, all of it does.
      if (outcome.kind !== "pending" || next.kind === "declined") outcome = next;
      if (next.kind === "declined" && !isWhole) return { kind: "unknown", reason: "a part was not refunded" };
    }
    return outcome;
  };

  const refundFinished = async (of: GatewayCall, order: Order): Promise<FoundOutcome> =>
    refundedFor(of, order) > 0 ? giveBack(of, order) : refundFound(of, order);

  return { giveBack, refundFinished };
}
