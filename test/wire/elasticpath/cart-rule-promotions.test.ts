import { randomUUID } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newReference } from "../../engine.ts";
import { address, buyer, newProduct, rejection, type Sdk, sdkNames, useWire } from "./harness.ts";

const wire = useWire({ env: { CARTWRIGHT_SEED: "none" } });
let shop: Sdk;
beforeAll(async () => {
  shop = wire.sdk("@elasticpath/js-sdk", "shop");
  await shop.Gateways.Enabled("manual", true);
});

// Automatic promotions are for every cart: what a test leaves behind would change the next one's prices.
beforeEach(async () => {
  for (const { id } of (await shop.RulePromotions.All()).data) await shop.RulePromotions.Delete(id);
  for (const { id } of (await shop.Promotions.All()).data) await shop.Promotions.Delete(id);
});

const cartOff = (percent: number) => ({ strategy: "cart_discount", args: ["percent", percent] });

/** Makes a rule promotion; answers its id. */
async function promotion(actions: object[], members: object = {}, rules?: object): Promise<string> {
  const data = {
    name: "A rule",
    description: "Spring",
    enabled: true,
    automatic: true,
    start: "2020-01-01",
    end: "2090-01-01",
    rule_set: { ...(rules && { rules }), actions },
    ...members,
  };
  return (await shop.RulePromotions.Create(data)).data.id;
}

/** A rule promotion with one code; answers both. */
async function coded(actions: object[], code: object = {}, members: object = {}, name?: string) {
  const id = await promotion(actions, { automatic: false, ...members });
  const named = name ?? `Code-${randomUUID().slice(0, 8)}`;
  await shop.RulePromotions.AddCodes(id, [{ code: named, ...code }]);
  return { id, code: named };
}

// biome-ignore lint/suspicious/noExplicitAny: the answers are checked against schemas, and the SDK does not type all of them
type Item = any;
const lineOf = (items: readonly Item[], type: string) => items.filter((item) => item.type === type);
const amounts = ({ meta }: { meta: { display_price: Record<string, { amount: number }> } }) => ({
  total: meta.display_price.with_tax?.amount,
  discount: meta.display_price.discount?.amount,
});
const titles = ({ meta }: { meta: { messages?: { title: string }[] } }) =>
  (meta.messages ?? []).map(({ title }) => title);

/** A cart that takes rule promotions. */
async function ruleCart(members: object = {}): Promise<string> {
  const id = newReference();
  await shop.Cart(id).UpdateCart({ discount_settings: { use_rule_promotions: true }, ...members });
  return id;
}

