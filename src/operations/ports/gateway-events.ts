import type { GatewayEvent } from "../../gateways/gateway.ts";

/** What came of an event: the order changed, what it told was known, or it is about no payment of this store. */
export type GatewayEventOutcome = "changed" | "known" | "foreign";

/** Events of one payment that nobody has looked at yet. */
export type OpenEvents = {
  /** What the gateway calls the payment. */
  readonly reference: string;
  readonly events: readonly {
    readonly id: string;
    readonly orderId?: string;
    readonly operationId?: string;
  }[];
  /** When the last of them came (RFC 3339). */
  readonly newest: string;
};

/** An event's place among all those of its gateway: when it came (RFC 3339), and its id. */
export type EventPlace = { readonly receivedAt: string; readonly id: string };

export type GatewayEventPort = {
  /** Keeps events; those that are there already stay as they are. Answers how many were new. */
  add(storeId: string, gateway: string, events: readonly GatewayEvent[], now: string): Promise<number>;
  /** The gateways of which events are still to be looked at. */
  openGateways(storeId: string): Promise<readonly string[]>;
  /**
   * Events of a gateway that are still to be looked at, by payment, those that came first first, from `after` on; and
   * the place of the last one when there may be more than `limit`.
   */
  open(
    storeId: string,
    gateway: string,
    limit: number,
    after?: EventPlace,
  ): Promise<{ readonly payments: readonly OpenEvents[]; readonly next?: EventPlace }>;
  /** Everything that a gateway told about a payment of ours, in the order in which it came; see `GatewayEvents.kept`. */
  ofPayment(storeId: string, gateway: string, paymentId: string): Promise<readonly GatewayEvent[]>;
  close(
    storeId: string,
    gateway: string,
    ids: readonly string[],
    outcome: GatewayEventOutcome,
    now: string,
  ): Promise<void>;
  /** Notes on events that stay open that they are about a cart which is paid for and cannot be completed. */
  noteStuck(storeId: string, gateway: string, ids: readonly string[]): Promise<void>;
  /** Payments that the latest look found so. */
  countStuck(storeId: string): Promise<number>;
  /** Until when a gateway was asked what happened (RFC 3339); undefined before the first time. */
  askedUntil(storeId: string, gateway: string): Promise<string | undefined>;
  setAskedUntil(storeId: string, gateway: string, moment: string): Promise<void>;
  /** Deletes events that were received before a moment, so many at once; answers how many. */
  deleteOlderThan(storeId: string, before: string, limit: number): Promise<number>;
};
