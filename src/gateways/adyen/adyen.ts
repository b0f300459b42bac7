import { createHash } from "node:crypto";
import type { Types } from "@adyen/api-library";
import type { GatewayOutcome } from "../../domain/order/pay.ts";
import type { FoundOutcome, Gateway, GatewayCall } from "../gateway.ts";
import { toAdyenAmount } from "./adyen-amount.ts";
import { type AdyenAccount, type AdyenApis, accountOf, callAdyen } from "./adyen-client.ts";
import { adyenEvents } from "./adyen-events.ts";
import { changeTold, declined, outcomeOfAnswer, outcomeOfError, startTold } from "./adyen-outcome.ts";
import { paymentRequestOf } from "./adyen-payment-request.ts";
import { changeReference, isOurReference, startReference } from "./adyen-reference.ts";
import { readTold } from "./adyen-told.ts";

export type AdyenGatewayOptions = {
  /** Where Adyen's API is, `http://127.0.0.1:12111`; Adyen's own address when absent. */
  readonly apiBase?: string;
  /** Milliseconds until an answer counts as lost. */
  readonly deadlineMs?: number;
};

const DEADLINE_MS = 15_000;
/** How long a shopper may take to confirm a payment, in milliseconds; whoever asks later closes it. */
const SHOPPER_HAS_MS = 60 * 60_000;
/** From this age on, in milliseconds, no call is on its way any more, and what was lost is closed or repeated. */
const NOTHING_ON_ITS_WAY_MS = 60_000;
/** How long Adyen knows idempotency keys at least, in milliseconds: 31 days, less one. */
const KEYS_LAST_MS = 30 * 24 * 3_600_000;

/**
 * Cards and other methods by Adyen's Checkout API. Captures, refunds and releases are only received at once; Adyen's
 * calls tell how they ended. There is no question for a payment, so `find` answers from what was told. Where nothing was,
 * a change is repeated under its idempotency key, which Adyen documents as harmless, and a payment whose answer was lost
 * is cancelled by our reference for it, so that it cannot succeed for an order that gave its stock back.
 */
