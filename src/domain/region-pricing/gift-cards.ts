import { allocate, type MinorUnits } from "../money.ts";
import { percentOf } from "../promotions/percent.ts";
import { fail, ok, type Result } from "../result.ts";

/** A gift card as far as it pays for something. */
export type GiftCard = {
  readonly id: string;
  /** What is left on it, minor units, >= 0. */
  readonly balance: MinorUnits;
  /** The tax that was paid when it was bought, in percent from 0 to 1000; null: none. */
  readonly taxPercent: number | null;
  /** Cannot be used after this moment, in milliseconds; null: for ever. */
  readonly endsAtMs: number | null;
};

/** Why a gift card cannot be applied to a cart: the first of these that holds. */
export type GiftCardRefusal =
  | { readonly type: "gift_card_disabled"; readonly cardId: string }
  | { readonly type: "gift_card_ended"; readonly cardId: string; readonly endsAtMs: number }
  | { readonly type: "gift_card_not_in_region"; readonly cardId: string; readonly regionId: string };

/** The card, when it may be applied to a cart of the region at `now` (milliseconds). */
export function usableGiftCard<Card extends Pick<GiftCard, "id" | "endsAtMs">>(
  card: Card & { readonly isDisabled: boolean; readonly regionId: string },
  regionId: string,
  now: number,
): Result<Card, GiftCardRefusal> {
  if (card.isDisabled) return fail({ type: "gift_card_disabled", cardId: card.id });
  if (card.endsAtMs !== null && now > card.endsAtMs) {
    return fail({ type: "gift_card_ended", cardId: card.id, endsAtMs: card.endsAtMs });
  }
  if (card.regionId !== regionId) return fail({ type: "gift_card_not_in_region", cardId: card.id, regionId });
  return ok(card);
}

/** What a card pays and how much tax that saves, in minor units, both >= 0; `amount` is at most its balance. */
export type GiftCardPart = {
  readonly cardId: string;
  readonly amount: MinorUnits;
  readonly tax: MinorUnits;
  readonly taxPercent: number | null;
};

/** What is to be paid, in minor units, each >= 0. */
export type GiftCardBill = {
  /** Goods and shipping without tax, after discounts. */
  readonly withoutTax: MinorUnits;
  readonly tax: MinorUnits;
};

/**
 * How far the cards cover the bill: what ends first is used first (never comes last), then what has the lower balance.
 * When gift cards are taxable in the region, a card pays for what is without tax and takes the tax along that was paid
 * when it was bought; otherwise it pays for tax too. Cards that cover nothing have no part.
 *
 * The tax taken along is at most the tax there is and what is left to pay, so that nothing becomes negative: a card
 * that was bought at a higher rate would otherwise pay more than all. Throws a RangeError for what is no balance or rate.
 */
export function coverByGiftCards(
  cards: readonly GiftCard[],
  bill: GiftCardBill,
  areTaxable: boolean,
): readonly GiftCardPart[] {
  const all = bill.withoutTax + bill.tax;
  let left = areTaxable ? bill.withoutTax : all;
  let covered = 0;
  const used: { readonly card: GiftCard; readonly amount: MinorUnits }[] = [];
  for (const card of [...cards].sort(byUse)) {
    if (!Number.isSafeInteger(card.balance) || card.balance < 0) {
      throw new RangeError(`gift card ${card.id} cannot pay with ${card.balance}`);
    }
    const amount = Math.min(left, card.balance);
    if (amount === 0) continue;
    left -= amount;
    covered += amount;
    used.push({ card, amount });
  }
  let taxLeft = Math.min(bill.tax, all - covered);
  return used.map(({ card, amount }) => {
    const tax = card.taxPercent === null ? 0 : Math.min(taxLeft, percentOf(amount, card.taxPercent));
    taxLeft -= tax;
    return { cardId: card.id, amount, tax, taxPercent: card.taxPercent };
  });
}

function byUse(a: GiftCard, b: GiftCard): number {
  if (a.endsAtMs !== b.endsAtMs) return (a.endsAtMs ?? Infinity) - (b.endsAtMs ?? Infinity);
  return a.balance - b.balance;
}

/** The values of the gift cards that a bought line becomes, one a piece; they add up to the line's subtotal. */
export function boughtGiftCardValues(subtotal: MinorUnits, quantity: number): readonly MinorUnits[] {
  return allocate(subtotal, new Array<number>(quantity).fill(1));
}

/**
 * The tax rate that a new gift card keeps, in percent: null where gift cards are not taxable, else the rate given or
 * paid, else the region's; null for none.
 */
export function giftCardTaxPercent(
  region: { readonly areGiftCardsTaxable: boolean; readonly taxPercent: number },
  paidPercent: number | undefined,
): number | null {
  if (!region.areGiftCardsTaxable) return null;
  return (paidPercent ?? region.taxPercent) || null;
}
