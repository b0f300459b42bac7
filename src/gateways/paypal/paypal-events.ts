import type { Order } from "@paypal/paypal-server-sdk";
import type { SeenPayment, SeenRefund, SeenSession } from "../../domain/order/seen-payment.ts";
import type { GatewayEvents, GatewayQuestion, GatewayRequest } from "../gateway.ts";
import { payeeOf, webhookOf } from "./paypal-account.ts";
import type { AskPayPal } from "./paypal-client.ts";
import { eventOf, isAbout, type ToldEvent } from "./paypal-event.ts";
import { readLabel } from "./paypal-label.ts";
import {
  authorizationOf,
  capturesOf,
  expiryOf,
  hasExpired,
  isTaken,
  labelOf,
  refundsOf,
  sizeOf,
  unitOf,
} from "./paypal-order.ts";
import { orderData } from "./paypal-order-data.ts";
import { isNotFound, outcomeOfError } from "./paypal-outcome.ts";
import { readSessionLabel } from "./paypal-session-label.ts";
import { isGivenUp, sessionStatus } from "./paypal-sessions.ts";

/** Events that one call answers at most. */
const PAGE = 100;
/**
 * How long after the approval, in milliseconds, a shopper's browser may still authorize by itself, as storefronts of the
 * original do: who is faster lets it fail.
 */
const BROWSER_HAS_MS = 30_000;

const path = "/v1/notifications/webhooks-events";

export type PayPalAsking = {
  readonly call: AskPayPal;
  /** An order; undefined when there is none by that id. */
  retrieve(question: GatewayQuestion, id: string): Promise<Order | undefined>;
  /** Of the question whether it was PayPal that called, in milliseconds. */
  readonly deadlineMs: number;
};

/** PayPal tells only what the shop's app has a webhook for; without one, nothing, also when it is asked. */
export function paypalEvents({ call, retrieve, deadlineMs }: PayPalAsking): GatewayEvents {
  return {
    path: "paypal",
    /**
     * PayPal itself says whether it was PayPal that called. When a call was made is not looked at: PayPal repeats one
     * for three days, and what it tells twice does no harm.
     */
    async read(request) {
      const asked = questionOf(request);
      if (!asked) return undefined;
      const question = { settings: request.settings, signal: AbortSignal.timeout(deadlineMs) };
      try {
        const answer = await call(question, ({ ask }) =>
          ask("POST", "/v1/notifications/verify-webhook-signature", asked.body),
        );
        const { verification_status } = JSON.parse(answer) as { verification_status?: string };
        if (verification_status !== "SUCCESS") return undefined;
      } catch (error) {
        // Not for this store's webhook, or its credentials are wrong; perhaps it is for the next one's.
        if (outcomeOfError(error)) return undefined;
        throw error;
      }
      const told = eventOf(asked.event);
      return told ? [told] : [];
    },
    async *since(moment, question) {
      let next: string | undefined = `${path}?page_size=${PAGE}&start_time=${encodeURIComponent(moment)}`;
      while (next !== undefined) {
        const page: string = next;
        const { events = [], links = [] } = JSON.parse(
          await call(question, ({ ask }) => ask("GET", page)),
        ) as EventPage;
        yield events.flatMap((event) => eventOf(event) ?? []);
        const link = links.find(({ rel }) => rel === "next")?.href;
        next = link === undefined || events.length === 0 ? undefined : pathOf(link);
      }
    },
    async look(reference, question) {
      const orderId = await orderIdOf(reference, call, question);
      const order = orderId === undefined ? undefined : await retrieve(question, orderId);
      return order && seenOf(order);
    },
  };
}

type EventPage = {
  readonly events?: readonly ToldEvent[];
  readonly links?: readonly { readonly rel?: string; readonly href?: string }[];
};

function pathOf(link: string): string {
  const { pathname, search } = new URL(link, "https://api-m.paypal.com");
  return pathname + search;
}

