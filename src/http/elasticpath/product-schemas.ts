import Type from "typebox";
import { MAX_STOCK } from "../../domain/inventory/stock.ts";
import { MAX_AMOUNT } from "../../domain/money.ts";
import { money, one, requiredText, text, timestamps } from "./schemas.ts";

const price = Type.Object({
  amount: Type.Integer({ minimum: 0, maximum: MAX_AMOUNT }),
  currency: Type.String({ minLength: 3, maxLength: 3 }),
  includes_tax: Type.Optional(Type.Boolean()),
});

const settable = {
  name: requiredText(),
  slug: Type.String({ pattern: "^\\S+$", maxLength: 255 }),
  sku: requiredText(),
  description: text(100_000),
  manage_stock: Type.Boolean(),
  price: Type.Array(price, { maxItems: 50 }),
  status: Type.Enum(["live", "draft"]),
  commodity_type: Type.Enum(["physical", "digital"]),
};

const type = Type.Literal("product");

export const newProductBody = one(
  Type.Object({
    type: Type.Optional(type),
    ...settable,
    stock: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_STOCK })),
  }),
);

export const productChangesBody = one(Type.Partial(Type.Object({ type, ...settable })));

const fileReference = Type.Object({ type: Type.String(), id: Type.String() });

export const displayPrice = Type.Object({ with_tax: money, without_tax: money });

/** A picture as a file; `link.href` is where it can be had. */
export const fileSchema = Type.Object({
  id: Type.String(),
  type: Type.Literal("file"),
  file_name: Type.String(),
  mime_type: Type.String(),
  public: Type.Boolean(),
  link: Type.Object({ href: Type.String() }),
  links: Type.Object({ self: Type.String() }),
  meta: Type.Optional(
    Type.Object({ timestamps: Type.Object({ created_at: Type.String({ format: "date-time" }) }) }),
  ),
});

/** What `include` brings along with products. */
export const productIncluded = Type.Object({
  main_images: Type.Optional(Type.Array(fileSchema)),
  files: Type.Optional(Type.Array(fileSchema)),
});

export const imageRelationships = {
  main_image: Type.Optional(Type.Object({ data: fileReference })),
  files: Type.Optional(Type.Object({ data: Type.Array(fileReference) })),
  parent: Type.Optional(Type.Object({ data: fileReference })),
};

export const productSchema = Type.Object({
  id: Type.String(),
  type,
  ...settable,
  price: Type.Array(
    Type.Object({ amount: Type.Integer(), currency: Type.String(), includes_tax: Type.Boolean() }),
  ),
  stock: Type.Integer(),
  links: Type.Object({ self: Type.String() }),
  meta: Type.Object({
    timestamps,
    display_price: Type.Optional(displayPrice),
    stock: Type.Object({ level: Type.Integer(), availability: Type.Enum(["in-stock", "out-stock"]) }),
    variations: Type.Optional(Type.Array(Type.Unknown())),
    variation_matrix: Type.Union([Type.Array(Type.Unknown()), Type.Record(Type.String(), Type.Unknown())]),
  }),
  relationships: Type.Object(imageRelationships),
});

export const productAnswer = Type.Object({
  data: productSchema,
  included: Type.Optional(productIncluded),
});
