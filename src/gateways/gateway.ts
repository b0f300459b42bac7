import type { PaymentSessionStatus } from "../domain/cart/region-part.ts";
import type { MinorUnits } from "../domain/money.ts";
import type { GatewayOutcome, SessionData } from "../domain/order/pay.ts";
import type { PaymentOperationType, ShopperAction } from "../domain/order/payment.ts";
import type { SeenPayment, SeenSession } from "../domain/order/seen-payment.ts";

/** What a gateway is told about one operation. */
export type GatewayCall = {
  readonly operation: PaymentOperationType;
  /** The same on every retry of the same operation, also after a crash and from another process. */
  readonly key: string;
  readonly orderId: string;
  readonly paymentId: string;
  readonly amount: MinorUnits;
  readonly currency: string;
  /** Of a capture of a part: what is left stays set aside. Otherwise it is released with the capture. */
  readonly keepsRest?: true;
  /** What the gateway called the payment; absent before it was authorized. */
  readonly reference?: string;
  /** When the operation was stored (RFC 3339), and how long ago that is, in milliseconds. */
  readonly claimedAt: string;
  readonly ageMs: number;
  /** The store's settings for this gateway. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The shopper's payment token, where the gateway takes one. Never a card number. */
  readonly paymentToken?: string;
  /** What the gateway said of the payment session that the payment is made of; absent where it is made of none. */
  readonly session?: SessionData;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Of an operation that is waited for: what the gateway called it, and what its shopper has yet to do. */
  readonly waiting?: { readonly reference?: string; readonly action?: ShopperAction };
  /** All that the gateway told about the payment, oldest first, where `events.kept` asks for it. */
  readonly told?: readonly GatewayEvent[];
  /** Aborted at the deadline; what then became of the call is unknown. */
  readonly signal: AbortSignal;
};

/** What a gateway remembers of a key: an outcome, or that it never heard of it. */
export type FoundOutcome = GatewayOutcome | { readonly kind: "absent" };

/**
 * A way to be paid. Definite answers are outcomes; anything thrown means that nobody knows what happened, and the
 * reconciler will ask with `find`.
 */
export type Gateway = {
  readonly slug: string;
  readonly name: string;
  /** Answers by itself, without calling anybody: claim and settlement are then one transaction. */
  readonly local: boolean;
  /** Staff note with it what was paid elsewhere: it is no choice of a region or a shopper. */
  readonly isForStaff?: true;
  readonly methods: readonly ("authorize" | "purchase")[];
  /** What it is set up with, by the names that its calls find in `settings`. */
  readonly settings?: readonly GatewaySettingField[];
  /** Milliseconds until an answer counts as lost; more than 20,000 count as so many. */
  readonly deadlineMs: number;
  authorize(call: GatewayCall): Promise<GatewayOutcome>;
  purchase(call: GatewayCall): Promise<GatewayOutcome>;
  /** What of the authorization is more than `amount` is released with it, unless the call `keepsRest`. */
  capture(call: GatewayCall): Promise<GatewayOutcome>;
  refund(call: GatewayCall): Promise<GatewayOutcome>;
  void(call: GatewayCall): Promise<GatewayOutcome>;
  /**
   * Asks what became of the operation with this key. It begins nothing, but it may finish what its shopper has approved
   * since, and close for good what can come to nothing any more, so that its answer stays true.
   */
  find(call: GatewayCall): Promise<FoundOutcome>;
  /** Goes on with a payment that waits for its shopper, with what they brought back, in `options`. */
  proceed?(call: GatewayCall): Promise<GatewayOutcome>;
  /**
   * Whether an authorization can be captured in several parts, by what the store has set up; absent: once, and the rest is
   * released.
   */
  capturesInParts?(settings: GatewayCall["settings"]): boolean;
  /** Absent: a session is only noted, and the payment begins when the cart is completed. */
  readonly sessions?: GatewaySessions;
  /** How it tells what happens to payments without our doing; absent where nothing does. */
  readonly events?: GatewayEvents;
};

