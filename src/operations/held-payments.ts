import { limitOf } from "../domain/cart/region-goods.ts";
import { shortOf } from "../domain/cart/region-stock.ts";
import { stockDemands } from "../domain/inventory/stock.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { Listed, ListQuery } from "./listing.ts";
import { loadRegionCart } from "./region-cart.ts";

/** A cart that is paid for and waits for somebody to decide, because its goods were gone. */
export type HeldPaymentOfCart = {
  readonly cartId: string;
  /** RFC 3339. */
  readonly since: string;
  readonly email: string | undefined;
  readonly provider: string;
  /** Minor units that are authorized. */
  readonly amount: number;
  readonly currency: string;
  /** What there is not enough of by now; nothing when the cart can be completed. */
  readonly missing: readonly {
    readonly productId: string;
    readonly sku: string;
    readonly name: string;
    readonly wanted: number;
    readonly available: number;
  }[];
};

/** Rows that are looked at to find out whether there is anything to list. */
const MAX_ROUNDS = 20;

/**
 * Carts whose payment waits for a decision, the oldest first. A note of one that is decided by now, or whose cart is gone,
 * is taken away.
 */
export async function listHeldPayments(
  deps: Deps,
  context: Context,
  page: { readonly limit: number; readonly offset: number },
): Promise<Listed<HeldPaymentOfCart>> {
  const { records } = deps.storage;
  const { storeId } = context.store;
  const query: ListQuery = { filter: [], sort: { field: "created_at", descending: false }, ...page };
  for (let round = 1; ; round += 1) {
    const { rows, total } = await records.list(storeId, "held_payment", query);
    const held: HeldPaymentOfCart[] = [];
    let decided = 0;
    for (const { id } of rows) {
      const one = await heldOf(deps, context, id);
      if (one) held.push(one);
      else if (await records.delete(storeId, "held_payment", id)) decided += 1;
    }
    if (decided === 0 || round === MAX_ROUNDS) return { rows: held, total: total - decided };
  }
}

async function heldOf(deps: Deps, context: Context, cartId: string): Promise<HeldPaymentOfCart | undefined> {
  const loaded = await loadRegionCart(deps, context, cartId, deps.now());
  if (!loaded.ok) return undefined;
  const { cart, goods } = loaded.value;
  const { heldPayment, completedAt, paymentSessions, email } = cart.region;
  const session = paymentSessions.find(({ id }) => id === heldPayment?.sessionId);
  if (!heldPayment || !session || completedAt !== undefined) return undefined;
  const items = cart.items.filter((item) => item.kind === "product");
  const wanted = new Map(stockDemands(items).map(({ productId, quantity }) => [productId, quantity]));
  return {
    cartId,
    since: heldPayment.at,
    email,
    provider: session.provider,
    amount: session.amount,
    currency: cart.currency ?? "",
    missing: shortOf(cart.items, goods).flatMap((productId) => {
      const variant = goods.variants.get(productId);
      if (!variant) return [];
      const { sku, name } = variant.product;
      const available = Math.max(0, limitOf(variant) ?? 0);
      return [{ productId, sku, name, wanted: wanted.get(productId) ?? 0, available }];
    }),
  };
}
