import type { Order } from "../domain/order/order.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { completeRegionCart } from "./complete-region-cart.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { CartProblem } from "./region-cart.ts";

/**
 * Turns a draft order into an order that is paid for, because staff say so: they have the money, or will get it in a way
 * of their own. E-mail address, stock and codes are looked at as in every purchase. Paid again, it is the same order.
 */
export async function payDraftOrder(
  deps: Deps,
  context: Context,
  draftId: string,
): Promise<Result<Order, CartProblem>> {
  const { storeId } = context.store;
  const draft = await deps.storage.records.load(storeId, "draft_order", draftId);
  if (!draft) return fail({ type: "draft_order_not_found", draftId });
  const gateway = [...deps.gateways.values()].find(({ isForStaff }) => isForStaff);
  if (!gateway) throw new Error("There is no gateway for staff");
  const provider = gateway.slug;
  const completed = await completeRegionCart(deps, context, draft.cartId, { provider });
  if (!completed.ok) return completed;
  if (completed.value.kind !== "order") throw new Error("A gateway that asks nobody waits for somebody");
  const { order } = completed.value;
  const now = deps.now();
  await deps.storage.records.change(storeId, "draft_order", draftId, (before) =>
    before.status === "completed"
      ? before
      : { ...before, status: "completed", orderId: order.id, completedAt: now, updatedAt: now },
  );
  return ok(order);
}
