import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Cart } from "../../src/domain/cart/cart.ts";
import { addDiscounts } from "../../src/operations/cart-custom-discounts.ts";
import { addGroup, removeGroup, updateGroup } from "../../src/operations/cart-shipping-groups.ts";
import type { Deps } from "../../src/operations/deps.ts";
import { updateCart } from "../../src/operations/edit-cart.ts";
import { getCart } from "../../src/operations/get-cart.ts";
import { addGroupToOrder, updateGroupOfOrder } from "../../src/operations/order-shipping-groups.ts";
import { checkOut } from "../../src/operations/place-order.ts";
import { emptyCart, removeFromCart, updateCartItems } from "../../src/operations/update-cart-items.ts";
import { anonymizeOrders, shipOrder } from "../../src/operations/update-order.ts";
import { interleave } from "./interleave.ts";
import { address, byStatus, guest, openShop, type Shop } from "./shop.ts";

// Somebody else acts exactly between our load and our save.

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const beforeSave = (other: () => Promise<unknown>, port: "carts" | "orders" = "carts") =>
  interleave(shop.deps, "before", port, "save", other);
const refused = (type: string) => ({ ok: false, error: { type } });

async function cartOf(cartId: string): Promise<Cart> {
  const found = await getCart(shop.deps, shop.context, cartId);
  if (!found.ok) throw new Error(found.error.type);
  return found.value.cart;
}
async function newCart(): Promise<{ cartId: string; itemId: string }> {
  const cartId = await shop.newCart([{ productId: await shop.newProduct(9) }]);
  return { cartId, itemId: (await cartOf(cartId)).items[0]?.id as string };
}

describe("custom discounts", () => {
  const wire = {
    type: "custom_discount",
    external_id: "E",
    discount_engine: "X",
    amount: -1,
    description: "",
    discount_code: "C",
  };

  async function discountedCart(count: number) {
    const made = await newCart();
    const discountSettings = { customDiscountsEnabled: true };
    await updateCart(shop.deps, shop.context, { cartId: made.cartId, discountSettings });
    for (let index = 0; index < count; index += 1) await give(made.cartId);
    return made;
  }

  function give(cartId: string, itemId?: string, deps: Deps = shop.deps) {
    const words = { externalId: "E", engine: "X", description: "", code: "C" };
    const discount = { id: randomUUID(), amount: -1, ...words };
    const discounts = [{ itemId, discount, currency: undefined }];
    return addDiscounts(deps, shop.context, { cartId, discounts, allOrNothing: true });
  }

  test("of two that are the fifth at once, the second is refused", async () => {
    const { cartId, itemId } = await discountedCart(4);
    const late = await give(
      cartId,
      undefined,
      beforeSave(() => give(cartId)),
    );
    expect(late).toMatchObject(refused("custom_discount_limit_reached"));
    expect((await cartOf(cartId)).customDiscounts).toHaveLength(5);
    for (let index = 0; index < 4; index += 1) await give(cartId, itemId);
    const lateOnItem = await give(
      cartId,
      itemId,
      beforeSave(() => give(cartId, itemId)),
    );
    expect(lateOnItem).toMatchObject(refused("custom_discount_limit_reached"));
    expect((await cartOf(cartId)).items[0]?.customDiscounts).toHaveLength(5);
  });

  test("are five when a dozen are given at once", async () => {
    const { cartId } = await discountedCart(0);
    const put = async (): Promise<{ status: number }> => {
      const answer = await shop.ask("POST", `/v2/carts/${cartId}/custom-discounts`, { data: wire });
      return answer.status === 409 ? put() : answer;
    };
    const answers = await Promise.all(Array.from({ length: 12 }, put));
    expect(byStatus(answers)).toEqual({ 201: 5, 422: 7 });
    expect((await cartOf(cartId)).customDiscounts).toHaveLength(5);
  });

  test("are not given to a cart that is emptied, or takes them no longer", async () => {
    const emptied = await discountedCart(0);
    const empty = () => emptyCart(shop.deps, shop.context, emptied.cartId);
    expect(await give(emptied.cartId, undefined, beforeSave(empty))).toMatchObject(refused("cart_empty"));
    expect(await cartOf(emptied.cartId)).not.toHaveProperty("customDiscounts");

    const { cartId, itemId } = await discountedCart(0);
    const discountSettings = { customDiscountsEnabled: false };
    const turnOff = () => updateCart(shop.deps, shop.context, { cartId, discountSettings });
    expect(await give(cartId, itemId, beforeSave(turnOff))).toMatchObject(
      refused("custom_discounts_disabled"),
    );
  });
});

