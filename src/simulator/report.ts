import type { Books } from "./ledger.ts";

/** What the simulator's own books say of one attempt of a shop to be paid. */
export type ReferenceReport = {
  /** What the shop calls the attempt: `metadata.cartwright_operation`, or the payment's id. */
  readonly reference: string;
  /** `metadata.cartwright_order`. */
  readonly orderId?: string;
  readonly currency: string;
  /** Charges that went through; more than one is a double charge. */
  readonly charges: number;
  /** All amounts in the currency's smallest unit as Stripe counts it. Set aside, and neither taken nor released. */
  readonly authorized: number;
  readonly captured: number;
  readonly refunded: number;
};

export type SimulatorReport = {
  readonly references: readonly ReferenceReport[];
  /** In words: whatever no shop should ever do to its customers. Empty in a good world. */
  readonly doubles: readonly string[];
};

/** Adds the books up, by the shop's references, and looks for anything that was charged or given back twice. */
export function reportOf(books: Books): SimulatorReport {
  const references = new Map<string, ReferenceReport>();
  const doubles: string[] = [];
  for (const intent of books.intents.values()) {
    const charge = intent.latest_charge === null ? undefined : books.charges.get(intent.latest_charge);
    if (charge?.status !== "succeeded") continue;
    const reference = intent.metadata.cartwright_operation ?? intent.id;
    const orderId = intent.metadata.cartwright_order;
    const before = references.get(reference);
    const taken = charge.captured ? charge.amount_captured : 0;
    const after = {
      reference,
      ...(orderId !== undefined && { orderId }),
      currency: intent.currency,
      charges: (before?.charges ?? 0) + 1,
      authorized: (before?.authorized ?? 0) + intent.amount_capturable,
      captured: (before?.captured ?? 0) + taken,
      refunded: (before?.refunded ?? 0) + (charge.captured ? charge.amount_refunded : 0),
    };
    references.set(reference, after);
    if (after.charges > 1) doubles.push(`${reference} was charged ${after.charges} times`);
    if (charge.captured && charge.amount_captured > charge.amount) {
      doubles.push(`${charge.id} was captured beyond its authorization`);
    }
    if (charge.captured && charge.amount_refunded > charge.amount_captured) {
      doubles.push(`${charge.id} was refunded beyond its capture`);
    }
  }
  const refunds = new Set<string>();
  for (const { metadata, status } of books.refunds.values()) {
    const operation = metadata.cartwright_operation;
    if (operation === undefined || status === "failed" || status === "canceled") continue;
    if (refunds.has(operation)) doubles.push(`refund ${operation} was paid out more than once`);
    refunds.add(operation);
  }
  return { references: [...references.values()], doubles };
}
