import { expect, test } from "vitest";
import type { GatewayCall } from "../../src/gateways/gateway.ts";
import { manualGateway } from "../../src/gateways/manual.ts";

const operations = ["authorize", "purchase", "capture", "refund", "void"] as const;

test.each(operations)("%s is noted, calls nobody, and is found the same", async (operation) => {
  const call: GatewayCall = {
    operation,
    key: "k",
    orderId: "o",
    paymentId: "k",
    amount: 2000,
    currency: "USD",
    claimedAt: "2026-11-21T00:00:00.000Z",
    ageMs: 0,
    settings: {},
    signal: AbortSignal.abort(),
  };
  expect(manualGateway.local).toBe(true);
  expect(await manualGateway[operation](call)).toEqual({ kind: "approved", reference: "manual" });
  expect(await manualGateway.find(call)).toEqual({ kind: "approved", reference: "manual" });
});
