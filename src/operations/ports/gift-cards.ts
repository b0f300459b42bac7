import type { MinorUnits } from "../../domain/money.ts";
import type { GiftCardTransaction, StoredGiftCard } from "../../domain/region/gift-card.ts";
import type { Result } from "../../domain/result.ts";
import type { Listed, ListQuery } from "../listing.ts";

/** What an order takes off one card. */
export type GiftCardDebit = {
  readonly transactionId: string;
  readonly cardId: string;
  /** Minor units, > 0. */
  readonly amount: MinorUnits;
  readonly isTaxable: boolean;
  readonly taxPercent: number | null;
};

/** Gift cards, as carts and orders need them. Balances never go below 0. */
export type GiftCardPort = {
  /** Those of the codes that there are, whatever the case of their letters; one statement, none for no codes. */
  entered(storeId: string, codes: readonly string[]): Promise<readonly StoredGiftCard[]>;
  /**
   * Takes the amounts off the cards and notes them as the order's, all or none; `short` names a card that holds less, is
   * disabled or gone. What this order has taken before is given back first, so once more with other amounts is fine. To
   * be called in the transaction that saves the order.
   */
  debit(
    storeId: string,
    input: { readonly orderId: string; readonly debits: readonly GiftCardDebit[]; readonly now: string },
  ): Promise<{ readonly kind: "debited" } | { readonly kind: "short"; readonly cardId: string }>;
  /** Gives back what the order took; none is no error. */
  giveBack(storeId: string, orderId: string, now: string): Promise<void>;
  /** What orders took and keep, oldest first. */
  transactions(storeId: string, orderIds: readonly string[]): Promise<readonly GiftCardTransaction[]>;
  /**
   * Stores new cards; those whose order line has them already are passed over.
   * @returns the ids of those that were stored
   */
  issue(storeId: string, cards: readonly StoredGiftCard[]): Promise<readonly string[]>;
  load(storeId: string, cardId: string): Promise<StoredGiftCard | undefined>;
  /** May be filtered and sorted by `id`, `code`, `region_id`, `order_id`, `created_at` and `updated_at`. */
  list(storeId: string, query: ListQuery): Promise<Listed<StoredGiftCard>>;
  insert(storeId: string, card: StoredGiftCard): Promise<"saved" | "code_taken">;
  /**
   * Stores what `change` makes of the card as it is now; nobody takes anything off it meanwhile. `change` may run more
   * than once and must do nothing else; a refusal of it stores nothing.
   */
  change<Refusal>(
    storeId: string,
    cardId: string,
    change: (card: StoredGiftCard) => Result<StoredGiftCard, Refusal>,
  ): Promise<Result<StoredGiftCard, Refusal> | undefined>;
  /** What orders took off it stays noted with them. */
  delete(storeId: string, cardId: string): Promise<boolean>;
};
