import { fail, ok, type Result } from "../domain/result.ts";
import type { Context, StoreConfig, StoreCurrency } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { StorePort } from "./ports/stores.ts";
import type { RefusalOf } from "./refusal.ts";

/** Currencies that a store may have (the vendor's limit). */
export const MAX_CURRENCIES = 10;

/** What a shop decides about a currency. */
export type CurrencyDetails = Omit<StoreCurrency, "id" | "createdAt" | "updatedAt">;

export type CreateCurrencyRefusal = RefusalOf<
  "currency_code_taken" | "currency_limit_reached" | "currency_is_default"
>;
export type UpdateCurrencyRefusal = RefusalOf<
  "currency_not_found" | "currency_code_taken" | "currency_is_default"
>;
export type DeleteCurrencyRefusal = RefusalOf<"currency_not_found" | "currency_is_default">;

/** Adds a currency. The first one of a store becomes its default. */
export function createCurrency(
  deps: Deps,
  context: Context,
  details: CurrencyDetails,
): Promise<Result<StoreCurrency, CreateCurrencyRefusal>> {
  return withStore(deps, context, async (store, stores) => {
    if (store.currencies.some(({ code }) => code === details.code)) {
      return fail({ type: "currency_code_taken", code: details.code });
    }
    if (store.currencies.length >= MAX_CURRENCIES) {
      return fail({ type: "currency_limit_reached", limit: MAX_CURRENCIES });
    }
    const isDefault = details.isDefault || store.currencies.length === 0;
    if (isDefault && !details.enabled) return fail({ type: "currency_is_default", wanted: "disable" });
    const now = deps.now();
    const currency = { ...details, isDefault, id: deps.newId(), createdAt: now, updatedAt: now };
    return save(stores, store.storeId, currency);
  });
}

/** Changes the given members. Making a currency the default takes that from the one before. */
export function updateCurrency(
  deps: Deps,
  context: Context,
  currencyId: string,
  changes: Partial<CurrencyDetails>,
): Promise<Result<StoreCurrency, UpdateCurrencyRefusal>> {
  return withStore(deps, context, async (store, stores) => {
    const before = store.currencies.find(({ id }) => id === currencyId);
    if (!before) return fail({ type: "currency_not_found", currencyId });
    const currency = { ...before, ...changes, updatedAt: deps.now() };
    if (before.isDefault && !currency.isDefault) {
      return fail({ type: "currency_is_default", wanted: "replace" });
    }
    if (currency.isDefault && !currency.enabled) {
      return fail({ type: "currency_is_default", wanted: "disable" });
    }
    return save(stores, store.storeId, currency);
  });
}

/** Deletes a currency. Carts and orders in it keep their amounts. */
export function deleteCurrency(
  deps: Deps,
  context: Context,
  currencyId: string,
): Promise<Result<undefined, DeleteCurrencyRefusal>> {
  return withStore(deps, context, async (store, stores) => {
    const currency = store.currencies.find(({ id }) => id === currencyId);
    if (!currency) return fail({ type: "currency_not_found", currencyId });
    if (currency.isDefault) return fail({ type: "currency_is_default", wanted: "delete" });
    await stores.deleteCurrency(store.storeId, currencyId);
    return ok(undefined);
  });
}

/** Runs `decide` on what the store has now, while nobody else changes it. */
function withStore<Value>(
  deps: Deps,
  context: Context,
  decide: (store: StoreConfig, stores: StorePort) => Promise<Value>,
): Promise<Value> {
  return deps.storage.transaction(async ({ stores }) => {
    const store = await stores.lock(context.store.storeId);
    if (!store) throw new Error(`Store ${context.store.storeId} is gone`);
    return decide(store, stores);
  });
}

async function save(
  stores: StorePort,
  storeId: string,
  currency: StoreCurrency,
): Promise<Result<StoreCurrency, RefusalOf<"currency_code_taken">>> {
  const saved = await stores.saveCurrency(storeId, currency);
  return saved === "saved" ? ok(currency) : fail({ type: "currency_code_taken", code: currency.code });
}
