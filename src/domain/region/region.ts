import type { MinorUnits } from "../money.ts";

/** A market: its currency, its countries, what tax is due and how one may pay and be sent things there. */
export type Region = {
  readonly id: string;
  readonly name: string;
  /** ISO 4217, upper case. */
  readonly currency: string;
  /** Percent, 20 is 20 %. */
  readonly taxPercent: number;
  readonly taxCode?: string;
  /** Gift cards pay for what is without tax, and the tax on that part is let off. */
  readonly areGiftCardsTaxable: boolean;
  /** Off: a cart shows no tax until it is asked for, or paid. */
  readonly hasAutomaticTaxes: boolean;
  /** Prices of the region's currency include tax. */
  readonly includesTax: boolean;
  /** Two-letter codes (ISO 3166), lower case. A country is in one region of a store at most. */
  readonly countries: readonly string[];
  /** Slugs of gateways. */
  readonly paymentProviders: readonly string[];
  readonly fulfilmentProviders: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** A rate that takes the place of a region's own for what it is attached to. */
export type TaxRate = {
  readonly id: string;
  readonly regionId: string;
  readonly name: string;
  readonly code: string;
  /** Null: none was given, which counts as 0. */
  readonly percent: number | null;
  /** Ids of what a merchant groups variants by, of types, and of shipping options. */
  readonly productIds: readonly string[];
  readonly productTypeIds: readonly string[];
  readonly shippingOptionIds: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** What is sent together: things of one profile have the same shipping options. */
export type ShippingProfile = {
  readonly id: string;
  readonly name: string;
  readonly type: "default" | "gift_card" | "custom";
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** A bound that the subtotal of a cart has to keep for an option to be offered: from `min` on, below `max`. */
export type ShippingRequirement = {
  readonly id: string;
  readonly type: "min_subtotal" | "max_subtotal";
  readonly amount: MinorUnits;
};

/** A way of being sent things that a region offers. */
export type ShippingOption = {
  readonly id: string;
  readonly name: string;
  readonly regionId: string;
  readonly profileId: string;
  /** The fulfilment provider that carries it out, and that calculates its price where that is not flat. */
  readonly providerId: string;
  readonly priceType: "flat_rate" | "calculated";
  /** Minor units; null where it is calculated. */
  readonly amount: MinorUnits | null;
  readonly includesTax: boolean;
  readonly isReturn: boolean;
  /** Staff may choose it, shoppers may not. */
  readonly isAdminOnly: boolean;
  readonly requirements: readonly ShippingRequirement[];
  /** The provider's own. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** A place that products are sold at: a web shop, a market place. */
export type SalesChannel = {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly isDisabled: boolean;
  /** What a storefront sells through when it names none. */
  readonly isDefault: boolean;
  /** Stock locations that it sells from; none: the common stock. */
  readonly locationIds: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** A key that a storefront may show to everybody: it names sales channels and opens nothing. */
export type PublishableKey = {
  readonly id: string;
  readonly title: string;
  readonly salesChannelIds: readonly string[];
  readonly createdBy?: string;
  readonly revokedBy?: string;
  readonly revokedAt?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** A reason that goods come back for. */
export type ReturnReason = {
  readonly id: string;
  /** Unique in the store. */
  readonly value: string;
  readonly label: string;
  readonly description?: string;
  readonly parentId?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};
