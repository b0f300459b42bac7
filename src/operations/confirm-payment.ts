import { startOf } from "../domain/order/payment.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { askGateway } from "./ask-gateway.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { type PaidOrder, settle } from "./pay-order.ts";
import type { Refusal } from "./refusal.ts";
import { toldEvents } from "./told-events.ts";

/**
 * Asks the gateway what became of whatever of a payment is unanswered, and notes it. A payment that is settled is
 * answered as it is: confirming twice is as good as once.
 * @param options what the shopper brought back from the gateway's page, for a payment that waits for them
 */
export async function confirmPayment(
  deps: Deps,
  context: Context,
  orderId: string,
  paymentId: string,
  options?: Readonly<Record<string, unknown>>,
): Promise<Result<PaidOrder, Refusal>> {
  const { storeId } = context.store;
  let order = await deps.storage.orders.load(storeId, orderId);
  if (!order) return fail({ type: "order_not_found", orderId });
  const payment = order.payments.find((candidate) => candidate.id === paymentId);
  if (!payment) return fail({ type: "payment_not_found", paymentId });
  const gateway = deps.gateways.get(payment.gateway);
  if (!gateway) return fail({ type: "gateway_unknown", gateway: payment.gateway });
  const settings = await deps.storage.gatewaySettings.all(storeId);
  const setting = settings.find((candidate) => candidate.slug === payment.gateway) ?? { settings: {} };
  for (const operation of payment.operations.filter(({ status }) => status === "pending")) {
    const outcome = await askGateway(gateway, order, paymentId, operation, setting, {
      how: options && operation.action ? "proceed" : "inquire",
      now: deps.now(),
      ...(options && { options }),
      told: await toldEvents(deps, context, gateway, paymentId),
    });
    const settled = await settle(deps, context, orderId, paymentId, operation.id, outcome);
    if (!settled.ok) return settled;
    order = settled.value;
  }
  const confirmed = order.payments.find((candidate) => candidate.id === paymentId) ?? payment;
  const failure = startOf(confirmed)?.failure;
  if (failure) return fail({ type: "payment_declined", gateway: gateway.slug, ...failure });
  return ok({ order, payment: confirmed });
}
