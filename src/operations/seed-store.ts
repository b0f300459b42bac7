import type { Grouping, Image, Measures, Price, Product } from "../domain/catalog/product.ts";
import { matrixOf } from "../domain/catalog/variations.ts";
import { currencyDigits } from "../domain/currency.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { type SeedCodes, seedCodes } from "./seed-codes.ts";
import { type SeededGroups, type SeedGroups, seedGroups } from "./seed-groups.ts";
import { type SeedSales, seedSales } from "./seed-sales.ts";

type SeedPrice = { readonly currency: string; readonly amount: number; readonly includes_tax: boolean };
type SeedVariant = {
  readonly sku: string;
  readonly slug: string;
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
  readonly prices: readonly SeedPrice[];
  readonly stock?: number;
  readonly image: string;
  readonly weight_grams?: number;
};
type SeedProduct = {
  readonly sku: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly status: "live" | "draft";
  readonly commodity_type: "physical" | "digital";
  readonly prices: readonly SeedPrice[];
  readonly manage_stock: boolean;
  readonly stock?: number;
  readonly images: readonly string[];
  readonly category: string;
  readonly collections: readonly string[];
  readonly tags?: readonly string[];
  readonly type?: string;
  readonly weight_grams?: number;
  readonly origin_country?: string;
  readonly material?: string;
  readonly options?: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly variants?: readonly SeedVariant[];
} & Readonly<Record<string, unknown>>;

/** A store as a file describes it; `demo/README.md` explains every member. */
export type Seed = {
  readonly store: { readonly name: string };
  readonly currencies: readonly {
    readonly code: string;
    readonly exchange_rate: number;
    readonly format: string;
    readonly decimal_point: string;
    readonly thousand_separator: string;
    readonly decimal_places: number;
    readonly default: boolean;
    readonly enabled: boolean;
  }[];
  readonly products: readonly SeedProduct[];
  readonly customers: readonly { readonly name: string; readonly email: string }[];
} & SeedSales &
  SeedGroups &
  SeedCodes;

export type SeedReport = { readonly products: number; readonly skipped: number };

/**
 * Fills a store: currencies, products with pictures and stock, customers, the manual gateway, and simulated cards. What is there already
 * (by code, sku or e-mail) stays as it is, so that seeding twice is as good as once.
 */
export async function seedStore(deps: Deps, context: Context, seed: Seed): Promise<SeedReport> {
  const { storage } = deps;
  const { storeId } = context.store;
  const now = deps.now();
  const present = new Map(context.store.currencies.map((currency) => [currency.code, currency]));
  for (const currency of seed.currencies) {
    if (present.has(currency.code)) continue;
    await storage.stores.saveCurrency(storeId, {
      id: deps.newId(),
      code: currency.code,
      format: currency.format,
      decimalPoint: currency.decimal_point,
      thousandSeparator: currency.thousand_separator,
      decimalPlaces: currency.decimal_places ?? currencyDigits(currency.code),
      exchangeRate: currency.exchange_rate,
      isDefault: false,
      enabled: currency.enabled,
      createdAt: now,
      updatedAt: now,
    });
  }
  await storage.gatewaySettings.save(storeId, { slug: "manual", enabled: true, settings: {} }, now);
  await seedSimulatedCards(deps, storeId, now);
  const groups = await seedGroups(deps, context, seed);
  const counts = { products: 0, skipped: 0 };
  for (const [index, product] of seed.products.entries()) {
    // A moment apart, so that lists show them in the order of the file.
    const createdAt = new Date(Date.parse(now) + index).toISOString();
    for (const { row, stock } of productRows(deps, product, groups, createdAt)) {
      const counted =
        row.manageStock && !row.isBase
          ? { quantity: stock, movementId: deps.newId(), actor: context.actor.label }
          : undefined;
      const saved = await storage.products.insert(storeId, row, counted);
      if (saved === "saved") counts.products += 1;
      else {
        counts.skipped += 1;
        // Variants of a base product that is there already belong to it and not to a second one.
        if (row.isBase) break;
      }
    }
  }
  await seedSales(deps, context, seed);
  await seedCodes(deps, context, seed);
  for (const { name, email } of seed.customers) {
    await storage.customers.insert(storeId, {
      id: deps.newId(),
      name,
      email,
      createdAt: now,
      updatedAt: now,
    });
  }
  return counts;
}