describe.each(sdkNames)("rule promotions in carts with %s", (name) => {
  const shopper = () => wire.sdk(name, "shopper");

  test("G5 come after standard ones, on what these leave, and are told apart from them", async () => {
    await shop.Promotions.Create({
      type: "promotion",
      name: "Twenty off",
      description: "",
      enabled: true,
      automatic: true,
      promotion_type: "percent_discount",
      schema: { currencies: [{ currency: "USD", percentage: 20 }] },
      start: "2020-01-01",
      end: "2090-01-01",
    });
    const rule = await promotion([cartOff(10)]);
    const [a, b] = [await newProduct(wire), await newProduct(wire)];
    const cart = await ruleCart();
    await shopper().Cart(cart).AddProduct(a.id, 1);
    const items = await shopper().Cart(cart).AddProduct(b.id, 1);
    const full = items.meta.display_price.without_discount.amount;
    expect(amounts(items)).toEqual({ total: full * 0.72, discount: -full * 0.28 });
    const shown = lineOf(items.data, "promotion_item");
    expect(shown[0]).not.toHaveProperty("promotion_source");
    expect(shown[1]).toMatchObject({
      id: rule,
      name: "A rule",
      promotion_source: "rule-promotion",
      value: { amount: -full * 0.08 },
    });
    for (const line of lineOf(items.data, "cart_item")) {
      expect(line.discounts[0]).not.toHaveProperty("promotion_source");
      expect(line.discounts[1]).toMatchObject({
        id: rule,
        promotion_source: "rule-promotion",
        is_cart_discount: true,
      });
    }
    const plain = await shopper().Cart(newReference()).AddProduct(a.id, 1);
    expect(lineOf(plain.data, "promotion_item")).toHaveLength(1);
  });

  test("AddPromotion: a code in any case brings every promotion that has it; RemovePromotion takes it out", async () => {
    const code = `Both-${randomUUID().slice(0, 8)}`;
    const item = { strategy: "item_discount", args: ["fixed", 100] };
    const first = await coded([cartOff(10)], {}, { priority: 1 }, code);
    const second = await coded([item], {}, { priority: 2 }, code.toUpperCase());
    const { id } = await newProduct(wire);
    const cart = await ruleCart();
    const before = await shopper().Cart(cart).AddProduct(id, 1);
    const full = before.meta.display_price.with_tax.amount;
    const items = await shopper().Cart(cart).AddPromotion(code.toLowerCase());
    expect(amounts(items).total).toBe((full - 100) * 0.9);
    expect(lineOf(items.data, "promotion_item").map((one: Item) => one.id)).toEqual([second.id, first.id]);
    expect(titles(items)).toEqual(["Promotion Added", "Promotion Added"]);
    const again = await shopper().Cart(cart).AddPromotion(code.toUpperCase());
    expect([amounts(again), titles(again)]).toEqual([amounts(items), []]);

    const emptied = await shopper().Cart(cart).RemoveItem(first.id);
    expect([amounts(emptied).total, titles(emptied)]).toEqual([
      full,
      ["Deleted Promotion", "Deleted Promotion"],
    ]);
  });

  test("checkout: the order is priced as the cart was, and keeps what applied", async () => {
    const { id: rule, code } = await coded([cartOff(25)], { uses: 1 });
    const { id } = await newProduct(wire);
    const cart = await ruleCart();
    await shopper().Cart(cart).AddProduct(id, 2);
    const items = await shopper().Cart(cart).AddPromotion(code);
    const order = await shopper().Cart(cart).Checkout(buyer, address, address);
    expect(order.data.meta.display_price.with_tax.amount).toBe(amounts(items).total);
    const usesOf = async () => (await shop.RulePromotions.Codes(rule)).data[0].uses;
    expect(await usesOf()).toBe(0);
    const usages = await wire.ask("GET", `/v2/rule-promotions/${rule}/usages`);
    expect(usages.body.data).toMatchObject([{ order_id: order.data.id, code, times_used: 1 }]);
    const { data: lines } = await shop.Orders.Items(order.data.id);
    expect(lines).toContainEqual(
      expect.objectContaining({ id: rule, sku: code, promotion_source: "rule-promotion" }),
    );
    expect(lines[0].discounts).toMatchObject([{ id: rule, promotion_source: "rule-promotion" }]);

    const late = await rejection(shopper().Cart(cart).Checkout(buyer, address, address));
    expect(late.errors[0]).toMatchObject({ status: 422, title: "Promotion code refused" });
    await shop.Orders.Payment(order.data.id, { gateway: "manual", method: "purchase" });
    expect(await usesOf()).toBe(0);
  });
});

test("a cart that does not take rule promotions does not know their codes", async () => {
  const { code } = await coded([cartOff(10)]);
  const { id } = await newProduct(wire);
  const cart = newReference();
  await shop.Cart(cart).AddProduct(id, 1);
  expect(await rejection(shop.Cart(cart).AddPromotion(code))).toMatchObject({ errors: [{ status: 404 }] });
});

test("G2 a use comes back when the order is cancelled", async () => {
  const { id: rule, code } = await coded([cartOff(10)], { uses: 1 });
  const { id } = await newProduct(wire);
  const cart = await ruleCart();
  await shop.Cart(cart).AddProduct(id, 1);
  await shop.Cart(cart).AddPromotion(code);
  const order = await shop.Cart(cart).Checkout(buyer, address, address);
  await shop.Orders.Update(order.data.id, { status: "cancelled" });
  expect((await shop.RulePromotions.Codes(rule)).data[0].uses).toBe(1);
});

