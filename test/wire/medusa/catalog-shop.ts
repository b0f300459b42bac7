import type { MedusaWire } from "./harness.ts";

/** A t-shirt in two sizes, in euros and dollars; `members` are those of the product, `variants` take the place of the sizes. */
export async function aShirt(
  { admin }: MedusaWire,
  members: Readonly<Record<string, unknown>> = {},
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
): Promise<any> {
  count += 1;
  const size = (value: string, eur: number, usd: number, pieces: number) => ({
    title: value,
    sku: `SHIRT-${count}-${value}`,
    inventory_quantity: pieces,
    prices: [
      { currency_code: "eur", amount: eur },
      { currency_code: "usd", amount: usd },
    ],
    options: [{ value }],
  });
  const { product } = await admin("POST", "/admin/products", {
    title: `Shirt ${count}`,
    status: "published",
    options: [{ title: "Size" }],
    variants: [size("S", 1000, 1200, 10), size("L", 1500, 1800, 3)],
    ...members,
  });
  return product;
}
let count = 0;

/** The euro, and a region of two countries that charges 20 % in it. Answers the region's id in the engine. */
export async function aRegion({ engine: { engine } }: MedusaWire): Promise<string> {
  const { deps } = engine.core;
  const [id, now] = [deps.newId(), deps.now()];
  const stamps = { createdAt: now, updatedAt: now };
  await deps.storage.stores.saveCurrency(engine.storeId, {
    id: deps.newId(),
    code: "EUR",
    format: "€{price}",
    decimalPoint: ".",
    thousandSeparator: ",",
    decimalPlaces: 2,
    exchangeRate: 1,
    isDefault: false,
    enabled: true,
    ...stamps,
  });
  await deps.storage.records.insert(engine.storeId, "region", {
    id,
    name: "Europe",
    currency: "EUR",
    taxPercent: 20,
    areGiftCardsTaxable: true,
    hasAutomaticTaxes: true,
    includesTax: false,
    countries: ["de", "fr"],
    paymentProviders: ["manual"],
    fulfilmentProviders: ["manual"],
    ...stamps,
  });
  return id;
}
