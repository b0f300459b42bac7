import type { PaymentOperationType } from "../../src/domain/order/payment.ts";
import { paypalGateway } from "../../src/gateways/paypal/paypal.ts";
import type { GatewayRig } from "./conformance.ts";
import type { PayPalOperation, PayPalServer } from "./paypal-server.ts";

/** PayPal's stand-in as the conformance suite wants it; the tokens say what its shoppers are like. */
export function payPalRig(server: PayPalServer): GatewayRig {
  return {
    gateway: paypalGateway({ slug: "paypal", name: "PayPal", apiBase: server.url }),
    settings: { ...server.credentials, webhook_id: "WEBHOOK1", test: true },
    currency: "USD",
    tokens: { approved: "able", declined: "broke" },
    break: (operation, fault) => server.break(operations[operation], fault),
    heal: () => server.heal(),
    slow: (operation, delayMs) => server.slow(operations[operation], delayMs),
    books: (paymentId) => server.books.of(paymentId),
    async shopper(reference, passes) {
      const asked = server.books.order(reference);
      const { intent } = asked.body;
      server.books.approve(reference, { declines: !passes });
      // A call of the shop that was on its way when it closed the order comes to nothing.
      if (asked.intent !== intent) server.books.finish(reference, intent);
    },
  };
}

const operations: Record<PaymentOperationType, PayPalOperation> = {
  authorize: "finish",
  purchase: "finish",
  capture: "capture",
  refund: "refund",
  void: "void",
};
