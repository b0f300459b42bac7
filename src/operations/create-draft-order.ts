import { type AddDraftLine, addDraftLine } from "../domain/cart/draft-lines.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { changeRegionCart } from "./change-region-cart.ts";
import type { Context } from "./context.ts";
import { createRegionCart } from "./create-region-cart.ts";
import type { Deps } from "./deps.ts";
import { type DraftOrderView, withCart } from "./draft-orders.ts";
import type { CartProblem, PricedRegionCart } from "./region-cart.ts";
import { chooseShipping } from "./region-cart-shipping.ts";
import { type UpdateRegionCart, updateRegionCart } from "./update-region-cart.ts";

/** A line of a new draft order. */
export type NewDraftLine = Omit<AddDraftLine, "itemId">;

export type CreateDraftOrder = {
  readonly regionId: string;
  readonly buyer: Pick<
    UpdateRegionCart,
    "email" | "customerId" | "billingAddress" | "shippingAddress" | "discountCodes"
  >;
  readonly items: readonly NewDraftLine[];
  readonly shipping: readonly {
    readonly optionId: string;
    /** Minor units; absent: what the option costs. */
    readonly price?: number;
    readonly data: Readonly<Record<string, unknown>>;
  }[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly noNotification?: boolean;
};

/** When carts of draft orders expire: never. */
const NEVER = "9999-12-31T00:00:00.000Z";

/**
 * Makes a draft order with its cart. Until all of it is there the cart is one like others, so that what was begun and
 * not finished expires by itself.
 */
export async function createDraftOrder(
  deps: Deps,
  context: Context,
  input: CreateDraftOrder,
): Promise<Result<DraftOrderView, CartProblem>> {
  const { storeId } = context.store;
  const filled = await fillCart(deps, context, deps.newId(), input);
  if (!filled.ok) return filled;
  const { cart } = filled.value;
  const displayId = await deps.storage.records.nextNumber(storeId, "draft_order");
  const now = deps.now();
  const draft = {
    id: deps.newId(),
    displayId,
    cartId: cart.id,
    status: "open" as const,
    title: `#${displayId} ${cart.region.email ?? ""}`,
    ...(input.noNotification !== undefined && { noNotification: input.noNotification }),
    createdAt: now,
    updatedAt: now,
  };
  const kept = { ...cart, expiresAt: NEVER, region: { ...cart.region, draftOrderId: draft.id } };
  const isSaved = await deps.storage.transaction(async ({ carts, records }) => {
    // Nobody knows the cart yet, so nobody else has changed it.
    if (!(await carts.save(storeId, kept, cart.version))) return false;
    await records.insert(storeId, "draft_order", draft);
    return true;
  });
  return isSaved ? withCart(deps, context, draft) : fail({ type: "write_conflict" });
}

async function fillCart(
  deps: Deps,
  context: Context,
  cartId: string,
  { regionId, buyer, items, shipping, metadata }: CreateDraftOrder,
): Promise<Result<PricedRegionCart, CartProblem>> {
  const created = await createRegionCart(deps, context, {
    cartId,
    regionId,
    items: [],
    context: {},
    isDraft: true,
    ...(metadata && { metadata }),
  });
  if (!created.ok) return created;
  const rules = context.store.settings.cart;
  const variantIds = items.flatMap(({ variantId }) => variantId ?? []);
  const change = { cartId, variantIds };
  const added = await changeRegionCart(deps, context, change, ({ cart, region, goods }, { now, idFor }) => {
    let next = cart;
    for (const [place, item] of items.entries()) {
      const line = { ...item, itemId: idFor(`item ${place}`) };
      const longer = addDraftLine(next, line, { region, goods, rules }, now);
      if (!longer.ok) return longer;
      next = longer.value;
    }
    return ok({ cart: next });
  });
  if (!added.ok) return added;
  let last = await updateRegionCart(deps, context, { cartId, ...buyer });
  for (const { price, ...method } of shipping) {
    if (!last.ok) return last;
    const byStaff = price === undefined ? {} : { price };
    last = await chooseShipping(deps, context, { cartId, ...method, byStaff });
  }
  return last;
}
