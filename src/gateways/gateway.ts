import type { MinorUnits } from "../domain/money.ts";
import type { GatewayOutcome } from "../domain/order/pay.ts";
import type { PaymentOperationType } from "../domain/order/payment.ts";

/** What a gateway is told about one operation. */
export type GatewayCall = {
  readonly operation: PaymentOperationType;
  /** The same on every retry of the same operation, also after a crash and from another process. */
  readonly key: string;
  readonly orderId: string;
  readonly paymentId: string;
  readonly amount: MinorUnits;
  readonly currency: string;
  /** What the gateway called the payment; absent before it was authorized. */
  readonly reference?: string;
  /** When the operation was stored (RFC 3339), and how long ago that is, in milliseconds. */
  readonly claimedAt: string;
  readonly ageMs: number;
  /** The store's settings for this gateway. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The shopper's payment token, where the gateway takes one. Never a card number. */
  readonly paymentToken?: string;
  readonly options?: Readonly<Record<string, unknown>>;
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
  readonly methods: readonly ("authorize" | "purchase")[];
  /** What it is set up with, by the names that its calls find in `settings`. */
  readonly settings?: readonly GatewaySettingField[];
  /** Milliseconds until an answer counts as lost; more than 20,000 count as so many. */
  readonly deadlineMs: number;
  authorize(call: GatewayCall): Promise<GatewayOutcome>;
  purchase(call: GatewayCall): Promise<GatewayOutcome>;
  capture(call: GatewayCall): Promise<GatewayOutcome>;
  refund(call: GatewayCall): Promise<GatewayOutcome>;
  void(call: GatewayCall): Promise<GatewayOutcome>;
  /**
   * Asks what became of the operation with this key. It carries nothing out, but it may close for good what can come to
   * nothing any more, so that its answer stays true.
   */
  find(call: GatewayCall): Promise<FoundOutcome>;
};

/** One thing that a merchant tells a gateway. */
export type GatewaySettingField = {
  readonly name: string;
  readonly type: "text" | "boolean";
  /** Whoever reads it could take or return money: it is shown in part only, and logged never. */
  readonly secret: boolean;
};
