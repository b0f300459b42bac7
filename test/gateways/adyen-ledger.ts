import { randomBytes } from "node:crypto";
import { idsOf } from "../../src/gateways/adyen/adyen-reference.ts";
import type { GatewayBooks } from "./conformance.ts";

/** A payment in the books of the stand-in; amounts as Adyen counts them. */
export type BookedPayment = {
  readonly psp: string;
  readonly reference: string;
  readonly currency: string;
  readonly amount: number;
  readonly capturesAtOnce: boolean;
  state: "waiting" | "authorised" | "refused" | "cancelled";
  captured: number;
  refunded: number;
  /** What was not captured of it was given back. */
  closed: boolean;
};

/** Something that Adyen tells: the members of a notification item that are not the same for all. */
export type TellsAdyen = {
  readonly eventCode: string;
  readonly success: boolean;
  readonly psp: string;
  readonly payment?: BookedPayment;
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
  readonly reason?: string;
  readonly additionalData?: Readonly<Record<string, string>>;
};

export function newPsp(): string {
  return randomBytes(8).toString("hex").toUpperCase();
}

/**
 * What Adyen would do with payments, and what it counts.
 * @param tell what happened, for the shop's webhook
 */
export function adyenLedger(tell: (event: TellsAdyen) => void) {
  const payments = new Map<string, BookedPayment>();

  const told = (
    payment: BookedPayment,
    eventCode: string,
    more: Partial<TellsAdyen> & { readonly success: boolean },
  ): void =>
    tell({
      eventCode,
      psp: payment.psp,
      payment,
      reference: payment.reference,
      amount: payment.amount,
      currency: payment.currency,
      ...more,
    });
  const authorise = (payment: BookedPayment): void => {
    payment.state = "authorised";
    if (payment.capturesAtOnce) payment.captured = payment.amount;
    told(payment, "AUTHORISATION", { success: true });
  };
  const refuse = (payment: BookedPayment, reason: string): void => {
    payment.state = "refused";
    told(payment, "AUTHORISATION", { success: false, reason });
  };

  return {
    payments,
    told,
    pay(
      members: Pick<BookedPayment, "reference" | "currency" | "amount" | "capturesAtOnce">,
      method: string,
    ): BookedPayment {
      const payment: BookedPayment = {
        ...members,
        psp: newPsp(),
        state: "waiting",
        captured: 0,
        refunded: 0,
        closed: false,
      };
      payments.set(payment.psp, payment);
      if (method.includes("declined")) refuse(payment, "Not enough balance");
      else if (!/waiting|bank/.test(method)) authorise(payment);
      return payment;
    },
    /** The shopper comes back from where they were sent to, or their bank tells. */
    finish(payment: BookedPayment, passes: boolean): void {
      if (payment.state !== "waiting") throw new Error(`The payment is ${payment.state}`);
      if (passes) authorise(payment);
      else refuse(payment, "3d-secure: Authentication failed");
    },
    /** Each of these is told, and answered with what Adyen calls it. */
    capture(payment: BookedPayment, amount: number, reference: string): string {
      const psp = newPsp();
      const possible = payment.state === "authorised" && payment.captured === 0 && amount <= payment.amount;
      if (possible) {
        payment.captured = amount;
        payment.closed = true;
      }
      const reason = possible ? "" : "Insufficient balance on payment";
      told(payment, "CAPTURE", { success: possible, psp, reference, amount, reason });
      return psp;
    },
    refund(payment: BookedPayment, amount: number, reference: string): string {
      const psp = newPsp();
      const possible = payment.refunded + amount <= payment.captured;
      if (possible) payment.refunded += amount;
      const reason = possible ? "" : "Insufficient balance on payment";
      told(payment, "REFUND", { success: possible, psp, reference, amount, reason });
      return psp;
    },
    cancel(payment: BookedPayment, reference: string, eventCode = "CANCELLATION"): string {
      const psp = newPsp();
      const open = payment.state === "waiting" || payment.state === "authorised";
      const possible = open && payment.captured === 0;
      if (possible) payment.state = "cancelled";
      const reason = possible ? "" : "Transaction has been captured or is not authorised";
      told(payment, eventCode, { success: possible, psp, reference, reason });
      return psp;
    },
    books(paymentId: string): GatewayBooks {
      const ours = [...payments.values()].filter(
        ({ reference }) => idsOf(reference)?.paymentId === paymentId,
      );
      const charged = ours.filter(
        ({ state, capturesAtOnce }) => state === "authorised" || (state === "cancelled" && !capturesAtOnce),
      );
      const sum = (amounts: readonly number[]): number =>
        amounts.reduce((total, amount) => total + amount, 0);
      const held = charged.filter(({ state, captured }) => state === "authorised" && captured === 0);
      return {
        charges: charged.length,
        authorized: sum(held.map(({ amount }) => amount)),
        captured: sum(ours.map(({ captured }) => captured)),
        refunded: sum(ours.map(({ refunded }) => refunded)),
      };
    },
  };
}

export type AdyenLedger = ReturnType<typeof adyenLedger>;