describe("C6 shipping groups of a cart", () => {
  const price = { base: 500, tax: 0, fees: 0, discount: 0 };

  async function groupedCart() {
    const made = await newCart();
    const groupId = randomUUID();
    const wanted = { cartId: made.cartId, groupId, details: { price }, currency: undefined };
    expect(await addGroup(shop.deps, shop.context, wanted)).toMatchObject({ ok: true });
    return { ...made, ...wanted };
  }
  type Grouped = Awaited<ReturnType<typeof groupedCart>>;

  const attach = ({ cartId, itemId, groupId }: Grouped, deps: Deps = shop.deps) =>
    updateCartItems(deps, shop.context, {
      cartId,
      changes: [{ itemId, shippingGroupId: groupId }],
      allOrNothing: true,
    });

  test("one that an item is put into meanwhile is not deleted", async () => {
    const made = await groupedCart();
    const deleted = await removeGroup(
      beforeSave(() => attach(made)),
      shop.context,
      made,
    );
    expect(deleted).toMatchObject(refused("shipping_group_attached"));
    expect(await cartOf(made.cartId)).toMatchObject({
      shippingGroups: [{ id: made.groupId }],
      items: [{ shippingGroupId: made.groupId }],
    });
  });

  test("one that is deleted meanwhile takes no item", async () => {
    const made = await groupedCart();
    const deps = beforeSave(() => removeGroup(shop.deps, shop.context, made));
    expect(await attach(made, deps)).toMatchObject(refused("item_shipping_group_not_found"));
    expect((await cartOf(made.cartId)).items[0]).not.toHaveProperty("shippingGroupId");
  });

  test("one whose last item goes meanwhile is deleted", async () => {
    const made = await groupedCart();
    await attach(made);
    expect(await removeGroup(shop.deps, shop.context, made)).toMatchObject(
      refused("shipping_group_attached"),
    );
    const late = interleave(shop.deps, "before", "carts", "load", () =>
      removeFromCart(shop.deps, shop.context, made),
    );
    expect(await removeGroup(late, shop.context, made)).toMatchObject({ ok: true });
  });

  test("an order has the price of one moment, and pays what it shows", async () => {
    const made = await groupedCart();
    await attach(made);
    const reprice = () =>
      updateGroup(shop.deps, shop.context, { ...made, details: { price: { ...price, base: 9000 } } });
    const deps = interleave(shop.deps, "before", "orders", "insert", reprice);
    const placed = await checkOut(deps, shop.context, {
      cartId: made.cartId,
      buyer: guest,
      billingAddress: address,
    });
    expect(placed).toMatchObject({
      ok: true,
      value: { totals: { shipping: 500, withTax: 1500 }, shippingGroups: [{ price }] },
    });
    if (!placed.ok) return;
    expect((await shop.pay(placed.value.id)).status).toBe(201);
    expect(shop.gateway.taken(placed.value.id)).toBe(1500);
    await shop.expectConsistent();
  });
});

describe("shipping groups of an order", () => {
  async function groupedOrder() {
    const orderId = await shop.newOrder([{ productId: await shop.newProduct(9) }]);
    const groupId = randomUUID();
    const wanted = { orderId, groupId, details: { address, shippingType: "post" } };
    expect(await addGroupToOrder(shop.deps, shop.context, wanted)).toMatchObject({ ok: true });
    return wanted;
  }
  const groups = async (orderId: string) =>
    (await shop.ask("GET", `/v2/orders/${orderId}/shipping-groups`)).body.data;
  const elsewhere = { address: { ...address, line_1: "2 Short Lane" } };

  test("the address of one is not changed while the order is fulfilled, or anonymized", async () => {
    const made = await groupedOrder();
    await shop.pay(made.orderId);
    const move = (other: () => Promise<unknown>) =>
      updateGroupOfOrder(beforeSave(other, "orders"), shop.context, { ...made, details: elsewhere });
    const shipped = await move(() => shipOrder(shop.deps, shop.context, made.orderId));
    expect(shipped).toMatchObject(refused("order_fulfilled"));
    expect(await groups(made.orderId)).toMatchObject([{ address: { line_1: address.line_1 } }]);
    const track = { ...made, details: { trackingReference: "T" } };
    const deps = beforeSave(() => anonymizeOrders(shop.deps, shop.context, [made.orderId]), "orders");
    expect(await updateGroupOfOrder(deps, shop.context, track)).toMatchObject(refused("order_anonymized"));
    expect(await groups(made.orderId)).toMatchObject([{ address: { line_1: "*" } }]);
    expect((await groups(made.orderId))[0]).not.toHaveProperty("tracking_reference");
    await shop.expectConsistent();
  });

  test("two that are added at once are both there, and a payment meanwhile is not lost", async () => {
    const made = await groupedOrder();
    const add = (deps: Deps) =>
      addGroupToOrder(deps, shop.context, { ...made, groupId: randomUUID(), details: {} });
    const deps = beforeSave(async () => {
      await add(shop.deps);
      expect((await shop.pay(made.orderId)).status).toBe(201);
    }, "orders");
    expect(await add(deps)).toMatchObject({ ok: true });
    expect(await groups(made.orderId)).toHaveLength(3);
    expect(await shop.order(made.orderId)).toMatchObject({ payment: "paid" });
    await shop.expectConsistent();
  });
});
