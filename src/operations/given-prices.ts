import type { Price } from "../domain/catalog/product.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { StoreConfig } from "./context.ts";
import type { SalesSetup } from "./ports/records.ts";
import type { RefusalOf } from "./refusal.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";

/** A price as a merchant gives it: for a currency (upper case) or a region, minor units. */
export type GivenPrice = {
  readonly amount: number;
  readonly currency?: string;
  readonly regionId?: string;
  readonly minQuantity?: number;
  readonly maxQuantity?: number;
};

export type PriceRefusal =
  | RefusalOf<"product_price_repeated" | "currency_unknown">
  | SalesRefusalOf<"region_not_found">;

/**
 * The prices of a variant: those given, in place of all that it had. A region's price is in its currency. Whether tax is
 * inside stays as it was for the same place, and is no otherwise.
 */
export function pricesFrom(
  store: Pick<StoreConfig, "currencies">,
  setup: Pick<SalesSetup, "regions">,
  given: readonly GivenPrice[],
  before: readonly Price[] = [],
): Result<readonly Price[], PriceRefusal> {
  const prices = new Map<string, Price>();
  const known = new Map(before.map((price) => [placeOf(price), price]));
  for (const { amount, currency: code = "", regionId, minQuantity, maxQuantity } of given) {
    const region = setup.regions.find(({ id }) => id === regionId);
    if (regionId !== undefined && !region) return fail({ type: "region_not_found", regionId });
    const currency = region?.currency ?? code;
    if (!store.currencies.some((its) => its.code === currency)) {
      return fail({ type: "currency_unknown", currency });
    }
    const place = {
      currency,
      ...(regionId !== undefined && { regionId }),
      ...(minQuantity !== undefined && { minQuantity }),
      ...(maxQuantity !== undefined && { maxQuantity }),
    };
    const key = placeOf(place);
    if (prices.has(key)) return fail({ type: "product_price_repeated", currency });
    prices.set(key, { ...place, amount, includesTax: known.get(key)?.includesTax ?? false });
  }
  return ok([...prices.values()]);
}

function placeOf(price: Omit<Price, "amount" | "includesTax">): string {
  const { currency, regionId, minQuantity, maxQuantity } = price;
  return [currency, regionId, minQuantity, maxQuantity].join(" ");
}