export function adyenGateway(options: AdyenGatewayOptions = {}): Gateway {
  const { apiBase, deadlineMs = DEADLINE_MS } = options;

  const send = async (
    of: GatewayCall,
    call: (apis: AdyenApis, account: AdyenAccount) => Promise<GatewayOutcome>,
  ): Promise<GatewayOutcome> => {
    const account = accountOf(of.settings, apiBase);
    if (!account) {
      return declined("gateway_not_configured", "The shop has not set the gateway up, or not completely");
    }
    if (toAdyenAmount(of.amount, of.currency) === undefined) {
      return declined("amount_not_chargeable", `Adyen cannot move exactly this amount of ${of.currency}`);
    }
    try {
      return await callAdyen(account, of, (apis) => call(apis, account));
    } catch (error) {
      const outcome = outcomeOfError(error);
      if (outcome) return outcome;
      throw error;
    }
  };

  const start = (of: GatewayCall): Promise<GatewayOutcome> =>
    send(of, async ({ PaymentsApi: api }, { merchantAccount }) => {
      const request = paymentRequestOf(of, merchantAccount);
      if (!request) {
        return declined(
          "payment_method_missing",
          "Send a stored payment method or that of Adyen's component",
        );
      }
      return outcomeOfAnswer(of, await api.payments(request, { idempotencyKey: of.key }));
    });

  /** Asks for a capture or a refund: Adyen says only that it was received. */
  const change = (of: GatewayCall): Promise<GatewayOutcome> =>
    send(of, async ({ ModificationsApi: api }, { merchantAccount }) => {
      const request = { merchantAccount, reference: changeReference(of), amount: amountOf(of) };
      const once = { idempotencyKey: of.key };
      const { pspReference } =
        of.operation === "capture"
          ? await api.captureAuthorisedPayment(of.reference ?? "", request, once)
          : await api.refundCapturedPayment(of.reference ?? "", request, once);
      return { kind: "pending", reference: pspReference };
    });

  const release = (of: GatewayCall): Promise<GatewayOutcome> => {
    const known = startTold(readTold(of.told));
    const payment = known?.kind === "approved" ? known.reference : (of.reference ?? "");
    if (isOurReference(payment)) return cancelOurs(of, payment, of.key);
    return send(of, async ({ ModificationsApi: api }, { merchantAccount }) => {
      const request = { merchantAccount, reference: changeReference(of) };
      const once = { idempotencyKey: of.key };
      const { pspReference } = await api.cancelAuthorisedPaymentByPspReference(payment, request, once);
      return { kind: "pending", reference: pspReference };
    });
  };

  /**
   * Cancels by our own reference what waits for its shopper, or whose answer was lost. It counts as soon as it is
   * received; should money come all the same, Adyen tells, and it is late money.
   */
  const cancelOurs = (of: GatewayCall, payment: string, idempotencyKey: string): Promise<GatewayOutcome> =>
    send(of, async ({ ModificationsApi: api }, { merchantAccount }) => {
      const request = { merchantAccount, paymentReference: payment, reference: payment };
      await api.cancelAuthorisedPayment(request, { idempotencyKey });
      return { kind: "approved", reference: payment };
    });

  const find = async (of: GatewayCall): Promise<FoundOutcome> => {
    const told = readTold(of.told);
    return of.operation === "authorize" || of.operation === "purchase"
      ? (startTold(told) ?? findStart(of))
      : (changeTold(of, told) ?? findChange(of));
  };

  const findStart = async (of: GatewayCall): Promise<FoundOutcome> => {
    const ours = startReference(of);
    const waits = of.reference !== undefined;
    const action = of.waiting?.action;
    // Without an action it is a bank that takes its time, days with some methods.
    if (waits && (!action || of.ageMs <= SHOPPER_HAS_MS)) {
      return { kind: "pending", reference: of.reference, ...(action && { action }) };
    }
    if (!waits && of.ageMs < NOTHING_ON_ITS_WAY_MS) return { kind: "absent" };
    const closed = await cancelOurs(of, ours, `${of.key}-close`);
    if (closed.kind === "approved" && of.ageMs > SHOPPER_HAS_MS) {
      return waits
        ? declined("abandoned", "The shopper did not confirm the payment")
        : declined("never_received", "The gateway told nothing of the payment");
    }
    return { kind: "unknown", reason: "the gateway has not told yet what became of the payment" };
  };

  const findChange = async (of: GatewayCall): Promise<FoundOutcome> => {
    const reference = of.waiting?.reference;
    if (reference !== undefined) return { kind: "pending", reference };
    if (of.ageMs < NOTHING_ON_ITS_WAY_MS) return { kind: "absent" };
    if (of.ageMs > KEYS_LAST_MS) return { kind: "unknown", reason: "the gateway has forgotten the key" };
    const repeated = await (of.operation === "void" ? release(of) : change(of));
    // The first call may have been received with credentials that are no longer good.
    const mayHaveHappened = repeated.kind === "declined" && repeated.code.startsWith("gateway_");
    return mayHaveHappened ? { kind: "unknown", reason: repeated.message } : repeated;
  };

  /** `details` of Adyen's component, or what came back in the address: `redirect_result`, `payload`. */
  const proceed = async (of: GatewayCall): Promise<GatewayOutcome> => {
    const known = await find(of);
    const request = detailsOf(of);
    const account = accountOf(of.settings, apiBase);
    if (known.kind === "absent") return { kind: "unknown", reason: "the gateway has told nothing yet" };
    if (known.kind !== "pending" || !request || !account) return known;
    const digest = createHash("sha256").update(JSON.stringify(request)).digest("hex").slice(0, 24);
    const once = { idempotencyKey: `${of.key}-${digest}` };
    try {
      return await callAdyen(account, of, async ({ PaymentsApi: api }) =>
        outcomeOfAnswer(of, await api.paymentsDetails(request, once)),
      );
    } catch {
      // Details that are wrong, or an answer that was lost, do not end the payment: it waits, or Adyen tells.
      return known;
    }
  };

  return {
    slug: "adyen",
    name: "Adyen",
    local: false,
    methods: ["authorize", "purchase"],
    settings: [
      { name: "merchant_account", type: "text", secret: false },
      { name: "username", type: "text", secret: false },
      { name: "password", type: "text", secret: true },
      { name: "webhook_secret", type: "text", secret: true },
      { name: "live_prefix", type: "text", secret: false },
      { name: "test", type: "boolean", secret: false },
    ],
    deadlineMs,
    authorize: start,
    purchase: start,
    capture: change,
    refund: change,
    void: release,
    find,
    proceed,
    events: adyenEvents,
  };
}

function amountOf(of: GatewayCall): { currency: string; value: number } {
  // Asked for only after `send` has found the amount chargeable.
  return {
    currency: of.currency.toUpperCase(),
    value: toAdyenAmount(of.amount, of.currency) as number,
  };
}

function detailsOf({ options = {} }: GatewayCall): Types.checkout.PaymentDetailsRequest | undefined {
  const { details, payload, payment_data: data, redirect_result: result } = options;
  const given =
    typeof details === "object" && details !== null
      ? details
      : {
          ...(typeof result === "string" && { redirectResult: result }),
          ...(typeof payload === "string" && { payload }),
        };
  if (Object.keys(given).length === 0) return undefined;
  return { details: given, ...(typeof data === "string" && { paymentData: data }) };
}
