import type { Order } from "@paypal/paypal-server-sdk";
import type { GatewayOutcome } from "../../domain/order/pay.ts";
import type { FoundOutcome, Gateway, GatewayCall, GatewayQuestion } from "../gateway.ts";
import { beginsWithSession } from "../of-session.ts";
import { accountOf, assertionOf, payeeOf } from "./paypal-account.ts";
import { isWholeOnly, toPayPalAmount } from "./paypal-amount.ts";
import { type AskPayPal, callPayPal, prefer } from "./paypal-client.ts";
import { paypalEvents } from "./paypal-events.ts";
import { captureFound, voidFound } from "./paypal-found.ts";
import { isAbandoned, openOrders } from "./paypal-open-order.ts";
import { authorizationOf, closedFor, outcomeOfCapture, unknownState } from "./paypal-order.ts";
import { orderData } from "./paypal-order-data.ts";
import { orderRequest } from "./paypal-order-request.ts";
import { declined, isNotFound, isStateConflict, outcomeOfError } from "./paypal-outcome.ts";
import { paypalRefunds } from "./paypal-refunds.ts";
import { takeSession } from "./paypal-session-payment.ts";
import { paypalSessions } from "./paypal-sessions.ts";

export type PayPalGatewayOptions = {
  readonly slug: string;
  readonly name: string;
  /** Where PayPal's API is, `http://127.0.0.1:12112`; PayPal's own addresses when absent. */
  readonly apiBase?: string;
  /** Milliseconds until an answer counts as lost. */
  readonly deadlineMs?: number;
};

/** PayPal takes its time for a capture, and the longest answer here is three calls. */
const DEADLINE_MS = 15_000;

/**
 * PayPal, through its orders: starting a payment makes an order that the shopper approves on PayPal's page, and moves no
 * money. Whoever asks about an approved order has it authorized or captured, as was asked for when it was made: under
 * one request id, however many ask. The order stays the payment's reference, and tells everything that was done about it.
 */
