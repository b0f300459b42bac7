import type { RegionCartRefusal } from "../../operations/region-cart-refusal.ts";
import type { WireError } from "./errors.ts";
import { wireId } from "./ids.ts";

type WireErrors = {
  [Type in RegionCartRefusal["type"]]: (refusal: Extract<RegionCartRefusal, { type: Type }>) => WireError;
};

const invalid = (message: string): WireError => ({ status: 400, type: "invalid_data", message });
const forbidden = (message: string): WireError => ({ status: 400, type: "not_allowed", message });
const missing = (message: string): WireError => ({ status: 404, type: "not_found", message });
const lacking = (productId: string): string =>
  `Variant with id: ${wireId("variant", productId)} does not have the required inventory`;

/** What carts refuse, in the words of this dialect. Texts that the original sends are kept to the letter. */
export const cartErrors: WireErrors = {
  discount_used_up: ({ code }) => forbidden(`Discount ${code} has been used maximum allowed times`),
  discount_not_started: ({ code }) => forbidden(`Discount ${code} is not valid yet`),
  discount_ended: ({ code }) => forbidden(`Discount ${code} is expired`),
  discount_disabled: ({ code }) => forbidden(`The discount code ${code} is disabled`),
  discount_needs_customer: ({ code }) => forbidden(`Discount ${code} is only valid for specific customer`),
  discount_not_for_customer: ({ code }) => forbidden(`Discount ${code} is not valid for customer`),
  discount_not_in_region: () => invalid("The discount is not available in current region"),
  gift_card_disabled: () => forbidden("The gift card is disabled"),
  gift_card_ended: () => forbidden("The gift card is expired"),
  gift_card_not_in_region: () => invalid("The gift card cannot be used in the current region"),
  cart_completed: ({ wanted }) =>
    forbidden(
      wanted === "region" ? "Cannot change the region of a completed cart" : "The cart has been completed",
    ),
  country_not_in_region: ({ of }) => {
    if (of === "address") return invalid("Shipping country must be in the cart region");
    return forbidden(of ? "Shipping country not in region" : "Country not available in region");
  },
  variant_unknown: ({ variantId }) =>
    invalid(
      `Unable to generate the line items, some variant has not been found: ${wireId("variant", variantId)}`,
    ),
  quantity_missing: () =>
    invalid(
      "Unable to generate the line item because one or more required argument(s) are missing. Ensure quantity, " +
        "regionId, and variantId are passed",
    ),
  not_in_channel: ({ titles }) =>
    invalid(
      `The products [${titles.join(", ")}] must belongs to the sales channel on which the cart has been created.`,
    ),
  sales_channel_disabled: () => invalid("Unable to assign the cart to a disabled Sales Channel"),
  sales_channel_ambiguous: () =>
    invalid("The publishable API key is for several sales channels: name one with sales_channel_id"),
  cart_address_unknown: ({ addressId }) => missing(`Address with id: ${addressId} was not found`),
  gift_card_changed: () => forbidden("The balance of a gift card has changed"),
  cart_option_unknown: ({ optionId }) =>
    missing(`Shipping Option with ${wireId("so", optionId)} was not found`),
  option_not_in_region: () => invalid("The shipping option is not available in the cart's region"),
  option_requirements_unmet: () => forbidden("The Cart does not satisfy the shipping option's requirements"),
  fulfilment_refused: ({ message }) => invalid(message),
  payment_provider_not_in_region: () => forbidden("The payment method is not available in this region"),
  payment_provider_failed: ({ provider }) => ({
    status: 503,
    type: "unexpected_state",
    message: `The payment provider ${provider} cannot be reached just now, try again in a moment`,
  }),
  payment_session_unknown: () => ({ ...missing("Could not find payment session"), status: 404 }),
  payment_session_missing: () => forbidden("You cannot complete a cart without a payment session."),
  payment_session_stale: () =>
    forbidden("The payment was prepared for another amount than the cart costs now: prepare it anew"),
  order_without_customer: () => invalid("Cannot create an order from the cart without a customer"),
  stock_short: ({ productIds }) => ({
    status: 409,
    type: "not_allowed",
    code: "insufficient_inventory",
    message: productIds.map(lacking).join(", "),
  }),
};

/** Each product that is short, as the original lists them. */
export function shortages(productIds: readonly string[]) {
  return productIds.map((productId) => ({
    message: lacking(productId),
    type: "not_allowed",
    code: "insufficient_inventory",
  }));
}
