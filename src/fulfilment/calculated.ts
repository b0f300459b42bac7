import { ok } from "../domain/result.ts";
import type { FulfilmentProvider } from "./fulfilment-provider.ts";

/** Minor units, for a parcel and for each piece in it. */
const PARCEL = 100;
const PIECE = 50;

/** A provider for tests whose prices follow from the number of pieces. */
export const calculatedFulfilment: FulfilmentProvider = {
  slug: "calcship",
  local: true,
  deadlineMs: 1_000,
  ways: async () => [{ id: "calc-std" }, { id: "calc-return", is_return: true }],
  takes: async () => true,
  calculates: async () => true,
  priceOf: async (_option, _method, { pieces }) => PARCEL + PIECE * pieces,
  methodData: async (_option, sent) => ok({ ...sent, validated: true }),
  create: async () => ok({ shipped_by: "calcship" }),
  cancel: async () => ok(undefined),
};
