import { currencyDigits } from "../domain/currency.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { allOrNothing } from "./all-or-nothing.ts";
import type { Context, StoreConfig, StoreCurrency, StorefrontSettings } from "./context.ts";
import type { Deps, Storage } from "./deps.ts";
import type { RefusalOf } from "./refusal.ts";
import { MAX_CURRENCIES } from "./save-currency.ts";

/** What a merchant changes about the store itself; members that are absent keep their value. Codes in either case. */
export type StoreChanges = {
  readonly name?: string;
  readonly storefront?: StorefrontSettings;
  /** All currencies that the store is to have. */
  readonly currencies?: readonly string[];
  readonly addCurrency?: string;
  readonly removeCurrency?: string;
  readonly defaultCurrency?: string;
};

type CurrencyRefusal = RefusalOf<
  "currency_unknown" | "currency_is_default" | "currency_limit_reached" | "currency_code_taken"
>;

/** Changes the store: all of it, or nothing. */
export function updateStore(
  deps: Deps,
  { store }: Context,
  { name, storefront, ...currencies }: StoreChanges,
): Promise<Result<StoreConfig, CurrencyRefusal>> {
  const { storeId } = store;
  return allOrNothing(deps, async (storage) => {
    const { stores } = storage;
    const before = await stores.lock(storeId);
    if (!before) throw new Error(`Store ${storeId} is gone`);
    if (name !== undefined) await stores.rename(storeId, name);
    if (storefront) {
      const settings = {
        ...before.settings,
        storefront: { ...before.settings.storefront, ...storefront },
      };
      await stores.saveSettings(storeId, settings);
    }
    const changed = await changeCurrencies(deps, storage, before, currencies);
    if (!changed.ok) return changed;
    const after = await stores.lock(storeId);
    if (!after) throw new Error(`Store ${storeId} is gone`);
    return ok(after);
  });
}

/** Says whether plain prices in a currency of the store include tax, in carts that have a region. */
export function setCurrencyTax(
  deps: Deps,
  { store }: Context,
  code: string,
  includesTax: boolean,
): Promise<Result<StoreConfig, RefusalOf<"currency_unknown">>> {
  const { storeId } = store;
  const wanted = code.toUpperCase();
  return deps.storage.transaction(async ({ stores }) => {
    const before = await stores.lock(storeId);
    const currency = before?.currencies.find((candidate) => candidate.code === wanted);
    if (!before || !currency) return fail({ type: "currency_unknown", currency: wanted });
    const changed = { ...currency, includesTax, updatedAt: deps.now() };
    await stores.saveCurrency(storeId, changed);
    const others = before.currencies.map((candidate) => (candidate.id === changed.id ? changed : candidate));
    return ok({ ...before, currencies: others });
  });
}

async function changeCurrencies(
  deps: Deps,
  { stores }: Storage,
  { storeId, currencies }: StoreConfig,
  changes: Omit<StoreChanges, "name" | "storefront">,
): Promise<Result<undefined, CurrencyRefusal>> {
  const present = new Map(currencies.map((currency) => [currency.code, currency]));
  const enabled = currencies.filter((currency) => currency.enabled).map(({ code }) => code);
  const wanted = new Set((changes.currencies ?? enabled).map((code) => code.toUpperCase()));
  if (changes.addCurrency !== undefined) wanted.add(changes.addCurrency.toUpperCase());
  if (changes.removeCurrency !== undefined) wanted.delete(changes.removeCurrency.toUpperCase());
  const byDefault =
    changes.defaultCurrency?.toUpperCase() ?? currencies.find(({ isDefault }) => isDefault)?.code;
  if (byDefault !== undefined && !wanted.has(byDefault)) {
    // The one that the caller wants to be the default is not the store's; the one that is must not go.
    return changes.defaultCurrency === undefined
      ? fail({ type: "currency_is_default", wanted: "delete" })
      : fail({ type: "currency_unknown", currency: byDefault });
  }
  if (wanted.size > MAX_CURRENCIES) return fail({ type: "currency_limit_reached", limit: MAX_CURRENCIES });
  const now = deps.now();
  for (const code of wanted) {
    const before = present.get(code);
    const isDefault = code === byDefault;
    if (before?.enabled && before.isDefault === isDefault) continue;
    const currency = before ?? newCurrency(deps.newId(), code, now);
    if (!currency) return fail({ type: "currency_unknown", currency: code });
    // The old default loses that to the new one, which is saved in the same transaction.
    if (before?.isDefault && before.enabled) continue;
    await stores.saveCurrency(storeId, { ...currency, isDefault, enabled: true, updatedAt: now });
  }
  for (const { code, id } of currencies) {
    if (!wanted.has(code) && enabled.includes(code)) await stores.deleteCurrency(storeId, id);
  }
  return ok(undefined);
}

function newCurrency(id: string, code: string, now: string): StoreCurrency | undefined {
  if (!Intl.supportedValuesOf("currency").includes(code)) return undefined;
  const format = new Intl.NumberFormat("en-US", {
    style: "currency",
    currency: code,
    currencyDisplay: "narrowSymbol",
  });
  const symbol = format.formatToParts(0).find(({ type }) => type === "currency")?.value ?? code;
  return {
    id,
    code,
    format: `${symbol}{price}`,
    decimalPoint: ".",
    thousandSeparator: ",",
    decimalPlaces: currencyDigits(code),
    exchangeRate: 1,
    isDefault: false,
    enabled: true,
    createdAt: now,
    updatedAt: now,
  };
}
