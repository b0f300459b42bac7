import { afterAll, beforeAll, expect, test } from "vitest";
import { type AddToCart, addToCart } from "../../src/operations/add-to-cart.ts";
import { associateCart } from "../../src/operations/associate-cart.ts";
import type { Context } from "../../src/operations/context.ts";
import { createCart, deleteCart, updateCart } from "../../src/operations/edit-cart.ts";
import { getCart } from "../../src/operations/get-cart.ts";
import { mergeCarts } from "../../src/operations/merge-carts.ts";
import { checkOut } from "../../src/operations/place-order.ts";
import { removeFromCart, updateCartItems } from "../../src/operations/update-cart-items.ts";
import { newReference } from "../engine.ts";
import { interleave } from "./interleave.ts";
import { address, guest, openShop, type Shop } from "./shop.ts";

// Somebody else acts exactly between our load and our save of a cart.

let shop: Shop;
let shopper: Context;
beforeAll(async () => {
  shop = await openShop();
  shopper = { ...shop.context, actor: { kind: "shopper", label: "test" } };
});
afterAll(() => shop.close());

const adding = (cartId: string, productId: string, quantity = 1): AddToCart => ({
  cartId,
  items: [{ kind: "product", id: productId, quantity }],
  currency: undefined,
  defaultCurrency: "USD",
  allOrNothing: true,
});
const add = (cartId: string, productId: string, quantity?: number) =>
  addToCart(shop.deps, shopper, adding(cartId, productId, quantity));
const beforeSave = (other: () => Promise<unknown>) => interleave(shop.deps, "before", "carts", "save", other);
const customer = (customerId: string): Context => ({
  ...shopper,
  actor: { kind: "shopper", label: "test", customerId },
});

async function items(cartId: string): Promise<[productId: string, quantity: number][]> {
  const found = await getCart(shop.deps, shop.context, cartId);
  if (!found.ok) throw new Error(found.error.type);
  return found.value.cart.items.map((item) => [
    item.kind === "product" ? item.productId : item.sku,
    item.quantity,
  ]);
}

test("two shoppers who add to one cart at once lose nothing", async () => {
  const [a, b] = [await shop.newProduct(9), await shop.newProduct(9)];
  const cart = await shop.newCart([{ productId: a }]);
  const deps = beforeSave(() => add(cart, b));
  await addToCart(deps, shopper, adding(cart, a, 2));
  expect(await items(cart)).toEqual([
    [a, 3],
    [b, 1],
  ]);
});

test("two first items make one cart", async () => {
  const [a, b] = [await shop.newProduct(9), await shop.newProduct(9)];
  const cart = newReference();
  const deps = beforeSave(() => add(cart, b));
  expect(await addToCart(deps, shopper, adding(cart, a))).toMatchObject({
    ok: true,
    value: { quote: { cart: { version: 2 } } },
  });
  expect(await items(cart)).toEqual([
    [b, 1],
    [a, 1],
  ]);
});

test("an item that is added while the cart is deleted comes into a new cart", async () => {
  const [a, b] = [await shop.newProduct(9), await shop.newProduct(9)];
  const cart = await shop.newCart([{ productId: a }]);
  const deps = beforeSave(() => deleteCart(shop.deps, shopper, cart));
  expect(await addToCart(deps, shopper, adding(cart, b))).toMatchObject({ ok: true });
  expect(await items(cart)).toEqual([[b, 1]]);
});

test("a cart that was deleted is not brought back by a change of its name", async () => {
  const cart = await shop.newCart([{ productId: await shop.newProduct(9) }]);
  const deps = beforeSave(() => deleteCart(shop.deps, shopper, cart));
  await updateCart(deps, shopper, { cartId: cart, name: "Kitchen" });
  expect(await items(cart)).toEqual([]);
});

test("L3 a cart that becomes a customer's meanwhile is not changed or deleted by others", async () => {
  const [a, b] = [await shop.newProduct(9), await shop.newProduct(9)];
  const taking = (cartId: string) => () =>
    associateCart(shop.deps, customer("c1"), { cartId, owner: { kind: "customer", id: "c1" } });
  const refused = { ok: false, error: { type: "cart_not_yours" } };

  const first = await shop.newCart([{ productId: a }]);
  expect(await addToCart(beforeSave(taking(first)), shopper, adding(first, b))).toMatchObject(refused);
  expect(await items(first)).toEqual([[a, 1]]);

  const second = await shop.newCart([{ productId: a }]);
  const deps = interleave(shop.deps, "before", "carts", "delete", taking(second));
  expect(await deleteCart(deps, shopper, second)).toMatchObject(refused);
  expect(await items(second)).toEqual([[a, 1]]);
});

