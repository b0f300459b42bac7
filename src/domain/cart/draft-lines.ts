import type { MinorUnits } from "../money.ts";
import { fail, ok, type Result } from "../result.ts";
import { type CartItem, type CustomItem, MAX_QUANTITY, withItems } from "./cart.ts";
import {
  addRegionLine,
  type LinePlace,
  type RegionCart,
  type RegionLineRefusal,
  removeRegionLine,
  updateRegionLine,
} from "./region-lines.ts";

// Lines of draft orders, which staff write for somebody: prices are theirs to set, and things may be sold that are in no
// catalog. What they write on two lines stays on two lines, and shipping stays as it was chosen.

export type AddDraftLine = {
  readonly itemId: string;
  /** Absent: something that is in no catalog. */
  readonly variantId?: string;
  /** Minor units without tax; absent: what the catalog says, or 0 for what is in none. */
  readonly unitPrice?: MinorUnits;
  /** Of what is in no catalog. */
  readonly title?: string;
  readonly quantity: number;
  readonly metadata?: Readonly<Record<string, unknown>>;
};

/** Puts a line into the cart of a draft order. */
export function addDraftLine(
  cart: RegionCart,
  { title = "Custom item", variantId, ...line }: AddDraftLine,
  place: LinePlace,
  now: string,
): Result<RegionCart, RegionLineRefusal> {
  // Staff may sell what the channel does not show.
  const { salesChannelId: _, ...anywhere } = cart.region;
  if (variantId !== undefined) {
    const added = addRegionLine(
      { ...cart, region: anywhere },
      { ...line, variantId, isApart: true },
      place,
      now,
    );
    return added.ok ? ok({ ...added.value, region: cart.region }) : added;
  }
  const { itemId, quantity, unitPrice = 0, metadata } = line;
  if (quantity < 1) return fail({ type: "quantity_missing" });
  if (quantity > MAX_QUANTITY) return fail({ type: "quantity_too_large", limit: MAX_QUANTITY });
  const { rules } = place;
  if (cart.items.length >= rules.maxItems) return fail({ type: "cart_full", limit: rules.maxItems });
  const item: CustomItem = {
    id: itemId,
    kind: "custom",
    name: title,
    sku: "",
    description: "",
    quantity,
    unitAmount: unitPrice,
    includesTax: false,
    taxes: [],
    ...(metadata && { customInputs: metadata }),
    createdAt: now,
    updatedAt: now,
  };
  return ok({ ...withItems(cart, [...cart.items, item], rules, now), region: cart.region });
}

export type UpdateDraftLine = {
  readonly itemId: string;
  /** 0 takes the line away. */
  readonly quantity?: number;
  /** Minor units without tax. */
  readonly unitPrice?: MinorUnits;
  readonly title?: string;
  /** Put over what is there. */
  readonly metadata?: Readonly<Record<string, unknown>>;
};

/** Changes a line of a draft order. Its price stays unless there is a new one, however many pieces there are. */
export function updateDraftLine(
  cart: RegionCart,
  { itemId, quantity, unitPrice, title, metadata }: UpdateDraftLine,
  place: LinePlace,
  now: string,
): Result<RegionCart, RegionLineRefusal> {
  const before = cart.items.find(({ id }) => id === itemId);
  if (!before) return fail({ type: "cart_item_not_found", itemIds: [itemId] });
  if (quantity === 0) return ok(removeDraftLine(cart, itemId, place, now));
  const counted =
    quantity === undefined ? ok(cart) : updateRegionLine(cart, { itemId, quantity }, place, now);
  if (!counted.ok) return counted;
  const change = (item: CartItem): CartItem => ({
    ...item,
    unitAmount: unitPrice ?? before.unitAmount,
    includesTax: unitPrice === undefined && before.includesTax,
    ...(title !== undefined && { name: title }),
    ...(metadata && { customInputs: { ...before.customInputs, ...metadata } }),
    updatedAt: now,
  });
  const items = counted.value.items.map((item) => (item.id === itemId ? change(item) : item));
  return ok({ ...counted.value, items, region: cart.region });
}

/** Takes a line off a draft order; one that is not there is no error. */
export function removeDraftLine(
  cart: RegionCart,
  itemId: string,
  { rules }: Pick<LinePlace, "rules">,
  now: string,
): RegionCart {
  return { ...removeRegionLine(cart, itemId, rules, now), region: cart.region };
}
