import { type Form, groupOf, textOf } from "./form-body.ts";
import type { CaptureMethod, Charge, Intent, Metadata, NextAction } from "./objects.ts";
import { invalid, RefusedRequest } from "./refused-request.ts";
import { type CardBehaviour, testCard } from "./test-cards.ts";
import type { Work } from "./work.ts";

/** How long an authorization of a card holds, in seconds. */
export const AUTHORIZATION_SECONDS = 7 * 24 * 3600;
/** What a charge must at least be, in the currency's smallest unit; the real minimum is about half a dollar. */
const SMALLEST_AMOUNT = 1;
/** The most digits that an amount may have. */
const LARGEST_AMOUNT = 99_999_999_999;

/** Makes a payment, and with `confirm` tries to charge it at once. */
export function createIntent(work: Work, form: Form): Intent {
  const currency = textOf(form, "currency")?.toLowerCase();
  if (!currency || !/^[a-z]{3}$/.test(currency)) {
    throw invalid("Missing or invalid param: currency.", { param: "currency" });
  }
  const amount = amountOf(form, "amount");
  if (amount === undefined) throw invalid("Missing required param: amount.", { param: "amount" });
  checkAmount(amount, currency);
  const captureMethod = (textOf(form, "capture_method") ?? "automatic_async") as CaptureMethod;
  if (!["automatic", "automatic_async", "manual"].includes(captureMethod)) {
    throw invalid("Invalid capture_method", { param: "capture_method" });
  }
  const method = textOf(form, "payment_method") ?? cardTokenOf(form);
  if (method !== undefined) cardOf(work, method);
  const id = work.newId("pi");
  const intent = work.put<Intent>({
    id,
    object: "payment_intent",
    amount,
    amount_capturable: 0,
    amount_received: 0,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: captureMethod,
    client_secret: `${id}_secret_${work.newId("s").slice(5)}`,
    confirmation_method: textOf(form, "confirmation_method") === "manual" ? "manual" : "automatic",
    created: work.now,
    currency,
    customer: textOf(form, "customer") ?? null,
    description: textOf(form, "description") ?? null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: metadataOf(form),
    next_action: null,
    payment_method: method ?? null,
    payment_method_types: ["card"],
    receipt_email: textOf(form, "receipt_email") ?? null,
    status: method === undefined ? "requires_payment_method" : "requires_confirmation",
  });
  work.emit("payment_intent.created", intent);
  return textOf(form, "confirm") === "true" ? confirmIntent(work, intent, form) : intent;
}

export function updateIntent(work: Work, intent: Intent, form: Form): Intent {
  const amount = amountOf(form, "amount");
  if (amount !== undefined && amount !== intent.amount) {
    requireStatus(intent, "updated", ["requires_payment_method", "requires_confirmation", "requires_action"]);
    checkAmount(amount, intent.currency);
  }
  const method = textOf(form, "payment_method");
  if (method !== undefined) cardOf(work, method);
  return work.put({
    ...intent,
    ...(amount !== undefined && { amount }),
    ...(method !== undefined && { payment_method: method, status: "requires_confirmation" as const }),
    ...(textOf(form, "description") !== undefined && { description: textOf(form, "description") ?? null }),
    metadata: relabelled(intent.metadata, metadataOf(form)),
  });
}

/** A label with an empty text is taken off. */
function relabelled(before: Metadata, change: Metadata): Metadata {
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, text]) => text !== ""));
}

/** Tries to charge: what comes out is decided by the test card. A decline is booked and then thrown. */
export function confirmIntent(work: Work, intent: Intent, form: Form): Intent {
  requireStatus(intent, "confirmed", ["requires_payment_method", "requires_confirmation"]);
  const method = textOf(form, "payment_method") ?? intent.payment_method;
  if (method === null) {
    throw invalid("You cannot confirm this PaymentIntent because it's missing a payment method.", {
      code: "payment_intent_unexpected_state",
    });
  }
  const card = cardOf(work, method);
  const chosen = { ...intent, payment_method: method };
  if (!card.authentication) return charge(work, chosen, card);
  const waiting = work.put<Intent>({
    ...chosen,
    status: "requires_action",
    next_action: nextAction(work, intent, textOf(form, "return_url")),
  });
  work.emit("payment_intent.requires_action", waiting);
  return waiting;
}

