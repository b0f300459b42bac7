import type { CartRules } from "../domain/cart/cart.ts";
import type { CartEventType } from "../domain/cart/cart-events.ts";
import type { CurrencyFormat } from "../domain/currency.ts";
import type { CustomFields } from "../domain/custom-fields/field.ts";
import type { MinorUnits } from "../domain/money.ts";
import type { PaidButGone } from "../domain/order/late-money.ts";
import type { Promotion } from "../domain/promotions/promotion.ts";
import type { RulePromotion } from "../domain/rule-promotions/rule-promotion.ts";

/** Who asks. */
export type Actor = {
  /** `shopper` knows ids only; `shop` is the merchant's own server and may do everything. */
  readonly kind: "shopper" | "shop" | "engine";
  /** The shopper has signed in. */
  readonly customerId?: string;
  /** The shopper acts for an account. */
  readonly accountId?: string;
  readonly accountMemberId?: string;
  /** One of the staff has signed in. */
  readonly userId?: string;
  /** As it is written into logs and movements, `client:abc`. */
  readonly label: string;
};

export type StoreCurrency = CurrencyFormat & {
  readonly id: string;
  readonly exchangeRate: number;
  readonly isDefault: boolean;
  readonly enabled: boolean;
  /** Plain prices in it include tax, in carts that have a region. */
  readonly includesTax?: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** What storefronts and mails are told about the store; null takes back what was said. */
export type StorefrontSettings = {
  /** Addresses with a place for an id or token, that mails lead to. */
  readonly swapLink?: string | null;
  readonly paymentLink?: string | null;
  readonly inviteLink?: string | null;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
};

export type StoreSettings = {
  /** Rows of a page when a request names no number. */
  readonly pageLength: number;
  /** Lists show variants beside their base products. */
  readonly listChildProducts: boolean;
  readonly additionalLanguages: readonly string[];
  /** Where tax is rounded: once a line, or once a piece. */
  readonly calculationMethod: "line" | "simple";
  readonly addressMandatoryFields: readonly string[];
  readonly shopperAddressLimit: number;
  /** Absent: nothing decided. */
  readonly storefront?: StorefrontSettings;
  /** What becomes of money that comes late, for an order whose goods are gone meanwhile. */
  readonly paidButGone: PaidButGone;
  readonly cart: CartRules & {
    readonly showAllCarts: boolean;
    /** Shoppers may add lines that are no product, and put prices on shipping; the shop should check these prices. */
    readonly customItemsByShoppers: boolean;
    /** Shoppers may put custom discounts on their carts; the shop should check them. */
    readonly customDiscountsByShoppers: boolean;
    /** A cart that belongs to a customer or account answers only to their token. */
    readonly ownedCartsNeedToken: boolean;
    /**
     * What checkout does when a product costs more than when it was put into the cart: it refuses once and shows the new
     * price (`consent`), takes the new price (`follow`), or the old one (`keep`). A lower price is always passed on,
     * except by `keep`.
     */
    readonly priceChanges: "consent" | "follow" | "keep";
    /**
     * Every line must have a tax, of 0 if need be, before it is checked out: when the service that says what tax is due
     * fails, nothing is sold as if there were none. Gifts are left out.
     */
    readonly taxesRequired: boolean;
    /** The least that an order may cost, by currency; none: an order may cost nothing. */
    readonly minOrderTotals: readonly { readonly currency: string; readonly amount: MinorUnits }[];
  };
};

/** What a store decided, read with every request and held for about a second. */
export type StoreConfig = {
  readonly storeId: string;
  readonly name: string;
  readonly settings: StoreSettings;
  readonly currencies: readonly StoreCurrency[];
  readonly customFields: CustomFields;
  /** The automatic ones that are enabled, oldest first; some may not have begun, or be over. */
  readonly automaticPromotions: readonly Promotion[];
  /** The same of rule promotions. */
  readonly automaticRulePromotions: readonly RulePromotion[];
  /** The events of carts that anybody is told; carts are saved so often that no others are written. */
  readonly cartEvents: readonly CartEventType[];
  readonly createdAt: string;
};

/** For whom and by whom something is done. */
export type Context = {
  readonly store: StoreConfig;
  readonly actor: Actor;
  /** Where the caller sells, when it says so; absent: everywhere. */
  readonly salesChannelIds?: readonly string[];
  /** The version of a cart that the caller has seen last: a change of another one is refused. */
  readonly seenCartVersion?: number;
};

/** The settings of a store that has decided nothing yet. */
export const defaultSettings: StoreSettings = {
  pageLength: 25,
  listChildProducts: false,
  additionalLanguages: [],
  calculationMethod: "line",
  addressMandatoryFields: ["first_name", "last_name", "line_1", "county", "postcode", "country"],
  shopperAddressLimit: 25,
  paidButGone: "refund",
  cart: {
    expiryDays: 7,
    maxItems: 100,
    maxTaxesPerItem: 5,
    customDiscountsEnabled: false,
    useRulePromotions: false,
    deferInventoryCheck: false,
    separateItemsByLocation: false,
    showAllCarts: true,
    customItemsByShoppers: true,
    customDiscountsByShoppers: false,
    ownedCartsNeedToken: true,
    priceChanges: "consent",
    taxesRequired: false,
    minOrderTotals: [],
  },
};

/** The currency that prices are shown in when nobody asks for another. */
export function defaultCurrency(store: StoreConfig): StoreCurrency {
  const currency = store.currencies.find((candidate) => candidate.isDefault) ?? store.currencies[0];
  if (!currency) throw new Error(`Store ${store.storeId} has no currency`);
  return currency;
}

/** An enabled currency of the store. */
export function enabledCurrency(store: StoreConfig, code: string): StoreCurrency | undefined {
  return store.currencies.find((candidate) => candidate.code === code && candidate.enabled);
}

/** How amounts of a currency are written, also when the store has since disabled or deleted it. */
export function formatFor(store: StoreConfig, code: string): CurrencyFormat {
  return store.currencies.find((candidate) => candidate.code === code) ?? plainFormat(code);
}

function plainFormat(code: string): CurrencyFormat {
  return { code, format: `${code} {price}`, decimalPoint: ".", thousandSeparator: ",", decimalPlaces: 2 };
}
