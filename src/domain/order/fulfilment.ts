import type { StockDemand } from "../inventory/stock.ts";

/** So many pieces of one line of an order. */
export type LinePieces = { readonly lineId: string; readonly quantity: number };

/** Pieces that were packed together: they have left the stock, and are sent when `shippedAt` says so. */
export type Fulfilment = {
  readonly id: string;
  /** Each line once, quantities at least 1. */
  readonly items: readonly LinePieces[];
  /** The fulfilment provider that carries it out. */
  readonly providerId: string;
  /** The order's shipping method that it is sent by; absent: it has none. */
  readonly methodId?: string;
  /** What the provider was asked and has not answered: nobody knows whether it is done. */
  readonly awaits?: "create" | "cancel";
  /** The stock location that the shop names; absent: none was named. */
  readonly locationId?: string;
  readonly trackingNumbers: readonly string[];
  /** The provider's own. */
  readonly data: Readonly<Record<string, unknown>>;
  /** What left the stock with it, and comes back when it is called off. */
  readonly taken: readonly StockDemand[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Nobody is to be told about it; absent: not said. */
  readonly noNotification?: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly shippedAt?: string;
  readonly cancelledAt?: string;
};

/** Pieces of a line that come back. */
export type ReturnItem = {
  readonly lineId: string;
  /** As it was asked for, at least 1. */
  readonly requested: number;
  /** What came; absent: nothing yet. */
  readonly received?: number;
  readonly reasonId?: string;
  readonly note?: string;
};

/** Goods that a shopper sends back. */
export type Return = {
  readonly id: string;
  readonly status: "requested" | "received" | "requires_action" | "canceled";
  readonly items: readonly ReturnItem[];
  /** Minor units: what is, or will be, paid back for it, less what sending it costs. */
  readonly refundAmount: number;
  /** How it is sent: a shipping option for returns, its price and its tax in minor units. */
  readonly shipping?: {
    readonly id: string;
    readonly optionId: string;
    readonly price: number;
    readonly tax: number;
    readonly taxPercent: number;
    readonly data: Readonly<Record<string, unknown>>;
  };
  readonly locationId?: string;
  /** What went back into the stock with it, and where; absent: nothing yet. */
  readonly restocked?: readonly StockDemand[];
  readonly noNotification?: boolean;
  readonly idempotencyKey?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly receivedAt?: string;
};

/** Where a return is to be found. */
export type ReturnLink = {
  /** The return's. */
  readonly id: string;
  readonly orderId: string;
  readonly createdAt: string;
  readonly updatedAt: string;
};

type Fulfilled = { readonly fulfilments?: readonly Fulfilment[]; readonly fulfilledAt?: string };
type Line = { readonly id: string; readonly quantity: number };

/**
 * Pieces of a line that nobody else can have: they are packed or sent, or about to be. An order that is marked as
 * fulfilled is so with all its pieces.
 */
export function fulfilledOf(order: Fulfilled, { id, quantity }: Line): number {
  return order.fulfilledAt === undefined ? piecesIn(live(order), id) : quantity;
}

/** Pieces of a line that are packed or sent for certain: who carries them has taken them on. */
export function fulfilledForSure(order: Fulfilled, { id, quantity }: Line): number {
  const taken = live(order).filter(({ awaits }) => awaits !== "create");
  return order.fulfilledAt === undefined ? piecesIn(taken, id) : quantity;
}

/** How long a provider may not have answered, in milliseconds, before it is told: far longer than anybody waits. */
export const UNANSWERED_TOLD_AFTER_MS = 5 * 60_000;

/** The fulfilment whose provider was asked and has not answered, if there is one. */
export function unansweredIn({ fulfilments = [] }: Fulfilled): Fulfilment | undefined {
  return fulfilments.find(({ awaits }) => awaits !== undefined);
}

/** Pieces of a line that are on their way or there: those of shipments, and those that were sent without one. */
export function shippedOf(order: Fulfilled, line: Line): number {
  const packed = piecesIn(live(order), line.id);
  const shipped = live(order).filter(({ shippedAt }) => shippedAt !== undefined);
  return piecesIn(shipped, line.id) + fulfilledOf(order, line) - packed;
}

/** Pieces of a line that came back. */
export function returnedOf(
  { returns = [] }: { readonly returns?: readonly Return[] },
  lineId: string,
): number {
  return returns
    .flatMap(({ items }) => items)
    .reduce((sum, item) => sum + (item.lineId === lineId ? (item.received ?? 0) : 0), 0);
}

function live({ fulfilments = [] }: Fulfilled): readonly Fulfilment[] {
  return fulfilments.filter(({ cancelledAt }) => cancelledAt === undefined);
}

function piecesIn(fulfilments: readonly Fulfilment[], lineId: string): number {
  return fulfilments
    .flatMap(({ items }) => items)
    .reduce((sum, item) => sum + (item.lineId === lineId ? item.quantity : 0), 0);
}
