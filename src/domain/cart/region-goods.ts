import type { CountedProduct } from "../catalog/family.ts";
import type { Product } from "../catalog/product.ts";
import type { PiecesAt, SellingPlaces } from "../inventory/selling-places.ts";
import { piecesFrom } from "../inventory/selling-places.ts";
import type { StockLocation } from "../inventory/stock-location.ts";
import type { Region, SalesChannel, ShippingOption, ShippingProfile, TaxRate } from "../region/region.ts";

/** What of the catalog a cart of a region is looked at with. */
export type RegionGoods = {
  /** What is sold, by its id. */
  readonly variants: ReadonlyMap<string, CountedProduct>;
  /** Base products, and products that stand alone, by their ids. */
  readonly groups: ReadonlyMap<string, Product>;
};

/** The same before it is said where it is sold from. */
export type StoredGoods = {
  readonly variants: ReadonlyMap<string, { readonly product: Product; readonly pieces: PiecesAt }>;
  readonly groups: RegionGoods["groups"];
};

/** The goods as they can be sold from these places. */
export function goodsFrom(places: SellingPlaces, { variants, groups }: StoredGoods): RegionGoods {
  const counted = [...variants].map(
    ([id, { product, pieces }]) => [id, { product, pieces: piecesFrom(places, pieces) }] as const,
  );
  return { variants: new Map(counted), groups };
}

/** What of the store's setup it is looked at with. */
export type RegionSetup = {
  readonly regions: readonly Region[];
  readonly taxRates: readonly TaxRate[];
  readonly shippingProfiles: readonly ShippingProfile[];
  readonly shippingOptions: readonly ShippingOption[];
  readonly salesChannels: readonly SalesChannel[];
  readonly stockLocations: readonly StockLocation[];
};

/** Nothing of the catalog. */
export const noGoods: RegionGoods = { variants: new Map(), groups: new Map() };

/** The base product of something that is sold, or itself where it stands alone; undefined when it is gone. */
export function groupOf(goods: RegionGoods, productId: string): Product | undefined {
  const variant = goods.variants.get(productId)?.product;
  return variant && goods.groups.get(variant.parentId ?? variant.id);
}

/** How many pieces may be sold at all; undefined where nothing limits them. */
export function limitOf(variant: CountedProduct): number | undefined {
  const { manageStock, allowBackorder } = variant.product;
  return manageStock && !allowBackorder ? variant.pieces : undefined;
}

/** The profile by which a product is sent: its own, or the store's for gift cards or for all else. */
export function profileIdOf(
  profiles: readonly ShippingProfile[],
  group: Pick<Product, "profileId" | "isGiftCard"> | undefined,
): string | undefined {
  const own = profiles.find(({ id }) => id === group?.profileId);
  const type = group?.isGiftCard ? "gift_card" : "default";
  return (own ?? profiles.find((profile) => profile.type === type) ?? profiles[0])?.id;
}
