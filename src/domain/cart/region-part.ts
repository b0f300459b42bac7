import type { MinorUnits } from "../money.ts";

/** An address of a cart or order of a region, every member optional. Members that were not given are absent. */
export type RegionAddress = {
  readonly id: string;
  /** The customer whose address book it comes from. */
  readonly customer_id?: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly company?: string;
  readonly address_1?: string;
  readonly address_2?: string;
  readonly city?: string;
  /** Two letters (ISO 3166), lower case. */
  readonly country_code?: string;
  readonly province?: string;
  readonly postal_code?: string;
  readonly phone?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly created_at: string;
  readonly updated_at: string;
};

/** A way of shipping that was chosen for a cart; one for each shipping profile at most. */
export type ChosenShipping = {
  readonly id: string;
  readonly optionId: string;
  /** Of the option, as it was then: another method of this profile takes its place. */
  readonly profileId: string;
  /** Minor units, as the option had it or its provider calculated it. */
  readonly price: MinorUnits;
  readonly includesTax: boolean;
  /** The provider's own. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** How far a payment provider is with a session. */
export type PaymentSessionStatus = "authorized" | "pending" | "requires_more" | "error" | "canceled";

/** A way to pay that is prepared for a cart, at its provider where that wants to be told. */
export type PaymentSession = {
  readonly id: string;
  /** As regions name it. */
  readonly provider: string;
  /** Slug of the gateway that it is prepared at; absent where that is the provider's own name. */
  readonly gateway?: string;
  /** At most one of a cart is. */
  readonly isSelected: boolean;
  /** The provider knows of it. */
  readonly isInitiated: boolean;
  readonly status: PaymentSessionStatus;
  /** What the provider says; shown to the shopper's browser, so it holds nothing secret. */
  readonly data: Readonly<Record<string, unknown>>;
  /** What it asks for: the cart's total with tax, in minor units. */
  readonly amount: MinorUnits;
  readonly authorizedAt?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** What came of completing a cart. It is written with the order, so a cart has one order at most. */
export type CartCompletion = { readonly orderId: string; readonly paymentId?: string };

/** What a cart has besides, when it is sold in a region. */
export type RegionPart = {
  readonly regionId: string;
  readonly salesChannelId?: string;
  /** Lower case. Whose it is, is in the cart's `customerId`, or in `guestId` for somebody without an account. */
  readonly email?: string;
  /** A customer who has no account. */
  readonly guestId?: string;
  readonly billingAddress?: RegionAddress;
  readonly shippingAddress?: RegionAddress;
  /** In the order of choosing. */
  readonly shippingMethods: readonly ChosenShipping[];
  /** As `discountCode` spells them, in the order they were entered. */
  readonly discountCodes: readonly string[];
  /** In the order they were entered. */
  readonly giftCardCodes: readonly string[];
  readonly paymentSessions: readonly PaymentSession[];
  /** What the storefront wants to remember; `ip` and `user_agent` of the first request. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** The latest requests with a key that added something: a repeat of one adds nothing. */
  readonly attempts?: readonly string[];
  readonly type: "default" | "draft_order" | "payment_link" | "swap" | "claim";
  /** The draft order that it is the cart of. Such a cart does not expire. */
  readonly draftOrderId?: string;
  /** The order that is being paid for, or was. */
  readonly completion?: CartCompletion;
  /** When the order was authorized; nothing of the cart changes any more. */
  readonly completedAt?: string;
  /** A payment whose goods were gone when it was to complete the cart, in a store that has people decide about such money. */
  readonly heldPayment?: HeldPayment;
};

/** What waits for a person: the payment session that has the money, and since when. */
export type HeldPayment = { readonly sessionId: string; readonly at: string };

/** What a cart that was just made in a region has. */
export function newRegionPart(regionId: string, salesChannelId: string | undefined): RegionPart {
  return {
    regionId,
    ...(salesChannelId !== undefined && { salesChannelId }),
    shippingMethods: [],
    discountCodes: [],
    giftCardCodes: [],
    paymentSessions: [],
    context: {},
    type: "default",
  };
}
