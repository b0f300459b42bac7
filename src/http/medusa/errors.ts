import type { Refusal } from "../../operations/refusal.ts";
import type { ProductGroupKind, SalesRefusal } from "../../operations/sales-refusal.ts";
import type { Reply } from "../route.ts";
import { cartErrors } from "./cart-errors.ts";
import { countryName } from "./countries.ts";
import { wireId } from "./ids.ts";
import { orderEditErrors } from "./order-edit-errors.ts";

/** What went wrong, in the words of this dialect; `code` is left out where there is none. */
export type WireError = {
  readonly status: number;
  readonly type:
    | "invalid_data"
    | "not_allowed"
    | "not_found"
    | "conflict"
    | "duplicate_error"
    | "unauthorized"
    | "unexpected_state"
    | "unknown_error"
    | "payment_authorization_error";
  readonly message: string;
  readonly code?: string;
};

/** The dialect's error body. */
export function errorReply({ status, code, type, message }: WireError): Reply {
  return { status, body: { ...(code !== undefined && { code }), type, message } };
}

export const invalidData = (message: string): Reply =>
  errorReply({ status: 400, type: "invalid_data", message });
export const notAllowed = (message: string, code?: string): Reply =>
  errorReply({ status: 400, type: "not_allowed", message, ...(code !== undefined && { code }) });
export const notFound = (message: string): Reply => errorReply({ status: 404, type: "not_found", message });
export const duplicate = (message: string): Reply =>
  errorReply({ status: 422, type: "duplicate_error", code: "invalid_request_error", message });
/** Plain text, as clients of this API know it. */
export const unauthorized: Reply = { status: 401, text: "Unauthorized" };

/** Refusals that say nothing about the request itself: the same one may succeed in a moment. */
const passing: ReadonlySet<string> = new Set([
  "write_conflict",
  "payment_unresolved",
  "fulfilment_unanswered",
]);

/** The answer to a refusal of the core. */
export function refused(refusal: Refusal | SalesRefusal): Reply {
  const reply = errorReply(wireErrorOf(refusal));
  return passing.has(refusal.type) ? { ...reply, headers: { "retry-after": "1" } } : reply;
}

/** One refusal in the words of this dialect. */
export function wireErrorOf(refusal: Refusal | SalesRefusal): WireError {
  const toWire = wireErrors[refusal.type] as (refusal: Refusal | SalesRefusal) => WireError;
  return toWire(refusal);
}

type Any = Refusal | SalesRefusal;
type WireErrors = { [Type in Any["type"]]: (refusal: Extract<Any, { type: Type }>) => WireError };

const invalid = (message: string): WireError => ({ status: 400, type: "invalid_data", message });
const forbidden = (message: string): WireError => ({ status: 400, type: "not_allowed", message });
const missing = (message: string): WireError => ({ status: 404, type: "not_found", message });
const taken = (message: string): WireError => ({
  status: 422,
  type: "duplicate_error",
  code: "invalid_request_error",
  message,
});
const passingConflict = (message: string): WireError => ({
  status: 409,
  type: "conflict",
  code: "invalid_state_error",
  message,
});

const groupWords: Record<ProductGroupKind, string> = {
  product_collection: "Product_collection with handle",
  product_type: "Product_type with value",
  product_tag: "Product_tag with value",
  product_category: "Product_category with handle",
};

const groupMissing: Record<ProductGroupKind, (id: string) => string> = {
  product_collection: (id) => `Product collection with id: ${wireId("pcol", id)} was not found`,
  product_type: (id) => `Product type with id: ${wireId("ptyp", id)} was not found`,
  product_tag: (id) => `Product tag with id: ${wireId("ptag", id)} was not found`,
  product_category: (id) => `ProductCategory with id: ${wireId("pcat", id)} was not found`,
};

