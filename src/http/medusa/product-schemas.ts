import Type from "typebox";
import { error, metadata, nullable, plainText, textOrNull, timestamps } from "./schemas.ts";

const stamps = { ...timestamps, deleted_at: Type.Null() };
const whole = nullable(Type.Integer());
const number = nullable(Type.Number());
const notes = nullable(metadata);

const measures = {
  weight: number,
  length: number,
  height: number,
  width: number,
  hs_code: textOrNull,
  origin_country: textOrNull,
  mid_code: textOrNull,
  material: textOrNull,
};

/** What can be refused of a catalog. */
export const catalogErrors = { 400: error, 404: error, 422: error };
/** The same for staff. */
export const staffErrors = { ...catalogErrors, 401: plainText };

export const collectionSchema = Type.Object({
  id: Type.String(),
  ...stamps,
  title: Type.String(),
  handle: Type.String(),
  metadata: notes,
});

const valued = Type.Object({ id: Type.String(), ...stamps, value: Type.String(), metadata: notes });
export const typeSchema = valued;
export const tagSchema = valued;

const categoryMembers = {
  id: Type.String(),
  ...timestamps,
  name: Type.String(),
  description: Type.String(),
  handle: Type.String(),
  parent_category_id: textOrNull,
  rank: Type.Integer(),
  metadata: notes,
};

/** A category in the tree; staff see `is_active` and `is_internal` too. */
export const categorySchema = Type.Object({
  ...categoryMembers,
  is_active: Type.Optional(Type.Boolean()),
  is_internal: Type.Optional(Type.Boolean()),
  parent_category: Type.Optional(nullable(Type.Object(categoryMembers))),
  category_children: Type.Optional(Type.Array(Type.Object(categoryMembers))),
});

const profile = Type.Object({
  id: Type.String(),
  ...stamps,
  name: Type.String(),
  type: Type.String(),
  metadata: notes,
});

const channel = Type.Object({
  id: Type.String(),
  ...stamps,
  name: Type.String(),
  description: textOrNull,
  is_disabled: Type.Boolean(),
  metadata: notes,
});

const optionValue = Type.Object({
  id: Type.String(),
  ...stamps,
  value: Type.String(),
  option_id: Type.String(),
  variant_id: Type.String(),
  metadata: notes,
});

const option = Type.Object({
  id: Type.String(),
  ...stamps,
  title: Type.String(),
  product_id: Type.String(),
  metadata: notes,
  values: Type.Array(optionValue),
});

const moneyAmount = Type.Object({
  id: Type.String(),
  ...stamps,
  currency_code: Type.String(),
  amount: Type.Integer(),
  min_quantity: whole,
  max_quantity: whole,
  price_list_id: Type.Null(),
  region_id: textOrNull,
  price_list: Type.Null(),
  variant_id: Type.String(),
});

const productColumns = {
  id: Type.String(),
  ...stamps,
  title: Type.String(),
  subtitle: textOrNull,
  description: textOrNull,
  handle: Type.String(),
  is_giftcard: Type.Boolean(),
  status: Type.String(),
  thumbnail: textOrNull,
  ...measures,
  collection_id: textOrNull,
  type_id: textOrNull,
  discountable: Type.Boolean(),
  external_id: textOrNull,
  metadata: notes,
};

const variantColumns = {
  id: Type.String(),
  ...stamps,
  title: Type.String(),
  product_id: Type.String(),
  sku: textOrNull,
  barcode: textOrNull,
  ean: textOrNull,
  upc: textOrNull,
  variant_rank: Type.Integer(),
  inventory_quantity: Type.Integer(),
  allow_backorder: Type.Boolean(),
  manage_inventory: Type.Boolean(),
  ...measures,
  metadata: notes,
};

const prices = {
  original_price: whole,
  calculated_price: whole,
  calculated_price_type: Type.Optional(textOrNull),
  original_price_includes_tax: Type.Optional(nullable(Type.Boolean())),
  calculated_price_includes_tax: Type.Optional(nullable(Type.Boolean())),
  original_price_incl_tax: whole,
  calculated_price_incl_tax: whole,
  original_tax: whole,
  calculated_tax: whole,
  tax_rates: nullable(
    Type.Array(Type.Object({ rate: Type.Number(), name: Type.String(), code: Type.String() })),
  ),
};

const variantMembers = {
  ...variantColumns,
  purchasable: Type.Boolean(),
  options: Type.Array(optionValue),
  prices: Type.Array(moneyAmount),
  ...prices,
};

/** A variant in its product. */
const variantSchema = Type.Object(variantMembers);

/** A variant by itself. */
export const variantAlone = Type.Object({ ...variantMembers, product: Type.Object(productColumns) });

/** A product with what it is joined with; `expand` and `fields` leave members out. */
export const productSchema = Type.Object({
  ...Object.fromEntries(
    Object.entries(productColumns).map(([name, schema]) => [name, Type.Optional(schema)]),
  ),
  id: Type.String(),
  collection: Type.Optional(nullable(collectionSchema)),
  images: Type.Optional(
    Type.Array(Type.Object({ id: Type.String(), ...stamps, url: Type.String(), metadata: notes })),
  ),
  options: Type.Optional(Type.Array(option)),
  profiles: Type.Optional(Type.Array(profile)),
  profile_id: Type.Optional(textOrNull),
  tags: Type.Optional(Type.Array(tagSchema)),
  type: Type.Optional(nullable(typeSchema)),
  variants: Type.Optional(Type.Array(variantSchema)),
  categories: Type.Optional(Type.Array(categorySchema)),
  sales_channels: Type.Optional(Type.Array(channel)),
});

/** A product as staff see it. */
export const adminProductSchema = Type.Object({
  ...productColumns,
  collection: nullable(collectionSchema),
  images: Type.Array(Type.Object({ id: Type.String(), ...stamps, url: Type.String(), metadata: notes })),
  options: Type.Array(option),
  profiles: Type.Array(profile),
  profile: nullable(profile),
  profile_id: textOrNull,
  tags: Type.Array(tagSchema),
  type: nullable(typeSchema),
  variants: Type.Array(variantSchema),
  categories: Type.Array(categorySchema),
  sales_channels: Type.Array(channel),
});

/** A collection as staff see it. */
export const collectionWithProducts = Type.Interface([collectionSchema], {
  products: Type.Array(Type.Object(productColumns)),
});

/** A line of a cart or an order shows its variant so. */
export const lineVariantSchema = Type.Object({
  ...variantColumns,
  product: Type.Optional(
    Type.Object({
      ...productColumns,
      profiles: Type.Array(profile),
      profile: nullable(profile),
      profile_id: textOrNull,
    }),
  ),
});