/** What the shopper did on the page that asked who they are. */
export function authenticate(work: Work, intent: Intent, passed: boolean): Intent {
  requireStatus(intent, "authenticated", ["requires_action"]);
  const card = cardOf(work, intent.payment_method ?? "");
  try {
    if (passed) return charge(work, { ...intent, next_action: null }, card);
    return refuse(work, { ...intent, next_action: null }, card, {
      code: "payment_intent_authentication_failure",
      message: "The shopper could not be authenticated.",
    });
  } catch (error) {
    // It was the shopper's browser that asked, and it is shown a page and no error.
    if (error instanceof RefusedRequest) return work.intent(intent.id);
    throw error;
  }
}

/** Takes the money that was set aside, or less of it; what is left is released. */
export function captureIntent(work: Work, intent: Intent, form: Form): Intent {
  requireStatus(intent, "captured", ["requires_capture"]);
  const amount = amountOf(form, "amount_to_capture") ?? intent.amount_capturable;
  if (amount > intent.amount_capturable || amount < SMALLEST_AMOUNT) {
    throw invalid(`Invalid amount: at most ${intent.amount_capturable} can be captured.`, {
      code: "amount_too_large",
      param: "amount_to_capture",
    });
  }
  checkAmount(amount, intent.currency);
  const charged = work.charge(intent.latest_charge ?? "");
  const captured = work.put<Charge>({ ...charged, captured: true, amount_captured: amount });
  work.emit("charge.captured", captured);
  const done = work.put<Intent>({
    ...intent,
    amount_capturable: 0,
    amount_received: amount,
    metadata: { ...intent.metadata, ...metadataOf(form) },
    status: "succeeded",
  });
  work.emit("payment_intent.succeeded", done);
  return done;
}

/** Gives an authorization back, or ends a payment that was never charged. */
export function cancelIntent(work: Work, intent: Intent, reason: string | null): Intent {
  requireStatus(intent, "canceled", [
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
    "requires_capture",
  ]);
  if (intent.status === "requires_capture" && intent.latest_charge !== null) {
    const released = work.charge(intent.latest_charge);
    work.put<Charge>({ ...released, refunded: true, amount_refunded: released.amount });
  }
  const canceled = work.put<Intent>({
    ...intent,
    amount_capturable: 0,
    canceled_at: work.now,
    cancellation_reason: reason,
    next_action: null,
    status: "canceled",
  });
  work.emit("payment_intent.canceled", canceled);
  return canceled;
}

function charge(work: Work, intent: Intent, card: CardBehaviour): Intent {
  if (card.decline) return refuse(work, intent, card, card.decline);
  const automatic = intent.capture_method !== "manual";
  const made = work.put<Charge>({
    ...newCharge(work, intent, card),
    amount_captured: automatic ? intent.amount : 0,
    captured: automatic,
    paid: true,
    status: "succeeded",
  });
  work.emit("charge.succeeded", made);
  const done = work.put<Intent>({
    ...intent,
    amount_capturable: automatic ? 0 : intent.amount,
    amount_received: automatic ? intent.amount : 0,
    last_payment_error: null,
    latest_charge: made.id,
    status: automatic ? "succeeded" : "requires_capture",
  });
  work.emit(automatic ? "payment_intent.succeeded" : "payment_intent.amount_capturable_updated", done);
  return done;
}

