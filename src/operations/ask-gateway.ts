import type { Order } from "../domain/order/order.ts";
import type { GatewayOutcome } from "../domain/order/pay.ts";
import type { PaymentOperation } from "../domain/order/payment.ts";
import type { FoundOutcome, Gateway, GatewayCall, GatewayEvent } from "../gateways/gateway.ts";
import { withinDeadline } from "./deadline.ts";
import type { GatewaySetting } from "./ports/gateway-settings.ts";

/**
 * How long after its claim an operation may still be sent to the gateway, in milliseconds. Whoever finds an older claim
 * only asks what became of it: somebody may be closing it just now, and money that arrives then belongs to no payment.
 */
export const SEND_WITHIN_MS = 30_000;
/** The longest that one question to a gateway may take, in milliseconds, whatever the gateway's own deadline. */
export const MAX_DEADLINE_MS = 20_000;
/**
 * From this age on, in milliseconds, nothing of an operation can be on its way any more: one that the gateway never heard
 * of is over. What is left beside the two times above is for machines whose clocks differ.
 */
export const CLOSE_AFTER_MS = 60_000;

export type AskGateway = {
  /**
   * The operation is carried out, or (`resume`) only if the gateway never heard of it, or (`inquire`) not at all;
   * `proceed` goes on with what the shopper brought back, where the gateway has a use for that.
   */
  readonly how: "send" | "resume" | "inquire" | "proceed";
  /** RFC 3339. */
  readonly now: string;
  readonly paymentToken?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** See `toldEvents`. */
  readonly told: readonly GatewayEvent[] | undefined;
};

/** For a gateway that calls nobody: a deadline of its own for each answer would cost more than the answer. */
const noDeadline = new AbortController().signal;

/**
 * Lets the gateway carry out one stored operation, with the operation's id as its idempotency key. Whatever goes wrong
 * on the way, or takes longer than the deadline, is an unknown outcome and no failure.
 */
export async function askGateway(
  gateway: Gateway,
  order: Order,
  paymentId: string,
  operation: PaymentOperation,
  setting: Pick<GatewaySetting, "settings">,
  { how, now, paymentToken, options, told }: AskGateway,
): Promise<GatewayOutcome> {
  if (operation.mechanism === "manual") return { kind: "approved", reference: "manual" };
  // Nothing is to be moved, and many gateways refuse to be asked for nothing.
  if (operation.amount === 0) return { kind: "approved", reference: "none" };
  const payment = order.payments.find((candidate) => candidate.id === paymentId);
  const age = Date.parse(now) - Date.parse(operation.createdAt);
  const call: GatewayCall = {
    operation: operation.type,
    key: operation.id,
    orderId: order.id,
    paymentId,
    amount: operation.amount,
    currency: order.currency,
    ...(operation.keepsRest && { keepsRest: true }),
    ...(payment?.reference !== undefined && { reference: payment.reference }),
    claimedAt: operation.createdAt,
    ageMs: age,
    settings: setting.settings,
    ...(payment?.sessionData && { session: payment.sessionData }),
    ...(paymentToken !== undefined && { paymentToken }),
    ...(options && { options }),
    ...(told && { told }),
    ...((operation.reference !== undefined || operation.action) && { waiting: waitedFor(operation) }),
    signal: gateway.local ? noDeadline : AbortSignal.timeout(Math.min(gateway.deadlineMs, MAX_DEADLINE_MS)),
  };
  const { proceed } = gateway;
  if (how === "proceed" && proceed) {
    const outcome = await within(call.signal, () => proceed(call));
    return outcome.kind === "absent"
      ? { kind: "unknown", reason: "the gateway knows nothing of it" }
      : outcome;
  }
  const maySend = (how === "send" || how === "resume") && age < SEND_WITHIN_MS;
  if (how !== "send" || !maySend) {
    const found = await within(call.signal, () => gateway.find(call));
    if (found.kind !== "absent") return found;
    if (age >= CLOSE_AFTER_MS) {
      return { kind: "declined", code: "never_received", message: "The gateway never received it" };
    }
    if (!maySend) return { kind: "unknown", reason: "the gateway has not heard of it yet" };
  }
  const outcome = await within(call.signal, () => gateway[operation.type](call));
  return outcome.kind === "absent" ? { kind: "unknown", reason: "the gateway knows nothing of it" } : outcome;
}

function waitedFor({ reference, action }: PaymentOperation): GatewayCall["waiting"] {
  return { ...(reference !== undefined && { reference }), ...(action && { action }) };
}

async function within(signal: AbortSignal, ask: () => Promise<FoundOutcome>): Promise<FoundOutcome> {
  try {
    return await withinDeadline(signal, ask);
  } catch (error) {
    return { kind: "unknown", reason: error instanceof Error ? error.message : String(error) };
  }
}
