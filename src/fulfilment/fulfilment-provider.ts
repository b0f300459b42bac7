import type { MinorUnits } from "../domain/money.ts";
import type { Result } from "../domain/result.ts";

/** Free-form facts that a provider keeps with a shipping option, a chosen method or a fulfilment. */
export type FulfilmentData = Readonly<Record<string, unknown>>;

/** One of the ways that a provider sends things; `data` of a shipping option that uses it. */
export type FulfilmentWay = { readonly id: string; readonly is_return?: true };

/** What a provider is told about the cart that it is to ship. */
export type FulfilmentCart = {
  readonly cartId: string;
  /** Pieces of all its lines. */
  readonly pieces: number;
};

/** What a provider is told about the pieces of an order that it is to send. */
export type FulfilmentItems = {
  readonly orderId: string;
  readonly items: readonly { readonly itemId: string; readonly quantity: number }[];
};

/** The provider does not take what the shopper sent; the message is for them. */
export type FulfilmentRefusal = { readonly type: "fulfilment_refused"; readonly message: string };

/**
 * Somebody who carries out shipping, as shipping options name it. Whatever it throws counts as its failure, and nothing
 * is changed.
 */
export type FulfilmentProvider = {
  readonly slug: string;
  ways(): Promise<readonly FulfilmentWay[]>;
  /** Whether a shipping option with that data can be offered. */
  takes(option: FulfilmentData): Promise<boolean>;
  /** Whether it knows prices for a shipping option with that data. */
  calculates(option: FulfilmentData): Promise<boolean>;
  /** The price for a cart, in minor units of its currency, >= 0. */
  priceOf(option: FulfilmentData, method: FulfilmentData, cart: FulfilmentCart): Promise<MinorUnits>;
  /** What is kept with a chosen shipping method, made of what the shopper sent with the choice. */
  methodData(
    option: FulfilmentData,
    sent: FulfilmentData,
    cart: FulfilmentCart,
  ): Promise<Result<FulfilmentData, FulfilmentRefusal>>;
  /** Has the pieces sent; the answer is kept with the fulfilment. */
  create(method: FulfilmentData, items: FulfilmentItems): Promise<FulfilmentData>;
  /** Calls off what `create` began. */
  cancel(fulfilment: FulfilmentData): Promise<void>;
};