test("the better of two that are not stackable replaces the other, and messages say so", async () => {
  const alone = { stackable: false };
  const low = await coded([cartOff(10)], {}, { ...alone, priority: 1 });
  const high = await coded([cartOff(20)], {}, { ...alone, priority: 2 });
  const { id } = await newProduct(wire);
  const cart = await ruleCart();
  const before = await shop.Cart(cart).AddProduct(id, 1);
  const full = before.meta.display_price.with_tax.amount;
  await shop.Cart(cart).AddPromotion(low.code);
  const items = await shop.Cart(cart).AddPromotion(high.code);
  expect(amounts(items).total).toBe(full * 0.8);
  expect(items.meta.messages).toMatchObject([
    { source: { id: high.id }, title: "Promotion Added", description: "Promotion has been added to cart." },
    { source: { id: low.id }, title: "Deleted Promotion" },
    {
      source: { id: low.id, code: low.code },
      title: "Couldn't Stack Promotion",
      description: "Non-stackable promotion can't be applied with non-stackable promotion.",
    },
  ]);
  expect(titles(await shop.Cart(cart).Items())).toEqual(["Couldn't Stack Promotion"]);
});

test("conditions on the cart's attributes and total are looked at with every change, and told", async () => {
  const gold = {
    strategy: "and",
    children: [
      { strategy: "cart_custom_attribute", operator: "in", args: ["tier", "string", "gold"] },
      { strategy: "item_quantity", operator: "gte", args: [2] },
    ],
  };
  const id = await promotion([cartOff(10)], { automatic: false }, gold);
  await shop.RulePromotions.AddCodes(id, [{ code: "Gold" }]);
  const product = await newProduct(wire);
  const cart = await ruleCart({ custom_attributes: { tier: { type: "string", value: "gold" } } });
  await shop.Cart(cart).AddProduct(product.id, 1);
  const refused = await shop.Cart(cart).AddPromotion("GOLD");
  expect(refused.meta.messages).toMatchObject([
    {
      source: { id },
      title: "Promotion not applied",
      description: expect.stringContaining("item_quantity gte 2"),
    },
  ]);
  const applied = await shop.Cart(cart).AddProduct(product.id, 1);
  expect(titles(applied)).toEqual(["Promotion Added"]);
  expect(amounts(applied).discount).toBeLessThan(0);
});

test("shipping discounts come off the groups' base, in the cart and in the order", async () => {
  await promotion([
    {
      strategy: "shipping_discount",
      args: ["percent", 50],
      condition: { strategy: "shipping_type", operator: "in", args: ["express"] },
    },
  ]);
  const { id } = await newProduct(wire);
  const cart = await ruleCart();
  const group = await wire.ask("POST", `/v2/carts/${cart}/shipping-groups`, {
    data: {
      type: "shipping_group",
      shipping_type: "express",
      shipping_price: { base: 1000, tax: 100, fees: 10 },
    },
  });
  const added = await wire.ask("POST", `/v2/carts/${cart}/items`, {
    data: { type: "cart_item", id, quantity: 1, shipping_group_id: group.body.data.id },
  });
  const { shipping, shipping_discount } = added.body.meta.display_price;
  expect([shipping.amount, shipping_discount.amount]).toEqual([1110, -500]);
  const order = await shop.Cart(cart).Checkout(buyer, address, address);
  expect(order.data.meta.display_price).toMatchObject({
    with_tax: { amount: added.body.meta.display_price.with_tax.amount },
    shipping_discount: { amount: -500 },
  });
  const groups = await wire.ask("GET", `/v2/orders/${order.data.id}/shipping-groups`);
  expect(groups.body.data[0].meta.shipping_display_price.discount.amount).toBe(-500);
});

