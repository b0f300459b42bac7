import type { Action } from "./order-states.ts";

// What each request does to an order in each state. An order is shown as status/payment/shipping and its stock as
// total/available/allocated; it is of two pieces at 1000 each, of ten.

const noTransaction = "404 Transaction not found";
const notCapturable = "400 Only a completed authorization that was not captured yet can be captured";
const notVoidable = "400 Only a completed authorization that was not captured can be cancelled";
const notRefundable = "400 Only a captured transaction that was not refunded in full can be refunded";
const alreadyPaid = "400 The order is already paid";
const isCancelled = "400 The order is cancelled";
const isAnonymized = "400 An anonymized order cannot be updated";
const unanswered =
  "409 The gateway has not answered for this payment yet; it is being resolved, try again in a moment";
const unfinished = (status: string) =>
  `400 Cannot refund because the order is ${status}; it must be complete and paid, or cancelled`;
const unpaid = (payment: string) => `400 Cannot fulfill order because payment status is ${payment}`;
const exceeds = (amount: number, balance: number) =>
  balance === 0
    ? "422 Nothing is owed on this order: all of it is authorized or paid"
    : `422 The amount ${amount} exceeds the balance owing of ${balance}`;
const shipped = (what: string) => `400 Cannot ${what} because shipping status is fulfilled`;
const notFinal = (status: string, payment: string) =>
  `422 Order has status: order:${status}, payment:${payment}, shipping:unfulfilled; only fulfilled or refunded or cancelled orders may be anonymized`;

/** A state of an order, and what every request does there. */
export type State = {
  /** How it is reached. */
  readonly after: readonly Action[];
  readonly is: string;
  readonly transactions: readonly string[];
  /** Requests that take the order to another state. */
  readonly leads: Partial<Record<Action, string>>;
  /** Requests that succeed and leave it in its state; `anonymize` as the last. */
  readonly stays: readonly Action[];
  /** Status and detail of refusals, which change nothing. */
  readonly refused: Partial<Record<Action, string>>;
};

const nothingPaid = {
  leads: {
    authorize: "processing/authorized/unfulfilled 10/8/2",
    "authorize 500": "processing/partially_authorized/unfulfilled 10/8/2",
    purchase: "complete/paid/unfulfilled 10/8/2",
    "purchase 500": "processing/partially_paid/unfulfilled 10/8/2",
    "purchase, waiting": "incomplete/unpaid/unfulfilled 10/8/2",
    cancel: "cancelled/unpaid/unfulfilled 10/10/0",
  },
  refused: {
    "purchase 2001": exceeds(2001, 2000),
    "purchase, declined": "400 The card was declined",
    fulfil: unpaid("unpaid"),
    anonymize: notFinal("incomplete", "unpaid"),
  },
} as const;

const noMorePayments = (why: string) => ({ authorize: why, "purchase 500": why, "purchase 2001": why });
const nothingToTake = { capture: notCapturable, void: notVoidable } as const;
const nothingToReturn = {
  "refund 500": notRefundable,
  "refund 2001": notRefundable,
  refund: notRefundable,
} as const;
const noRefund = (status: string) => ({ "refund 500": unfinished(status), refund: unfinished(status) });

