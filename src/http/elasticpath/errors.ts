import type { Refusal, RefusalOf } from "../../operations/refusal.ts";
import type { Reply } from "../route.ts";

/** One entry of `errors`, the same in both forms of the dialect. */
export type WireError = {
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
  readonly source?: string;
  readonly meta?: Readonly<Record<string, unknown>>;
};

/** The dialect's error body. The status of the answer is that of the first error. */
export function errorReply(errors: readonly WireError[], options?: { statusAsText?: boolean }): Reply {
  const status = errors[0]?.status ?? 500;
  const wire = options?.statusAsText
    ? errors.map((error) => ({ ...error, status: String(error.status) }))
    : errors;
  return { status, body: { errors: wire } };
}

/** An answer with one error. */
export function problem(
  status: number,
  title: string,
  detail?: string,
  extra?: Pick<WireError, "source" | "meta">,
): Reply {
  return errorReply([{ status, title, ...(detail !== undefined && { detail }), ...extra }]);
}

export const notFound = (detail: string): Reply => problem(404, "Not Found", detail);
export const forbidden = (detail: string): Reply => problem(403, "Forbidden", detail);
export const badRequest = (detail: string): Reply => problem(400, "Bad Request", detail);

/** Refusals that say nothing about the request itself: the same one may succeed in a moment. */
const passing: ReadonlySet<Refusal["type"]> = new Set([
  "write_conflict",
  "payment_unresolved",
  "fulfilment_unanswered",
]);

/** The answer to a refusal of the core. */
export function refused(refusal: Refusal): Reply {
  const reply = errorReply([wireErrorOf(refusal)]);
  return passing.has(refusal.type) ? { ...reply, headers: { "retry-after": "1" } } : reply;
}

/** One refusal of the core in the words of this dialect. */
export function wireErrorOf(refusal: Refusal): WireError {
  const toWire = wireErrors[refusal.type] as (refusal: Refusal) => WireError;
  return toWire(refusal);
}

type WireErrors = { [Type in Refusal["type"]]: (refusal: RefusalOf<Type>) => WireError };

const bad = (detail: string, meta?: WireError["meta"]): WireError => ({
  status: 400,
  title: "Bad Request",
  detail,
  ...(meta && { meta }),
});
const missing = (detail: string, meta?: WireError["meta"]): WireError => ({
  status: 404,
  title: "Not Found",
  detail,
  ...(meta && { meta }),
});
const unprocessable = (title: string, detail: string, meta?: WireError["meta"]): WireError => ({
  status: 422,
  title,
  detail,
  ...(meta && { meta }),
});
const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

