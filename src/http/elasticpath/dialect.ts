import type { Dialect, EdgeProblem } from "../dialect.ts";
import type { Reply, Route } from "../route.ts";
import { accessTokenRoutes } from "./access-token.ts";
import { accountAddressRoutes } from "./account-addresses.ts";
import { accountMemberRoutes } from "./account-members.ts";
import { accountMembershipRoutes } from "./account-memberships.ts";
import { accountTokenRoutes } from "./account-tokens.ts";
import { accountRoutes } from "./accounts.ts";
import { attributeRoutes } from "./attributes.ts";
import { cartItemRoutes } from "./cart-items.ts";
import { cartShippingGroupRoutes } from "./cart-shipping-groups.ts";
import { cartTaxRoutes } from "./cart-taxes.ts";
import { cartRoutes } from "./carts.ts";
import { catalogRoutes } from "./catalog.ts";
import { checkoutRoutes } from "./checkout.ts";
import { currencyRoutes } from "./currencies.ts";
import { customDiscountRoutes } from "./custom-discounts.ts";
import { customerAddressRoutes } from "./customer-addresses.ts";
import { customerTokenRoutes } from "./customer-tokens.ts";
import { customerRoutes } from "./customers.ts";
import { errorReply } from "./errors.ts";
import { fieldRoutes } from "./fields.ts";
import { fileRoutes } from "./files.ts";
import { flowEntryRoutes } from "./flow-entries.ts";
import { flowRoutes } from "./flows.ts";
import { gatewayRoutes } from "./gateways.ts";
import { identify } from "./identify.ts";
import { invalidBody } from "./invalid-body.ts";
import { inventoryRoutes } from "./inventories.ts";
import { orderShippingGroupRoutes } from "./order-shipping-groups.ts";
import { orderRoutes } from "./orders.ts";
import { paymentRoutes } from "./payments.ts";
import { productRoutes } from "./products.ts";
import { promotionCodeRoutes } from "./promotion-codes.ts";
import { promotionUsageRoutes, ruleUsageRoutes } from "./promotion-usages.ts";
import { promotionRoutes } from "./promotions.ts";
import { ruleCodeRoutes } from "./rule-promotion-codes.ts";
import { rulePromotionRoutes } from "./rule-promotions.ts";
import { settingsRoutes } from "./settings.ts";
import { transactionRoutes } from "./transactions.ts";

const routes: readonly Route[] = [
  ...accessTokenRoutes,
  ...cartRoutes,
  ...cartItemRoutes,
  ...cartTaxRoutes,
  ...customDiscountRoutes,
  ...cartShippingGroupRoutes,
  ...checkoutRoutes,
  ...orderRoutes,
  ...orderShippingGroupRoutes,
  ...paymentRoutes,
  ...transactionRoutes,
  ...accountAddressRoutes,
  ...accountMemberRoutes,
  ...accountMembershipRoutes,
  ...accountTokenRoutes,
  ...accountRoutes,
  ...currencyRoutes,
  ...customerAddressRoutes,
  ...customerTokenRoutes,
  ...customerRoutes,
  ...gatewayRoutes,
  ...inventoryRoutes,
  ...catalogRoutes,
  ...fileRoutes,
  ...productRoutes,
  ...settingsRoutes,
  ...flowRoutes,
  ...fieldRoutes,
  ...flowEntryRoutes,
  ...attributeRoutes,
  ...promotionRoutes,
  ...promotionCodeRoutes,
  ...promotionUsageRoutes,
  ...rulePromotionRoutes,
  ...ruleCodeRoutes,
  ...ruleUsageRoutes,
];

/** The Elastic Path / Moltin v2 API. */
export const elasticPathDialect: Dialect = {
  name: "elasticpath",
  prefixes: ["v2", "oauth", "catalog", "pcm"],
  routes,
  identify,
  normalizeBody: unwrapTwice,
  repairJson: (text) =>
    /:\s*undefined\b/.test(text) ? text.replace(/(:\s*)undefined\b/g, "$1null") : undefined,
  invalid: invalidBody,
  finishRefusal: writeStatusAsText,
  problem: edgeProblem,
};

/** Bulk calls of the vendors' SDKs without options wrap their list twice: `{ data: { data: [...] } }`. */
function unwrapTwice(body: unknown): unknown {
  if (body === null || typeof body !== "object" || !("data" in body)) return body;
  const inner = body.data;
  if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return body;
  if (!("data" in inner) || !Array.isArray(inner.data) || Object.keys(inner).length !== 1) return body;
  return { ...body, data: inner.data };
}

/** The vendor's newer services write the status of an error as text, the others as a number. */
function writeStatusAsText(url: string, refusal: Reply): Reply {
  if (!/^\/+(oauth|v2\/+(accounts|account-members|settings|rule-promotions))([/?]|$)/.test(url))
    return refusal;
  const { errors } = refusal.body as { errors: readonly { status: number }[] };
  return {
    ...refusal,
    body: { errors: errors.map((error) => ({ ...error, status: String(error.status) })) },
  };
}

function edgeProblem(problem: EdgeProblem, requestId: string): Reply {
  const [status, title, detail, source] = words[problem];
  const reply = errorReply([{ status, title, detail, ...(source && { source }) }]);
  if (problem === "internal") {
    return { status, body: { errors: [{ status, title, detail, request_id: requestId }] } };
  }
  return status === 503 || problem === "key_running" ? { ...reply, headers: { "retry-after": "1" } } : reply;
}

const words: Record<EdgeProblem, [status: number, title: string, detail: string, source?: string]> = {
  not_found: [404, "Not Found", "There is nothing at this address"],
  malformed_json: [400, "Bad Request", "The body is not valid JSON"],
  unsupported_media_type: [415, "Unsupported Media Type", "Send JSON with the content type application/json"],
  too_large: [413, "Payload Too Large", "The body is larger than 1 MiB"],
  nul_character: [400, "Bad Request", "The NUL character (\\u0000) is not accepted in texts"],
  card_number: [
    400,
    "Bad Request",
    "Card numbers are not accepted here, anywhere in a request: send a token of the payment gateway",
  ],
  bad_request: [400, "Bad Request", "The request could not be understood"],
  key_invalid: [
    400,
    "Bad Request",
    "An idempotency key has 1 to 255 visible ASCII characters",
    "Idempotency-Key",
  ],
  key_mismatch: [
    422,
    "Idempotency Key Reused",
    "This idempotency key was used for another request",
    "Idempotency-Key",
  ],
  key_running: [409, "Conflict", "A request with this idempotency key is still running", "Idempotency-Key"],
  unavailable: [503, "Service Unavailable", "The database cannot be reached just now, try again in a moment"],
  internal: [
    500,
    "Internal Server Error",
    "There was an internal server error, you can report with your request id.",
  ],
};
