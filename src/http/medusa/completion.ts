import Type from "typebox";
import { completeRegionCart } from "../../operations/complete-region-cart.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { refusedCart, wireCart, withKey } from "./answer-cart.ts";
import { renderOrders } from "./answer-order.ts";
import { cartAnswers, cartSchema } from "./cart-schemas.ts";
import { cartIdOf } from "./carts.ts";
import { orderSchema } from "./order-schemas.ts";
import { oneOf } from "./schemas.ts";

const completed = Type.Object({ type: Type.Literal("order"), data: orderSchema });
/** The shopper has something to do before the cart is paid for. */
const open = Type.Object({
  type: Type.Literal("cart"),
  data: cartSchema,
  payment_status: oneOf(["requires_more", "pending"]),
});

const answers = { ...cartAnswers, 200: Type.Union([completed, open]) };

/**
 * Completing a cart. No key is needed for it to happen once, and no refusal is kept: whatever was in the way, the same
 * call may be made again when it is gone.
 */
export const completionRoutes: readonly Route[] = ["complete", "complete-cart"].map((word) =>
  route({
    method: "POST",
    path: `/store/carts/:id/${word}`,
    access: "open",
    tag: "Store: carts",
    summary: "Complete a cart: pay for it and make it an order",
    idempotency: "none",
    responses: answers,
    handle: async (call) => withKey(call, await complete(call)),
  }),
);

async function complete(call: Call): Promise<Reply> {
  const done = await completeRegionCart(call.deps, call.context, cartIdOf(call));
  if (!done.ok) return refusedCart(done.error);
  const completion = done.value;
  if (completion.kind === "order") {
    // Who bought is not among what the original joins this answer with, and costs a statement.
    const [order] = await renderOrders(call, [completion.order], { withCustomers: false });
    const { customer: _, ...data } = order ?? {};
    return { status: 200, body: { data, type: "order" } };
  }
  const { priced, paymentStatus } = completion;
  return {
    status: 200,
    body: { data: await wireCart(call, priced), payment_status: paymentStatus, type: "cart" },
  };
}
