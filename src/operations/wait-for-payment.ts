import type { Order } from "../domain/order/order.ts";
import { startOf } from "../domain/order/payment.ts";
import { orderFacts } from "../domain/order/status.ts";
import { MAX_DEADLINE_MS } from "./ask-gateway.ts";
import { confirmPayment } from "./confirm-payment.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { providerOf } from "./payment-providers.ts";

/** Times that the gateway is asked, looks at the order before each, and the milliseconds between two looks at most. */
const ROUNDS = 10;
const LOOKS = 40;
const BETWEEN_MS = 50;

/** How the payment of an order has come out. */
export type Waited =
  | { readonly kind: "paid"; readonly order: Order }
  /** Nothing was under way: it may be paid for. */
  | { readonly kind: "open"; readonly order: Order }
  /** Somebody else's attempt came to nothing while we waited for it. */
  | {
      readonly kind: "declined";
      readonly payment: {
        readonly provider: string;
        readonly code: string;
        readonly message: string;
        readonly data?: Readonly<Record<string, unknown>>;
      };
    }
  | { readonly kind: "unresolved"; readonly paymentId: string };

/**
 * Waits, for a bounded time, for a payment that another request is making. One whose request must have died is asked
 * about at its gateway.
 */
export async function waitForPayment(deps: Deps, context: Context, order: Order): Promise<Waited> {
  const { storeId } = context.store;
  const waiting = order.payments.find((payment) => startOf(payment)?.status === "pending");
  if (!waiting) return isPaid(order) ? { kind: "paid", order } : { kind: "open", order };
  const begun = Date.parse(waiting.createdAt);
  let latest: Order = order;
  for (let round = 0; round < ROUNDS; round += 1) {
    const isFresh = Date.parse(deps.now()) - begun < MAX_DEADLINE_MS;
    for (let look = 0; isFresh && look < LOOKS; look += 1) {
      await deps.pause(BETWEEN_MS);
      latest = (await deps.storage.orders.load(storeId, order.id)) ?? latest;
      const outcome = outcomeOf(latest, waiting.id);
      if (outcome) return outcome;
    }
    // Its answer may have been lost: the gateway knows.
    await confirmPayment(deps, context, order.id, waiting.id);
    latest = (await deps.storage.orders.load(storeId, order.id)) ?? latest;
    const outcome = outcomeOf(latest, waiting.id);
    if (outcome) return outcome;
    if (!isFresh) break;
  }
  return { kind: "unresolved", paymentId: waiting.id };
}

/** How the payment came out, once it did. */
function outcomeOf(order: Order, paymentId: string): Waited | undefined {
  if (isPaid(order)) return { kind: "paid", order };
  const payment = order.payments.find(({ id }) => id === paymentId);
  const failure = payment && startOf(payment)?.failure;
  if (!payment || !failure) return undefined;
  const { gateway, sessionData: data } = payment;
  const provider = providerOf(gateway);
  return { kind: "declined", payment: { provider, ...failure, ...(data && { data }) } };
}

function isPaid(order: Order): boolean {
  const { anyAuthorized, anyCaptured } = orderFacts(order);
  return anyAuthorized || anyCaptured;
}
