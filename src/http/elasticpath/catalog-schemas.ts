import Type from "typebox";
import { displayPrice, imageRelationships, productIncluded } from "./product-schemas.ts";
import { page } from "./schemas.ts";

const dateTime = Type.String({ format: "date-time" });
const related = Type.Object({ links: Type.Object({ related: Type.String() }) });

export const catalogProductSchema = Type.Object({
  id: Type.String(),
  type: Type.Literal("product"),
  attributes: Type.Object({
    name: Type.String(),
    sku: Type.String(),
    slug: Type.String(),
    description: Type.String(),
    status: Type.String(),
    commodity_type: Type.String(),
    manage_stock: Type.Boolean(),
    base_product: Type.Boolean(),
    base_product_id: Type.Optional(Type.String()),
    price: Type.Record(Type.String(), Type.Object({ amount: Type.Integer(), includes_tax: Type.Boolean() })),
    tags: Type.Optional(Type.Array(Type.String())),
    published_at: dateTime,
    created_at: dateTime,
    updated_at: dateTime,
  }),
  meta: Type.Object({
    catalog_id: Type.String(),
    catalog_source: Type.Literal("pim"),
    display_price: Type.Optional(displayPrice),
    bread_crumb_nodes: Type.Array(Type.String()),
    variations: Type.Optional(Type.Array(Type.Unknown())),
    variation_matrix: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    child_variations: Type.Optional(Type.Array(Type.Unknown())),
  }),
  relationships: Type.Object({
    ...imageRelationships,
    children: Type.Optional(Type.Object({ links: Type.Object({ self: Type.String() }) })),
  }),
});

export const catalogProductAnswer = Type.Object({
  data: catalogProductSchema,
  included: Type.Optional(productIncluded),
  links: Type.Object({ self: Type.String() }),
});

export const catalogProductPage = Type.Interface([page(catalogProductSchema)], {
  included: Type.Optional(productIncluded),
});

const named = {
  name: Type.String(),
  slug: Type.String(),
  description: Type.String(),
  created_at: dateTime,
  published_at: dateTime,
  updated_at: dateTime,
};

export const hierarchySchema = Type.Object({
  id: Type.String(),
  type: Type.Literal("hierarchy"),
  attributes: Type.Object(named),
  relationships: Type.Object({ children: related, nodes: related, products: related }),
  meta: Type.Object({}),
});

export const nodeSchema = Type.Object({
  id: Type.String(),
  type: Type.Literal("node"),
  attributes: Type.Object({ ...named, status: Type.String() }),
  relationships: Type.Object({
    hierarchy: Type.Object({ data: Type.Object({ type: Type.Literal("hierarchy"), id: Type.String() }) }),
    children: related,
    products: related,
  }),
  meta: Type.Object({ bread_crumb: Type.Array(Type.String()) }),
});

export const releaseSchema = Type.Object({
  id: Type.String(),
  type: Type.Literal("catalog-release"),
  attributes: Type.Object({
    name: Type.String(),
    description: Type.String(),
    catalog_id: Type.String(),
    published_at: dateTime,
    hierarchies: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
  }),
  meta: Type.Object({ created_at: dateTime, release_status: Type.Literal("PUBLISHED") }),
  relationships: Type.Object({ products: related, hierarchies: related }),
  links: Type.Object({ self: Type.String() }),
});
