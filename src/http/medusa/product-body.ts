import Type, { type Static } from "typebox";
import { MAX_QUANTITY } from "../../domain/cart/cart.ts";
import { MAX_STOCK } from "../../domain/inventory/stock.ts";
import type { GivenPrice } from "../../operations/given-prices.ts";
import type { GivenGroups } from "../../operations/product-groups.ts";
import type { GroupDetails, VariantDetails } from "../../operations/save-family.ts";
import type { GivenVariant } from "../../operations/save-variant.ts";
import { engineId, type IdPrefix } from "./ids.ts";
import { amount, bodyOf, given, handleText, ids, joined, metadata, oneOf, text, words } from "./schemas.ts";

const measure = given(Type.Number({ minimum: 0, maximum: 1_000_000_000 }));
const word = given(Type.String({ maxLength: 255 }));
const url = Type.String({ minLength: 1, maxLength: 2048 });
const pieces = given(Type.Integer({ minimum: 0, maximum: MAX_QUANTITY }));

const measures = {
  weight: measure,
  length: measure,
  height: measure,
  width: measure,
  hs_code: word,
  origin_country: word,
  mid_code: word,
  material: word,
  metadata: given(metadata),
};

const valued = bodyOf({ id: word, value: text(255) });
const named = bodyOf({ id: text(255) });

const price = {
  id: word,
  region_id: word,
  currency_code: given(Type.String({ minLength: 3, maxLength: 3 })),
  amount,
  min_quantity: pieces,
  max_quantity: pieces,
};

const variant = {
  ...measures,
  title: given(Type.String({ maxLength: 255 })),
  // Empty takes it away, as null does.
  sku: given(words(255)),
  ean: word,
  upc: word,
  barcode: word,
  inventory_quantity: given(Type.Integer({ minimum: 0, maximum: MAX_STOCK })),
  allow_backorder: given(Type.Boolean()),
  manage_inventory: given(Type.Boolean()),
  prices: given(Type.Array(bodyOf(price), { maxItems: 200 })),
};

const option = bodyOf({ option_id: text(255), value: text(255) });

const product = {
  ...measures,
  subtitle: word,
  description: given(Type.String({ maxLength: 100_000 })),
  discountable: given(Type.Boolean()),
  images: given(Type.Array(url, { maxItems: 100 })),
  thumbnail: given(url),
  handle: handleText,
  status: given(oneOf(["draft", "proposed", "published", "rejected"])),
  type: given(valued),
  collection_id: word,
  tags: given(Type.Array(valued, { maxItems: 100 })),
  sales_channels: given(Type.Array(named, { maxItems: 100 })),
  categories: given(Type.Array(named, { maxItems: 100 })),
  external_id: word,
};

const MAX_VARIANTS = 1000;

export const newProductBody = bodyOf({
  ...product,
  title: text(255),
  is_giftcard: given(Type.Boolean()),
  options: given(Type.Array(bodyOf({ title: text(255) }), { maxItems: 20 })),
  variants: given(
    Type.Array(
      bodyOf({
        ...variant,
        title: text(255),
        options: given(Type.Array(bodyOf({ value: text(255) }), { maxItems: 20 })),
      }),
      { maxItems: MAX_VARIANTS },
    ),
  ),
});

export const productBody = bodyOf({
  ...product,
  title: given(text(255)),
  variants: given(
    Type.Array(bodyOf({ ...variant, id: word, options: given(Type.Array(option, { maxItems: 20 })) }), {
      maxItems: MAX_VARIANTS,
    }),
  ),
});

export const newVariantBody = bodyOf({
  ...variant,
  title: text(255),
  prices: Type.Array(bodyOf(price), { maxItems: 200 }),
  options: given(Type.Array(option, { maxItems: 20 })),
});

export const variantBody = bodyOf({ ...variant, options: given(Type.Array(option, { maxItems: 20 })) });

export const productIdsBody = bodyOf({ product_ids: ids });