export const states: Readonly<Record<string, State>> = {
  placed: {
    after: [],
    is: "incomplete/unpaid/unfulfilled 10/10/0",
    transactions: [],
    ...nothingPaid,
    stays: ["move"],
    refused: {
      capture: noTransaction,
      void: noTransaction,
      refund: noTransaction,
      confirm: noTransaction,
      ...nothingPaid.refused,
    },
  },
  declined: {
    after: ["purchase, declined"],
    is: "incomplete/unpaid/unfulfilled 10/10/0",
    transactions: ["purchase failed 0"],
    ...nothingPaid,
    stays: ["move"],
    refused: {
      ...nothingPaid.refused,
      ...nothingToTake,
      ...noRefund("incomplete"),
      confirm: "400 The card was declined",
    },
  },
  "given up by the shopper": {
    after: ["authorize, waiting", "the shopper gives up"],
    is: "incomplete/unpaid/unfulfilled 10/10/0",
    transactions: ["authorize failed 0"],
    ...nothingPaid,
    stays: ["move"],
    refused: {
      ...nothingPaid.refused,
      ...nothingToTake,
      ...noRefund("incomplete"),
      confirm: "400 The shopper gave up",
    },
  },
  voided: {
    after: ["authorize", "void"],
    is: "incomplete/unpaid/unfulfilled 10/10/0",
    transactions: ["authorize cancelled 0"],
    ...nothingPaid,
    stays: ["confirm", "move"],
    refused: { ...nothingPaid.refused, ...nothingToTake, ...noRefund("incomplete") },
  },
  "waiting for the shopper": {
    after: ["purchase, waiting"],
    is: "incomplete/unpaid/unfulfilled 10/8/2",
    transactions: ["purchase pending 0"],
    leads: {
      "the shopper pays": "complete/paid/unfulfilled 10/8/2",
      "the shopper gives up": "400 The shopper gave up",
    },
    stays: ["confirm", "move"],
    refused: {
      authorize: unanswered,
      "purchase 500": unanswered,
      "purchase 2001": exceeds(2001, 0),
      capture: unanswered,
      void: unanswered,
      refund: unanswered,
      cancel: unanswered,
      fulfil: unpaid("unpaid"),
      anonymize: notFinal("incomplete", "unpaid"),
    },
  },
  authorized: {
    after: ["authorize"],
    is: "processing/authorized/unfulfilled 10/8/2",
    transactions: ["authorize complete 0"],
    leads: {
      capture: "complete/paid/unfulfilled 10/8/2",
      void: "incomplete/unpaid/unfulfilled 10/10/0",
      cancel: "cancelled/authorized/unfulfilled 10/10/0",
    },
    stays: ["confirm", "move"],
    refused: {
      "authorize 500": exceeds(500, 0),
      "purchase 500": exceeds(500, 0),
      "purchase 2001": exceeds(2001, 0),
      ...noRefund("processing"),
      fulfil: unpaid("authorized"),
      anonymize: notFinal("processing", "authorized"),
    },
  },
  "partly authorized": {
    after: ["authorize 500"],
    is: "processing/partially_authorized/unfulfilled 10/8/2",
    transactions: ["authorize complete 0"],
    leads: {
      authorize: "processing/authorized/unfulfilled 10/8/2",
      "authorize 500": "processing/partially_authorized/unfulfilled 10/8/2",
      purchase: "processing/partially_paid/unfulfilled 10/8/2",
      capture: "processing/partially_paid/unfulfilled 10/8/2",
      void: "incomplete/unpaid/unfulfilled 10/10/0",
      cancel: "cancelled/partially_authorized/unfulfilled 10/10/0",
    },
    stays: ["confirm", "move"],
    refused: {
      "purchase 2001": exceeds(2001, 1500),
      ...noRefund("processing"),
      fulfil: unpaid("partially_authorized"),
      anonymize: notFinal("processing", "partially_authorized"),
    },
  },
  "partly paid": {
    after: ["authorize 500", "capture"],
    is: "processing/partially_paid/unfulfilled 10/8/2",
    transactions: ["capture complete 0"],
    leads: {
      authorize: "processing/partially_paid/unfulfilled 10/8/2",
      purchase: "complete/paid/unfulfilled 10/8/2",
      cancel: "cancelled/partially_paid/unfulfilled 10/10/0",
    },
    stays: ["confirm", "move"],
    refused: {
      "purchase 2001": exceeds(2001, 1500),
      ...nothingToTake,
      ...noRefund("processing"),
      fulfil: unpaid("partially_paid"),
      anonymize: notFinal("processing", "partially_paid"),
    },
  },
  paid: {
    after: ["authorize", "capture"],
    is: "complete/paid/unfulfilled 10/8/2",
    transactions: ["capture complete 0"],
    leads: {
      "refund 500": "complete/paid/unfulfilled 10/8/2",
      refund: "complete/refunded/unfulfilled 10/8/2",
      fulfil: "complete/paid/fulfilled 8/8/0",
      cancel: "cancelled/paid/unfulfilled 10/10/0",
    },
    stays: ["confirm", "move"],
    refused: {
      ...noMorePayments(alreadyPaid),
      ...nothingToTake,
      "refund 2001": "422 The amount 2001 exceeds the refundable amount of 2000",
      anonymize: notFinal("complete", "paid"),
    },
  },
  "partly refunded": {
    after: ["purchase", "refund 500"],
    is: "complete/paid/unfulfilled 10/8/2",
    transactions: ["refund complete 500"],
    leads: {
      "refund 500": "complete/paid/unfulfilled 10/8/2",
      refund: "complete/refunded/unfulfilled 10/8/2",
      fulfil: "complete/paid/fulfilled 8/8/0",
      cancel: "cancelled/paid/unfulfilled 10/10/0",
    },
    stays: ["confirm", "move"],
    refused: {
      ...noMorePayments(alreadyPaid),
      ...nothingToTake,
      "refund 2001": "422 The amount 2001 exceeds the refundable amount of 1500",
      anonymize: notFinal("complete", "paid"),
    },
  },
  refunded: {
    after: ["purchase", "refund"],
    is: "complete/refunded/unfulfilled 10/8/2",
    transactions: ["refund complete 2000"],
    leads: { cancel: "cancelled/refunded/unfulfilled 10/10/0" },
    stays: ["confirm", "move", "anonymize"],
    refused: {
      ...noMorePayments(alreadyPaid),
      ...nothingToTake,
      ...nothingToReturn,
      fulfil: unpaid("refunded"),
    },
  },
  shipped: {
    after: ["purchase", "fulfil"],
    is: "complete/paid/fulfilled 8/8/0",
    transactions: ["purchase complete 0"],
    leads: {
      "refund 500": "complete/paid/fulfilled 8/8/0",
      refund: "complete/refunded/fulfilled 8/8/0",
    },
    stays: ["confirm", "anonymize"],
    refused: {
      ...noMorePayments(alreadyPaid),
      ...nothingToTake,
      fulfil: shipped("fulfill order"),
      cancel: shipped("cancel order"),
      move: shipped("update order shipping address"),
    },
  },
  cancelled: {
    after: ["cancel"],
    is: "cancelled/unpaid/unfulfilled 10/10/0",
    transactions: [],
    leads: {},
    stays: ["move", "anonymize"],
    refused: {
      ...noMorePayments(isCancelled),
      fulfil: isCancelled,
      cancel: isCancelled,
      refund: noTransaction,
    },
  },
  "cancelled when authorized": {
    after: ["authorize", "cancel"],
    is: "cancelled/authorized/unfulfilled 10/10/0",
    transactions: ["authorize complete 0"],
    leads: { void: "cancelled/unpaid/unfulfilled 10/10/0" },
    stays: ["confirm", "move", "anonymize"],
    refused: {
      ...noMorePayments(isCancelled),
      ...nothingToReturn,
      capture: isCancelled,
      fulfil: isCancelled,
      cancel: isCancelled,
    },
  },
  "cancelled when paid": {
    after: ["purchase", "cancel"],
    is: "cancelled/paid/unfulfilled 10/10/0",
    transactions: ["purchase complete 0"],
    leads: {
      "refund 500": "cancelled/paid/unfulfilled 10/10/0",
      refund: "cancelled/refunded/unfulfilled 10/10/0",
    },
    stays: ["confirm", "move", "anonymize"],
    refused: {
      ...noMorePayments(isCancelled),
      capture: isCancelled,
      void: notVoidable,
      fulfil: isCancelled,
      cancel: isCancelled,
    },
  },
  anonymized: {
    after: ["cancel", "anonymize"],
    is: "cancelled/unpaid/unfulfilled 10/10/0",
    transactions: [],
    leads: {},
    stays: ["anonymize"],
    refused: {
      move: isAnonymized,
      fulfil: isAnonymized,
      cancel: isAnonymized,
      ...noMorePayments(isCancelled),
    },
  },
};
