/**
 * The query parameters of the original's routes, of those that are served here and have any: the swaps and claims of its
 * Admin API are not. By its OpenAPI documents.
 */
export const originalQueries: Readonly<Record<string, string>> = {
  "GET /store/collections": "offset limit handle created_at updated_at",
  "GET /store/customers/me/orders":
    "q id status fulfillment_status payment_status display_id cart_id email region_id currency_code tax_rate created_at updated_at canceled_at limit offset expand fields",
  "GET /store/orders": "display_id fields expand email shipping_address",
  "GET /store/orders/{id}": "fields expand",
  "GET /store/payment-collections/{id}": "fields expand",
  "GET /store/product-categories":
    "q handle parent_category_id include_descendants_tree offset limit expand fields",
  "GET /store/product-categories/{id}": "fields expand",
  "GET /store/product-tags": "limit offset order discount_condition_id value id q created_at updated_at",
  "GET /store/product-types": "limit offset order discount_condition_id value id q created_at updated_at",
  "GET /store/products":
    "q id sales_channel_id collection_id type_id tags title description handle is_giftcard created_at updated_at category_id include_category_children offset limit expand fields order cart_id region_id currency_code",
  "GET /store/products/{id}": "sales_channel_id cart_id region_id expand fields currency_code",
  "GET /store/regions": "offset limit created_at updated_at",
  "GET /store/shipping-options": "is_return product_ids region_id",
  "GET /store/variants":
    "ids id sales_channel_id expand fields offset limit cart_id region_id currency_code title inventory_quantity",
  "GET /store/variants/{id}": "sales_channel_id cart_id region_id currency_code",
  "GET /admin/collections":
    "limit offset title handle q order discount_condition_id created_at updated_at deleted_at",
  "GET /admin/customers": "limit offset expand fields q has_account order groups created_at updated_at",
  "GET /admin/customers/{id}": "expand fields",
  "POST /admin/customers/{id}": "expand fields",
  "GET /admin/discounts": "q rule is_dynamic is_disabled limit offset expand order created_at updated_at",
  "POST /admin/discounts": "expand fields",
  "GET /admin/discounts/code/{code}": "expand fields",
  "POST /admin/discounts/{discount_id}/conditions": "expand fields",
  "GET /admin/discounts/{discount_id}/conditions/{condition_id}": "expand fields",
  "POST /admin/discounts/{discount_id}/conditions/{condition_id}": "expand fields",
  "DELETE /admin/discounts/{discount_id}/conditions/{condition_id}": "expand fields",
  "POST /admin/discounts/{discount_id}/conditions/{condition_id}/batch": "expand fields",
  "DELETE /admin/discounts/{discount_id}/conditions/{condition_id}/batch": "expand fields",
  "GET /admin/discounts/{id}": "expand fields",
  "POST /admin/discounts/{id}": "expand fields",
  "GET /admin/draft-orders": "offset limit q order expand fields created_at updated_at status",
  "GET /admin/gift-cards": "offset limit q order",
  "GET /admin/inventory-items":
    "offset limit expand fields q order location_id id sku origin_country mid_code material hs_code weight length height width requires_shipping",
  "POST /admin/inventory-items": "expand fields",
  "GET /admin/inventory-items/{id}": "expand fields",
  "POST /admin/inventory-items/{id}": "expand fields",
  "GET /admin/inventory-items/{id}/location-levels": "location_id expand fields",
  "POST /admin/inventory-items/{id}/location-levels": "expand fields",
  "POST /admin/inventory-items/{id}/location-levels/{location_id}": "expand fields",
  "GET /admin/order-edits": "q order_id limit offset expand fields",
  "GET /admin/order-edits/{id}": "expand fields",
  "GET /admin/orders":
    "q id status fulfillment_status payment_status display_id cart_id customer_id email region_id currency_code tax_rate created_at updated_at canceled_at sales_channel_id offset limit expand fields order",
  "GET /admin/orders/{id}": "expand fields",
  "POST /admin/orders/{id}": "expand fields",
  "POST /admin/orders/{id}/archive": "expand fields",
  "POST /admin/orders/{id}/cancel": "expand fields",
  "POST /admin/orders/{id}/capture": "expand fields",
  "POST /admin/orders/{id}/complete": "expand fields",
  "POST /admin/orders/{id}/fulfillment": "expand fields",
  "POST /admin/orders/{id}/fulfillments/{fulfillment_id}/cancel": "expand fields",
  "POST /admin/orders/{id}/refund": "expand fields",
  "GET /admin/orders/{id}/reservations": "offset limit",
  "POST /admin/orders/{id}/return": "expand fields",
  "POST /admin/orders/{id}/shipment": "expand fields",
  "POST /admin/orders/{id}/shipping-methods": "expand fields",
  "GET /admin/payment-collections/{id}": "expand fields",
  "GET /admin/products":
    "q discount_condition_id id status collection_id tags price_list_id sales_channel_id type_id category_id include_category_children title description handle is_giftcard created_at updated_at deleted_at offset limit expand fields order",
  "GET /admin/products/{id}/variants":
    "id fields expand offset limit q order manage_inventory allow_backorder inventory_quantity created_at updated_at",
  "GET /admin/publishable-api-keys": "q limit offset expand fields order created_at updated_at revoked_at",
  "GET /admin/publishable-api-keys/{id}/sales-channels": "q",
  "GET /admin/regions": "q order limit offset created_at updated_at deleted_at",
  "GET /admin/reservations":
    "location_id inventory_item_id line_item_id quantity description created_at offset limit expand fields",
  "GET /admin/returns": "limit offset",
  "GET /admin/sales-channels":
    "id name description q order created_at updated_at deleted_at offset limit expand fields",
  "GET /admin/shipping-options":
    "name region_id is_return admin_only q order id created_at updated_at deleted_at offset limit expand fields",
  "GET /admin/stock-locations": "id name order created_at updated_at deleted_at offset limit expand fields",
  "POST /admin/stock-locations": "expand fields",
  "GET /admin/stock-locations/{id}": "expand fields",
  "POST /admin/stock-locations/{id}": "expand fields",
  "GET /admin/tax-rates":
    "name region_id code created_at updated_at deleted_at rate q order offset limit fields expand",
  "POST /admin/tax-rates": "fields expand",
  "GET /admin/tax-rates/{id}": "fields expand",
  "POST /admin/tax-rates/{id}": "fields expand",
  "POST /admin/tax-rates/{id}/product-types/batch": "fields expand",
  "DELETE /admin/tax-rates/{id}/product-types/batch": "fields expand",
  "POST /admin/tax-rates/{id}/products/batch": "fields expand",
  "DELETE /admin/tax-rates/{id}/products/batch": "fields expand",
  "POST /admin/tax-rates/{id}/shipping-options/batch": "fields expand",
  "DELETE /admin/tax-rates/{id}/shipping-options/batch": "fields expand",
  "GET /admin/variants":
    "id expand fields offset limit order manage_inventory allow_backorder cart_id region_id currency_code customer_id title inventory_quantity",
  "GET /admin/variants/{id}": "expand fields",
};
