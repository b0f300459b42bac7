import { ok } from "../domain/result.ts";
import type { FulfilmentProvider } from "./fulfilment-provider.ts";

/** The merchant packs and sends by hand: it takes everything and asks nobody. */
export const manualFulfilment: FulfilmentProvider = {
  slug: "manual",
  local: true,
  deadlineMs: 1_000,
  ways: async () => [{ id: "manual-fulfillment" }, { id: "manual-fulfillment-return", is_return: true }],
  takes: async () => true,
  calculates: async () => false,
  priceOf: async () => {
    throw new Error("Prices of shipping by hand are flat");
  },
  methodData: async (_option, sent) => ok(sent),
  create: async () => ok({}),
  cancel: async () => ok(undefined),
};