function refuse(
  work: Work,
  intent: Intent,
  card: CardBehaviour,
  why: NonNullable<CardBehaviour["decline"]>,
): never {
  const failed = work.put<Charge>({ ...newCharge(work, intent, card), failure_code: why.code });
  const error = {
    type: "card_error",
    code: why.code,
    ...(why.declineCode !== undefined && { decline_code: why.declineCode }),
    message: why.message,
  } as const;
  const refused = work.put<Intent>({
    ...intent,
    last_payment_error: error,
    latest_charge: failed.id,
    payment_method: null,
    status: "requires_payment_method",
  });
  work.emit("payment_intent.payment_failed", refused);
  throw new RefusedRequest(402, { ...error, payment_intent: refused });
}

function newCharge(work: Work, intent: Intent, card: CardBehaviour): Charge {
  const { brand, last4 } = card;
  return {
    id: work.newId("ch"),
    object: "charge",
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    captured: false,
    created: work.now,
    currency: intent.currency,
    failure_code: null,
    livemode: false,
    metadata: intent.metadata,
    paid: false,
    payment_intent: intent.id,
    payment_method: intent.payment_method ?? "",
    payment_method_details: {
      type: "card",
      card: {
        brand,
        last4,
        ...(intent.capture_method === "manual" && { capture_before: work.now + AUTHORIZATION_SECONDS }),
      },
    },
    refunded: false,
    status: "failed",
  };
}

function nextAction(work: Work, intent: Intent, returnUrl: string | undefined): NextAction {
  const page = `${work.baseUrl}/simulator/3ds/${intent.id}?secret=${encodeURIComponent(intent.client_secret)}`;
  if (returnUrl === undefined) {
    return { type: "use_stripe_sdk", use_stripe_sdk: { type: "three_d_secure_redirect", stripe_js: page } };
  }
  return {
    type: "redirect_to_url",
    redirect_to_url: { url: `${page}&return=${encodeURIComponent(returnUrl)}`, return_url: returnUrl },
  };
}

/** A token of the older kind, `tok_…`, that stands for the details of a card. */
function cardTokenOf(form: Form): string | undefined {
  const card = groupOf(groupOf(form, "payment_method_data") ?? {}, "card");
  return card && textOf(card, "token");
}

/** The card of a token. */
export function cardOf(work: Work, method: string): CardBehaviour {
  const card = testCard(work.cardName(method));
  if (card) return card;
  throw invalid(`No such PaymentMethod: '${method}'`, { code: "resource_missing", param: "payment_method" });
}

function requireStatus(intent: Intent, wanted: string, allowed: readonly Intent["status"][]): void {
  if (allowed.includes(intent.status)) return;
  throw new RefusedRequest(400, {
    type: "invalid_request_error",
    code: "payment_intent_unexpected_state",
    message: `This PaymentIntent could not be ${wanted} because it has a status of ${intent.status}.`,
    payment_intent: intent,
  });
}

/** Amounts of currencies with three decimals must end in 0 (https://docs.stripe.com/currencies). */
export function checkAmount(amount: number, currency: string): void {
  if (amount < SMALLEST_AMOUNT) {
    throw invalid("Amount is too small.", { code: "amount_too_small", param: "amount" });
  }
  if (amount > LARGEST_AMOUNT) {
    throw invalid("Amount is too large.", { code: "amount_too_large", param: "amount" });
  }
  const step = ["bhd", "jod", "kwd", "omr", "tnd"].includes(currency)
    ? 10
    : ["isk", "ugx"].includes(currency)
      ? 100
      : 1;
  if (amount % step !== 0) {
    throw invalid(`Amounts in ${currency} must be a multiple of ${step}.`, {
      code: "invalid_charge_amount",
      param: "amount",
    });
  }
}

export function amountOf(form: Form, name: string): number | undefined {
  const text = textOf(form, name);
  if (text === undefined || text === "") return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw invalid(`Invalid integer: ${text}`, { code: "parameter_invalid_integer", param: name });
}

export function metadataOf(form: Form): Metadata {
  const group = groupOf(form, "metadata") ?? {};
  return Object.fromEntries(
    Object.entries(group).filter(([, value]) => typeof value === "string"),
  ) as Metadata;
}
