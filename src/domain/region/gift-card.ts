import type { MinorUnits } from "../money.ts";
import type { GiftCard } from "../region-pricing/gift-cards.ts";
import { fail, ok, type Result } from "../result.ts";

/** A gift card as it is kept: money of its region's currency that whoever knows the code may spend. */
export type StoredGiftCard = GiftCard & {
  /** Upper case, unique in the store. */
  readonly code: string;
  readonly regionId: string;
  /** What was on it at first, minor units; never less than its balance. */
  readonly value: MinorUnits;
  readonly isDisabled: boolean;
  /** The order and its line that it was bought with. */
  readonly orderId?: string;
  readonly lineId?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** What an order took off a gift card. */
export type GiftCardTransaction = {
  readonly id: string;
  readonly cardId: string;
  readonly orderId: string;
  /** Minor units, > 0. */
  readonly amount: MinorUnits;
  readonly isTaxable: boolean;
  readonly taxPercent: number | null;
  readonly createdAt: string;
};

/** Letters and digits that nobody takes for each other: no I, L, O and U. */
const SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * A code for a new gift card, `XXXX-XXXX-XXXX-XXXX`, made of 80 bits of a random UUID (version 4) or of 32 other
 * hexadecimal digits that nobody can know: whoever knows the code may spend the card, so it is as hard to guess as they are.
 */
export function giftCardCode(randomId: string): string {
  const hex = randomId.replaceAll("-", "");
  // Version and variant are in the digits left out.
  let bits = BigInt(`0x${hex.slice(0, 12)}${hex.slice(17, 25)}`);
  let signs = "";
  for (let place = 0; place < 16; place += 1) {
    signs = SIGNS.charAt(Number(bits & 31n)) + signs;
    bits >>= 5n;
  }
  return signs.replace(/(.{4})(?=.)/g, "$1-");
}

/** What changes of a gift card; members that are absent stay, null takes away. */
export type GiftCardChange = {
  readonly balance?: MinorUnits;
  readonly isDisabled?: boolean;
  readonly endsAtMs?: number | null;
  readonly regionId?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
};

/** The card with a change put in; its balance stays from 0 to its value. */
export function changeGiftCard(
  card: StoredGiftCard,
  change: GiftCardChange,
  now: string,
): Result<StoredGiftCard, { readonly type: "gift_card_balance_invalid" }> {
  const { balance = card.balance } = change;
  if (!(balance >= 0 && balance <= card.value)) return fail({ type: "gift_card_balance_invalid" });
  return ok({
    ...card,
    balance,
    isDisabled: change.isDisabled ?? card.isDisabled,
    endsAtMs: change.endsAtMs === undefined ? card.endsAtMs : change.endsAtMs,
    regionId: change.regionId ?? card.regionId,
    ...(change.metadata && { metadata: { ...card.metadata, ...change.metadata } }),
    updatedAt: now,
  });
}
