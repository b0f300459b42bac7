import type { Decision } from "../domain/decision.ts";
import { type StartCapture, startCapture } from "../domain/order/capture.ts";
import type { Order } from "../domain/order/order.ts";
import { settleOperation } from "../domain/order/pay.ts";
import type { Payment, PaymentOperation } from "../domain/order/payment.ts";
import { type StartRefund, startRefund } from "../domain/order/refund.ts";
import { type StartVoid, startVoid } from "../domain/order/void.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { askGateway } from "./ask-gateway.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { MAX_TRIES } from "./max-tries.ts";
import { type PaidOrder, settle } from "./pay-order.ts";
import type { Refusal } from "./refusal.ts";
import { saveOrder } from "./save-order.ts";
import { toldEvents } from "./told-events.ts";

/**
 * Takes the money that a payment has authorized, or a part of it. After a part the rest stays set aside where the gateway
 * can do that, unless the capture is to be the last one.
 */
export function capturePayment(
  deps: Deps,
  context: Context,
  orderId: string,
  input: Omit<StartCapture, "keepsRest"> & { readonly isLast?: boolean },
) {
  return changePayment(deps, context, orderId, input, async (order, now) => {
    const { isLast, ...wanted } = input;
    const isPart = input.amount !== undefined && !isLast;
    const keepsRest = isPart && (await capturesInParts(deps, context, order, input.paymentId));
    return startCapture(order, { keepsRest, ...wanted }, now);
  });
}

async function capturesInParts(
  deps: Deps,
  { store }: Context,
  order: Order,
  paymentId: string,
): Promise<boolean> {
  const payment = order.payments.find(({ id }) => id === paymentId);
  const gateway = payment && deps.gateways.get(payment.gateway);
  if (!gateway?.capturesInParts) return false;
  const all = gateway.local ? [] : await deps.storage.gatewaySettings.all(store.storeId);
  return gateway.capturesInParts(all.find(({ slug }) => slug === gateway.slug)?.settings ?? {});
}

/** Gives money of a captured payment back, or only notes that it was given back. */
export function refundPayment(deps: Deps, context: Context, orderId: string, input: StartRefund) {
  return changePayment(deps, context, orderId, input, (order, now) => startRefund(order, input, now));
}

/** Releases an authorization; the order's stock goes back when no other payment is live. */
export function voidPayment(deps: Deps, context: Context, orderId: string, input: StartVoid) {
  return changePayment(deps, context, orderId, input, (order, now) => startVoid(order, input, now));
}

/** Claim, call, settle, as for a payment; without a call to anybody it is one transaction. */
async function changePayment(
  deps: Deps,
  context: Context,
  orderId: string,
  ids: { readonly paymentId: string; readonly operationId: string },
  start: (
    order: Order,
    now: string,
  ) => Result<Decision<Order>, Refusal> | Promise<Result<Decision<Order>, Refusal>>,
): Promise<Result<PaidOrder, Refusal>> {
  const { storeId } = context.store;
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const order = await deps.storage.orders.load(storeId, orderId);
    if (!order) return fail({ type: "order_not_found", orderId });
    const now = deps.now();
    const started = await start(order, now);
    if (!started.ok) return started;
    const retry = started.value.state === order;
    const { operation, payment } = find(started.value.state, ids);
    if (retry && operation.status !== "pending") return answer(order, ids);

    const gateway = deps.gateways.get(payment.gateway);
    if (!gateway) return fail({ type: "gateway_unknown", gateway: payment.gateway });
    const nobodyIsCalled = gateway.local || operation.mechanism === "manual";
    if (nobodyIsCalled) {
      const outcome = await askGateway(gateway, started.value.state, ids.paymentId, operation, noSettings, {
        how: "send",
        now,
        told: undefined,
      });
      const settled = settleOperation(started.value.state, ids.paymentId, ids.operationId, outcome, now);
      const events = [...started.value.events, ...settled.events];
      const saved = await saveOrder(deps, context, { state: settled.state, events }, "release_if_dead");
      if (saved.kind === "saved") return answer(saved.order, ids);
      if (saved.kind === "refused") return fail(saved.refusal);
    } else {
      const saved = retry
        ? ({ kind: "saved", order } as const)
        : await saveOrder(deps, context, started.value, "leave");
      if (saved.kind === "saved") {
        const settings = await deps.storage.gatewaySettings.all(storeId);
        const setting = settings.find((candidate) => candidate.slug === gateway.slug) ?? noSettings;
        const outcome = await askGateway(gateway, saved.order, ids.paymentId, operation, setting, {
          how: retry ? "resume" : "send",
          now: deps.now(),
          told: await toldEvents(deps, context, gateway, ids.paymentId),
        });
        const settled = await settle(deps, context, orderId, ids.paymentId, ids.operationId, outcome);
        return settled.ok ? answer(settled.value, ids) : settled;
      }
    }
    await deps.pause(attempt * 2);
  }
  return fail({ type: "write_conflict" });
}

const noSettings = { settings: {} };

function find(
  order: Order,
  ids: { readonly paymentId: string; readonly operationId: string },
): { payment: Payment; operation: PaymentOperation } {
  const payment = order.payments.find((candidate) => candidate.id === ids.paymentId) as Payment;
  const operation = payment.operations.find((candidate) => candidate.id === ids.operationId);
  return { payment, operation: operation as PaymentOperation };
}

function answer(
  order: Order,
  ids: { readonly paymentId: string; readonly operationId: string },
): Result<PaidOrder, Refusal> {
  const { payment, operation } = find(order, ids);
  if (operation.failure) {
    return fail({ type: "payment_declined", gateway: payment.gateway, ...operation.failure });
  }
  return ok({ order, payment });
}
