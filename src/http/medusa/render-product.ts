import { type CountedProduct, type ProductFamily, variantTitle } from "../../domain/catalog/family.ts";
import type {
  ProductCategory,
  ProductCollection,
  ProductTag,
  ProductType,
} from "../../domain/catalog/grouped-by.ts";
import type { Image, Measures, Price, Product } from "../../domain/catalog/product.ts";
import type { SalesChannel, ShippingProfile } from "../../domain/region/region.ts";
import type { ProductGroups, SalesSetup } from "../../operations/ports/records.ts";
import { partId, wireId } from "./ids.ts";

/** What a product is shown with: the server's own address, and the store's setup. */
export type ProductPlace = {
  readonly baseUrl: string;
  readonly setup: Pick<SalesSetup, "shippingProfiles" | "salesChannels">;
};

/** The same with the collections and the like that the products name. */
export type GroupedPlace = ProductPlace & { readonly groups: ProductGroups };

/** The prices of a variant at the place that a request names; see `variantPrices`. */
export type ShownPrices = Readonly<Record<string, unknown>>;

const stamps = ({ createdAt, updatedAt }: { readonly createdAt: string; readonly updatedAt: string }) => ({
  created_at: createdAt,
  updated_at: updatedAt,
  deleted_at: null,
});

/** A picture's absolute address. */
export function imageUrl({ baseUrl }: Pick<ProductPlace, "baseUrl">, href: string): string {
  return href.startsWith("/") ? `${baseUrl}${href}` : href;
}

/** The address of what stands for a product in lists and carts; null without pictures. */
export function thumbnailOf(place: Pick<ProductPlace, "baseUrl">, group: Product): string | null {
  const href = group.thumbnail ?? group.images[0]?.href;
  return href === undefined ? null : imageUrl(place, href);
}

/** The columns of a product, without anything that it is joined with. */
export function productColumns(place: Pick<ProductPlace, "baseUrl">, group: Product) {
  return {
    id: wireId("prod", group.id),
    ...stamps(group),
    title: group.name,
    subtitle: group.subtitle ?? null,
    description: group.description === "" ? null : group.description,
    handle: group.slug,
    is_giftcard: group.isGiftCard ?? false,
    status: productStatus(group),
    thumbnail: thumbnailOf(place, group),
    ...measures(group),
    collection_id: group.collectionId === undefined ? null : wireId("pcol", group.collectionId),
    type_id: group.typeId === undefined ? null : wireId("ptyp", group.typeId),
    discountable: group.discountable ?? true,
    external_id: group.externalId ?? null,
    metadata: group.metadata ?? null,
  };
}

/** How far a product is on its way to the shop. */
export function productStatus({ status, review }: Pick<Product, "status" | "review">) {
  return status === "live" ? "published" : (review ?? "draft");
}

function measures(product: Measures) {
  return {
    weight: product.weight ?? null,
    length: product.length ?? null,
    height: product.height ?? null,
    width: product.width ?? null,
    hs_code: product.hsCode ?? null,
    origin_country: product.originCountry ?? null,
    mid_code: product.midCode ?? null,
    material: product.material ?? null,
  };
}

/** The columns of a variant, without anything that it is joined with. */
export function variantColumns({ product, pieces }: CountedProduct) {
  return {
    id: wireId("variant", product.id),
    ...stamps(product),
    title: variantTitle(product),
    product_id: wireId("prod", product.parentId ?? product.id),
    sku: product.isSkuMadeUp ? null : product.sku,
    barcode: product.barcode ?? null,
    ean: product.ean ?? null,
    upc: product.upc ?? null,
    variant_rank: product.rank ?? 0,
    inventory_quantity: pieces ?? 0,
    allow_backorder: product.allowBackorder ?? false,
    manage_inventory: product.manageStock,
    ...measures(product),
    metadata: product.metadata ?? null,
  };
}

/** A variant as the line of a cart or an order shows it, with its product and how that is sent. */
export function renderLineVariant(place: ProductPlace, group: Product, variant: CountedProduct) {
  return {
    ...variantColumns(variant),
    product: { ...productColumns(place, group), ...profilesOf(place, group, { full: true }) },
  };
}

/** A variant in its product: what was chosen for it, and its prices. */
export function renderVariant(group: Product, variant: CountedProduct, prices: ShownPrices = noPrices) {
  return {
    ...variantColumns(variant),
    options: optionValues(group, variant.product),
    prices: variant.product.prices.map((price, index) => moneyAmount(variant.product, price, index)),
    ...prices,
  };
}

/** A variant by itself, with its product. */
export function renderVariantAlone(
  place: Pick<ProductPlace, "baseUrl">,
  group: Product,
  variant: CountedProduct,
  prices?: ShownPrices,
) {
  return { ...renderVariant(group, variant, prices), product: productColumns(place, group) };
}

/** A variant's prices where a request names no place. */
export const noPrices = {
  original_price: null,
  calculated_price: null,
  original_price_incl_tax: null,
  calculated_price_incl_tax: null,
  original_tax: null,
  calculated_tax: null,
  tax_rates: null,
} as const;

