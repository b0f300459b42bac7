import type { Cart } from "../domain/cart/cart.ts";
import { orderFacts } from "../domain/order/status.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { RefusalOf } from "./refusal.ts";

/**
 * Whether a cart may still be changed, checked out or deleted. A cart that was completed in its region is its one order:
 * what completes it again, or shows it, finds that order by it. While it is being paid for, it is what is paid for;
 * after a payment that came to nothing it is open again. Carts that are only ever checked out stay open, and take a
 * statement here no more than others.
 */
export async function checkCartOpen(
  { storage }: Pick<Deps, "storage">,
  { store }: Context,
  { id, region }: Cart,
): Promise<Result<void, RefusalOf<"cart_ordered">>> {
  const completion = region?.completion;
  if (!completion) return ok(undefined);
  const ordered = fail({ type: "cart_ordered", cartId: id, orderId: completion.orderId } as const);
  if (region?.completedAt !== undefined) return ordered;
  const order = await storage.orders.load(store.storeId, completion.orderId);
  return order && orderFacts(order).anyLive ? ordered : ok(undefined);
}
