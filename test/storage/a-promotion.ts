import type { NewCode, StoredPromotion } from "../../src/operations/ports/promotions.ts";

export const NOW = "2026-03-01T00:00:00.000Z";

/** A promotion that is active all year, 10 % off the cart. */
export function aPromotion(members: Partial<StoredPromotion> = {}): StoredPromotion {
  return {
    id: crypto.randomUUID(),
    name: "Ten off",
    description: "",
    enabled: true,
    automatic: false,
    kind: { type: "percent_discount", percents: [{ currency: "USD", percent: 10 }], scope: {} },
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
export function aCode(code: string, members: Partial<NewCode> = {}): NewCode {
  return {
    id: crypto.randomUUID(),
    code,
    consumeUnit: "per_cart",
    createdBy: "client:a",
    createdAt: NOW,
    ...members,
  };
}