export function paypalGateway(options: PayPalGatewayOptions): Gateway {
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS;

  const call: AskPayPal = async (of, send) => {
    const account = accountOf(of.settings, options.apiBase);
    if (!account) throw new Error("The gateway has no credentials to ask with");
    return callPayPal(account, of, (paypal) => send(paypal, assertionOf(of.settings)));
  };

  const retrieve = async (of: GatewayQuestion, id: string): Promise<Order | undefined> => {
    try {
      return await call(of, async ({ orders }, as) => (await orders.getOrder({ id, ...as })).result);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };

  /** Carries something out; where PayPal says that things have moved on, what became of it decides. */
  const carryOut = async (of: GatewayCall, send: (order: Order) => Promise<GatewayOutcome>) => {
    const problem = unusable(of, options.apiBase);
    if (problem) return problem;
    try {
      const order = await retrieve(of, of.reference ?? "");
      return order
        ? await withData(of, await send(order))
        : declined("payment_not_found", "PayPal does not know the payment");
    } catch (error) {
      if (isStateConflict(error)) {
        const found = await find(of);
        if (found.kind !== "absent") return found;
      }
      const outcome = outcomeOfError(error);
      if (outcome) return outcome;
      throw error;
    }
  };

  const start = async (of: GatewayCall): Promise<GatewayOutcome> => {
    const problem = unusable(of, options.apiBase);
    if (problem) return problem;
    const body = orderRequest(of, amountOf(of), payeeOf(of.settings));
    let order: Order;
    try {
      order = await call(
        of,
        async ({ orders }, as) =>
          (await orders.createOrder({ body, paypalRequestId: of.key, prefer, ...as })).result,
      );
    } catch (error) {
      const outcome = outcomeOfError(error);
      if (outcome) return outcome;
      throw error;
    }
    return goOn(of, order);
  };

  const { goOn, close } = openOrders({ call, retrieve });
  const { giveBack, refundFinished } = paypalRefunds(call);

  const release = async (of: GatewayCall, order: Order): Promise<GatewayOutcome> => {
    const known = voidFound(order);
    if (known.kind !== "absent") return known;
    const authorizationId = authorizationOf(order)?.id;
    if (authorizationId === undefined) {
      if (await close(of, order, "cancelled")) return { kind: "approved", reference: order.id ?? "" };
      // It was paid just now: what was authorized is released, what was taken is not.
      const moved = await retrieve(of, order.id ?? "");
      return moved && authorizationOf(moved) ? release(of, moved) : find(of).then(definite(order));
    }
    await call(of, ({ payments }, as) =>
      payments.voidPayment({ authorizationId, paypalRequestId: of.key, ...as }),
    );
    return { kind: "approved", reference: authorizationId };
  };

  /** The payment was begun in a session of the cart: what its shopper did decides. */
  const take = async (of: GatewayCall): Promise<GatewayOutcome> =>
    unusable(of, options.apiBase) ?? takeSession({ call, retrieve }, of);

  const find = async (of: GatewayCall): Promise<FoundOutcome> => {
    if (beginsWithSession(of)) return takeSession({ call, retrieve }, of);
    // PayPal has no search for orders. One whose making was never answered is as good as none: only its answer told
    // where to approve it, and what nobody approves moves no money.
    if (of.reference === undefined) return { kind: "absent" };
    const order = await retrieve(of, of.reference);
    const starts = of.operation === "authorize" || of.operation === "purchase";
    if (!order && starts && isAbandoned(of)) return closedFor("abandoned");
    if (!order) throw new Error("PayPal does not know the payment");
    if (starts) return goOn(of, order);
    const found =
      of.operation === "capture"
        ? captureFound(of, order)
        : of.operation === "refund"
          ? await refundFinished(of, order)
          : voidFound(order);
    return of.session && found.kind === "approved" ? { ...found, data: orderData(order) } : found;
  };

  /** What was done, with what the shopper of a payment session may see of it from now on. */
  const withData = async (of: GatewayCall, outcome: GatewayOutcome): Promise<GatewayOutcome> => {
    if (!of.session || outcome.kind !== "approved") return outcome;
    // It is done whether or not PayPal tells how it looks now.
    const order = await retrieve(of, of.reference ?? "").catch(() => undefined);
    return order ? { ...outcome, data: orderData(order) } : outcome;
  };

  return {
    slug: options.slug,
    name: options.name,
    local: false,
    methods: ["authorize", "purchase"],
    settings: [
      { name: "client_id", type: "text", secret: false },
      { name: "client_secret", type: "text", secret: true },
      { name: "webhook_id", type: "text", secret: false },
      { name: "payer_id", type: "text", secret: false },
      { name: "test", type: "boolean", secret: false },
    ],
    deadlineMs,
    capturesInParts: () => true,
    authorize: (of) => (beginsWithSession(of) ? take(of) : start(of)),
    purchase: (of) => (beginsWithSession(of) ? take(of) : start(of)),
    capture: (of) =>
      carryOut(of, async (order) => {
        const known = captureFound(of, order);
        if (known.kind !== "absent") return known;
        const { result } = await call(of, ({ payments }, as) =>
          payments.captureAuthorizedPayment({
            authorizationId: authorizationOf(order)?.id ?? "",
            paypalRequestId: of.key,
            prefer,
            // What is left after the final capture PayPal gives back to the shopper.
            body: { amount: moneyOf(of), invoiceId: of.key, finalCapture: !of.keepsRest },
            ...as,
          }),
        );
        return outcomeOfCapture(result, result.id ?? "");
      }),
    refund: (of) => carryOut(of, (order) => giveBack(of, order)),
    void: (of) => carryOut(of, (order) => release(of, order)),
    find,
    sessions: paypalSessions({ call, retrieve }),
    events: paypalEvents({ call, retrieve, deadlineMs }),
  };
}

/** What keeps a call from being made at all. */
function unusable(of: GatewayCall, apiBase: string | undefined): GatewayOutcome | undefined {
  if (!accountOf(of.settings, apiBase)) {
    return declined("gateway_not_configured", "The shop has not set the gateway up yet");
  }
  if (toPayPalAmount(of.amount, of.currency) !== undefined) return undefined;
  return declined(
    "amount_not_chargeable",
    isWholeOnly(of.currency)
      ? `PayPal takes no decimals of ${of.currency}: the amount must be whole`
      : `PayPal cannot move exactly this amount of ${of.currency}`,
  );
}

/** Asked for only after `unusable` has found the amount chargeable. */
function amountOf(of: GatewayCall): string {
  return toPayPalAmount(of.amount, of.currency) as string;
}

function moneyOf(of: GatewayCall): { currencyCode: string; value: string } {
  return { currencyCode: of.currency.toUpperCase(), value: amountOf(of) };
}

const definite =
  (order: Order) =>
  (found: FoundOutcome): GatewayOutcome =>
    found.kind === "absent" ? unknownState(order) : found;