// Total over all refusals: a new one does not compile until this dialect has words for it. Texts that the vendor
// documents are kept to the letter, since storefronts show them and compare with them.
const wireErrors: WireErrors = {
  cart_currency_mismatch: ({ cartCurrency, currency, what }) => ({
    status: 400,
    title: "Cart Currency Mismatch",
    detail: `This cart uses ${cartCurrency}, cannot add ${what ?? "item"} with currency ${currency}`,
    ...(what === "shipping group" && { source: "request" }),
  }),
  price_missing: ({ productId, sku, currency }) => ({
    status: 400,
    title: "Price not found",
    detail: `The product has no price in ${currency}`,
    meta: { id: productId, sku },
  }),
  insufficient_stock: ({ productId, sku, name }) => ({
    status: 400,
    title: "Insufficient stock",
    detail: `There is not enough stock to add ${name} to your cart`,
    meta: { id: productId, sku },
  }),
  product_not_sellable: ({ productId }) =>
    bad("A base product cannot be added to a cart, choose one of its variants", { id: productId }),
  cart_full: ({ limit }) =>
    unprocessable("Limit Reached", `A cart cannot hold more than ${limit} different items`),
  quantity_too_large: ({ limit }) => ({
    status: 400,
    source: "data.quantity",
    title: "number_lte",
    detail: `Must be less than or equal to ${limit}`,
  }),
  amount_too_large: ({ itemId, shippingGroupId }) =>
    shippingGroupId === undefined
      ? bad("The total of this item is too large", { id: itemId })
      : bad("The price of shipping is too large", { shipping_group_id: shippingGroupId }),
  cart_item_not_found: ({ itemIds }) => missing("Item was not found in the cart", { ids: itemIds }),
  tax_limit_reached: ({ limit, itemId }) =>
    unprocessable(
      "Tax item not added to cart item.",
      `Cannot exceed tax item limit of (${limit}) on cart item.`,
      {
        id: itemId,
      },
    ),
  tax_not_found: ({ taxId }) => missing("Tax item not found", { id: taxId }),
  tax_kind_mismatch: ({ wanted, found, itemId }) => ({
    status: 404,
    title: "Tax item not added to cart item.",
    detail: `Mismatch between bulk tax item type(${wanted}) and cart item type(${found}).`,
    meta: { id: itemId },
  }),
  no_taxes_on_cart: () => ({
    status: 404,
    title: "Resource Not Found",
    detail: "No tax items exist in the cart",
  }),
  custom_discounts_disabled: ({ by }) =>
    bad(
      by === "cart"
        ? "Custom discounts not enabled for this cart"
        : "Custom discounts need the calculation method line",
    ),
  custom_discount_limit_reached: ({ itemId }) =>
    unprocessable(
      "Limit Reached",
      `Custom discount limit reached for this cart${itemId === undefined ? "" : " item"}`,
      itemId === undefined ? undefined : { id: itemId },
    ),
  custom_discount_not_found: ({ discountId }) => missing("Custom discount not found", { id: discountId }),
  custom_discounts_forbidden: () => ({
    status: 403,
    title: "Forbidden",
    detail: "This store accepts custom discounts only with client credentials",
  }),
  shipping_group_not_found: ({ cartId, groupId }) => ({
    status: 404,
    title: "Cart shipping group not found",
    detail: `Cart shipping group with ID [${groupId}] not found for cart [${cartId}]`,
    meta: { cart_id: cartId, shipping_group_id: groupId },
  }),
  item_shipping_group_not_found: ({ cartId, groupId }) => ({
    status: 404,
    title: "Shipping groups not found",
    detail: `Shipping groups with IDs [${groupId}] not found for cart [${cartId}]`,
    meta: { cart_id: cartId, shipping_group_ids: [groupId] },
  }),
  shipping_group_limit_reached: ({ limit }) =>
    unprocessable("Limit Reached", `There cannot be more than ${limit} shipping groups`),
  shipping_group_attached: ({ groupId, itemIds }) => ({
    status: 400,
    title: "Cannot delete shipping group",
    detail: `Shipping group with ID [${groupId}] is attached to items of the cart`,
    meta: { shipping_group_id: groupId, item_ids: itemIds },
  }),
  shipping_prices_forbidden: () => ({
    status: 403,
    title: "Forbidden",
    detail: "This store accepts prices of shipping only with client credentials",
  }),
  delivery_dates_reversed: () => ({
    status: 400,
    title: "Date Logic Discrepancy",
    detail: "The start date cannot occur after the end date",
  }),
  cart_empty: () => bad("Cart is empty"),
  cart_is_preview: () => bad("A preview cart cannot be checked out"),
  cart_not_found: ({ cartId }) => missing("Cart not found", { cart_id: cartId }),
  cart_reference_invalid: () =>
    bad("A cart reference has 1 to 255 characters out of A-Z, a-z, 0-9, '-', '_', '.', '~'"),
  cart_not_yours: ({ owner }) => ({
    status: 403,
    title: "Forbidden",
    detail: `${capitalized(owner)} does not have the required permissions to fulfill this request`,
  }),
  cart_changed: ({ cartId, version }) => ({
    status: 409,
    source: "If-Match",
    title: "Conflict",
    detail: "The cart has been changed since it was read; read it again and decide anew",
    meta: { cart_id: cartId, version },
  }),
  cart_ordered: ({ cartId, orderId }) => ({
    status: 409,
    title: "Conflict",
    detail: "The cart has been ordered already; a new order needs another cart",
    meta: { cart_id: cartId, order_id: orderId },
  }),
  cart_already_associated: ({ owner }) => ({
    status: 403,
    title: "Forbidden",
    detail: `Cannot associate more than one ${owner}`,
  }),
  cart_is_last: () => ({
    status: 400,
    title: "Last cart",
    detail:
      "This is the last cart associated with a customer and it cannot be deleted, try disassociating instead",
  }),
  discount_settings_conflict: () =>
    unprocessable(
      "Cannot use both discounts together",
      "Only one discount setting can be set to true at a time.",
    ),
  custom_items_forbidden: () => ({
    status: 403,
    title: "Forbidden",
    detail: "This store accepts custom items only with client credentials",
  }),
  cart_codes_full: ({ limit }) =>
    unprocessable("Limit Reached", `A cart cannot have more than ${limit} promotion codes`),
  promotions_disabled: ({ code }) =>
    unprocessable(
      "Could not apply EP promotion with the given code",
      "The cart is configured to use custom discounts",
      { code },
    ),
  promotion_code_refused: ({ code, reason }) =>
    unprocessable("Promotion code refused", codeWords[reason], { code }),
  prices_risen: ({ currency, changes }) =>
    unprocessable(
      "Price changed",
      `These items cost more than when they were put into the cart: ${changes.map(({ name }) => name).join(", ")}. The cart shows the new prices; check out again to accept them.`,
      {
        items: changes.map(({ itemId: id, sku, from, to }) => ({ id, sku, from, to, currency })),
      },
    ),
  products_gone: ({ items }) =>
    unprocessable("Product not available", `Not sold any more: ${items.map(({ name }) => name).join(", ")}`, {
      items: items.map(({ id, sku }) => ({ id, sku })),
    }),
  taxes_missing: ({ items }) =>
    unprocessable("Taxes missing", "The store checks nothing out before its taxes are known", {
      items: items.map(({ id, sku }) => ({ id, sku })),
    }),
  order_total_too_low: ({ currency, minimum }) =>
    unprocessable("Order total too low", "The order costs less than the store accepts", {
      minimum: { amount: minimum, currency },
    }),
  promotion_item_fixed: ({ promotionId }) => ({
    ...bad("A promotion item cannot be changed, only removed"),
    meta: { id: promotionId },
  }),
  promotion_code_unknown: ({ code }) => missing("No promotion could be found with the given code.", { code }),
  cart_without_products: ({ code }) =>
    unprocessable(
      "Unprocessable Entity",
      "At least one product must be included in your cart to qualify for this offer",
      { code },
    ),
  product_not_found: ({ id, sku }) => ({
    status: 404,
    title: "Product not found",
    detail: "The requested product could not be found",
    meta: { ...(id !== undefined && { id }), ...(sku !== undefined && { sku }) },
  }),
  currency_unknown: ({ currency }) => bad(`The currency ${currency} is not enabled in this store`),
  customer_not_found: ({ customerId }) => missing("customer not found", { id: customerId }),
  account_not_found: ({ accountId }) => missing("account not found", { id: accountId }),
  order_not_found: ({ orderId }) => missing("Order not found", { order_id: orderId }),
  order_cancelled: () => bad("The order is cancelled"),
  order_already_paid: () => bad("The order is already paid"),
  order_fulfilled: ({ wanted }) =>
    bad(
      wanted === "update address"
        ? "Cannot update order shipping address because shipping status is fulfilled"
        : `Cannot ${wanted === "fulfil" ? "fulfill" : wanted} order because shipping status is fulfilled`,
    ),
  order_unpaid: ({ payment }) => bad(`Cannot fulfill order because payment status is ${payment}`),
  order_anonymized: ({ orderId }) => bad("An anonymized order cannot be updated", { order_id: orderId }),
  order_shipping_group_not_found: ({ orderId, groupId }) => ({
    status: 404,
    title: "Group not found",
    detail: `Group with ID [${groupId}] not found for order [${orderId}]`,
    meta: { order_id: orderId, shipping_group_id: groupId },
  }),
  order_not_final: ({ orderId, status, payment, shipping }) =>
    unprocessable(
      "Could not anonymize orders",
      `Order has status: order:${status}, payment:${payment}, shipping:${shipping}; only fulfilled or refunded or cancelled orders may be anonymized`,
      { order_id: orderId },
    ),
  order_line_not_found: ({ lineId }) => missing("Order item not found", { id: lineId }),
  order_has_refunds: () => bad("An order with refunds cannot be cancelled with its money"),
  order_not_completed: () => bad("The order is not completed"),
  fulfilment_exceeds_order: ({ lineId }) =>
    bad("Fewer pieces of this item are left to be fulfilled", { id: lineId }),
  fulfilment_not_found: ({ fulfilmentId }) => missing("Fulfillment not found", { id: fulfilmentId }),
  fulfilment_shipped: ({ fulfilmentId }) =>
    bad("The fulfillment has already been shipped", { id: fulfilmentId }),
  fulfilment_cancelled: ({ fulfilmentId }) => bad("The fulfillment is cancelled", { id: fulfilmentId }),
  fulfilment_unanswered: ({ fulfilmentId }) => ({
    status: 409,
    title: "Conflict",
    detail: "Who sends the goods has been asked to and has not answered yet, try again in a moment",
    meta: { id: fulfilmentId },
  }),
  return_exceeds_order: ({ lineId }) => bad("Fewer pieces of this item can be returned", { id: lineId }),
  return_not_found: ({ returnId }) => missing("Return not found", { id: returnId }),
  return_received: ({ returnId }) => bad("The return has been received", { id: returnId }),
  return_cancelled: ({ returnId }) => bad("The return is cancelled", { id: returnId }),
  payment_exceeds_balance: ({ amount, balance }) =>
    unprocessable(
      "Unprocessable Entity",
      balance === 0
        ? "Nothing is owed on this order: all of it is authorized or paid"
        : `The amount ${amount} exceeds the balance owing of ${balance}`,
      { value: amount },
    ),
  payment_not_found: ({ paymentId }) => missing("Transaction not found", { id: paymentId }),
  payment_unresolved: ({ paymentId }) => ({
    status: 409,
    title: "Conflict",
    detail: "The gateway has not answered for this payment yet; it is being resolved, try again in a moment",
    meta: { id: paymentId },
  }),
  payment_not_capturable: ({ paymentId }) =>
    bad("Only a completed authorization that was not captured yet can be captured", { id: paymentId }),
  capture_exceeds_authorized: ({ amount, capturable }) =>
    unprocessable(
      "Unprocessable Entity",
      `The amount ${amount} exceeds what is authorized and due, ${capturable}`,
      { value: amount },
    ),
  authorization_expired: ({ paymentId }) => ({
    status: 400,
    title: "Payment gateway processing failed",
    detail: "The authorization has expired",
    meta: { id: paymentId, error: "authorization_expired" },
  }),
  payment_not_refundable: ({ paymentId }) =>
    bad("Only a captured transaction that was not refunded in full can be refunded", { id: paymentId }),
  payment_not_voidable: ({ paymentId }) =>
    bad("Only a completed authorization that was not captured can be cancelled", { id: paymentId }),
  order_not_refundable: ({ status }) =>
    bad(`Cannot refund because the order is ${status}; it must be complete and paid, or cancelled`),
  refund_exceeds_captured: ({ amount, refundable }) =>
    unprocessable(
      "Unprocessable Entity",
      `The amount ${amount} exceeds the refundable amount of ${refundable}`,
      {
        value: amount,
      },
    ),
  refund_must_be_manual: () => ({
    status: 400,
    title: "Error while refunding",
    detail: "Unable to automatically refund a manually capture transaction ",
  }),
  gateway_unknown: ({ gateway }) => missing(`There is no gateway ${gateway}`),
  gateway_disabled: ({ gateway }) => bad(`The gateway ${gateway} is not enabled`),
  gateway_method_unsupported: ({ gateway, method }) =>
    bad(`The gateway ${gateway} does not support ${method}`),
  payment_declined: ({ code, message }) => ({
    status: 400,
    title: "Payment gateway processing failed",
    detail: message,
    meta: { error: code },
  }),
  write_conflict: () => ({ status: 409, title: "Conflict", detail: "Write conflict detected" }),
  product_sku_taken: ({ sku }) => unprocessable("SKU taken", "Another product has this sku", { sku }),
  product_slug_taken: ({ slug }) => unprocessable("Slug taken", "Another product has this slug", { slug }),
  product_price_repeated: ({ currency }) => bad(`There is more than one price in ${currency}`),
  stock_allocated: ({ productId }) =>
    unprocessable("Cannot complete request", "Orders hold pieces of this product", { id: productId }),
  image_not_found: ({ imageId }) => missing("File not found", { id: imageId }),
  currency_not_found: ({ currencyId }) => missing("currency not found", { id: currencyId }),
  currency_code_taken: ({ code }) => ({
    status: 400,
    title: "Currency already exists",
    detail: "The specified currency code already exists for this store",
    meta: { code },
  }),
  currency_limit_reached: ({ limit }) =>
    unprocessable(
      "Currency limit reached",
      `You have reached the maximum allowed currency limit of ${limit}`,
    ),
  currency_is_default: ({ wanted }) =>
    unprocessable(
      "Unprocessable Entity",
      wanted === "replace"
        ? "A store has one default currency; make another one the default instead"
        : `Cannot ${wanted} the default currency`,
    ),
  // Not 401: clients would fetch a new access token and try the same password again, four times.
  credentials_invalid: () => ({ status: 403, title: "Forbidden", detail: "invalid credentials" }),
  email_taken: () => ({
    status: 409,
    title: "Duplicate email",
    detail: "Customer exists with email address",
  }),
  username_taken: () => unprocessable("Unprocessable Entity", "The username is already in use"),
  customer_not_yours: () => ({
    status: 403,
    title: "Forbidden",
    detail: "Customer does not have the required permissions to fulfill this request",
  }),
  account_not_yours: () => ({
    status: 403,
    title: "Forbidden",
    detail: "Account does not have the required permissions to fulfill this request",
  }),
  registration_taken: ({ registrationId }) => ({
    status: 409,
    title: "Conflict",
    detail: "An account with this registration_id exists already",
    meta: { value: registrationId },
  }),
  address_not_found: ({ addressId }) => missing("address not found", { id: addressId }),
  address_incomplete: ({ missing: [first] }) => ({
    status: 400,
    source: `data.${first}`,
    title: "required",
    detail: `data.${first} is required`,
  }),
  address_limit_reached: ({ limit, owner }) =>
    unprocessable("Limit Reached", `${capitalized(owner)} cannot have more than ${limit} addresses`),
  flow_not_found: ({ flow }) => missing("Flow not found", { id: flow }),
  flow_slug_taken: ({ slug }) =>
    unprocessable("Slug taken", `There is a flow for ${slug} already`, { value: slug }),
  flow_slug_fixed: ({ slug }) =>
    unprocessable("Unprocessable Entity", `The fields of this flow are those of ${slug}, its slug stays`),
  field_not_found: ({ fieldId }) => missing("Field not found", { id: fieldId }),
  field_slug_taken: ({ slug }) =>
    unprocessable("Slug taken", "The flow has another field with this slug", { value: slug }),
  field_limit_reached: ({ limit }) =>
    unprocessable("Limit Reached", `A flow cannot have more than ${limit} fields`),
  field_member_fixed: ({ member }) =>
    unprocessable(
      "Unprocessable Entity",
      `The ${member === "type" ? "field_type" : member === "flowId" ? "flow" : "slug"} of a field cannot be changed`,
    ),
  promotion_not_found: ({ promotionId }) => missing("promotion not found", { id: promotionId }),
  promotion_ends_first: () => ({
    status: 400,
    source: "data.end",
    title: "Bad Request",
    detail: "A promotion must end after it starts",
  }),
  promotion_limit_reached: ({ limit }) =>
    unprocessable("Limit Reached", `A store cannot have more than ${limit} promotions`),
  promotion_code_taken: ({ codes }) =>
    unprocessable("Duplicate code", "A promotion that is enabled and not over has this code already", {
      code: codes[0],
      value: codes.slice(0, 100),
    }),
  promotion_code_limit_reached: ({ limit }) =>
    unprocessable("Limit Reached", `A promotion cannot have more than ${limit} codes`),
  promotion_code_not_found: ({ code }) => missing("promotion code not found", { code }),
  rule_promotion_priority_taken: ({ priority, promotionId }) =>
    unprocessable("Duplicate priority", "Another active promotion has this priority", {
      value: priority,
      id: promotionId,
    }),
  rule_promotion_automatic: () =>
    unprocessable("No codes allowed", "Cannot add codes to automatic promotion"),
  rule_promotion_code_taken: ({ codes }) =>
    unprocessable("Duplicate code", "Promotion code already in use", {
      code: codes[0],
      value: codes.slice(0, 100),
    }),
};

const codeWords: Record<RefusalOf<"promotion_code_refused">["reason"], string> = {
  for_another_user: "The promotion code is for another customer",
  used_up: "The promotion code has been used as often as it may be",
  used_up_by_shopper: "You have used the promotion code as often as you may",
  for_registered_shoppers: "The promotion code is for registered customers",
  for_new_shoppers: "The promotion code is for customers who have not bought before",
  shopper_unknown: "The promotion code needs a cart with a contact email or a customer",
};
