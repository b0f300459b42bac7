import type { Dialect, EdgeProblem } from "../dialect.ts";
import type { Reply, Route } from "../route.ts";
import { adminCustomerGroupRoutes } from "./admin-customer-groups.ts";
import { adminCustomerRoutes } from "./admin-customers.ts";
import { adminDiscountConditionRoutes } from "./admin-discount-conditions.ts";
import { adminDiscountRoutes } from "./admin-discounts.ts";
import { adminDraftOrderRoutes } from "./admin-draft-orders.ts";
import { adminGiftCardRoutes } from "./admin-gift-cards.ts";
import { adminInventoryItemRoutes } from "./admin-inventory-items.ts";
import { adminLineReservationRoutes } from "./admin-line-reservations.ts";
import { adminLocationLevelRoutes } from "./admin-location-levels.ts";
import { adminOrderEditRoutes } from "./admin-order-edits.ts";
import { adminOrderFulfilmentRoutes } from "./admin-order-fulfilments.ts";
import { adminOrderRoutes } from "./admin-orders.ts";
import { adminPaymentRoutes } from "./admin-payments.ts";
import { adminPublishableKeyRoutes } from "./admin-publishable-keys.ts";
import { adminRegionRoutes } from "./admin-regions.ts";
import { adminReservationRoutes } from "./admin-reservations.ts";
import { adminSalesChannelRoutes } from "./admin-sales-channels.ts";
import { adminShippingOptionRoutes } from "./admin-shipping-options.ts";
import { adminShippingProfileRoutes } from "./admin-shipping-profiles.ts";
import { adminStockLocationRoutes } from "./admin-stock-locations.ts";
import { adminStoreRoutes } from "./admin-store.ts";
import { adminTaxRateRoutes } from "./admin-tax-rates.ts";
import { adminUserRoutes } from "./admin-users.ts";
import { adminVariantInventoryRoutes } from "./admin-variant-inventory.ts";
import { cartLineRoutes } from "./cart-lines.ts";
import { cartShippingRoutes } from "./cart-shipping.ts";
import { cartRoutes } from "./carts.ts";
import { catalogRoutes } from "./catalog-routes.ts";
import { choosingMembers } from "./choose-members.ts";
import { completionRoutes } from "./completion.ts";
import { customerAddressRoutes } from "./customer-addresses.ts";
import { customerAuthRoutes } from "./customer-auth.ts";
import { customerOrderRoutes } from "./customer-orders.ts";
import { customerRoutes } from "./customers.ts";
import { emptyListRoutes } from "./empty-lists.ts";
import { errorReply, type WireError } from "./errors.ts";
import { giftCardRoutes } from "./gift-cards.ts";
import { identify } from "./identify.ts";
import { invalidBody } from "./invalid-body.ts";
import { orderClaimRoutes } from "./order-claims.ts";
import { paymentCollectionRoutes } from "./payment-collections.ts";
import { paymentSessionRoutes } from "./payment-sessions.ts";
import { returnReasonRoutes } from "./return-reasons.ts";
import { returnRoutes } from "./returns.ts";
import { staffAuthRoutes } from "./staff-auth.ts";
import { staffPasswordRoutes } from "./staff-passwords.ts";
import { storeOrderEditRoutes } from "./store-order-edits.ts";
import { storeOrderRoutes } from "./store-orders.ts";
import { storeRegionRoutes } from "./store-regions.ts";
import { storeShippingOptionRoutes } from "./store-shipping-options.ts";
import { swapRoutes } from "./swaps.ts";

const routes: readonly Route[] = [
  ...cartRoutes,
  ...cartLineRoutes,
  ...cartShippingRoutes,
  ...paymentSessionRoutes,
  ...completionRoutes,
  ...staffAuthRoutes,
  ...customerAuthRoutes,
  ...customerRoutes,
  ...customerAddressRoutes,
  ...customerOrderRoutes,
  ...orderClaimRoutes,
  ...adminCustomerRoutes,
  ...adminCustomerGroupRoutes,
  ...adminPublishableKeyRoutes,
  ...adminRegionRoutes,
  ...adminSalesChannelRoutes,
  ...adminShippingOptionRoutes,
  ...adminShippingProfileRoutes,
  ...adminStoreRoutes,
  ...adminTaxRateRoutes,
  ...returnReasonRoutes,
  ...storeRegionRoutes,
  ...storeShippingOptionRoutes,
  ...catalogRoutes,
  ...adminOrderRoutes,
  ...adminOrderFulfilmentRoutes,
  ...adminPaymentRoutes,
  ...adminDraftOrderRoutes,
  ...storeOrderRoutes,
  ...returnRoutes,
  ...swapRoutes,
  ...adminOrderEditRoutes,
  ...storeOrderEditRoutes,
  ...paymentCollectionRoutes,
  ...adminDiscountRoutes,
  ...adminDiscountConditionRoutes,
  ...giftCardRoutes,
  ...adminGiftCardRoutes,
  ...adminStockLocationRoutes,
  ...adminInventoryItemRoutes,
  ...adminLocationLevelRoutes,
  ...adminVariantInventoryRoutes,
  ...adminReservationRoutes,
  ...adminLineReservationRoutes,
  ...adminUserRoutes,
  ...emptyListRoutes,
  ...staffPasswordRoutes,
];

/** The Medusa v1 API: the Store API, and of the Admin API what a merchant needs. */
export const medusaDialect: Dialect = {
  name: "medusa",
  prefixes: ["store", "admin"],
  usesCookies: true,
  routes: routes.map(choosingMembers),
  identify,
  // Clients of 2021 send `null` where there is nothing to say.
  normalizeBody: (body) => (body === null ? {} : body),
  repairJson: () => undefined,
  invalid: invalidBody,
  problem: edgeProblem,
};

function edgeProblem(problem: EdgeProblem, requestId: string): Reply {
  const reply = errorReply(words[problem]);
  if (problem === "unavailable" || problem === "key_running")
    return { ...reply, headers: { "retry-after": "1" } };
  if (problem !== "internal") return reply;
  return { ...reply, body: { ...(reply.body as object), request_id: requestId } };
}

const bad = (message: string, status = 400): WireError => ({ status, type: "invalid_data", message });

const words: Record<EdgeProblem, WireError> = {
  not_found: { status: 404, type: "not_found", message: "There is nothing at this address" },
  malformed_json: bad("The body is not valid JSON"),
  unsupported_media_type: bad("Send JSON with the content type application/json", 415),
  too_large: bad("The body is larger than 1 MiB", 413),
  nul_character: bad("The NUL character (\\u0000) is not accepted in texts"),
  card_number: bad(
    "Card numbers are not accepted here, anywhere in a request: send a token of the payment provider",
  ),
  bad_request: bad("The request could not be understood"),
  key_invalid: bad("An idempotency key has 1 to 255 visible ASCII characters"),
  key_mismatch: {
    status: 409,
    type: "conflict",
    message: "This idempotency key was used for another request",
  },
  key_running: {
    status: 409,
    type: "conflict",
    code: "invalid_state_error",
    message: "The request conflicted with another request, you may retry it with the Idempotency-Key",
  },
  unavailable: {
    status: 503,
    type: "unexpected_state",
    message: "The database cannot be reached just now, try again in a moment",
  },
  internal: {
    status: 500,
    type: "unknown_error",
    code: "unknown_error",
    message: "An unknown error occurred.",
  },
};
