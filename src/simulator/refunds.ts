import { type Form, textOf } from "./form-body.ts";
import { amountOf, cardOf, checkAmount, metadataOf } from "./intents.ts";
import type { Charge, Refund } from "./objects.ts";
import { invalid } from "./refused-request.ts";
import type { Work } from "./work.ts";

/** Gives money of a captured payment back. */
export function createRefund(work: Work, form: Form): Refund {
  const id = textOf(form, "payment_intent");
  if (id === undefined) throw invalid("Missing required param: payment_intent.", { param: "payment_intent" });
  const intent = work.intent(id);
  const charge = intent.latest_charge === null ? undefined : work.charge(intent.latest_charge);
  if (!charge || intent.status !== "succeeded") {
    throw invalid("This PaymentIntent does not have a successful charge to refund.", {
      code: "payment_intent_unexpected_state",
    });
  }
  const left = charge.amount_captured - charge.amount_refunded;
  const amount = amountOf(form, "amount") ?? left;
  if (left === 0) {
    throw invalid(`Charge ${charge.id} has already been refunded.`, { code: "charge_already_refunded" });
  }
  if (amount > left) {
    throw invalid(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, {
      code: "amount_too_large",
      param: "amount",
    });
  }
  checkAmount(amount, intent.currency);
  const behaviour = cardOf(work, charge.payment_method).refund;
  const refund = work.put<Refund>({
    id: work.newId("re"),
    object: "refund",
    amount,
    charge: charge.id,
    created: work.now,
    currency: intent.currency,
    metadata: metadataOf(form),
    payment_intent: intent.id,
    reason: textOf(form, "reason") ?? null,
    status: behaviour === "succeeds_later" ? "pending" : "succeeded",
  });
  const refunded = charge.amount_refunded + amount;
  const after = work.put<Charge>({
    ...charge,
    amount_refunded: refunded,
    refunded: refunded === charge.amount_captured,
  });
  work.emit("refund.created", refund);
  work.emit("charge.refunded", after);
  return refund;
}

/** What the bank says of a refund later on. */
export function settleRefund(work: Work, refund: Refund): Refund | undefined {
  const charge = work.charge(refund.charge);
  const behaviour = cardOf(work, charge.payment_method).refund;
  if (behaviour === "succeeds_later" && refund.status === "pending") {
    const done = work.put<Refund>({ ...refund, status: "succeeded" });
    work.emit("refund.updated", done);
    return done;
  }
  if (behaviour === "fails_later" && refund.status === "succeeded") {
    const failed = work.put<Refund>({
      ...refund,
      status: "failed",
      failure_reason: "expired_or_canceled_card",
    });
    const left = charge.amount_refunded - refund.amount;
    work.put<Charge>({ ...charge, amount_refunded: left, refunded: false });
    work.emit("refund.failed", failed);
    return failed;
  }
  return undefined;
}
