import type { NewRuleCode, StoredRulePromotion } from "../../src/operations/ports/rule-promotions.ts";
import { NOW } from "./a-promotion.ts";

/** A rule promotion that is active all year, 10 % off the cart. */
export function aRulePromotion(members: Partial<StoredRulePromotion> = {}): StoredRulePromotion {
  return {
    id: crypto.randomUUID(),
    name: "Ten off",
    description: "",
    enabled: true,
    automatic: false,
    stackable: true,
    overrideStacking: false,
    catalogIds: [],
    currencies: [],
    actions: [{ strategy: "cart_discount", args: ["percent", 10] }],
    start: "2026-01-01",
    end: "2027-01-01",
    createdAt: "2026-01-01T00:00:00.000Z",
    createdBy: "client:a",
    updatedBy: "client:a",
    updatedAt: "2026-01-01T00:00:00.000Z",
    ...members,
  };
}

/** A code that can be used as often as wanted. */
export function aRuleCode(code: string, members: Partial<NewRuleCode> = {}): NewRuleCode {
  return {
    id: crypto.randomUUID(),
    code,
    consumeUnit: "per_checkout",
    createdBy: "client:a",
    createdAt: NOW,
    ...members,
  };
}
