import { afterAll, beforeAll } from "vitest";
import type { GatewayOutcome } from "../../src/domain/order/pay.ts";
import { adyenGateway } from "../../src/gateways/adyen/adyen.ts";
import type { Gateway, GatewayCall, GatewayEvent } from "../../src/gateways/gateway.ts";
import { type AdyenServer, adyenSettings, startAdyenServer } from "./adyen-server.ts";
import { type GatewayRig, testGateway } from "./conformance.ts";

let server: AdyenServer;
let rig: GatewayRig;
beforeAll(async () => {
  server = await startAdyenServer();
  rig = {
    gateway: withWebhooks(adyenGateway({ apiBase: server.url })),
    settings: adyenSettings,
    currency: "USD",
    tokens: { approved: "a_stored_card", declined: "a_declined_card", waiting: "a_waiting_card" },
    break: (operation, fault) => server.break(operation, fault),
    heal: () => server.heal(),
    slow: (operation, delayMs) => server.slow(operation, delayMs),
    books: (paymentId) => server.ledger.books(paymentId),
    async shopper(reference, passes) {
      const payments = [...server.ledger.payments.values()];
      const payment = payments.find((candidate) => candidate.reference === reference);
      if (!payment) throw new Error("Adyen knows nothing of it");
      server.ledger.finish(payment, passes);
    },
  };
});
afterAll(() => server.close());

/**
 * The gateway with what the engine does around it: everything that Adyen tells is read, kept, and brought along; and what
 * was only received is asked about again when Adyen has told.
 */
function withWebhooks(gateway: Gateway): Gateway {
  const events: GatewayEvent[] = [];
  const waiting = new Map<string, NonNullable<GatewayCall["waiting"]>>();
  const bring = async (of: GatewayCall): Promise<GatewayCall> => {
    const request = { header: () => undefined, now: new Date().toISOString(), settings: of.settings };
    for (const body of server.takeCalls()) {
      events.push(...((await gateway.events?.read({ ...request, body: Buffer.from(body) })) ?? []));
    }
    const told = events.filter(({ id }) => id.startsWith(`${of.paymentId}:`));
    const known = waiting.get(of.key);
    const waits = known && (of.reference !== undefined || !known.action);
    return { ...of, told, ...(waits && { waiting: known }) };
  };
  const carryOut = async (of: GatewayCall): Promise<GatewayOutcome> => {
    const outcome = await gateway[of.operation](await bring(of));
    if (outcome.kind !== "pending") return outcome;
    const { reference, action } = outcome;
    waiting.set(of.key, { reference, ...(action && { action }) });
    if (action) return outcome;
    const found = await gateway.find(await bring(of));
    return found.kind === "absent" ? { kind: "unknown", reason: "absent" } : found;
  };
  return {
    ...gateway,
    authorize: carryOut,
    purchase: carryOut,
    capture: carryOut,
    refund: carryOut,
    void: carryOut,
    find: async (of) => gateway.find(await bring(of)),
  };
}

testGateway("adyen", () => rig, { asksShoppers: true, tellsOnly: true });