/** What PayPal is asked about a call; undefined when it cannot be PayPal's, or cannot be for this store. */
function questionOf({
  body,
  header,
  settings,
}: GatewayRequest): { readonly body: string; readonly event: ToldEvent } | undefined {
  const named = {
    transmission_id: header("paypal-transmission-id"),
    transmission_time: header("paypal-transmission-time"),
    transmission_sig: header("paypal-transmission-sig"),
    cert_url: header("paypal-cert-url"),
    auth_algo: header("paypal-auth-algo"),
    webhook_id: webhookOf(settings),
  };
  if (Object.values(named).some((value) => value === undefined)) return undefined;
  let text: string;
  let event: ToldEvent;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    event = JSON.parse(text) as ToldEvent;
  } catch {
    return undefined;
  }
  if (typeof event !== "object" || event === null) return undefined;
  const payee = payeeOf(settings);
  const told = event.resource?.payee?.merchant_id;
  if (payee !== undefined && told !== undefined && told !== payee) return undefined;
  // As it came: the signature is over every byte.
  return { body: `${JSON.stringify(named).slice(0, -1)},"webhook_event":${text}}`, event };
}

/** The order that an event is about; some name only a capture of it. */
async function orderIdOf(
  reference: string,
  call: AskPayPal,
  question: GatewayQuestion,
): Promise<string | undefined> {
  const about = isAbout(reference);
  if (about.kind === "order") return about.id;
  try {
    const { result } = await call(question, ({ payments }, as) =>
      payments.getCapturedPayment({ captureId: about.id, ...as }),
    );
    return result.supplementaryData?.relatedIds?.orderId;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function seenOf(order: Order): SeenPayment | SeenSession | undefined {
  const label = labelOf(order);
  if (label) {
    const { orderId, paymentId } = label;
    return { ...paymentOf(order), orderId, paymentId };
  }
  const session = readSessionLabel(unitOf(order)?.customId);
  if (!session) return undefined;
  const isApproved = order.status === "APPROVED" && !isGivenUp(order);
  const isPaid = order.status === "COMPLETED" && sessionStatus(order) === "authorized";
  const approvedAt = Date.parse(order.updateTime ?? "");
  return {
    reference: order.id ?? "",
    cartId: session.cartId,
    isAuthorized: isApproved || isPaid,
    ...(isApproved &&
      !Number.isNaN(approvedAt) && { notBefore: new Date(approvedAt + BROWSER_HAS_MS).toISOString() }),
    // What the browser authorized carries the session's label for good.
    ...(order.status === "COMPLETED" && { payment: paymentOf(order) }),
  };
}

function paymentOf(order: Order): Omit<SeenPayment, "orderId" | "paymentId"> {
  const authorization = authorizationOf(order);
  const taken = capturesOf(order).filter(isTaken);
  const captured = taken.reduce((sum, capture) => sum + sizeOf(capture), 0);
  const isOpen = authorization?.status === "CREATED" || authorization?.status === "PARTIALLY_CAPTURED";
  const isHeld = isOpen && !taken.some(({ finalCapture }) => finalCapture);
  const isReleased = authorization?.status === "VOIDED";
  return {
    reference: order.id ?? "",
    state: taken.length > 0 ? "captured" : isHeld ? "authorized" : isReleased ? "released" : "open",
    authorized: isHeld ? Math.max(0, sizeOf(authorization) - captured) : 0,
    ...(isHeld && expiryOf(authorization)),
    captured,
    ...(isReleased && hasExpired(authorization) && { reason: "expired" }),
    data: orderData(order),
    refunds: refundsOf(order).map((refund): SeenRefund => {
      const operationId = readLabel(refund.customId)?.detail;
      const { status } = refund;
      return {
        reference: refund.id ?? "",
        ...(operationId !== undefined && { operationId }),
        amount: sizeOf(refund),
        status: status === "COMPLETED" ? "complete" : status === "PENDING" ? "pending" : "failed",
      };
    }),
  };
}
