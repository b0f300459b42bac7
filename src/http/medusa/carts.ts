import Type, { type Static } from "typebox";
import type { WrittenAddress } from "../../domain/cart/region-address.ts";
import { ok } from "../../domain/result.ts";
import { changeRegionCart } from "../../operations/change-region-cart.ts";
import { createRegionCart } from "../../operations/create-region-cart.ts";
import {
  type AddressChange,
  removeDiscountOfRegionCart,
  updateRegionCart,
  viewRegionCart,
} from "../../operations/update-region-cart.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { answerCart, wireCart, withKey } from "./answer-cart.ts";
import { cartAnswers, createCartBody, partOfCartSchema, updateCartBody } from "./cart-schemas.ts";
import { invalidData, refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { knownAddress } from "./known-address.ts";
import { pickCart } from "./pick-cart.ts";
import { readQuery } from "./query.ts";

/** The id of the cart that a request is about. */
export function cartIdOf({ params }: Pick<Call, "params">): string {
  return engineId("cart", params.id as string);
}

const shownQuery = Type.Object({
  expand: Type.Optional(Type.String({ maxLength: 2048 })),
  fields: Type.Optional(Type.String({ maxLength: 2048 })),
});

/** Carts of a region: made, looked at, changed. */
export const cartRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/store/carts",
    access: "open",
    tag: "Store: carts",
    summary: "Create a cart",
    body: createCartBody,
    bodyOptional: true,
    idempotency: "phased",
    responses: cartAnswers,
    handle: async (call) => {
      const body = call.body ?? {};
      const { region_id: regionId, country_code: country, sales_channel_id: channelId } = body;
      const allowed = call.context.salesChannelIds;
      if (channelId && allowed && !allowed.includes(engineId("sc", channelId))) {
        return foreignChannel(channelId);
      }
      const created = await createRegionCart(call.deps, call.context, {
        cartId: call.attemptId,
        ...(regionId && { regionId: engineId("reg", regionId) }),
        ...(country && { country: country.toLowerCase() }),
        ...(channelId && { salesChannelId: engineId("sc", channelId) }),
        items: (body.items ?? []).map(({ variant_id: id, quantity }) => ({
          variantId: engineId("variant", id),
          quantity,
        })),
        context: { ...callerOf(call), ...body.context },
      });
      return answerCart(call, created);
    },
  }),
  route({
    method: "GET",
    path: "/store/carts/:id",
    access: "open",
    tag: "Store: carts",
    summary: "Get a cart",
    query: ["expand", "fields"],
    responses: { ...cartAnswers, 200: Type.Object({ cart: partOfCartSchema }) },
    handle: async (call) => {
      const read = readQuery<{ expand?: string; fields?: string }>(call, shownQuery);
      if ("refusal" in read) return read.refusal;
      const viewed = await viewRegionCart(call.deps, call.context, cartIdOf(call));
      if (!viewed.ok) return refused(viewed.error);
      return { status: 200, body: { cart: pickCart(await wireCart(call, viewed.value), read.query) } };
    },
  }),
  route({
    method: "POST",
    path: "/store/carts/:id",
    access: "open",
    tag: "Store: carts",
    summary: "Update a cart",
    body: updateCartBody,
    bodyOptional: true,
    idempotency: "phased",
    responses: cartAnswers,
    handle: update,
  }),
  route({
    method: "DELETE",
    path: "/store/carts/:id/discounts/:code",
    access: "open",
    tag: "Store: carts",
    summary: "Take a discount off a cart",
    idempotency: "phased",
    responses: cartAnswers,
    handle: async (call) => {
      const input = { cartId: cartIdOf(call), code: call.params.code as string };
      return answerCart(call, await removeDiscountOfRegionCart(call.deps, call.context, input));
    },
  }),
  route({
    method: "POST",
    path: "/store/carts/:id/taxes",
    access: "open",
    tag: "Store: carts",
    summary: "Show a cart with its taxes",
    idempotency: "none",
    responses: cartAnswers,
    handle: async (call) => {
      const view = { cartId: cartIdOf(call), withTax: true, isView: true };
      const viewed = await changeRegionCart(call.deps, call.context, view, ({ cart }) => ok({ cart }));
      return withKey(call, await answerCart(call, viewed));
    },
  }),
];

async function update(call: Call<Static<typeof updateCartBody>>): Promise<Reply> {
  const body: Static<typeof updateCartBody> = call.body ?? {};
  // The one member that null does not leave as it is.
  if (body.email === null) return invalidData("The email is not valid");
  const billing = await addressChange(call, body.billing_address);
  if (!billing.ok) return billing.refusal;
  const shipping = await addressChange(call, body.shipping_address);
  if (!shipping.ok) return shipping.refusal;
  const { region_id: regionId, customer_id: customerId, sales_channel_id: channelId } = body;
  const updated = await updateRegionCart(call.deps, call.context, {
    cartId: cartIdOf(call),
    ...(customerId && { customerId: engineId("cus", customerId) }),
    ...(body.email !== undefined && { email: body.email }),
    ...(regionId && { regionId: engineId("reg", regionId) }),
    ...(body.country_code && { country: body.country_code.toLowerCase() }),
    ...(billing.change !== undefined && { billingAddress: billing.change }),
    ...(shipping.change !== undefined && { shippingAddress: shipping.change }),
    ...(channelId && { salesChannelId: engineId("sc", channelId) }),
    ...(body.discounts && { discountCodes: body.discounts.map(({ code }) => code) }),
    ...(body.gift_cards && { giftCardCodes: body.gift_cards.map(({ code }) => code) }),
    ...(body.context && { context: body.context }),
  });
  return answerCart(call, updated);
}

/** What a request says of an address: one that is written, or the id of one that the cart or its customer has. */
export async function addressChange(
  call: Call<unknown>,
  sent: string | WrittenAddress | null | undefined,
  known: { readonly cartId: string; readonly customerId?: string } = { cartId: cartIdOf(call) },
): Promise<
  | { readonly ok: true; readonly change: AddressChange | undefined }
  | { readonly ok: false; readonly refusal: Reply }
> {
  if (typeof sent !== "string") return { ok: true, change: sent };
  const { cartId, customerId } = known;
  const address = await knownAddress(call, cartId, engineId("addr", sent), customerId);
  if (address) return { ok: true, change: { known: address } };
  return { ok: false, refusal: refused({ type: "cart_address_unknown", addressId: sent }) };
}

/** The channel is none of the publishable key's. */
function foreignChannel(channelId: string): Reply {
  const errors = [
    `Provided sales channel id param: ${channelId} is not associated with the Publishable API Key passed in the ` +
      "header of the request.",
  ];
  const message = "Provided request body contains errors. Please check the data and retry the request";
  return { status: 400, body: { type: "invalid_data", message, errors } };
}

/** From where a cart was made, as far as the request tells. */
function callerOf(call: Pick<Call, "header" | "ip">) {
  const forwarded = call.header("x-forwarded-for")?.split(",")[0]?.trim();
  const userAgent = call.header("user-agent");
  return {
    ip: forwarded || call.ip,
    ...(userAgent !== undefined && { user_agent: userAgent }),
  };
}
