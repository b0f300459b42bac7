import { extended } from "../../domain/extended.ts";
import type { Result } from "../../domain/result.ts";
import type { CartProblem, PricedRegionCart } from "../../operations/region-cart.ts";
import type { Call, Reply } from "../route.ts";
import { shortages } from "./cart-errors.ts";
import { refused } from "./errors.ts";
import { type OrderOfCart, renderCart, type WireCart } from "./render-cart.ts";
import { renderCustomer } from "./render-customer.ts";
import { renderPayment } from "./render-order.ts";

/** `{ cart }`, or the refusal. */
export async function answerCart(call: Call, result: Result<PricedRegionCart, CartProblem>): Promise<Reply> {
  if (!result.ok) return refusedCart(result.error);
  return { status: 200, body: { cart: await wireCart(call, result.value) } };
}

/** A cart, and its order's amounts when it was completed: gift cards and prices may have changed since. */
export async function wireCart(
  { deps, context, baseUrl }: Call,
  priced: PricedRegionCart,
): Promise<WireCart> {
  const { completion, completedAt } = priced.cart.region;
  if (!completion || completedAt === undefined) return renderCart(baseUrl, priced);
  const order = await deps.storage.orders.load(context.store.storeId, completion.orderId);
  if (!order) return renderCart(baseUrl, priced);
  const payment = order.payments.findLast(({ amount }) => amount > 0);
  const made: OrderOfCart = { order, payment: payment ? renderPayment(order, payment) : null };
  return renderCart(baseUrl, priced, made);
}

/** The same with the customer, who is shown in few answers. */
export async function wireCartWithCustomer(call: Call, priced: PricedRegionCart) {
  const { cart } = priced;
  const customerId = cart.customerId ?? cart.region.guestId;
  const { storage } = call.deps;
  const customer =
    customerId === undefined
      ? undefined
      : await storage.customers.load(call.context.store.storeId, customerId);
  return { customer: customer ? renderCustomer(customer) : null, ...(await wireCart(call, priced)) };
}

/** A refusal. Too little stock names every product, beside the one sentence that storefronts show. */
export function refusedCart(problem: CartProblem): Reply {
  const reply = refused(problem);
  if (problem.type !== "stock_short") return reply;
  return { ...reply, body: { ...(reply.body as object), errors: shortages(problem.productIds) } };
}

/** Tells the request's idempotency key, or one that the server made, and lets pages of other origins read it. */
export function withKey(call: Call, reply: Reply): Reply {
  return extended(reply, {
    headers: {
      ...reply.headers,
      "idempotency-key": keyOf(call) ?? call.attemptId,
      "access-control-expose-headers": "Idempotency-Key",
    },
  });
}

/** The key that the client sent. */
export function keyOf(call: Pick<Call, "header">): string | undefined {
  return call.header("idempotency-key") || undefined;
}
