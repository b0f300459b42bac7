import { afterAll, beforeAll } from "vitest";
import { stripeGateway } from "../../src/gateways/stripe/stripe.ts";
import type { Fault, SimulatedOperation } from "../../src/simulator/faults.ts";
import { type StripeSimulator, startStripeSimulator } from "../../src/simulator/server.ts";
import { type GatewayFault, type GatewayRig, testGateway } from "./conformance.ts";

let simulator: StripeSimulator;
let rig: GatewayRig;
beforeAll(async () => {
  simulator = await startStripeSimulator();
  rig = {
    gateway: stripeGateway({ slug: "stripe", name: "Stripe", apiBase: () => simulator.url }),
    settings: { login: "sk_test_1" },
    currency: "USD",
    tokens: {
      approved: "pm_card_visa",
      declined: "pm_card_chargeDeclined",
      waiting: "pm_card_threeDSecure2Required",
    },
    break: (operation, fault) =>
      simulator.faults.add({ operation: simulated[operation], fault: faults[fault] }),
    heal: () => simulator.faults.clear(),
    slow: (operation, delayMs) =>
      simulator.faults.add({ operation: simulated[operation], fault: "none", delayMs }),
    books(paymentId) {
      const { references } = simulator.report();
      const found = references.find(({ reference }) => reference === paymentId);
      const { charges = 0, authorized = 0, captured = 0, refunded = 0 } = found ?? {};
      return { charges, authorized, captured, refunded };
    },
    shopper: async (reference, passes) => void (await simulator.authenticate(reference, passes)),
  };
});
afterAll(() => simulator.close());

const simulated: Record<string, SimulatedOperation> = {
  authorize: "create",
  purchase: "create",
  capture: "capture",
  refund: "refund",
  void: "cancel",
};
const faults: Record<GatewayFault, Fault> = {
  lost_before: "lose_before",
  lost_after: "lose_after",
  failed_before: "error_before",
  failed_after: "error_after",
  busy: "rate_limit",
};

testGateway("stripe", () => rig, { asksShoppers: true });
