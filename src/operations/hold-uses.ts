import type { Order } from "../domain/order/order.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { codeKey } from "../domain/rule-promotions/rule-code.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { PromotionUsePort } from "./ports/promotions.ts";
import type { RefusalOf } from "./refusal.ts";
import { countedNames } from "./rules-in-play.ts";

/**
 * Holds what an order uses of promotion codes, all or nothing; what it holds already stays as it is. A code that nobody
 * enters is noted too, so that a promotion's usages show every order.
 */
export async function holdUses(
  deps: Pick<Deps, "newId" | "fingerprint">,
  promotionUses: PromotionUsePort,
  { store }: Context,
  order: Order,
): Promise<Result<"held", RefusalOf<"promotion_code_refused">>> {
  const { buyer, accountId, promotions = [] } = order;
  const wanted = promotions.map(({ promotionId, code, source, uses: times }) => ({
    promotionId,
    code: source ? codeKey(code) : code,
    times,
  }));
  const identity = {
    ...(buyer.id !== undefined && { customerId: buyer.id }),
    ...(accountId !== undefined && { accountId }),
  };
  // Names that codes of standard promotions do not ask for.
  const shoppers = promotions.some(({ source }) => source)
    ? countedNames(deps, { ...identity, email: buyer.email })
    : [];
  const gone = new Set<string>();
  for (;;) {
    const uses = wanted.filter(({ promotionId }) => !gone.has(promotionId));
    const held = await promotionUses.hold(store.storeId, {
      orderId: order.id,
      ...identity,
      customerEmail: buyer.email,
      shoppers,
      now: order.updatedAt,
      uses: uses.map((use) => ({ id: deps.newId(), ...use })),
    });
    if (held.ok) return ok("held");
    const { type, code } = held.error;
    if (type !== "code_gone") {
      const reason = type === "code_used_up" ? "used_up" : "used_up_by_shopper";
      return fail({ type: "promotion_code_refused", code, reason });
    }
    // The merchant has deleted it since the order was placed. Its price stands, and there is no limit any more.
    gone.add(held.error.promotionId);
  }
}
