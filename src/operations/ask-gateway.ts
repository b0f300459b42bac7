import type { Order } from "../domain/order/order.ts";
import type { GatewayOutcome } from "../domain/order/pay.ts";
import type { PaymentOperation } from "../domain/order/payment.ts";
import type { FoundOutcome, Gateway, GatewayCall } from "../gateways/gateway.ts";
import type { GatewaySetting } from "./ports/gateway-settings.ts";

export type AskGateway = {
  /** Ask what became of the operation, and only repeat it when the gateway never heard of it. */
  readonly findFirst?: boolean;
  /**
   * Only ask what became of it. An operation that the gateway never heard of is over (`and_close`), or stays open since
   * it may still be on its way (`and_leave`).
   */
  readonly onlyFind?: "and_close" | "and_leave";
  readonly paymentToken?: string;
  readonly options?: Readonly<Record<string, unknown>>;
};

/**
 * Lets the gateway carry out one stored operation, with the operation's id as its idempotency key. Whatever goes wrong
 * on the way, or takes longer than the gateway's deadline, is an unknown outcome and no failure.
 */
export async function askGateway(
  gateway: Gateway,
  order: Order,
  paymentId: string,
  operation: PaymentOperation,
  setting: Pick<GatewaySetting, "settings">,
  how: AskGateway,
): Promise<GatewayOutcome> {
  if (operation.mechanism === "manual") return { kind: "approved", reference: "manual" };
  const payment = order.payments.find((candidate) => candidate.id === paymentId);
  const call: GatewayCall = {
    key: operation.id,
    orderId: order.id,
    paymentId,
    amount: operation.amount,
    currency: order.currency,
    ...(payment?.reference !== undefined && { reference: payment.reference }),
    settings: setting.settings,
    ...(how.paymentToken !== undefined && { paymentToken: how.paymentToken }),
    ...(how.options && { options: how.options }),
    signal: AbortSignal.timeout(gateway.deadlineMs),
  };
  if (how.findFirst || how.onlyFind) {
    const found = await within(call.signal, () => gateway.find(call));
    if (found.kind !== "absent") return found;
    if (how.onlyFind === "and_leave")
      return { kind: "unknown", reason: "the gateway has not heard of it yet" };
    if (how.onlyFind === "and_close") {
      return { kind: "declined", code: "never_received", message: "The gateway never received it" };
    }
  }
  const outcome = await within(call.signal, () => gateway[operation.type](call));
  return outcome.kind === "absent" ? { kind: "unknown", reason: "the gateway knows nothing of it" } : outcome;
}

async function within(signal: AbortSignal, ask: () => Promise<FoundOutcome>): Promise<FoundOutcome> {
  let onAbort: (() => void) | undefined;
  const late = new Promise<FoundOutcome>((resolve) => {
    onAbort = () => resolve({ kind: "unknown", reason: "no answer within the deadline" });
    signal.addEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    return { kind: "unknown", reason: error instanceof Error ? error.message : String(error) };
  } finally {
    if (onAbort) signal.removeEventListener("abort", onAbort);
  }
}
