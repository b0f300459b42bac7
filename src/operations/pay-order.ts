import type { Order } from "../domain/order/order.ts";
import {
  type GatewayOutcome,
  type StartPayment,
  settleOperation,
  startPayment,
} from "../domain/order/pay.ts";
import { type Payment, type PaymentOperation, startOf } from "../domain/order/payment.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Gateway } from "../gateways/gateway.ts";
import { askGateway } from "./ask-gateway.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { MAX_TRIES } from "./max-tries.ts";
import type { GatewaySetting } from "./ports/gateway-settings.ts";
import type { Refusal } from "./refusal.ts";
import { changeOrder, saveOrder } from "./save-order.ts";
import { toldEvents } from "./told-events.ts";

export type PayOrder = StartPayment & {
  readonly orderId: string;
  readonly paymentToken?: string;
  readonly options?: Readonly<Record<string, unknown>>;
};

export type PaidOrder = { readonly order: Order; readonly payment: Payment };

/**
 * Claim, charge, settle. The claim allocates all stock of the order or refuses before any money moves. If we die in
 * between, the reconciler asks the gateway what became of the claim. A gateway that calls nobody is claimed and settled
 * at once.
 */
export async function payOrder(
  deps: Deps,
  context: Context,
  input: PayOrder,
): Promise<Result<PaidOrder, Refusal>> {
  const gateway = deps.gateways.get(input.gateway);
  if (!gateway || gateway.isForStaff) return fail({ type: "gateway_unknown", gateway: input.gateway });
  const claimed = await claim(deps, context, gateway, input);
  if (!claimed.ok) return claimed;
  const { order, setting, fresh } = claimed.value;
  const operation = firstOperation(order, input.paymentId);
  if (operation.status !== "pending") return answer(order, input.paymentId, gateway);

  const outcome = await askGateway(gateway, order, input.paymentId, operation, setting, {
    // A retry of a claim that was never answered asks what became of it before it asks for anything.
    how: fresh ? "send" : "resume",
    now: deps.now(),
    ...(input.paymentToken !== undefined && { paymentToken: input.paymentToken }),
    ...(input.options && { options: input.options }),
    told: await toldEvents(deps, context, gateway, input.paymentId),
  });
  const settled = await settle(deps, context, input.orderId, input.paymentId, operation.id, outcome);
  return settled.ok ? answer(settled.value, input.paymentId, gateway) : settled;
}

/** Notes what the gateway said, and gives the stock back when no payment of the order is live any more. */
export async function settle(
  deps: Deps,
  context: Context,
  orderId: string,
  paymentId: string,
  operationId: string,
  outcome: GatewayOutcome,
): Promise<Result<Order, Refusal>> {
  return changeOrder(
    deps,
    context,
    orderId,
    (order, now) => ok(settleOperation(order, paymentId, operationId, outcome, now)),
    { stock: "release_if_dead" },
  );
}

type Claim = { readonly order: Order; readonly setting: GatewaySetting; readonly fresh: boolean };

async function claim(
  deps: Deps,
  context: Context,
  gateway: Gateway,
  input: PayOrder,
): Promise<Result<Claim, Refusal>> {
  const { storeId } = context.store;
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const { order, setting } = await deps.storage.orders.loadWithGateway(
      storeId,
      input.orderId,
      input.gateway,
    );
    if (!order) return fail({ type: "order_not_found", orderId: input.orderId });
    if (!setting?.enabled) return fail({ type: "gateway_disabled", gateway: input.gateway });
    if (!gateway.methods.includes(input.method)) {
      return fail({ type: "gateway_method_unsupported", gateway: input.gateway, method: input.method });
    }
    const now = deps.now();
    const started = startPayment(order, input, now);
    if (!started.ok) return started;
    if (started.value.state === order) return ok({ order, setting, fresh: false });

    let decision = started.value;
    const operation = firstOperation(decision.state, input.paymentId);
    if (gateway.local || operation.amount === 0) {
      const outcome = await askGateway(gateway, decision.state, input.paymentId, operation, setting, {
        how: "send",
        now,
        told: undefined,
      });
      const settled = settleOperation(decision.state, input.paymentId, operation.id, outcome, now);
      decision = { state: settled.state, events: [...decision.events, ...settled.events] };
    }
    const saved = await saveOrder(deps, context, decision, "allocate");
    if (saved.kind === "saved") return ok({ order: saved.order, setting, fresh: true });
    if (saved.kind === "refused") return fail(saved.refusal);
    await deps.pause(attempt * 2);
  }
  return fail({ type: "write_conflict" });
}

function answer(order: Order, paymentId: string, gateway: Gateway): Result<PaidOrder, Refusal> {
  const payment = order.payments.find((candidate) => candidate.id === paymentId) as Payment;
  const failure = startOf(payment)?.failure;
  if (failure) return fail({ type: "payment_declined", gateway: gateway.slug, ...failure });
  return ok({ order, payment });
}

function firstOperation(order: Order, paymentId: string): PaymentOperation {
  const payment = order.payments.find((candidate) => candidate.id === paymentId);
  return payment?.operations[0] as PaymentOperation;
}
