import type { Money, Order } from "@paypal/paypal-server-sdk";
import type { SessionData } from "../../domain/order/pay.ts";
import { authorizationOf, capturesOf, refundsOf, unitOf } from "./paypal-order.ts";

/**
 * An order as PayPal's own API writes it, for the shopper's browser: its id is what PayPal's buttons are given. Who the
 * shopper is at PayPal is left out.
 */
export function orderData(order: Order): SessionData {
  const unit = unitOf(order);
  const authorization = authorizationOf(order);
  return {
    id: order.id,
    intent: order.intent,
    status: order.status,
    purchase_units: [
      {
        reference_id: unit?.referenceId ?? "default",
        amount: moneyOf(unit?.amount),
        custom_id: unit?.customId,
        payments: {
          authorizations: authorization
            ? [{ ...partOf(authorization), expiration_time: authorization.expirationTime }]
            : [],
          captures: capturesOf(order).map((capture) => ({
            ...partOf(capture),
            final_capture: capture.finalCapture,
          })),
          refunds: refundsOf(order).map(partOf),
        },
      },
    ],
    links: (order.links ?? []).map(({ rel, href, method }) => ({ rel, href, method })),
  };
}

type Part = { readonly id?: string; readonly status?: string; readonly amount?: Money };

function partOf({ id, status, amount }: Part) {
  return { id, status, amount: moneyOf(amount) };
}

function moneyOf(money: Money | undefined) {
  return money && { currency_code: money.currencyCode, value: money.value };
}
