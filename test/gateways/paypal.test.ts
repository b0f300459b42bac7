import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type GatewayRig, testGateway } from "./conformance.ts";
import { payPalRig } from "./paypal-rig.ts";
import { type PayPalServer, startPayPalServer } from "./paypal-server.ts";

let server: PayPalServer;
let rig: GatewayRig;
beforeAll(async () => {
  server = await startPayPalServer();
  rig = payPalRig(server);
});
afterAll(() => server.close());
afterEach(() => expect(server.complaints).toEqual([]));

testGateway("paypal", () => rig, { asksShoppers: "always", capturesInParts: true });
