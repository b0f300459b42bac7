import { describe, expect, test } from "vitest";
import { fail } from "../result.ts";
import { changeGiftCard, giftCardCode, type StoredGiftCard } from "./gift-card.ts";

const NOW = "2026-11-21T00:00:00.000Z";
const card: StoredGiftCard = {
  id: "g",
  code: "C",
  regionId: "eu",
  value: 1000,
  balance: 400,
  isDisabled: false,
  taxPercent: 20,
  endsAtMs: null,
  createdAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:00.000Z",
};

describe("codes", () => {
  test("have four by four signs, from nothing to everything", () => {
    expect(giftCardCode("00000000-0000-4000-8000-000000000000")).toBe("0000-0000-0000-0000");
    expect(giftCardCode("ffffffff-ffff-4fff-bfff-ffffffffffff")).toBe("ZZZZ-ZZZZ-ZZZZ-ZZZZ");
    expect(giftCardCode("0b06c0fc-8f5c-4d75-9c1f-b4f1fbb90f62")).toMatch(
      /^[0-9A-HJKMNP-TV-Z]{4}(-\w{4}){3}$/,
    );
  });

  test("are others for other ids", () => {
    const ids = Array.from({ length: 1000 }, () => crypto.randomUUID());
    expect(new Set(ids.map(giftCardCode)).size).toBe(1000);
  });
});

describe("a change", () => {
  test("keeps what is not named", () => {
    expect(changeGiftCard(card, {}, NOW)).toEqual({ ok: true, value: { ...card, updatedAt: NOW } });
    expect(
      changeGiftCard(card, { balance: 1000, endsAtMs: 5, isDisabled: true, metadata: { a: 1 } }, NOW),
    ).toEqual({
      ok: true,
      value: { ...card, balance: 1000, endsAtMs: 5, isDisabled: true, metadata: { a: 1 }, updatedAt: NOW },
    });
  });

  test("leaves no balance above the value or below nothing", () => {
    for (const balance of [1001, -1, Number.NaN]) {
      expect(changeGiftCard(card, { balance }, NOW)).toEqual(fail({ type: "gift_card_balance_invalid" }));
    }
  });
});