/** Cards by the simulator that comes with the engine, unless the store has set Stripe up already. */
async function seedSimulatedCards({ storage, newId }: Deps, storeId: string, now: string): Promise<void> {
  const present = await storage.gatewaySettings.all(storeId);
  if (present.some(({ slug }) => slug === "stripe")) return;
  const settings = {
    login: "sk_test_cartwright_simulator",
    webhook_secret: `whsec_${newId().replaceAll("-", "")}`,
    test: true,
    simulated: true,
  };
  await storage.gatewaySettings.save(storeId, { slug: "stripe", enabled: true, settings }, now);
}

function productRows(
  deps: Deps,
  product: SeedProduct,
  groups: SeededGroups,
  now: string,
): { row: Product; stock: number }[] {
  const { sku, slug, name, description, status, prices, images, options = [], variants = [] } = product;
  const { commodity_type: commodityType, manage_stock: manageStock, stock: _stock, ...rest } = product;
  const id = deps.newId();
  const common = { description, status, commodityType, manageStock, createdAt: now, updatedAt: now };
  const details = detailsOf(rest);
  const grouping = groupingOf(product, groups);
  const measures = measuresOf(product);
  if (variants.length === 0) {
    const row: Product = {
      ...common,
      id,
      isBase: false,
      sku,
      slug,
      name,
      prices: prices.map(priceOf),
      images: images.map((file) => imageOf(deps, file)),
      details,
      ...grouping,
      ...measures,
    };
    return [{ row, stock: product.stock ?? 0 }];
  }
  const variations = options.map((option) => ({
    id: deps.newId(),
    name: option.name,
    options: option.values.map((value) => ({ id: deps.newId(), name: value, description: value })),
  }));
  const children = variants.map((variant, rank) => ({
    stock: variant.stock ?? 0,
    row: {
      ...common,
      id: deps.newId(),
      parentId: id,
      isBase: false,
      sku: variant.sku,
      slug: variant.slug,
      name: variant.name,
      prices: variant.prices.map(priceOf),
      images: [imageOf(deps, variant.image)],
      options: variant.options,
      rank,
      ...measures,
      ...(variant.weight_grams !== undefined && { weight: variant.weight_grams }),
      details: {
        ...details,
        ...(variant.weight_grams !== undefined && { weight_grams: variant.weight_grams }),
      },
    } satisfies Product,
  }));
  const base: Product = {
    ...common,
    id,
    isBase: true,
    sku,
    slug,
    name,
    prices: prices.map(priceOf),
    images: images.map((file) => imageOf(deps, file)),
    details,
    ...grouping,
    ...measures,
    variations,
    variationMatrix: matrixOf(
      variations,
      children.map(({ row }) => row),
    ),
  };
  return [{ row: base, stock: 0 }, ...children];
}

function groupingOf(
  { collections, category, tags, type }: SeedProduct,
  groups: SeededGroups,
): Pick<Grouping, "collectionId" | "categoryIds" | "tagIds" | "typeId"> {
  const collectionId = groups.collections.get(collections[0] ?? "");
  const categoryId = groups.categories.get(category);
  const typeId = groups.types.get(type ?? "");
  return {
    ...(collectionId !== undefined && { collectionId }),
    ...(categoryId !== undefined && { categoryIds: [categoryId] }),
    ...(typeId !== undefined && { typeId }),
    tagIds: (tags ?? []).flatMap((slug) => groups.tags.get(slug) ?? []),
  };
}

function measuresOf({ weight_grams: weight, origin_country, material }: SeedProduct): Measures {
  return {
    ...(weight !== undefined && { weight }),
    ...(origin_country !== undefined && { originCountry: origin_country }),
    ...(material !== undefined && { material }),
  };
}

const notDetails = new Set([
  "sku",
  "slug",
  "name",
  "description",
  "status",
  "prices",
  "images",
  "variants",
  "type",
]);

function detailsOf(product: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(product).filter(([key]) => !notDetails.has(key)));
}

function priceOf(price: SeedPrice): Price {
  return { currency: price.currency, amount: price.amount, includesTax: price.includes_tax };
}

function imageOf(deps: Deps, fileName: string): Image {
  return { id: deps.newId(), href: `/images/${fileName}`, mimeType: "image/webp", fileName };
}
