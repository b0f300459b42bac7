import type { Order } from "../domain/order/order.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { PromotionUsePort } from "./ports/promotions.ts";
import type { RefusalOf } from "./refusal.ts";

/**
 * Holds what an order uses of promotion codes, all or nothing; what it holds already stays as it is. A code that nobody
 * enters is noted too, so that a promotion's usages show every order.
 */
export async function holdUses(
  deps: Pick<Deps, "newId">,
  promotionUses: PromotionUsePort,
  { store }: Context,
  order: Order,
): Promise<Result<"held", RefusalOf<"promotion_code_refused">>> {
  const { buyer, promotions = [] } = order;
  const gone = new Set<string>();
  for (;;) {
    const uses = promotions.filter(({ code }) => !gone.has(code));
    const held = await promotionUses.hold(store.storeId, {
      orderId: order.id,
      ...(buyer.id !== undefined && { customerId: buyer.id }),
      customerEmail: buyer.email,
      now: order.updatedAt,
      uses: uses.map(({ promotionId, code, uses: times }) => ({
        id: deps.newId(),
        promotionId,
        code,
        times,
      })),
    });
    if (held.ok) return ok("held");
    const { type, code } = held.error;
    if (type === "code_used_up") return fail({ type: "promotion_code_refused", code, reason: "used_up" });
    // The merchant has deleted it since the order was placed. Its price stands, and there is no limit any more.
    gone.add(code);
  }
}
