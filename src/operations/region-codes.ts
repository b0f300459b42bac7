import type { Order } from "../domain/order/order.ts";
import { giftCardCode, type StoredGiftCard } from "../domain/region/gift-card.ts";
import { boughtGiftCardValues, giftCardTaxPercent } from "../domain/region-pricing/gift-cards.ts";
import type { Context } from "./context.ts";
import type { Deps, Storage } from "./deps.ts";
import { uuidOf } from "./derived-id.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";
import { giftCardCreated } from "./save-gift-card.ts";

/** Whether an order of a region has discounts, gift cards, or things that become gift cards. */
export function hasRegionCodes({ region }: Order): boolean {
  if (!region) return false;
  const { discounts, giftCards, lines } = region;
  return discounts.length > 0 || giftCards.length > 0 || lines.some(({ isGiftCard }) => isGiftCard);
}

/** Why an order does not get what its cart had entered. */
export type RegionCodeRefusal = SalesRefusalOf<"discount_used_up" | "gift_card_changed">;

/**
 * Moves what an order uses of discounts and gift cards, in the transaction that saves it: `take` holds and debits it and,
 * when the order is paid for or promised to be, makes it final; `keep` only makes it final; `free` gives it all back.
 */
export async function moveRegionCodes(
  deps: Pick<Deps, "newId" | "fingerprint">,
  { discounts, events, giftCards }: Pick<Storage, "discounts" | "events" | "giftCards">,
  { store: { storeId } }: Context,
  order: Order,
  what: "take" | "keep" | "free",
): Promise<RegionCodeRefusal | undefined> {
  const { region, id: orderId, updatedAt: now } = order;
  if (!region) return undefined;
  if (what === "free") {
    if (region.discounts.length > 0) await discounts.giveBack(storeId, orderId);
    if (region.giftCards.length > 0) await giftCards.giveBack(storeId, orderId, now);
    return undefined;
  }
  if (what === "take" && region.discounts.length > 0) {
    const discountIds = region.discounts.map(({ id }) => id);
    const held = await discounts.hold(storeId, { orderId, discountIds, now });
    if (held.kind === "used_up") {
      const used = region.discounts.find(({ id }) => id === held.discountId);
      return { type: "discount_used_up", code: used?.code ?? "", limit: used?.usageLimit ?? 0 };
    }
  }
  if (what === "take" && region.giftCards.length > 0) {
    const debits = region.giftCards.map(({ transactionId, cardId, amount, taxPercent }) => ({
      transactionId,
      cardId,
      amount,
      isTaxable: region.region.areGiftCardsTaxable,
      taxPercent,
    }));
    const debited = await giftCards.debit(storeId, { orderId, debits, now });
    if (debited.kind === "short") return { type: "gift_card_changed" };
  }
  if (order.displayId === undefined) return undefined;
  if (region.discounts.length > 0) await discounts.settle(storeId, orderId, now);
  const bought = boughtCards(deps, order, now);
  const issued = bought.length > 0 ? await giftCards.issue(storeId, bought) : [];
  await events.recordAll(
    storeId,
    issued.flatMap((id) => [
      { ...giftCardCreated(id), subjectId: id },
      { type: "order.gift_card_created", subjectId: orderId, payload: { orderId, giftCardId: id } },
    ]),
    now,
  );
  return undefined;
}

/** The gift cards that an order's lines become, one a piece; a repeat makes the same. */
function boughtCards(deps: Pick<Deps, "fingerprint">, order: Order, now: string): StoredGiftCard[] {
  const { region } = order;
  if (!region) return [];
  return region.lines.flatMap(({ lineId, isGiftCard }) => {
    const line = region.totals.lines.find(({ id }) => id === lineId);
    if (!isGiftCard || !line) return [];
    const paid = line.taxLines.reduce((sum, { percent }) => sum + percent, 0);
    const metadata = order.lines.find(({ id }) => id === lineId)?.customInputs ?? {};
    return boughtGiftCardValues(line.subtotal, line.quantity).map((value, piece) => {
      const { id, code } = cardNames(deps, `${order.id} ${lineId} ${piece}`);
      return {
        id,
        code,
        value,
        balance: value,
        regionId: region.region.id,
        isDisabled: false,
        taxPercent: giftCardTaxPercent(region.region, paid),
        endsAtMs: null,
        orderId: order.id,
        lineId,
        metadata,
        createdAt: now,
        updatedAt: now,
      };
    });
  });
}

/** An id and a code that nobody can guess, and that are the same for the same piece. */
function cardNames({ fingerprint }: Pick<Deps, "fingerprint">, piece: string) {
  const bytes = Buffer.from(fingerprint(`gift card ${piece}`), "base64url");
  return {
    id: uuidOf(bytes.subarray(0, 16).toString("hex")),
    code: giftCardCode(bytes.subarray(16, 32).toString("hex")),
  };
}
