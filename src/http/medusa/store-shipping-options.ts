import Type from "typebox";
import type { Product } from "../../domain/catalog/product.ts";
import type { SalesSetup } from "../../operations/ports/records.ts";
import { type Route, route } from "../route.ts";
import { engineId } from "./ids.ts";
import { readQuery } from "./query.ts";
import {
  renderPlainShippingOption,
  renderRequirements,
  renderShippingTax,
  storeShippingOptionSchema,
} from "./render-shipping-option.ts";
import { error } from "./schemas.ts";

const querySchema = Type.Object({
  is_return: Type.Optional(Type.Boolean()),
  product_ids: Type.Optional(Type.String({ maxLength: 20_000 })),
  region_id: Type.Optional(Type.String({ maxLength: 255 })),
});
type Query = { readonly is_return?: boolean; readonly product_ids?: string; readonly region_id?: string };

/** How things may be shipped, before there is a cart: nothing is asked of a cart, so requirements do not count. */
export const storeShippingOptionRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/store/shipping-options",
    access: "open",
    tag: "Store: shipping options",
    summary: "List shipping options of a region, or for products",
    query: ["region_id", "product_ids", "is_return"],
    responses: { 200: Type.Object({ shipping_options: Type.Array(storeShippingOptionSchema) }), 400: error },
    handle: async (call) => {
      const read = readQuery<Query>(call, querySchema);
      if ("refusal" in read) return read.refusal;
      const { is_return: isReturn, product_ids: productIds, region_id: region } = read.query;
      const { storage } = call.deps;
      const { storeId } = call.context.store;
      const setup = await storage.records.setup(storeId);
      const regionId = region === undefined ? undefined : engineId("reg", region);
      const ids = productIds?.split(",").map((id) => engineId("prod", id.trim()));
      const products = ids && (await storage.products.byId(storeId, ids)).map(({ product }) => product);
      const profileIds = products && new Set(products.map((product) => profileIdOf(product, setup)));
      const offered = setup.shippingOptions.filter(
        (option) =>
          !option.isAdminOnly &&
          (regionId === undefined || option.regionId === regionId) &&
          (isReturn === undefined || option.isReturn === isReturn) &&
          (profileIds === undefined || profileIds.has(option.profileId)),
      );
      return {
        status: 200,
        body: {
          shipping_options: offered.map((option) => ({
            ...renderPlainShippingOption(option),
            requirements: renderRequirements(option),
            ...renderShippingTax(option, setup),
          })),
        },
      };
    },
  }),
];

/** The profile that a product is sent by; undefined when the store has none of the kind. */
export function profileIdOf(
  { profileId, isGiftCard = false }: Product,
  { shippingProfiles }: Pick<SalesSetup, "shippingProfiles">,
): string | undefined {
  const kind = isGiftCard ? "gift_card" : "default";
  return profileId ?? shippingProfiles.find(({ type }) => type === kind)?.id;
}
