import type { Shop } from "./shop.ts";

/** Adds a region that sells in dollars with 20 % tax, to be paid for at these providers. @returns its id */
export async function addRegion(shop: Shop, paymentProviders: readonly string[]): Promise<string> {
  const id = shop.deps.newId();
  const now = shop.deps.now();
  await shop.deps.storage.records.insert(shop.context.store.storeId, "region", {
    id,
    name: "Here",
    currency: "USD",
    taxPercent: 20,
    areGiftCardsTaxable: true,
    hasAutomaticTaxes: true,
    includesTax: false,
    countries: ["us"],
    paymentProviders: [...paymentProviders],
    fulfilmentProviders: ["manual"],
    createdAt: now,
    updatedAt: now,
  });
  return id;
}
