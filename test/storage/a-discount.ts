import type { Discount } from "../../src/domain/region/discount.ts";
import type { StoredGiftCard } from "../../src/domain/region/gift-card.ts";

const NOW = "2026-01-02T03:04:05.000Z";
let made = 0;

/** A discount of ten percent without a limit; its code is new. */
export function aDiscount(members: Partial<Discount> = {}): Discount {
  made += 1;
  return {
    id: crypto.randomUUID(),
    code: `CODE-${made}`,
    rule: { type: "percentage", percent: 10, allocation: "total", conditions: [] },
    ruleId: crypto.randomUUID(),
    regionIds: ["region"],
    isDisabled: false,
    isDynamic: false,
    startsAtMs: 0,
    endsAtMs: null,
    usageLimit: null,
    usageCount: 0,
    createdAt: NOW,
    updatedAt: NOW,
    ...members,
  };
}

/** A gift card with 1000 on it; its code is new. */
export function aGiftCard(members: Partial<StoredGiftCard> = {}): StoredGiftCard {
  made += 1;
  return {
    id: crypto.randomUUID(),
    code: `CARD-${made}`,
    regionId: "region",
    value: 1000,
    balance: 1000,
    isDisabled: false,
    taxPercent: null,
    endsAtMs: null,
    createdAt: NOW,
    updatedAt: NOW,
    ...members,
  };
}
