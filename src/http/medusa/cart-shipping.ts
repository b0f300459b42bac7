import Type from "typebox";
import { chooseShipping, offeredShipping } from "../../operations/region-cart-shipping.ts";
import { type Route, route } from "../route.ts";
import { answerCart, refusedCart } from "./answer-cart.ts";
import { cartAnswers, offeredOptionSchema, shippingMethodBody } from "./cart-schemas.ts";
import { cartIdOf } from "./carts.ts";
import { engineId } from "./ids.ts";
import {
  renderPlainShippingOption,
  renderRequirements,
  renderShippingProfile,
} from "./render-shipping-option.ts";

/** How a cart may be shipped, and the choice. */
export const cartShippingRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/store/shipping-options/:id",
    access: "open",
    tag: "Store: shipping options",
    summary: "List the shipping options of a cart",
    responses: { ...cartAnswers, 200: Type.Object({ shipping_options: Type.Array(offeredOptionSchema) }) },
    handle: async (call) => {
      const offers = await offeredShipping(call.deps, call.context, cartIdOf(call));
      if (!offers.ok) return refusedCart(offers.error);
      const setup = await call.deps.storage.records.setup(call.context.store.storeId);
      const options = offers.value.map(({ option, price, priceWithTax, tax, taxRates }) => {
        const profile = setup.shippingProfiles.find(({ id }) => id === option.profileId);
        return {
          ...renderPlainShippingOption(option),
          amount: price,
          profile: profile ? renderShippingProfile(profile) : null,
          requirements: renderRequirements(option),
          price_incl_tax: priceWithTax,
          tax_rates: taxRates.map(({ percent, name, code }) => ({ rate: percent, name, code })),
          tax_amount: tax,
        };
      });
      return { status: 200, body: { shipping_options: options } };
    },
  }),
  route({
    method: "POST",
    path: "/store/carts/:id/shipping-methods",
    access: "open",
    tag: "Store: carts",
    summary: "Choose how a cart is shipped",
    body: shippingMethodBody,
    idempotency: "phased",
    responses: cartAnswers,
    handle: async (call) => {
      const { option_id: optionId, data } = call.body;
      const input = { cartId: cartIdOf(call), optionId: engineId("so", optionId), data: data ?? {} };
      return answerCart(call, await chooseShipping(call.deps, call.context, input));
    },
  }),
];