test("of two customers who take one cart at once the first has it", async () => {
  const cartId = await shop.newCart([{ productId: await shop.newProduct(9) }]);
  const take = (id: string, deps = shop.deps) =>
    associateCart(deps, customer(id), { cartId, owner: { kind: "customer", id } });
  const late = await take(
    "c3",
    beforeSave(() => take("c2")),
  );
  expect(late).toMatchObject({ ok: false, error: { type: "cart_not_yours" } });
  expect(await getCart(shop.deps, customer("c2"), cartId)).toMatchObject({
    ok: true,
    value: { cart: { customerId: "c2" } },
  });
});

test("a line that is removed meanwhile is not there to be changed", async () => {
  const [a, b] = [await shop.newProduct(9), await shop.newProduct(9)];
  const cartId = await shop.newCart([{ productId: a }, { productId: b }]);
  const found = await getCart(shop.deps, shopper, cartId);
  const itemId = found.ok ? (found.value.cart.items[0]?.id as string) : "";
  const deps = beforeSave(() => removeFromCart(shop.deps, shopper, { cartId, itemId }));
  const changed = await updateCartItems(deps, shopper, {
    cartId,
    changes: [{ itemId, quantity: 5 }],
    allOrNothing: true,
  });
  expect(changed).toMatchObject({ ok: false, error: { type: "cart_item_not_found" } });
  expect(await items(cartId)).toEqual([[b, 1]]);
});

test("stock that is sold meanwhile is looked at again", async () => {
  const productId = await shop.newProduct(2);
  const cart = await shop.newCart([{ productId: await shop.newProduct(9) }]);
  const deps = beforeSave(async () => {
    await shop.pay(await shop.newOrder([{ productId, quantity: 2 }]));
    await add(cart, await shop.newProduct(9));
  });
  expect(await addToCart(deps, shopper, adding(cart, productId, 2))).toMatchObject({
    ok: false,
    error: { type: "insufficient_stock" },
  });
});

test("a merge adds to what was added meanwhile", async () => {
  const [a, b] = [await shop.newProduct(9), await shop.newProduct(9)];
  const [from, to] = [
    await shop.newCart([{ productId: a, quantity: 2 }]),
    await shop.newCart([{ productId: a }]),
  ];
  const deps = beforeSave(() => add(to, b));
  const merging = { cartId: to, fromCartId: from, defaultCurrency: "USD", allOrNothing: true };
  expect(await mergeCarts(deps, shopper, merging)).toMatchObject({ ok: true });
  expect(await items(to)).toEqual([
    [a, 3],
    [b, 1],
  ]);
});

test("a cart that two make by reading it, or under one id, is one cart", async () => {
  const read = newReference();
  const deps = beforeSave(async () => add(read, await shop.newProduct(9)));
  const found = await getCart(deps, shopper, read);
  expect(found).toMatchObject({ ok: true, value: { cart: { version: 1, items: [{ quantity: 1 }] } } });

  const made = newReference();
  const again = beforeSave(() => createCart(shop.deps, customer("c4"), { cartId: made, name: "First" }));
  expect(await createCart(again, shopper, { cartId: made, name: "Second" })).toMatchObject({
    ok: false,
    error: { type: "cart_not_yours" },
  });
});

test("C1 an order is of one moment of its cart: what is added meanwhile is in the next one", async () => {
  const [a, b] = [await shop.newProduct(9), await shop.newProduct(9)];
  const cart = await shop.newCart([{ productId: a }]);
  const deps = interleave(shop.deps, "before", "orders", "insert", () => add(cart, b));
  const placed = await checkOut(deps, shopper, { cartId: cart, buyer: guest, billingAddress: address });
  expect(placed).toMatchObject({ ok: true, value: { totals: { withTax: 1000 }, lines: [{ productId: a }] } });
  expect(await items(cart)).toHaveLength(2);
  if (placed.ok) expect((await shop.pay(placed.value.id)).status).toBe(201);
  await shop.expectConsistent();
});

test("M4 twenty who change one cart at once all come through, or are told to try again", async () => {
  const cart = newReference();
  const products = await Promise.all(Array.from({ length: 20 }, () => shop.newProduct(9)));
  const put = async (productId: string): Promise<void> => {
    const { status, headers } = await shop.ask(
      "POST",
      `/v2/carts/${cart}/items`,
      { data: { type: "cart_item", id: productId, quantity: 1 } },
      { as: "shopper" },
    );
    if (status === 409 && headers.get("retry-after") === "1") return put(productId);
    expect(status).toBe(201);
  };
  await Promise.all(products.map(put));
  expect((await items(cart)).map(([id]) => id).sort()).toEqual(products.toSorted());
});