/** What a gateway is told about a payment session: a payment that a shopper prepares, before there is an order. */
export type SessionCall = {
  /** The session's id, the same on every retry. */
  readonly key: string;
  readonly cartId: string;
  /** What the cart costs now, in minor units. */
  readonly amount: MinorUnits;
  readonly currency: string;
  readonly email?: string;
  /** What the gateway said before; empty at first. */
  readonly data: SessionData;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Aborted at the deadline. */
  readonly signal: AbortSignal;
};

/** How far a session is, and what its shopper's browser needs to go on. */
export type SessionState = {
  readonly status: PaymentSessionStatus;
  readonly data: SessionData;
  /** What the session was before and could not be changed any more: it is to be given up once the change is saved. */
  readonly former?: SessionData;
};

/**
 * Payment sessions of a gateway: the shopper may pay with one in the browser before the cart is completed. An
 * authorization that comes with a session (`GatewayCall.session`) looks at what became of it: a session that is not
 * authorized is declined with its status as code, `requires_more`, `pending`, `error` or `canceled`.
 */
export type GatewaySessions = {
  open(call: SessionCall): Promise<SessionState>;
  /** The amount has changed, or the storefront sends `change`. */
  update(call: SessionCall & { readonly change?: SessionData }): Promise<SessionState>;
  /** The shopper pays in another way. What cannot be given up any more is no error. */
  close(call: SessionCall): Promise<void>;
};

/** Something that happened to a payment, as the gateway tells it. It is only a hint to look at the payment again. */
export type GatewayEvent = {
  /** By the gateway: the same however often it is told. */
  readonly id: string;
  readonly type: string;
  /** RFC 3339. */
  readonly occurredAt: string;
  /** What the gateway calls the payment. */
  readonly reference: string;
  /** The order, and the operation whose call caused it, where the gateway names them. */
  readonly orderId?: string;
  readonly operationId?: string;
};

/** What a gateway is told when it is asked about everything, and not about one operation. */
export type GatewayQuestion = {
  readonly settings: Readonly<Record<string, unknown>>;
  /** As in a call; only when the question is about one payment. */
  readonly told?: readonly GatewayEvent[];
  /** Aborted at the deadline. */
  readonly signal: AbortSignal;
};

/** A call that a gateway made to us, with its body as it came. */
export type GatewayRequest = {
  readonly body: Uint8Array;
  header(name: string): string | undefined;
  /** RFC 3339. */
  readonly now: string;
  readonly settings: Readonly<Record<string, unknown>>;
};

export type GatewayEvents = {
  /** The last part of the address that it calls, `stripe` of `/webhooks/stripe`; gateways may share one. */
  readonly path: string;
  /**
   * The gateway cannot be asked about a payment: what it told is all that is known, and comes along with calls and
   * questions. The ids of its events begin with our payment's id and a colon.
   */
  readonly kept?: true;
  /** What it tells, nothing when that is about no payment; undefined when it was not this store's gateway that called. */
  read(request: GatewayRequest): Promise<readonly GatewayEvent[] | undefined>;
  /**
   * Everything that happened from a moment on (RFC 3339), for when nobody called, in parts and in any order. Repeats do no
   * harm, but what is left out is never heard of: who reads to the end does not ask for that time again.
   */
  since(moment: string, question: GatewayQuestion): AsyncIterable<readonly GatewayEvent[]>;
  /**
   * A payment as the gateway knows it, or what a session of a cart has become that no order has taken; undefined when it
   * knows none by that name, or it is no shop's of ours.
   */
  look(reference: string, question: GatewayQuestion): Promise<SeenPayment | SeenSession | undefined>;
};

/** One thing that a merchant tells a gateway. */
export type GatewaySettingField = {
  readonly name: string;
  readonly type: "text" | "boolean";
  /** Whoever reads it could take or return money: it is shown in part only, and logged never. */
  readonly secret: boolean;
};
