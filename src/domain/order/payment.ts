import type { MinorUnits } from "../money.ts";

export type PaymentOperationType = "authorize" | "purchase" | "capture" | "refund" | "void";

/** What the shopper has to do before a gateway goes on: prove who they are, approve on a page of the gateway. */
export type ShopperAction = {
  /** The gateway's own word for it, `requires_action`. */
  readonly status: string;
  /** With this the shopper's browser may go on with the payment, and do nothing else. */
  readonly clientSecret?: string;
  /** A page to send the shopper to. */
  readonly redirectUrl?: string;
};

/**
 * What became of money that came after its payment was given up: it pays for the order (`kept`), goes back (`toReturn`),
 * pays for goods that are to come (`backordered`), or waits for a person (`held`). Kept as the reason of its operation.
 */
export type LateFate = "kept" | "toReturn" | "backordered" | "held";

export const lateReasons: Readonly<Record<LateFate, string>> = {
  kept: "late_and_kept",
  toReturn: "late_and_to_be_returned",
  backordered: "late_and_backordered",
  held: "late_and_held",
};

/** One call to a gateway, stored before it is made. Pending means: nobody knows yet what became of it. */
export type PaymentOperation = {
  /** Also the idempotency key that the gateway gets, the same on every retry. */
  readonly id: string;
  readonly type: PaymentOperationType;
  readonly amount: MinorUnits;
  readonly status: "pending" | "complete" | "failed";
  /** `manual` only notes what was done elsewhere; the gateway is not called. */
  readonly mechanism: "gateway" | "manual";
  /** `gateway` when it was done there and not asked for here: by hand in its own pages, or because time ran out. */
  readonly origin?: "gateway";
  readonly reason?: string;
  readonly note?: string;
  /** Of a refund: nobody is to be told about it by mail; absent: not said. */
  readonly noNotification?: boolean;
  readonly reference?: string;
  /** Of an authorization: when it expires (RFC 3339), where the gateway told, and when the shop was warned of that. */
  readonly expiresAt?: string;
  readonly expiryWarnedAt?: string;
  /** A capture of a part: what is left of the authorization stays set aside, for further captures or a release. */
  readonly keepsRest?: true;
  /** A refund that is part of calling the whole order off. */
  readonly callingOff?: true;
  readonly failure?: { readonly code: string; readonly message: string };
  /** While it is pending: what the gateway waits for. Without one, nobody knows what became of it. */
  readonly action?: ShopperAction;
  readonly createdAt: string;
  readonly settledAt?: string;
};

/** One attempt to be paid, from authorization to refund. Its first operation is the authorization or purchase. */
export type Payment = {
  readonly id: string;
  readonly gateway: string;
  readonly amount: MinorUnits;
  readonly currency: string;
  /** What the gateway calls it. */
  readonly reference?: string;
  readonly name?: string;
  readonly customReference?: string;
  /** What the gateway says of the payment session that it was made of, for its shopper to see. */
  readonly sessionData?: Readonly<Record<string, unknown>>;
  /** It pays for what an edit of the order adds. */
  readonly edit?: PaymentOfEdit;
  readonly operations: readonly PaymentOperation[];
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** Money for an edit of an order. Until the edit is confirmed (`isAgreed`) it pays for nothing of the order. */
export type PaymentOfEdit = {
  readonly editId: string;
  /** Of the payment session that it is made of. */
  readonly sessionId: string;
  readonly isAgreed: boolean;
};

/** Whether the payment belongs to an edit that is not confirmed: it counts for nothing of the order, and is not captured. */
export function waitsForEdit({ edit }: Pick<Payment, "edit">): boolean {
  return edit !== undefined && !edit.isAgreed;
}

/** What a payment amounts to, all in minor units and all derived from its operations. */
export type PaymentFacts = {
  /** Authorized for certain, and neither captured nor voided. */
  readonly authorized: MinorUnits;
  /** Asked for but not answered yet: an authorization, or a purchase. */
  readonly pending: MinorUnits;
  readonly captured: MinorUnits;
  readonly refunded: MinorUnits;
  readonly pendingRefunds: MinorUnits;
  /** No operation is unanswered. */
  readonly resolved: boolean;
  /** Money is here or on its way. */
  readonly live: boolean;
  /** It was released before any of it was captured. */
  readonly voided: boolean;
};

/** The operation that money came by, or was to come by: the first, or one that came after it was given up. */
export function startOf(payment: Payment): PaymentOperation | undefined {
  const starts = payment.operations.filter(({ type }) => type === "authorize" || type === "purchase");
  return starts.find(({ status }) => status !== "failed") ?? starts[0];
}

/** What became of a payment's late money; undefined when it came in time, or not at all. */
export function lateFate(payment: Payment): LateFate | undefined {
  const fates = Object.keys(lateReasons) as LateFate[];
  return fates.find((fate) => payment.operations.some(({ reason }) => reason === lateReasons[fate]));
}

/** Whether all that is open about a payment is what its shopper has yet to do: no call is on its way or unanswered. */
export function waitsForShopper(payment: Payment): boolean {
  const [first, ...others] = payment.operations;
  return first?.status === "pending" && first.action !== undefined && others.every(isSettled);
}

const isSettled = ({ status }: PaymentOperation): boolean => status !== "pending";

export function paymentFacts(payment: Payment): PaymentFacts {
  let authorized = 0;
  let pending = 0;
  let captured = 0;
  let refunded = 0;
  let pendingRefunds = 0;
  let resolved = true;
  let released = false;
  for (const operation of payment.operations) {
    if (operation.status === "pending") resolved = false;
    if (operation.status === "failed") continue;
    const complete = operation.status === "complete";
    switch (operation.type) {
      case "authorize":
        if (complete) authorized += operation.amount;
        else pending += operation.amount;
        break;
      case "purchase":
        if (complete) captured += operation.amount;
        else pending += operation.amount;
        break;
      case "capture":
        if (complete) {
          captured += operation.amount;
          authorized = operation.keepsRest ? authorized - operation.amount : 0;
        }
        break;
      case "refund":
        if (complete) refunded += operation.amount;
        else pendingRefunds += operation.amount;
        break;
      case "void":
        if (complete) {
          authorized = 0;
          pending = 0;
          released = true;
        }
        break;
    }
  }
  const voided = released && captured === 0;
  const started = startOf(payment)?.status !== "failed" && !voided;
  return { authorized, pending, captured, refunded, pendingRefunds, resolved, live: started, voided };
}

/** What may still be given back: captured, less what was or is being given back. */
export function refundable(payment: Payment): MinorUnits {
  const facts = paymentFacts(payment);
  return facts.captured - facts.refunded - facts.pendingRefunds;
}
