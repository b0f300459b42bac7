import type { DiscountPort } from "../../operations/ports/discounts.ts";
import type { Database } from "./database.ts";

/** There are no discounts yet. */
export function discountStorage(_database: Database): DiscountPort {
  return {
    entered: async () => [],
    hold: async () => ({ kind: "held" }),
    settle: async () => undefined,
    giveBack: async () => undefined,
  };
}