type ProductBody = Partial<Static<typeof newProductBody>>;
type VariantBody = Partial<Omit<Static<typeof variantBody>, "options">> & {
  readonly options?: readonly { readonly option_id: string; readonly value: string }[] | null;
};

/** Members of the engine's by those of the body; null takes a member away. */
function members(body: Readonly<Record<string, unknown>>, names: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(names)
      .filter(([wire]) => body[wire] !== undefined)
      .map(([wire, member]) => [member, body[wire] ?? undefined]),
  );
}

const measureNames = {
  weight: "weight",
  length: "length",
  height: "height",
  width: "width",
  hs_code: "hsCode",
  origin_country: "originCountry",
  mid_code: "midCode",
  material: "material",
  metadata: "metadata",
};

/** What a body says of a product itself. */
export function groupDetails(body: Omit<ProductBody, "variants" | "options">): GroupDetails {
  const { title, description, images, handle, status, is_giftcard: isGiftCard } = body;
  return {
    ...members(body, {
      ...measureNames,
      subtitle: "subtitle",
      thumbnail: "thumbnail",
      discountable: "discountable",
      external_id: "externalId",
    }),
    ...(isGiftCard && { isGiftCard }),
    ...(title && { name: title }),
    ...(description !== undefined && { description: description ?? "" }),
    ...(handle && { slug: joined(handle) }),
    ...(images && { pictures: images }),
    ...(status && {
      status: status === "published" ? "live" : "draft",
      review: status === "proposed" || status === "rejected" ? status : undefined,
    }),
  };
}

/** What a body says that a product is grouped by. */
export function groupsOf(body: Omit<ProductBody, "variants" | "options">): GivenGroups {
  const { type, tags, collection_id: collectionId, categories, sales_channels: channels } = body;
  return {
    ...(type !== undefined && { type: type && givenValue("ptyp", type) }),
    ...(tags !== undefined && { tags: tags?.map((tag) => givenValue("ptag", tag)) }),
    ...(collectionId !== undefined && { collectionId: collectionId && engineId("pcol", collectionId) }),
    ...(categories && { categoryIds: categories.map(({ id }) => engineId("pcat", id)) }),
    ...(channels && { channelIds: channels.map(({ id }) => engineId("sc", id)) }),
  };
}

function givenValue(prefix: IdPrefix, { id, value }: Static<typeof valued>) {
  return { value, ...(id && { id: engineId(prefix, id) }) };
}

/** What a body says of a variant. */
export function givenVariant(body: VariantBody): GivenVariant {
  const { options, prices, inventory_quantity: quantity } = body;
  return {
    details: variantDetails(body),
    ...(prices && { prices: prices.map(givenPrice) }),
    ...(options && {
      options: options.map(({ option_id: id, value }) => ({ optionId: engineId("opt", id), value })),
    }),
    ...(quantity !== undefined && quantity !== null && { pieces: quantity }),
  };
}

export function variantDetails(body: Omit<VariantBody, "options">): VariantDetails {
  return {
    ...members(body.sku === "" ? { ...body, sku: null } : body, {
      ...measureNames,
      sku: "sku",
      ean: "ean",
      upc: "upc",
      barcode: "barcode",
    }),
    ...(body.title !== undefined && body.title !== null && { title: body.title }),
    ...(typeof body.allow_backorder === "boolean" && { allowBackorder: body.allow_backorder }),
    ...(typeof body.manage_inventory === "boolean" && { manageStock: body.manage_inventory }),
  };
}

type PriceBody = Static<ReturnType<typeof bodyOf<typeof price>>>;

export function givenPrice(body: PriceBody): GivenPrice {
  const { amount: minor, currency_code: code, region_id: regionId, min_quantity, max_quantity } = body;
  return {
    amount: minor,
    ...(code && { currency: code.toUpperCase() }),
    ...(regionId && { regionId: engineId("reg", regionId) }),
    ...(min_quantity !== undefined && min_quantity !== null && { minQuantity: min_quantity }),
    ...(max_quantity !== undefined && max_quantity !== null && { maxQuantity: max_quantity }),
  };
}
