import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { createDiscount } from "./save-discount.ts";
import { addPromotionCodes, createPromotion } from "./save-promotion.ts";

/** Codes that take a share of a cart, as a file describes them. */
export type SeedCodes = {
  readonly codes?: readonly { readonly code: string; readonly name: string; readonly percent: number }[];
};

/** From when on they hold, and until when: longer than anybody tries out a demo store. */
const VALID = { start: "2020-01-01T00:00:00Z", end: "2100-01-01T00:00:00Z" };

/**
 * Makes each code for both kinds of carts: a standard promotion for those of currencies, a discount for those of regions. A code that
 * is known already stays what it is.
 */
export async function seedCodes(deps: Deps, context: Context, seed: SeedCodes): Promise<void> {
  const { storeId } = context.store;
  const { storage } = deps;
  const { regions } = await storage.records.setup(storeId);
  const currencies = (await storage.stores.config(storeId))?.currencies ?? context.store.currencies;
  for (const { code, name, percent } of seed.codes ?? []) {
    const known = await storage.promotions.entered(storeId, [code], deps.now());
    if (known.length === 0) {
      const percents = currencies.map((currency) => ({ currency: currency.code, percent }));
      const made = await createPromotion(deps, context, {
        ...VALID,
        name,
        description: name,
        enabled: true,
        automatic: false,
        kind: { type: "percent_discount", percents, scope: {} },
      });
      if (!made.ok) throw new Error(`The promotion ${name} cannot be made: ${made.error.type}`);
      const codes = [{ code, consumeUnit: "per_cart" } as const];
      const added = await addPromotionCodes(deps, context, { promotionId: made.value.id, codes });
      if (!added.ok) throw new Error(`The code ${code} cannot be added: ${added.error.type}`);
    }
    const discount = await createDiscount(deps, context, {
      code,
      regionIds: regions.map(({ id }) => id),
      isDisabled: false,
      isDynamic: false,
      endsAtMs: null,
      usageLimit: null,
      rule: { type: "percentage", value: percent, allocation: "total", description: name, conditions: [] },
    });
    if (!discount.ok && discount.error.type !== "discount_code_taken") {
      throw new Error(`The discount ${code} cannot be made: ${discount.error.type}`);
    }
  }
}
