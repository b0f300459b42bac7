import type { Members } from "./shown-members.ts";

/** What of a route's answer may be chosen. */
export type Choosable = Members & {
  /** The member of the answer that it is about: one thing, or a list of them. */
  readonly of: string;
  /** The route refuses by itself what its query must not say. */
  readonly looksAtQuery?: true;
};

const rule = { usual: ["parent_discount", "regions", "rule"], more: [] };
const discount: Choosable = { of: "discount", ...rule };
const condition: Members = {
  usual: [],
  more: [
    ...["discount_rule", "products", "product_types", "product_tags"],
    ...["product_collections", "customer_groups"],
  ],
};
const item: Choosable = { of: "inventory_item", usual: ["location_levels"], more: ["reservations"] };
const location: Members = { usual: [], more: ["address", "sales_channels"] };
const rate: Members = { usual: [], more: ["products", "product_types", "region", "shipping_options"] };
const product: Members = {
  usual: [
    ...["categories", "collection", "images", "options", "profile", "profiles"],
    ...["sales_channels", "tags", "type", "variants"],
  ],
  more: [],
};
const variant: Members = {
  usual: ["options", "prices", "product"],
  more: ["inventory_items", "purchasable", "inventory"],
};
const customer: Members = {
  usual: ["shipping_addresses"],
  more: ["billing_address", "groups", "orders"],
};
const edit: Members = { usual: ["changes", "items", "payment_collection"], more: ["order"] };
const collection: Choosable = {
  of: "payment_collection",
  ...{ usual: ["payment_sessions", "region"], more: ["currency", "payments"] },
};
const category: Members = { usual: ["category_children", "parent_category"], more: ["products"] };

/**
 * Routes whose requests choose by `expand` and `fields` what they are answered, and what they may name there, as Medusa
 * has it. Those of orders, products, payments and carts have rules of their own.
 */
export const choosable: Readonly<Record<string, Choosable>> = {
  "GET /admin/customers": { of: "customers", ...customer, looksAtQuery: true },
  "GET /admin/customers/:customerId": { of: "customer", ...customer },
  "POST /admin/customers/:customerId": { of: "customer", ...customer },
  "GET /admin/discounts": { of: "discounts", ...rule, looksAtQuery: true },
  "POST /admin/discounts": discount,
  "GET /admin/discounts/code/:code": discount,
  "GET /admin/discounts/:discountId": discount,
  "POST /admin/discounts/:discountId": discount,
  "POST /admin/discounts/:discountId/conditions": discount,
  "GET /admin/discounts/:discountId/conditions/:conditionId": { of: "discount_condition", ...condition },
  "POST /admin/discounts/:discountId/conditions/:conditionId": discount,
  "DELETE /admin/discounts/:discountId/conditions/:conditionId": discount,
  "POST /admin/discounts/:discountId/conditions/:conditionId/batch": discount,
  "DELETE /admin/discounts/:discountId/conditions/:conditionId/batch": discount,
  "GET /admin/draft-orders": { of: "draft_orders", usual: ["cart", "order"], more: [], looksAtQuery: true },
  "GET /admin/inventory-items": {
    ...{ of: "inventory_items", looksAtQuery: true },
    ...{ usual: ["location_levels", "variants"], more: ["reservations"] },
  },
  "POST /admin/inventory-items": item,
  "GET /admin/inventory-items/:id": item,
  "POST /admin/inventory-items/:id": item,
  "GET /admin/inventory-items/:id/location-levels": item,
  "POST /admin/inventory-items/:id/location-levels": item,
  "POST /admin/inventory-items/:id/location-levels/:locationId": item,
  "GET /admin/order-edits": { of: "order_edits", ...edit, looksAtQuery: true },
  "GET /admin/order-edits/:editId": { of: "order_edit", ...edit },
  "GET /admin/payment-collections/:collectionId": collection,
  "GET /admin/product-categories": { of: "product_categories", ...category, looksAtQuery: true },
  "POST /admin/product-categories": { of: "product_category", ...category },
  "GET /admin/product-categories/:categoryId": { of: "product_category", ...category },
  "POST /admin/product-categories/:categoryId": { of: "product_category", ...category },
  "POST /admin/product-categories/:categoryId/products/batch": { of: "product_category", ...category },
  "DELETE /admin/product-categories/:categoryId/products/batch": { of: "product_category", ...category },
  "GET /admin/publishable-api-keys": {
    ...{ of: "publishable_api_keys", usual: [], more: [], looksAtQuery: true },
  },
  "GET /admin/reservations": {
    ...{ of: "reservations", usual: [], more: ["inventory_item", "line_item"], looksAtQuery: true },
  },
  "GET /admin/sales-channels": {
    ...{ of: "sales_channels", usual: [], more: ["locations", "products"], looksAtQuery: true },
  },
  "GET /admin/shipping-options": {
    ...{ of: "shipping_options", looksAtQuery: true },
    ...{ usual: ["profile", "region", "requirements"], more: ["provider"] },
  },
  "GET /admin/stock-locations": { of: "stock_locations", ...location, looksAtQuery: true },
  "POST /admin/stock-locations": { of: "stock_location", ...location },
  "GET /admin/stock-locations/:id": { of: "stock_location", ...location },
  "POST /admin/stock-locations/:id": { of: "stock_location", ...location },
  "GET /admin/tax-rates": { of: "tax_rates", ...rate, looksAtQuery: true },
  "POST /admin/tax-rates": { of: "tax_rate", ...rate },
  "GET /admin/tax-rates/:id": { of: "tax_rate", ...rate },
  "POST /admin/tax-rates/:id": { of: "tax_rate", ...rate },
  "POST /admin/tax-rates/:id/products/batch": { of: "tax_rate", ...rate },
  "DELETE /admin/tax-rates/:id/products/batch": { of: "tax_rate", ...rate },
  "POST /admin/tax-rates/:id/product-types/batch": { of: "tax_rate", ...rate },
  "DELETE /admin/tax-rates/:id/product-types/batch": { of: "tax_rate", ...rate },
  "POST /admin/tax-rates/:id/shipping-options/batch": { of: "tax_rate", ...rate },
  "DELETE /admin/tax-rates/:id/shipping-options/batch": { of: "tax_rate", ...rate },
  "GET /admin/products": { of: "products", ...product, looksAtQuery: true },
  "GET /admin/products/:productId": { of: "product", ...product },
  "GET /admin/products/:productId/variants": { of: "variants", ...variant, looksAtQuery: true },
  "GET /admin/variants": { of: "variants", ...variant, looksAtQuery: true },
  "GET /admin/variants/:variantId": { of: "variant", ...variant },
  "GET /store/payment-collections/:collectionId": collection,
  "GET /store/product-categories": { of: "product_categories", ...category, looksAtQuery: true },
  "GET /store/product-categories/:categoryId": { of: "product_category", ...category },
  "GET /store/variants": { of: "variants", ...variant, looksAtQuery: true },
};
