import type { DomainEvent } from "../domain/decision.ts";
import {
  changeGiftCard,
  type GiftCardChange,
  giftCardCode,
  type StoredGiftCard,
} from "../domain/region/gift-card.ts";
import type { Region } from "../domain/region/region.ts";
import { giftCardTaxPercent } from "../domain/region-pricing/gift-cards.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";

/** Makes a gift card that nobody bought. */
export async function createGiftCard(
  deps: Deps,
  context: Context,
  input: {
    readonly regionId: string;
    /** Minor units of the region's currency. */
    readonly value: number;
    readonly isDisabled: boolean;
    readonly endsAtMs: number | null;
    readonly metadata?: Readonly<Record<string, unknown>>;
  },
): Promise<Result<StoredGiftCard, SalesRefusalOf<"region_not_found">>> {
  const { regionId, value, isDisabled, endsAtMs, metadata } = input;
  const region = await regionOf(deps, context, regionId);
  if (!region) return fail({ type: "region_not_found", regionId });
  const now = deps.now();
  const card: StoredGiftCard = {
    id: deps.newId(),
    code: giftCardCode(deps.newId()),
    regionId,
    value,
    balance: value,
    isDisabled,
    taxPercent: giftCardTaxPercent(region, undefined),
    endsAtMs,
    ...(metadata && { metadata }),
    createdAt: now,
    updatedAt: now,
  };
  const { storeId } = context.store;
  await deps.storage.transaction(async (storage) => {
    const saved = await storage.giftCards.insert(storeId, card);
    if (saved !== "saved") throw new Error("A gift card's code was there already");
    await storage.events.record(storeId, card.id, giftCardCreated(card.id), now);
  });
  return ok(card);
}

/** What is told of a new card. Its code is money, and told to nobody. */
export function giftCardCreated(id: string): DomainEvent {
  return { type: "gift_card.created", payload: { id } };
}

/** Changes what is named of a gift card. */
export async function updateGiftCard(
  deps: Deps,
  context: Context,
  cardId: string,
  change: GiftCardChange,
): Promise<
  Result<
    StoredGiftCard,
    SalesRefusalOf<"gift_card_not_found" | "gift_card_balance_invalid" | "region_not_found">
  >
> {
  const { regionId } = change;
  if (regionId !== undefined && !(await regionOf(deps, context, regionId))) {
    return fail({ type: "region_not_found", regionId });
  }
  const now = deps.now();
  const changed = await deps.storage.giftCards.change(context.store.storeId, cardId, (card) =>
    changeGiftCard(card, change, now),
  );
  return changed ?? fail({ type: "gift_card_not_found", cardId });
}

async function regionOf(
  deps: Pick<Deps, "storage">,
  { store }: Context,
  regionId: string,
): Promise<Region | undefined> {
  const { regions } = await deps.storage.records.setup(store.storeId);
  return regions.find(({ id }) => id === regionId);
}
