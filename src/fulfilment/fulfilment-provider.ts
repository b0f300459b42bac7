import type { MinorUnits } from "../domain/money.ts";
import type { LinePieces } from "../domain/order/fulfilment.ts";
import type { Order } from "../domain/order/order.ts";
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

/** What a provider is told about one fulfilment of an order. */
export type FulfilmentCall = {
  /** The fulfilment's id: the same on every retry, also after a crash and from another process. */
  readonly key: string;
  /** With its addresses, and with what was bought. */
  readonly order: Order;
  /** The pieces that it is about: lines of the order, each once. */
  readonly items: readonly LinePieces[];
  /** Aborted at the deadline; what then became of the call is unknown. */
  readonly signal: AbortSignal;
};

/** The provider does not do what it was asked for; the message is for whoever asked. */
export type FulfilmentRefusal = { readonly type: "fulfilment_refused"; readonly message: string };

/**
 * Somebody who carries out shipping, as shipping options name it. Where it throws about options, prices and methods, it
 * has failed, and nothing is changed. `create` and `cancel` are called with no transaction and no connection held, and
 * what they throw means that nobody knows what happened: the same call is made again with the same key until there is a
 * definite answer.
 */
export type FulfilmentProvider = {
  readonly slug: string;
  /** Answers by itself, without calling anybody: asking it and saving are then one step. */
  readonly local: boolean;
  /** Milliseconds until an answer to `create` or `cancel` counts as lost; more than 20,000 count as so many. */
  readonly deadlineMs: number;
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
  /**
   * Has the pieces sent, once for a key; the answer is kept with the fulfilment. `method` is what is kept with the
   * shipping method.
   */
  create(method: FulfilmentData, call: FulfilmentCall): Promise<Result<FulfilmentData, FulfilmentRefusal>>;
  /** Calls off what `create` began under the key; what was called off already is no error. */
  cancel(fulfilment: FulfilmentData, call: FulfilmentCall): Promise<Result<void, FulfilmentRefusal>>;
};
