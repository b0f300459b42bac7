import type { MinorUnits } from "../money.ts";
import type { GiftCard } from "../region-pricing/gift-cards.ts";

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
