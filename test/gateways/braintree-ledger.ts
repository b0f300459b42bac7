import { randomBytes } from "node:crypto";
import type { GatewayBooks } from "./conformance.ts";

/** A transaction in the books of the stand-in. Amounts are in minor units of a currency with two decimals. */
export type BookedTransaction = {
  readonly id: string;
  readonly type: "sale" | "credit";
  status: string;
  amount: number;
  readonly currency: string;
  readonly orderId: string;
  readonly refunded?: BookedTransaction;
  readonly refunds: BookedTransaction[];
  readonly history: string[];
  readonly code?: string;
  readonly text?: string;
  readonly rejection?: string;
  readonly createdAt: number;
  /** Of its status, in milliseconds since 1970. */
  changedAt: number;
};

/** A request that Braintree refuses, by its own code. */
export class RefusedByBraintree extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const captured = ["submitted_for_settlement", "settling", "settled"];

/** What Braintree would do with transactions, and what it counts. */
export function braintreeLedger() {
  const all = new Map<string, BookedTransaction>();
  let settlesAtOnce = true;

  const move = (transaction: BookedTransaction, status: string): void => {
    transaction.status = status;
    transaction.history.push(status);
    transaction.changedAt = Date.now();
  };
  const add = (
    members: Pick<BookedTransaction, "type" | "amount" | "currency" | "orderId"> & Partial<BookedTransaction>,
    statuses: readonly string[],
  ): BookedTransaction => {
    const now = Date.now();
    const transaction: BookedTransaction = {
      id: randomBytes(4).toString("hex"),
      status: "",
      refunds: [],
      history: [],
      createdAt: now,
      changedAt: now,
      ...members,
    };
    all.set(transaction.id, transaction);
    for (const status of statuses) move(transaction, status);
    return transaction;
  };
  const submit = (transaction: BookedTransaction): void => {
    move(transaction, "submitted_for_settlement");
    if (settlesAtOnce) move(transaction, "settled");
  };

  return {
    all,
    /** Whether captures settle at once, or only with `settle`. */
    setSettlesAtOnce: (at: boolean) => {
      settlesAtOnce = at;
    },
    settle(id: string, status = "settled") {
      const transaction = all.get(id);
      if (transaction) move(transaction, status);
    },
    sale(
      sale: Pick<BookedTransaction, "amount" | "currency" | "orderId">,
      method: string,
      capture: boolean,
    ): BookedTransaction {
      if (method.includes("declined")) {
        const why = { code: "2001", text: "Insufficient Funds" };
        return add({ ...sale, type: "sale", ...why }, ["processor_declined"]);
      }
      if (method.includes("rejected")) {
        return add({ ...sale, type: "sale", rejection: "fraud" }, ["gateway_rejected"]);
      }
      if (method.includes("invalid")) throw new RefusedByBraintree("91565", "Unknown payment method nonce.");
      const made = add({ ...sale, type: "sale" }, ["authorized"]);
      if (capture) submit(made);
      return made;
    },
    submitForSettlement(transaction: BookedTransaction, amount: number): void {
      if (transaction.status !== "authorized") {
        throw new RefusedByBraintree("91507", "Cannot submit for settlement unless status is authorized.");
      }
      if (amount > transaction.amount)
        throw new RefusedByBraintree("91522", "Settlement amount is too large.");
      transaction.amount = amount;
      submit(transaction);
    },
    void(transaction: BookedTransaction): void {
      if (transaction.status !== "authorized" && transaction.status !== "submitted_for_settlement") {
        throw new RefusedByBraintree("91504", "Transaction can only be voided if status is authorized.");
      }
      move(transaction, "voided");
    },
    refund(transaction: BookedTransaction, amount: number, orderId: string): BookedTransaction {
      if (transaction.status !== "settled" && transaction.status !== "settling") {
        throw new RefusedByBraintree("91506", "Cannot refund a transaction unless it is settled.");
      }
      const given = transaction.refunds.reduce((sum, refund) => sum + refund.amount, 0);
      if (given === transaction.amount)
        throw new RefusedByBraintree("91512", "Transaction has already been refunded.");
      if (given + amount > transaction.amount)
        throw new RefusedByBraintree("91521", "Refund amount is too large.");
      const { currency } = transaction;
      const refund = add({ type: "credit", amount, currency, orderId, refunded: transaction }, [
        "submitted_for_settlement",
      ]);
      transaction.refunds.push(refund);
      return refund;
    },
    /** By our payment's id, which is the end of the order id. */
    books(paymentId: string): GatewayBooks {
      const sales = [...all.values()].filter(
        ({ type, orderId, history }) =>
          type === "sale" && orderId.endsWith(`.${paymentId}`) && history.includes("authorized"),
      );
      const sum = (amounts: readonly number[]): number =>
        amounts.reduce((total, amount) => total + amount, 0);
      const released = sales.filter(
        ({ status, history }) => status === "voided" && history.some((entry) => captured.includes(entry)),
      );
      const taken = sales.filter(({ status }) => captured.includes(status));
      return {
        charges: sales.length,
        authorized: sum(sales.filter(({ status }) => status === "authorized").map(({ amount }) => amount)),
        captured: sum([...taken, ...released].map(({ amount }) => amount)),
        refunded: sum([
          ...released.map(({ amount }) => amount),
          ...taken.flatMap(({ refunds }) => refunds.map(({ amount }) => amount)),
        ]),
      };
    },
  };
}

export type BraintreeLedger = ReturnType<typeof braintreeLedger>;