/** A product as storefronts see it; `pricesOf` answers the prices of a variant at the place that the request names. */
export function renderStoreProduct(
  place: GroupedPlace,
  { group, variants }: ProductFamily,
  pricesOf: (group: Product, variant: Product) => ShownPrices = () => noPrices,
) {
  const { groups } = place;
  const collection =
    group.collectionId === undefined ? undefined : groups.collections.get(group.collectionId);
  const type = group.typeId === undefined ? undefined : groups.types.get(group.typeId);
  return {
    ...productColumns(place, group),
    collection: collection ? renderCollection(collection) : null,
    images: group.images.map((image) => renderImage(place, group, image)),
    options: renderOptions({ group, variants }),
    ...profilesOf(place, group, { full: false }),
    tags: (group.tagIds ?? []).flatMap((id) => {
      const tag = groups.tags.get(id);
      return tag ? [renderTag(tag)] : [];
    }),
    type: type ? renderType(type) : null,
    variants: variants.map((variant) => renderVariant(group, variant, pricesOf(group, variant.product))),
  };
}

/** A product as the merchant sees it: with its sales channels and categories, too. */
export function renderAdminProduct(place: GroupedPlace, family: ProductFamily) {
  const { group } = family;
  return {
    ...renderStoreProduct(place, family),
    ...profilesOf(place, group, { full: true }),
    categories: categoriesOf(place, group).map((category) => categoryColumns(category)),
    sales_channels: channelsOf(place, group).map(renderChannel),
  };
}

/** The categories that a product is in, as far as they are known. */
export function categoriesOf({ groups }: GroupedPlace, group: Product): ProductCategory[] {
  return (group.categoryIds ?? []).flatMap((id) => groups.categories.get(id) ?? []);
}

/** The sales channels that sell a product. */
export function channelsOf({ setup }: ProductPlace, { channelIds }: Product): readonly SalesChannel[] {
  return setup.salesChannels.filter(({ id }) => channelIds === undefined || channelIds.includes(id));
}

/** The profile by which a product is sent: its own, or the store's for gift cards or for all else. */
export function profileOf(
  { setup }: Pick<ProductPlace, "setup">,
  { profileId, isGiftCard }: Pick<Product, "profileId" | "isGiftCard">,
): ShippingProfile | undefined {
  const profiles = setup.shippingProfiles;
  return (
    profiles.find(({ id }) => id === profileId) ??
    profiles.find(({ type }) => type === (isGiftCard ? "gift_card" : "default")) ??
    profiles[0]
  );
}

function profilesOf(place: ProductPlace, group: Product, { full }: { readonly full: boolean }) {
  const profile = profileOf(place, group);
  const rendered = profile && renderProfile(profile);
  return {
    profiles: rendered ? [rendered] : [],
    ...(full && { profile: rendered ?? null }),
    profile_id: rendered?.id ?? null,
  };
}

function renderProfile({ id, name, type, metadata, ...times }: ShippingProfile) {
  return { id: wireId("sp", id), ...stamps(times), name, type, metadata: metadata ?? null };
}

/** A sales channel, as it is shown with what it sells. */
export function renderChannel({ id, name, description, isDisabled, metadata, ...times }: SalesChannel) {
  return {
    id: wireId("sc", id),
    ...stamps(times),
    name,
    description: description ?? null,
    is_disabled: isDisabled,
    metadata: metadata ?? null,
  };
}

function renderImage(place: ProductPlace, group: Product, image: Image) {
  const url = imageUrl(place, image.href);
  return { id: wireId("img", image.id), ...stamps(group), url, metadata: null };
}

function renderOptions({ group, variants }: ProductFamily) {
  return (group.variations ?? []).map((variation, place) => ({
    id: wireId("opt", variation.id),
    ...stamps(group),
    title: variation.name,
    product_id: wireId("prod", group.id),
    metadata: variation.metadata ?? null,
    values: variants.flatMap(({ product }) => optionValues(group, product, place)),
  }));
}

/** What was chosen for a variant: of all options, or of the one in that place. */
function optionValues(group: Product, variant: Product, place?: number) {
  return (group.variations ?? []).flatMap((variation, index) => {
    const value = variant.options?.[variation.name];
    if (value === undefined || (place !== undefined && place !== index)) return [];
    return [
      {
        id: partId("optval", variant.id, index),
        ...stamps(variant),
        value,
        option_id: wireId("opt", variation.id),
        variant_id: wireId("variant", variant.id),
        metadata: null,
      },
    ];
  });
}

function moneyAmount(variant: Product, price: Price, index: number) {
  return {
    id: partId("ma", variant.id, index),
    ...stamps(variant),
    currency_code: price.currency.toLowerCase(),
    amount: price.amount,
    min_quantity: price.minQuantity ?? null,
    max_quantity: price.maxQuantity ?? null,
    price_list_id: null,
    region_id: price.regionId === undefined ? null : wireId("reg", price.regionId),
    price_list: null,
    variant_id: wireId("variant", variant.id),
  };
}

/** A collection, without its products. */
export function renderCollection({ id, title, handle, metadata, ...times }: ProductCollection) {
  return { id: wireId("pcol", id), ...stamps(times), title, handle, metadata: metadata ?? null };
}

export function renderType({ id, value, metadata, ...times }: ProductType) {
  return { id: wireId("ptyp", id), ...stamps(times), value, metadata: metadata ?? null };
}

export function renderTag({ id, value, metadata, ...times }: ProductTag) {
  return { id: wireId("ptag", id), ...stamps(times), value, metadata: metadata ?? null };
}

/** A category without the tree around it. */
export function categoryColumns(category: ProductCategory) {
  return {
    id: wireId("pcat", category.id),
    created_at: category.createdAt,
    updated_at: category.updatedAt,
    name: category.name,
    description: category.description,
    handle: category.handle,
    is_active: category.isActive,
    is_internal: category.isInternal,
    parent_category_id: category.parentId === undefined ? null : wireId("pcat", category.parentId),
    rank: category.rank,
    metadata: category.metadata ?? null,
  };
}
