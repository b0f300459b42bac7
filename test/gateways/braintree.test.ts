import { afterAll, beforeAll } from "vitest";
import { braintreeGateway } from "../../src/gateways/braintree/braintree.ts";
import { type BraintreeServer, braintreeSettings, startBraintreeServer } from "./braintree-server.ts";
import { type GatewayRig, testGateway } from "./conformance.ts";

let server: BraintreeServer;
let rig: GatewayRig;
beforeAll(async () => {
  server = await startBraintreeServer();
  rig = {
    gateway: braintreeGateway({ apiBase: server.url }),
    settings: braintreeSettings,
    currency: "USD",
    tokens: { approved: "a_customer", declined: "a_declined_customer" },
    break: (operation, fault) => server.break(operation, fault),
    heal: () => server.heal(),
    slow: (operation, delayMs) => server.slow(operation, delayMs),
    books: (paymentId) => server.ledger.books(paymentId),
  };
});
afterAll(() => server.close());

testGateway("braintree", () => rig, { asksShoppers: false });
