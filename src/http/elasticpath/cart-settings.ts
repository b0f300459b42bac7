import Type, { type Static } from "typebox";
import { MAX_AMOUNT } from "../../domain/money.ts";
import { changeSettings, type SettingsChanges } from "../../operations/change-settings.ts";
import type { StoreSettings } from "../../operations/context.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { notFound, refused } from "./errors.ts";
import { commonErrors, one } from "./schemas.ts";

/** Items that a store may let a cart hold; totals stay exact up to here. */
const MAX_CART_ITEMS = 1_000;

const settable = {
  cart_expiry_days: Type.Integer({ minimum: 1, maximum: 365 }),
  show_all_carts: Type.Boolean(),
  // The next seven are ours: the vendor's API does not know them.
  custom_items_by_shoppers: Type.Boolean({
    description:
      "Shoppers may add custom items and put prices on shipping groups; the shop should check these prices. Ours.",
  }),
  custom_discounts_by_shoppers: Type.Boolean({
    description: "Shoppers may put custom discounts on their carts, where a cart takes them. Ours.",
  }),
  owned_carts_need_token: Type.Boolean({
    description: "A cart of a customer or account answers only to their token. Ours.",
  }),
  price_changes: Type.Union([Type.Literal("consent"), Type.Literal("follow"), Type.Literal("keep")], {
    description:
      "What checkout does when a product costs more than when it was put into the cart: refuse once and show the new price, take the new price, or keep the old one. Ours.",
  }),
  taxes_required: Type.Boolean({
    description: "Checkout refuses items that have no tax item, which may be of 0; gifts are left out. Ours.",
  }),
  min_order_totals: Type.Array(
    Type.Object({
      currency: Type.String({ minLength: 3, maxLength: 3 }),
      amount: Type.Integer({ minimum: 0, maximum: MAX_AMOUNT }),
    }),
    { maxItems: 100, description: "The least that an order may cost, by currency. Ours." },
  ),
  max_items: Type.Integer({
    minimum: 1,
    maximum: MAX_CART_ITEMS,
    description: "Different items that a cart may hold. Ours.",
  }),
};
const discounts = Type.Object({
  custom_discounts_enabled: Type.Boolean(),
  use_rule_promotions: Type.Boolean(),
});
const inventories = Type.Object({ defer_inventory_check: Type.Boolean() });
const items = Type.Object({ separate_items_by_location: Type.Boolean() });

const cartSettingsBody = one(
  Type.Partial(
    Type.Object({
      type: Type.Literal("settings"),
      ...settable,
      discounts: Type.Partial(discounts),
      inventories: Type.Partial(inventories),
      items: Type.Partial(items),
    }),
  ),
);

const cartSettingsAnswer = one(
  Type.Object({ type: Type.Literal("settings"), ...settable, discounts, inventories, items }),
);

const tag = "Settings";

/** With a store id at the end, as one client sends it, only that of the caller's own store is known. */
export const cartSettingsRoutes: readonly Route[] = [
  "/v2/settings/cart",
  "/v2/settings/cart/:storeId",
].flatMap((path) => [
  route({
    method: "GET",
    path,
    access: "shop",
    tag,
    summary: "Get the settings of carts",
    responses: { 200: cartSettingsAnswer, ...commonErrors },
    async handle(call) {
      if (isOtherStore(call)) return otherStore();
      return { status: 200, body: { data: renderCartSettings(call.context.store.settings.cart) } };
    },
  }),
  route({
    method: "PUT",
    path,
    access: "shop",
    tag,
    summary: "Change the settings of carts; carts that hold something keep theirs",
    body: cartSettingsBody,
    responses: { 200: cartSettingsAnswer, ...commonErrors },
    async handle(call) {
      if (isOtherStore(call)) return otherStore();
      const cart = cartChangesOf(call.body.data);
      const changed = await changeSettings(call.deps, call.context, { cart });
      if (!changed.ok) return refused(changed.error);
      return { status: 200, body: { data: renderCartSettings(changed.value.cart) } };
    },
  }),
]);

const isOtherStore = ({ params, context }: Pick<Call, "params" | "context">): boolean =>
  params.storeId !== undefined && params.storeId !== context.store.storeId;

const otherStore = (): Reply => notFound("Store not found");

function cartChangesOf(data: Static<typeof cartSettingsBody>["data"]): SettingsChanges["cart"] {
  const { discounts = {}, inventories = {}, items = {} } = data;
  return {
    ...(data.cart_expiry_days !== undefined && { expiryDays: data.cart_expiry_days }),
    ...(data.show_all_carts !== undefined && { showAllCarts: data.show_all_carts }),
    ...(data.custom_items_by_shoppers !== undefined && {
      customItemsByShoppers: data.custom_items_by_shoppers,
    }),
    ...(data.custom_discounts_by_shoppers !== undefined && {
      customDiscountsByShoppers: data.custom_discounts_by_shoppers,
    }),
    ...(data.owned_carts_need_token !== undefined && { ownedCartsNeedToken: data.owned_carts_need_token }),
    ...(data.max_items !== undefined && { maxItems: data.max_items }),
    ...(data.price_changes !== undefined && { priceChanges: data.price_changes }),
    ...(data.taxes_required !== undefined && { taxesRequired: data.taxes_required }),
    ...(data.min_order_totals !== undefined && { minOrderTotals: data.min_order_totals }),
    ...(discounts.custom_discounts_enabled !== undefined && {
      customDiscountsEnabled: discounts.custom_discounts_enabled,
    }),
    ...(discounts.use_rule_promotions !== undefined && { useRulePromotions: discounts.use_rule_promotions }),
    ...(inventories.defer_inventory_check !== undefined && {
      deferInventoryCheck: inventories.defer_inventory_check,
    }),
    ...(items.separate_items_by_location !== undefined && {
      separateItemsByLocation: items.separate_items_by_location,
    }),
  };
}

function renderCartSettings(cart: StoreSettings["cart"]): Static<typeof cartSettingsAnswer>["data"] {
  return {
    type: "settings",
    cart_expiry_days: cart.expiryDays,
    discounts: {
      custom_discounts_enabled: cart.customDiscountsEnabled,
      use_rule_promotions: cart.useRulePromotions,
    },
    inventories: { defer_inventory_check: cart.deferInventoryCheck },
    items: { separate_items_by_location: cart.separateItemsByLocation },
    show_all_carts: cart.showAllCarts,
    custom_items_by_shoppers: cart.customItemsByShoppers,
    custom_discounts_by_shoppers: cart.customDiscountsByShoppers,
    owned_carts_need_token: cart.ownedCartsNeedToken,
    max_items: cart.maxItems,
    price_changes: cart.priceChanges,
    taxes_required: cart.taxesRequired,
    min_order_totals: [...cart.minOrderTotals],
  };
}
