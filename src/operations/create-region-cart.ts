import { inCountry } from "../domain/cart/region-address.ts";
import { goodsFrom } from "../domain/cart/region-goods.ts";
import { addRegionLine, type RegionCart } from "../domain/cart/region-lines.ts";
import { newRegionPart } from "../domain/cart/region-part.ts";
import { extended } from "../domain/extended.ts";
import { placesOf } from "../domain/inventory/selling-places.ts";
import type { SalesChannel } from "../domain/region/region.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { newCartOf } from "./new-cart.ts";
import {
  type CartProblem,
  loadRegionCart,
  newRegionLook,
  type PricedRegionCart,
  priceRegionLook,
} from "./region-cart.ts";
import { toldOfCart } from "./told-of-cart.ts";

export type CreateRegionCart = {
  /** Of the new cart; the same for a repeat of the same request, which makes no other. */
  readonly cartId: string;
  /** Absent: the store's first region. */
  readonly regionId?: string;
  /** Where it is sent to, lower case; absent: the region's only country, if it has one. */
  readonly country?: string;
  readonly salesChannelId?: string;
  readonly items: readonly { readonly variantId: string; readonly quantity: number }[];
  readonly context: Readonly<Record<string, unknown>>;
  /** It is to be the cart of a draft order. */
  readonly isDraft?: true;
  readonly metadata?: Readonly<Record<string, unknown>>;
};

/** Makes a cart in a region, of the customer who has signed in if one has. All of its items go in, or there is no cart. */
export async function createRegionCart(
  deps: Deps,
  context: Context,
  input: CreateRegionCart,
): Promise<Result<PricedRegionCart, CartProblem>> {
  const { store, actor } = context;
  const now = deps.now();
  const { cartId, items } = input;
  const setup = await deps.storage.records.setup(store.storeId);
  const region =
    input.regionId === undefined ? setup.regions[0] : setup.regions.find(({ id }) => id === input.regionId);
  if (!region) {
    return fail(
      input.regionId === undefined
        ? { type: "region_missing" }
        : { type: "region_not_found", regionId: input.regionId },
    );
  }
  const channel = channelOf(context, setup.salesChannels, input.salesChannelId);
  if (!channel.ok) return channel;
  const country = input.country ?? (region.countries.length === 1 ? region.countries[0] : undefined);
  if (country !== undefined && !region.countries.includes(country)) {
    return fail({ type: "country_not_in_region", country, of: "new cart" });
  }
  const shippingAddress = inCountry(undefined, country, deps.newId(), now);
  const customer =
    actor.customerId === undefined
      ? undefined
      : await deps.storage.customers.load(store.storeId, actor.customerId);
  let cart: RegionCart = extended(newCartOf(store, cartId, now), {
    currency: region.currency,
    ...(customer && { customerId: customer.id }),
    region: extended(newRegionPart(region.id, channel.value?.id), {
      context: input.context,
      ...(customer && { email: customer.email }),
      ...(shippingAddress && { shippingAddress }),
      type: input.isDraft ? "draft_order" : "default",
      ...(input.metadata && { metadata: input.metadata }),
    }),
  });
  let look = newRegionLook(cart, region, setup);
  if (items.length > 0) {
    const ids = items.map(({ variantId }) => variantId);
    const loaded = await deps.storage.carts.loadWithGoods(store.storeId, cartId, now, ids);
    const goods = goodsFrom(placesOf(setup, channel.value?.id), loaded.goods);
    const place = { region, goods, rules: store.settings.cart };
    for (const item of items) {
      const added = addRegionLine(cart, { itemId: deps.newId(), ...item }, place, now);
      if (!added.ok) return added;
      cart = added.value;
    }
    look = { ...look, cart, goods };
  }
  const priced = priceRegionLook(look, now);
  if (!priced.ok) return priced;
  if (await deps.storage.carts.save(store.storeId, cart, 0, toldOfCart(context, undefined, cart))) {
    return ok({ ...priced.value, cart: { ...cart, version: 1 } });
  }
  // This very request has made it before.
  const made = await loadRegionCart(deps, context, cartId, now);
  return made.ok ? priceRegionLook(made.value, now) : made;
}

/** Where a cart is sold: as the request says, else as its publishable key does, else where the store sells by default. */
function channelOf(
  { salesChannelIds }: Context,
  channels: readonly SalesChannel[],
  wanted: string | undefined,
): Result<SalesChannel | undefined, CartProblem> {
  if (wanted === undefined && salesChannelIds && salesChannelIds.length > 1) {
    return fail({ type: "sales_channel_ambiguous" });
  }
  const id = wanted ?? salesChannelIds?.[0];
  if (id === undefined) return ok(channels.find(({ isDefault }) => isDefault));
  const channel = channels.find((candidate) => candidate.id === id);
  if (!channel) return fail({ type: "sales_channel_unknown", channelId: id });
  return channel.isDisabled ? fail({ type: "sales_channel_disabled" }) : ok(channel);
}
