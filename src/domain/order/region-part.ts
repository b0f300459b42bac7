import type { RegionAddress } from "../cart/region-part.ts";
import type { MinorUnits } from "../money.ts";
import type { Discount } from "../region/discount.ts";
import type { Region, ShippingOption } from "../region/region.ts";
import type { GiftCardPart } from "../region-pricing/gift-cards.ts";
import type { RegionTotals } from "../region-pricing/region-totals.ts";

/** What a line of an order of a region was, beside what every line has. */
export type RegionOrderLine = {
  /** The line of the order, which has the id that the cart's had. */
  readonly lineId: string;
  /** What groups the variant; the variant itself where it stands alone. Absent: no product. */
  readonly baseProductId?: string;
  readonly thumbnail?: string;
  readonly isGiftCard: boolean;
  readonly allowsDiscounts: boolean;
  /** A shipping method of its profile was chosen. */
  readonly hasShipping: boolean;
  /** When it came into the cart. */
  readonly createdAt: string;
};

/** A shipping method of an order, with its option as it was. What it costs with tax is among the totals, under its id. */
export type RegionOrderShipping = {
  readonly id: string;
  readonly option: ShippingOption;
  /** Minor units. */
  readonly price: MinorUnits;
  readonly data: Readonly<Record<string, unknown>>;
};

/** A gift card that paid for an order. */
export type RegionOrderGiftCard = GiftCardPart & {
  readonly code: string;
  /** Of what the order took off the card. */
  readonly transactionId: string;
};

/** What an order of a region has besides; frozen like its lines. */
export type RegionOrderPart = {
  /** As it was. */
  readonly region: Region;
  readonly salesChannelId?: string;
  /** Who bought: a customer, with or without an account. */
  readonly customerId?: string;
  readonly email: string;
  readonly billingAddress?: RegionAddress;
  readonly shippingAddress?: RegionAddress;
  /** In the order of the order's lines. */
  readonly lines: readonly RegionOrderLine[];
  readonly shippingMethods: readonly RegionOrderShipping[];
  readonly totals: RegionTotals;
  /** Those that were in force, as they were. */
  readonly discounts: readonly Discount[];
  readonly giftCards: readonly RegionOrderGiftCard[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** The draft that it was made of. */
  readonly draftOrderId?: string;
};
