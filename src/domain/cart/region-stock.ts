import { stockDemands } from "../inventory/stock.ts";
import type { CartItem } from "./cart.ts";
import { limitOf, type RegionGoods } from "./region-goods.ts";

/** Products of which fewer pieces are there than the lines need, in the order of their ids. */
export function shortOf(items: readonly CartItem[], goods: RegionGoods): readonly string[] {
  return stockDemands(items.filter((item) => item.kind === "product"))
    .filter(({ productId, quantity }) => {
      const variant = goods.variants.get(productId);
      const limit = variant && limitOf(variant);
      return limit !== undefined && limit < quantity;
    })
    .map(({ productId }) => productId);
}