test("a limit for each shopper: guests need an e-mail, and are told who has used it up", async () => {
  const { code } = await coded([cartOff(10)], {
    max_uses_per_shopper: { max_uses: 1, includes_guests: true },
  });
  const { id } = await newProduct(wire);
  const email = `${randomUUID()}@example.com`;
  const cartOf = async (members: object) => {
    const cart = await ruleCart(members);
    await shop.Cart(cart).AddProduct(id, 1);
    return cart;
  };
  const anonymous = await cartOf({});
  const waiting = await shop.Cart(anonymous).AddPromotion(code);
  expect([titles(waiting), amounts(waiting).discount]).toEqual([["Promotion not applied"], 0]);
  const first = await cartOf({ contact: { email } });
  expect(titles(await shop.Cart(first).AddPromotion(code))).toEqual(["Promotion Added"]);
  const person = { name: "Ada", email };
  await shop.Cart(first).Checkout(person, address, address);
  const second = await cartOf({ contact: { email: email.toUpperCase() } });
  expect((await rejection(shop.Cart(second).AddPromotion(code))).errors[0]).toMatchObject({
    status: 422,
    detail: "You have used the promotion code as often as you may",
  });
  // Who the buyer is becomes known at checkout at the latest.
  const late = await rejection(shop.Cart(anonymous).Checkout(person, address, address));
  expect(late.errors[0]).toMatchObject({ status: 422, title: "Promotion code refused" });
});

test("a code for new shoppers is for who has not paid before", async () => {
  const { code } = await coded([cartOff(10)], { is_for_new_shopper: true });
  const { id } = await newProduct(wire);
  const email = `${randomUUID()}@example.com`;
  const person = { name: "Ada", email };
  const cart = await ruleCart({ contact: { email } });
  await shop.Cart(cart).AddProduct(id, 1);
  const order = await shop.Cart(cart).Checkout(person, address, address);
  expect(titles(await shop.Cart(cart).AddPromotion(code))).toEqual(["Promotion Added"]);
  await shop.Orders.Payment(order.data.id, { gateway: "manual", method: "purchase" });
  const items = await shop.Cart(cart).Items();
  expect(items.meta.messages).toMatchObject([
    { title: "Promotion not applied", description: "The code is for customers who have not bought before." },
  ]);
});

test("G1 one use left is one order's, of 20 carts that check out at once", async () => {
  const { id: rule, code } = await coded([cartOff(10)], { uses: 1 });
  const { id } = await newProduct(wire);
  const carts = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const cart = await ruleCart();
      await shop.Cart(cart).AddProduct(id, 1);
      await shop.Cart(cart).AddPromotion(code);
      return cart;
    }),
  );
  const answers = await Promise.all(
    carts.map((cart) =>
      wire.ask("POST", `/v2/carts/${cart}/checkout`, {
        data: { customer: buyer, billing_address: address, shipping_address: address },
      }),
    ),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 422)).toHaveLength(19);
  expect((await shop.RulePromotions.Codes(rule)).data[0].uses).toBe(0);
});

test("G7 the explanation names every rule promotion, what it took and why another did not", async () => {
  const applied = await promotion([cartOff(10)], { priority: 2, stackable: false });
  const refused = await promotion([cartOff(20)], { priority: 1 });
  const { id } = await newProduct(wire);
  const cart = await ruleCart();
  const items = await shop.Cart(cart).AddProduct(id, 1);
  const { body } = await wire.engine.ask("GET", `/cartwright/carts/${cart}/explain`);
  expect(body.steps.map((step: { type: string }) => step.type)).toEqual([
    "goods",
    "rule_promotion",
    "refused_rule_promotion",
  ]);
  expect(body.steps[1]).toMatchObject({ promotion: { id: applied, levels: ["cart"] } });
  expect(body.steps[2]).toMatchObject({
    promotion: { id: refused },
    reason: { type: "not_stackable", with: applied },
  });
  expect(body.total).toBe(amounts(items).total);
});
