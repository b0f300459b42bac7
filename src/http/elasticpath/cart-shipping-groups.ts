import type { Static } from "typebox";
import type { Cart } from "../../domain/cart/cart.ts";
import { findGroup } from "../../domain/cart/shipping-groups.ts";
import { ok, type Result } from "../../domain/result.ts";
import {
  type DeliveryEstimate,
  type ShippingGroup,
  type ShippingGroupDetails,
  type ShippingPrice,
  shippingTotal,
} from "../../domain/shipping/shipping-group.ts";
import { addGroup, removeGroup, updateGroup } from "../../operations/cart-shipping-groups.ts";
import { formatFor } from "../../operations/context.ts";
import { getCart } from "../../operations/get-cart.ts";
import type { Refusal } from "../../operations/refusal.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import type { InvalidMember } from "../validation.ts";
import { addressOf, addressProblems } from "./checkout.ts";
import { problem, refused } from "./errors.ts";
import { invalidBody } from "./invalid-body.ts";
import { renderShippingGroup } from "./render-shipping-group.ts";
import { commonErrors } from "./schemas.ts";
import { cartGroupBody, groupAnswer, groupsAnswer, type orderGroupBody } from "./shipping-group-schemas.ts";

const tag = "Cart shipping groups";
const path = "/v2/carts/:cartId/shipping-groups";

export const cartShippingGroupRoutes: readonly Route[] = [
  route({
    method: "GET",
    path,
    access: "token",
    tag,
    summary: "List the shipping groups of a cart",
    responses: { 200: groupsAnswer, ...commonErrors },
    async handle(call) {
      const found = await getCart(call.deps, call.context, call.params.cartId as string);
      if (!found.ok) return refused(found.error);
      const { cart } = found.value;
      const groups = cart.shippingGroups ?? [];
      return { status: 200, body: { data: groups.map((group) => rendered(call, cart, group)) } };
    },
  }),
  route({
    method: "POST",
    path,
    access: "token",
    tag,
    summary: "Add a shipping group to a cart; it counts when an item names it",
    body: cartGroupBody,
    responses: { 201: groupAnswer, ...commonErrors },
    async handle(call) {
      const invalid = invalidGroup(call.body.data);
      if (invalid) return invalid;
      const wanted = wantedOf(call, call.deps.newId());
      return groupReply(call, await addGroup(call.deps, call.context, wanted), wanted.groupId, 201);
    },
  }),
  route({
    method: "GET",
    path: `${path}/:groupId`,
    access: "token",
    tag,
    summary: "Get a shipping group of a cart",
    responses: { 200: groupAnswer, ...commonErrors },
    async handle(call) {
      const found = await getCart(call.deps, call.context, call.params.cartId as string);
      const cart = found.ok ? ok(found.value.cart) : found;
      return groupReply(call, cart, call.params.groupId as string, 200);
    },
  }),
  route({
    method: "PUT",
    path: `${path}/:groupId`,
    access: "token",
    tag,
    summary: "Update a shipping group of a cart; what is given replaces what was there",
    body: cartGroupBody,
    responses: { 200: groupAnswer, ...commonErrors },
    async handle(call) {
      const invalid = invalidGroup(call.body.data);
      if (invalid) return invalid;
      const wanted = wantedOf(call, call.params.groupId as string);
      return groupReply(call, await updateGroup(call.deps, call.context, wanted), wanted.groupId, 200);
    },
  }),
  route({
    method: "DELETE",
    path: `${path}/:groupId`,
    access: "token",
    tag,
    summary: "Remove a shipping group that no item names",
    responses: { 204: null, ...commonErrors },
    async handle(call) {
      const { cartId, groupId } = call.params as { cartId: string; groupId: string };
      const removed = await removeGroup(call.deps, call.context, { cartId, groupId });
      return removed.ok ? { status: 204 } : refused(removed.error);
    },
  }),
];

type Body = Static<typeof cartGroupBody>;

function wantedOf(call: Call<Body>, groupId: string) {
  return {
    cartId: call.params.cartId as string,
    groupId,
    details: { ...groupDetailsOf(call.body.data), ...priceDetails(call.body.data) },
    currency: call.header("x-moltin-currency"),
  };
}

function priceDetails({ shipping_price: price }: Body["data"]): Pick<ShippingGroupDetails, "price"> {
  return price ? { price: shippingPriceOf(price) } : {};
}

function shippingPriceOf(price: NonNullable<Body["data"]["shipping_price"]>): ShippingPrice {
  const { base = 0, tax = 0, fees = 0, discount = 0 } = price;
  return { base, tax, fees, discount };
}

/** How a group is sent, as a request for a cart or an order says it. */
export function groupDetailsOf(data: Static<typeof orderGroupBody>["data"]) {
  const { shipping_type: shippingType, tracking_reference: trackingReference, address } = data;
  const estimate = data.delivery_estimate;
  const deliveryEstimate: DeliveryEstimate = {
    ...(estimate?.start !== undefined && { start: estimate.start }),
    ...(estimate?.end !== undefined && { end: estimate.end }),
  };
  return {
    ...(shippingType !== undefined && { shippingType }),
    ...(trackingReference !== undefined && { trackingReference }),
    ...(address && { address: addressOf(address) }),
    ...(estimate && { deliveryEstimate }),
  };
}

/** What the schemas cannot say: an address names a region or a county. */
export function groupAddressProblems({ address }: Static<typeof orderGroupBody>["data"]): InvalidMember[] {
  return address ? addressProblems(address, "data.address") : [];
}

function invalidGroup(data: Body["data"]): Reply | undefined {
  const invalid = groupAddressProblems(data);
  if (invalid.length > 0) return invalidBody(invalid);
  const { shipping_price: price } = data;
  // A total alone would be lost, and shipping would be free.
  if (price?.total !== undefined && price.total !== shippingTotal(shippingPriceOf(price))) {
    return problem(400, "Bad Request", "The total must be the sum of base, tax and fees", {
      source: "data.shipping_price.total",
    });
  }
  return undefined;
}

function groupReply(call: Call, cart: Result<Cart, Refusal>, groupId: string, status: 200 | 201): Reply {
  if (!cart.ok) return refused(cart.error);
  const group = findGroup(cart.value, groupId);
  if (!group.ok) return refused(group.error);
  return { status, body: { data: rendered(call, cart.value, group.value) } };
}

function rendered(call: Call, cart: Cart, group: ShippingGroup) {
  return renderShippingGroup(group, { cartId: cart.id }, formatFor(call.context.store, group.currency));
}
