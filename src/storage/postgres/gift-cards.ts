import type { GiftCardPort } from "../../operations/ports/gift-cards.ts";
import type { Database } from "./database.ts";

/** There are no gift cards yet. */
export function giftCardStorage(_database: Database): GiftCardPort {
  return {
    entered: async () => [],
    debit: async () => ({ kind: "debited" }),
    giveBack: async () => undefined,
    transactions: async () => [],
    issue: async () => undefined,
  };
}