// Total over all refusals: a new one does not compile until this dialect has words for it. Texts that the original
// sends are kept to the letter, since storefronts show them. What only the other dialects' requests can run into has
// plain words of ours.
const wireErrors: WireErrors = {
  draft_order_not_found: ({ draftId }) =>
    missing(`Draft Order with ${wireId("dorder", draftId)} was not found`),
  draft_order_completed: () => forbidden("You are only allowed to update open draft orders"),
  region_not_found: ({ regionId }) => missing(`Region with ${wireId("reg", regionId)} was not found`),
  customer_group_not_found: ({ groupId }) =>
    missing(`CustomerGroup with ${wireId("cgrp", groupId)} was not found`),
  customer_group_taken: ({ name }) => taken(`Customer_group with name ${name} already exists.`),
  customers_unknown: ({ customerIds }) =>
    missing(
      `The following customer ids do not exist: ${customerIds.map((id) => wireId("cus", id)).join(", ")}`,
    ),
  variant_options_mismatch: ({ options, values }) =>
    invalid(
      `Product options length does not match variant options length. Product has ${options} and variant has ${values}.`,
    ),
  variant_option_missing: ({ option }) => invalid(`Variant options do not contain value for ${option}`),
  variant_option_unknown: ({ optionId }) =>
    missing(`Product option with id: ${wireId("opt", optionId)} was not found`),
  variant_taken: ({ title }) => ({
    ...taken(`Variant with title ${title} with provided options already exists`),
  }),
  product_group_not_found: ({ kind, id }) => missing(groupMissing[kind](id)),
  product_group_taken: ({ kind, name }) => taken(`${groupWords[kind]} ${name} already exists.`),
  category_loop: () => forbidden("A category cannot be put below itself"),
  category_has_children: ({ categoryId }) =>
    forbidden(
      `Deleting ProductCategory (${wireId("pcat", categoryId)}) with category children is not allowed`,
    ),
  sales_channel_unknown: ({ channelId }) =>
    invalid(`Provided request body contains errors: sales channel ${wireId("sc", channelId)} does not exist`),
  product_option_not_found: ({ optionId }) =>
    missing(`Product option with id: ${wireId("opt", optionId)} was not found`),
  variant_not_found: ({ variantId }) =>
    missing(`Variant with id: ${wireId("variant", variantId)} was not found`),
  product_stands_alone: () => forbidden("This product was made without variants and cannot have any"),
  ...cartErrors,
  ...orderEditErrors,
  region_missing: () => invalid("A region is required to create a cart"),
  country_unknown: ({ country }) => invalid(`Country with country_code ${country} does not exist.`),
  country_taken: ({ country, regionId }) =>
    taken(`${countryName(country)} already exists in region ${wireId("reg", regionId)}`),
  provider_unknown: ({ kind, provider }) =>
    invalid(`There is no ${kind === "payment" ? "payment" : "fulfillment"} provider ${provider}`),
  discount_without_region: () => invalid("Discount must have at least 1 region"),
  fixed_discount_with_many_regions: () => invalid("Fixed discounts can have one region"),
  percentage_above_100: () => invalid("Discount value above 100 is not allowed when type is percentage"),
  discount_ends_first: () => invalid('"ends_at" must be greater than "starts_at"'),
  discount_value_invalid: () =>
    invalid("value must be a positive number, and an integer number when type is fixed"),
  discount_not_dynamic: () => forbidden("Discount must be set to dynamic"),
  discount_not_found: ({ discountId }) =>
    missing(`Discount with id: ${wireId("disc", discountId)} was not found`),
  discount_code_unknown: ({ code }) => missing(`Discounts with code [${code}] was not found`),
  discount_code_taken: ({ code }) => taken(`Discount with code ${code} already exists.`),
  discount_rule_is_parents: ({ code }) =>
    forbidden(`The rule and the regions of ${code} are those of the discount that it was made from`),
  discount_condition_not_found: ({ conditionId }) =>
    missing(`DiscountCondition with id ${wireId("discon", conditionId)} was not found`),
  gift_card_not_found: ({ cardId }) => missing(`Gift card with id: ${wireId("gift", cardId)} was not found`),
  gift_card_code_unknown: ({ code }) => missing(`Gift card with code: ${code} was not found`),
  gift_card_balance_invalid: () => invalid("The balance of a gift card is not more than its value"),
  reset_token_invalid: () => ({
    status: 401,
    type: "unauthorized",
    message: "Invalid or expired password reset token",
  }),
  claim_token_invalid: () => invalid("token must be a jwt string"),
  shipping_profile_not_found: ({ profileId }) =>
    missing(`Shipping Profile with id: ${wireId("sp", profileId)} was not found`),
  shipping_profile_fixed: ({ kind }) =>
    forbidden(`The ${kind} profile cannot be made, changed into or deleted`),
  shipping_option_not_found: ({ optionId }) =>
    missing(`Shipping Option with ${wireId("so", optionId)} was not found`),
  shipping_amount_missing: () => invalid("Shipping options of type `flat_rate` must have an `amount`"),
  shipping_requirement_repeated: ({ requirement }) =>
    invalid(`Only one requirement of each type is allowed, and there are several of ${requirement}`),
  shipping_requirements_crossed: () => invalid("Max. subtotal must be greater than Min. subtotal"),
  shipping_requirement_not_found: ({ requirementId }) =>
    missing(`The requirement ${wireId("sor", requirementId)} was not found`),
  shipping_provider_unavailable: () =>
    invalid("The fulfillment provider is not available in the provided region"),
  shipping_data_refused: ({ provider }) =>
    invalid(`The fulfillment provider ${provider} does not take this option`),
  shipping_not_calculated: ({ provider }) =>
    invalid(`The fulfillment provider ${provider} cannot calculate prices for this option`),
  tax_rate_not_found: ({ taxRateId }) => missing(`TaxRate with ${wireId("txr", taxRateId)} was not found`),
  sales_channel_not_found: ({ channelId }) =>
    missing(`Sales channel with id ${wireId("sc", channelId)} was not found`),
  sales_channel_is_default: () => forbidden("You cannot delete the default sales channel"),
  publishable_key_not_found: ({ keyId }) =>
    missing(`Publishable API key with id: ${wireId("pk", keyId)} was not found`),
  return_reason_not_found: ({ reasonId }) =>
    missing(`Return Reason with id: ${wireId("rr", reasonId)} was not found.`),
  return_reason_taken: ({ value }) => taken(`Return_reason with value ${value} already exists.`),
  return_reason_nested: () => invalid("Doubly nested return reasons is not supported"),
  inventory_item_not_found: ({ itemId }) =>
    missing(`InventoryItem with id ${wireId("iitem", itemId)} was not found`),
  stock_location_not_found: ({ locationId }) =>
    missing(`StockLocation with id ${wireId("sloc", locationId)} was not found`),
  stock_location_in_use: () => forbidden("There is stock at the location"),
  stock_level_not_found: ({ productId, locationId }) =>
    missing(`Item ${wireId("iitem", productId)} is not stocked at location ${wireId("sloc", locationId)}`),
  item_not_at_location: ({ name }) => forbidden(`Inventory item for ${name} not found at location`),
  item_short_at_location: ({ name }) => forbidden(`Insufficient stock for item: ${name}`),
  reservation_not_found: ({ reservationId }) =>
    missing(`Reservation item with id ${wireId("resitem", reservationId)} not found`),
  reservation_too_large: () => forbidden("Not enough stock available at the location to reserve"),
  staff_user_not_found: ({ userId }) => missing(`User with id: ${wireId("usr", userId)} was not found`),
  staff_user_taken: () => taken("A user account with this email already exists"),
  staff_user_is_last: () => forbidden("The last user cannot be deleted"),
  cart_currency_mismatch: ({ cartCurrency }) => invalid(`The cart is in ${cartCurrency.toLowerCase()}`),
  price_missing: ({ productId }) =>
    invalid(`Cannot generate line item for variant "${wireId("variant", productId)}" without a price`),
  insufficient_stock: ({ productId }) => ({
    ...forbidden(`Variant with id: ${wireId("variant", productId)} does not have the required inventory`),
    code: "insufficient_inventory",
  }),
  product_not_sellable: () => invalid("A product cannot be put into a cart, choose one of its variants"),
  cart_full: ({ limit }) => forbidden(`A cart cannot hold more than ${limit} different items`),
  quantity_too_large: ({ limit }) => invalid(`quantity must not be greater than ${limit}`),
  amount_too_large: () => invalid("The total of the cart is too large"),
  cart_item_not_found: () => invalid("Could not find the line item"),
  tax_limit_reached: ({ limit }) => forbidden(`A line cannot have more than ${limit} taxes`),
  tax_not_found: () => missing("The tax was not found"),
  tax_kind_mismatch: () => invalid("The taxes of a line are all rates or all amounts"),
  no_taxes_on_cart: () => missing("The cart has no taxes"),
  custom_discounts_disabled: () => forbidden("The cart takes no custom discounts"),
  custom_discount_limit_reached: ({ limit }) =>
    forbidden(`There cannot be more than ${limit} custom discounts`),
  custom_discount_not_found: () => missing("The custom discount was not found"),
  custom_discounts_forbidden: () => forbidden("Custom discounts are for the shop to give"),
  shipping_group_not_found: () => missing("The shipping group was not found"),
  item_shipping_group_not_found: () => missing("The shipping group was not found"),
  shipping_group_limit_reached: ({ limit }) =>
    forbidden(`There cannot be more than ${limit} shipping groups`),
  shipping_group_attached: () => forbidden("The shipping group has items"),
  shipping_prices_forbidden: () => forbidden("Prices of shipping are for the shop to set"),
  delivery_dates_reversed: () => invalid("The delivery ends before it begins"),
  cart_empty: () => invalid("Cannot create order from empty cart"),
  cart_is_preview: () => forbidden("A preview of a cart cannot be completed"),
  cart_not_found: ({ cartId }) => missing(`Cart with ${wireId("cart", cartId)} was not found`),
  cart_reference_invalid: () => invalid("This is no id of a cart"),
  cart_not_yours: () => ({ status: 401, type: "unauthorized", message: "The cart belongs to somebody else" }),
  cart_ordered: () => forbidden("The cart has been completed"),
  cart_changed: () => passingConflict("The cart has been changed since it was read"),
  cart_already_associated: () => forbidden("The cart belongs to somebody already"),
  cart_is_last: () => forbidden("The last cart of a customer cannot be deleted"),
  discount_settings_conflict: () => invalid("Only one kind of discounts can be switched on"),
  custom_items_forbidden: () => forbidden("Custom items are for the shop to sell"),
  cart_codes_full: ({ limit }) => forbidden(`A cart cannot have more than ${limit} codes`),
  promotion_code_unknown: ({ code }) => missing(`Discounts with code [${code}] was not found`),
  promotions_disabled: () => forbidden("The cart takes no promotions"),
  promotion_code_refused: ({ code }) => forbidden(`Discount ${code} has been used maximum allowed times`),
  prices_risen: ({ changes }) =>
    forbidden(
      `These items cost more than when they were put into the cart: ${changes.map(({ name }) => name).join(", ")}`,
    ),
  products_gone: ({ items }) => forbidden(`Not sold any more: ${items.map(({ name }) => name).join(", ")}`),
  taxes_missing: () => forbidden("The taxes of the cart are not known yet"),
  order_total_too_low: () => forbidden("The order costs less than the store accepts"),
  promotion_item_fixed: () => forbidden("A promotion item cannot be changed, only removed"),
  cart_without_products: () => forbidden("The cart holds no products"),
  product_not_found: ({ id = "" }) => missing(`Variant with id: ${wireId("variant", id)} was not found`),
  currency_unknown: ({ currency }) =>
    invalid(`The currency ${currency.toLowerCase()} is not one of the store's`),
  customer_not_found: ({ customerId }) =>
    missing(`Customer with id: ${wireId("cus", customerId)} was not found`),
  account_not_found: () => missing("The account was not found"),
  order_not_found: ({ orderId }) => missing(`Order with id ${wireId("order", orderId)} was not found`),
  gateway_unknown: () => forbidden("The payment method is not available in this region"),
  gateway_disabled: () => forbidden("The payment method is not available in this region"),
  gateway_method_unsupported: ({ gateway, method }) => forbidden(`${gateway} does not know ${method}`),
  payment_declined: ({ code, message }) => ({ ...invalid(message), code }),
  order_cancelled: () => forbidden("The order is canceled"),
  order_already_paid: () => forbidden("The order is already paid"),
  order_fulfilled: () => forbidden("All fulfillments must be canceled before canceling an order"),
  order_unpaid: () => forbidden("The order is not paid"),
  order_anonymized: () => forbidden("The order has been anonymized"),
  order_shipping_group_not_found: () => missing("The shipping group was not found"),
  order_not_final: () => forbidden("The order is not final"),
  order_line_not_found: ({ lineId }) => missing(`Line item with ${wireId("item", lineId)} was not found`),
  order_has_refunds: () => forbidden("Order with refund(s) cannot be canceled"),
  order_not_completed: () => forbidden("Can't archive an unprocessed order"),
  fulfilment_exceeds_order: () => forbidden("Cannot fulfill more items than have been purchased"),
  fulfilment_not_found: ({ fulfilmentId }) =>
    missing(`Fulfillment with id: ${wireId("ful", fulfilmentId)} was not found`),
  fulfilment_shipped: ({ wanted }) =>
    forbidden(
      wanted === "cancel"
        ? "The fulfillment has already been shipped. Shipped fulfillments cannot be canceled"
        : "The fulfillment has already been shipped",
    ),
  fulfilment_cancelled: () => forbidden("The fulfillment has been canceled"),
  fulfilment_unanswered: () =>
    passingConflict("The fulfillment provider has not answered yet, try again in a moment"),
  return_exceeds_order: () => forbidden("Cannot return more items than have been purchased"),
  return_not_found: ({ returnId }) => missing(`Return with id: ${wireId("ret", returnId)} was not found`),
  return_received: () => forbidden("The return has been received already"),
  return_cancelled: () => forbidden("The return has been canceled"),
  payment_exceeds_balance: () => forbidden("The amount is more than what is owed"),
  payment_not_found: ({ paymentId }) => missing(`Payment with ${wireId("pay", paymentId)} was not found`),
  payment_unresolved: () => passingConflict("The payment is not answered yet, try again in a moment"),
  authorization_expired: () => forbidden("The authorization of the payment has expired"),
  payment_not_capturable: () => forbidden("The payment cannot be captured"),
  payment_not_refundable: () => forbidden("Refund amount is greater that the refundable amount"),
  payment_not_voidable: () => forbidden("The payment cannot be canceled"),
  order_not_refundable: () => forbidden("Refund amount is greater that the refundable amount"),
  capture_exceeds_authorized: () => forbidden("Cannot capture more than was authorized"),
  refund_exceeds_captured: () => forbidden("Cannot refund more than the original order amount"),
  refund_must_be_manual: () => forbidden("What was captured by hand can only be refunded by hand"),
  write_conflict: () => passingConflict("The request conflicted with another request, you may retry it"),
  credentials_invalid: () => ({ status: 401, type: "unauthorized", message: "Invalid email or password" }),
  email_taken: () => taken("A customer with the given email already has an account. Log in instead"),
  username_taken: () => taken("The user name is taken"),
  customer_not_yours: () => forbidden("This is not your account"),
  account_not_yours: () => forbidden("This is not your account"),
  registration_taken: () => taken("The registration is taken"),
  address_not_found: () => invalid("Could not find address for customer"),
  address_incomplete: ({ missing: members }) => invalid(`${members.join(", ")} must be given`),
  address_limit_reached: ({ limit }) => forbidden(`There cannot be more than ${limit} addresses`),
  product_sku_taken: ({ sku }) => taken(`Product_variant with sku ${sku} already exists.`),
  product_slug_taken: ({ slug }) => taken(`Product with handle ${slug} already exists.`),
  product_price_repeated: () => invalid("A variant can have one price for a currency"),
  stock_allocated: () => forbidden("Orders hold pieces of it"),
  image_not_found: () => missing("The image was not found"),
  currency_not_found: () => missing("The currency was not found"),
  currency_code_taken: ({ code }) => taken(`Currency with code ${code.toLowerCase()} already exists.`),
  currency_limit_reached: ({ limit }) => forbidden(`There cannot be more than ${limit} currencies`),
  currency_is_default: () => forbidden("The default currency cannot be taken away"),
  flow_not_found: () => missing("The flow was not found"),
  flow_slug_taken: () => taken("The flow is there already"),
  flow_slug_fixed: () => forbidden("The flow cannot be renamed"),
  field_not_found: () => missing("The field was not found"),
  field_slug_taken: () => taken("The field is there already"),
  field_limit_reached: ({ limit }) => forbidden(`There cannot be more than ${limit} fields`),
  field_member_fixed: () => forbidden("This cannot be changed of a field"),
  promotion_not_found: () => missing("The promotion was not found"),
  promotion_ends_first: () => invalid("The promotion ends before it begins"),
  promotion_limit_reached: ({ limit }) => forbidden(`There cannot be more than ${limit} promotions`),
  promotion_code_taken: () => taken("The code is taken"),
  promotion_code_limit_reached: ({ limit }) => forbidden(`There cannot be more than ${limit} codes`),
  promotion_code_not_found: ({ code }) => missing(`Discounts with code [${code}] was not found`),
  rule_promotion_priority_taken: () => taken("The priority is taken"),
  rule_promotion_automatic: () => forbidden("An automatic promotion has no codes"),
  rule_promotion_code_taken: () => taken("The code is taken"),
};
