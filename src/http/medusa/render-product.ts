import type { CountedProduct, ProductFamily } from "../../domain/catalog/family.ts";
import type { ProductCategory } from "../../domain/catalog/grouped-by.ts";
import type { Image, Product } from "../../domain/catalog/product.ts";
import { extended } from "../../domain/extended.ts";
import type { SalesChannel, ShippingProfile } from "../../domain/region/region.ts";
import type { ProductGroups, SalesSetup } from "../../operations/ports/records.ts";
import { wireId } from "./ids.ts";
import { categoryColumns, renderCollection, renderTag, renderType, stamps } from "./render-groups.ts";
import { renderSalesChannel } from "./render-sales-channel.ts";
import { renderShippingProfile } from "./render-shipping-option.ts";
import {
  measures,
  noPrices,
  optionValues,
  renderVariant,
  type ShownPrices,
  variantColumns,
} from "./render-variant.ts";

/** What a product is shown with: the server's own address, and the store's setup. */
export type ProductPlace = {
  readonly baseUrl: string;
  readonly setup: Pick<SalesSetup, "shippingProfiles" | "salesChannels">;
};

/** The same with the collections and the like that the products name. */
export type GroupedPlace = ProductPlace & { readonly groups: ProductGroups };

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

/** A variant as the line of a cart or an order shows it, with its product and how that is sent. */
export function renderLineVariant(place: ProductPlace, group: Product, variant: CountedProduct) {
  return {
    product: extended(productColumns(place, group), profilesOf(place, group, { full: true })),
    ...variantColumns(variant),
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
    sales_channels: channelsOf(place, group).map(renderSalesChannel),
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
  const rendered = profile && renderShippingProfile(profile);
  return {
    profiles: rendered ? [rendered] : [],
    ...(full && { profile: rendered ?? null }),
    profile_id: rendered?.id ?? null,
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
