import Type, { type Static } from "typebox";
import type { StoredGiftCard } from "../../domain/region/gift-card.ts";
import type { Region } from "../../domain/region/region.ts";
import { wireId } from "./ids.ts";
import { giftCardColumns } from "./joined-columns.ts";
import { plainRegionSchema, renderPlainRegion } from "./render-region.ts";
import { dateTime, metadata, nullable, timestamps } from "./schemas.ts";

const row = {
  id: Type.String(),
  ...timestamps,
  deleted_at: Type.Null(),
  code: Type.String(),
  value: Type.Integer(),
  balance: Type.Integer(),
  region_id: Type.String(),
  is_disabled: Type.Boolean(),
  ends_at: nullable(dateTime),
  tax_rate: nullable(Type.Number()),
  metadata: nullable(metadata),
} as const;

/** A gift card as whoever knows its code sees it. */
export const shownGiftCardSchema = Type.Object({
  id: row.id,
  code: row.code,
  value: row.value,
  balance: row.balance,
  region: nullable(plainRegionSchema),
});

/** A gift card as the staff sees it; `order` is the one that it was bought with. */
export const giftCardSchema = Type.Object({
  ...row,
  order: nullable(Type.Record(Type.String(), Type.Unknown())),
  region: nullable(plainRegionSchema),
});

/** A card for whoever knows its code. */
export function renderShownGiftCard(
  card: StoredGiftCard,
  regions: readonly Region[],
): Static<typeof shownGiftCardSchema> {
  const { id, code, value, balance } = card;
  return { id: wireId("gift", id), code, value, balance, region: regionOf(card, regions) };
}

/** A card for the staff. */
export function renderGiftCard(
  card: StoredGiftCard,
  regions: readonly Region[],
  order: Readonly<Record<string, unknown>> | null,
): Static<typeof giftCardSchema> {
  const { order_id: _, ...columns } = giftCardColumns(card);
  return { ...columns, order, region: regionOf(card, regions) };
}

function regionOf({ regionId }: StoredGiftCard, regions: readonly Region[]) {
  const region = regions.find(({ id }) => id === regionId);
  return region ? renderPlainRegion(region) : null;
}
