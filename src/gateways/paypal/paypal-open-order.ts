import type { CheckoutPaymentIntent, Order, PatchOp } from "@paypal/paypal-server-sdk";
import type { GatewayOutcome } from "../../domain/order/pay.ts";
import type { GatewayCall, GatewayQuestion } from "../gateway.ts";
import { type AskPayPal, prefer } from "./paypal-client.ts";
import { writeLabel } from "./paypal-label.ts";
import { closedFor, labelOf, outcomeOfStart, unknownState, waitingFor } from "./paypal-order.ts";
import {
  credentialsRefused,
  isNotFound,
  isStateConflict,
  linksOf,
  outcomeOfError,
  wantsShopper,
} from "./paypal-outcome.ts";

/** How long a shopper may take to approve a payment, in milliseconds; whoever asks later closes it. PayPal has 6 hours. */
const SHOPPER_HAS_MS = 60 * 60_000;

/** The shopper had their time. */
export function isAbandoned({ ageMs }: Pick<GatewayCall, "ageMs">): boolean {
  return ageMs > SHOPPER_HAS_MS;
}

/** What becomes of orders that are not paid yet. */
export type OpenOrders = {
  /** How a payment starts that has come to this: what is approved is finished, and what took too long is closed. */
  goOn(of: GatewayCall, order: Order): Promise<GatewayOutcome>;
  /**
   * Keeps an order from ever being paid. PayPal cannot cancel one, but it refuses to capture what is to be authorized
   * and the other way round: the intent is turned, which also stops a call of ours that is on its way.
   * @param code why, by which `closedFor` tells it again
   * @returns false when it was authorized or captured before
   */
  close(of: GatewayCall, order: Order, code: string): Promise<boolean>;
};

/** @param retrieve an order; undefined when there is none by that id */
export function openOrders({
  call,
  retrieve,
}: {
  readonly call: AskPayPal;
  retrieve(question: GatewayQuestion, id: string): Promise<Order | undefined>;
}): OpenOrders {
  const goOn = async (of: GatewayCall, order: Order): Promise<GatewayOutcome> => {
    const known = outcomeOfStart(order, of.operation);
    if (known) return known;
    if (order.status === "COMPLETED") return unknownState(order);
    if (isAbandoned(of)) return closeStart(of, order, "abandoned");
    return order.status === "APPROVED" ? finish(of, order) : waitingFor(order);
  };

  /** Authorizes or captures what the shopper has approved. A refusal closes the order, so that it cannot succeed later. */
  const finish = async (of: GatewayCall, order: Order): Promise<GatewayOutcome> => {
    const id = order.id ?? "";
    const request = { id, paypalRequestId: `${of.key}-f`, prefer };
    try {
      const done: Order = await call(of, async ({ orders }, as) =>
        of.operation === "purchase"
          ? (await orders.captureOrder({ ...request, ...as })).result
          : (await orders.authorizeOrder({ ...request, ...as })).result,
      );
      return outcomeOfStart(done, of.operation) ?? unknownState(done);
    } catch (error) {
      if (wantsShopper(error)) return waitingFor({ ...order, links: linksOf(error) ?? order.links ?? [] });
      if (isStateConflict(error)) {
        const moved = await retrieve(of, id);
        const outcome = moved && outcomeOfStart(moved, of.operation);
        if (outcome) return outcome;
      }
      const refused = outcomeOfError(error);
      // The shopper has approved: what the shop has to mend is not the end of the payment.
      if (!refused || refused === credentialsRefused) throw error;
      return closeStart(of, order, refused.code);
    }
  };

  const closeStart = async (of: GatewayCall, order: Order, code: string): Promise<GatewayOutcome> => {
    if (await close(of, order, code)) return closedFor(code);
    const moved = await retrieve(of, order.id ?? "");
    return (moved && outcomeOfStart(moved, of.operation)) ?? unknownState(order);
  };

  const close = async (of: GatewayCall, order: Order, code: string): Promise<boolean> => {
    const intent = order.intent === ("CAPTURE" as CheckoutPaymentIntent) ? "AUTHORIZE" : "CAPTURE";
    const label = writeLabel({ ...(labelOf(order) ?? of), detail: code });
    const op = "replace" as PatchOp;
    const body = [
      { op, path: "/intent", value: intent },
      { op, path: "/purchase_units/@reference_id=='default'/custom_id", value: label },
    ];
    try {
      await call(of, ({ orders }, as) => orders.patchOrder({ id: order.id ?? "", body, ...as }));
      return true;
    } catch (error) {
      // PayPal has dropped it: nobody can approve or capture it any more.
      if (isNotFound(error)) return true;
      if (isStateConflict(error)) return false;
      throw error;
    }
  };

  return { goOn, close };
}
