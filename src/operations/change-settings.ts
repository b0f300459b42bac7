import { fail, ok, type Result } from "../domain/result.ts";
import type { Context, StoreSettings } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { RefusalOf } from "./refusal.ts";

/** Members that are absent keep their value. */
export type SettingsChanges = Partial<Omit<StoreSettings, "cart">> & {
  readonly cart?: Partial<StoreSettings["cart"]>;
};

/** Changes a store's settings. Those of carts take effect for carts that are empty or new. */
export function changeSettings(
  deps: Deps,
  context: Context,
  changes: SettingsChanges,
): Promise<Result<StoreSettings, RefusalOf<"discount_settings_conflict">>> {
  const { storeId } = context.store;
  return deps.storage.transaction(async ({ stores }) => {
    const store = await stores.lock(storeId);
    if (!store) throw new Error(`Store ${storeId} is gone`);
    const cart = { ...store.settings.cart, ...changes.cart };
    if (cart.customDiscountsEnabled && cart.useRulePromotions) {
      return fail({ type: "discount_settings_conflict" });
    }
    const settings = { ...store.settings, ...changes, cart };
    await stores.saveSettings(storeId, settings);
    return ok(settings);
  });
}
