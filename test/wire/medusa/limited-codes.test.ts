import { beforeAll, describe, expect, test } from "vitest";
import { useMedusa } from "./harness.ts";

const wire = useMedusa();

let region = "";
let variant = "";
beforeAll(async () => {
  const body = {
    name: "US",
    currency_code: "usd",
    tax_rate: 0,
    payment_providers: ["manual"],
    fulfillment_providers: ["manual"],
    countries: ["us"],
  };
  region = (await wire.admin("POST", "/admin/regions", body)).region.id;
  const { product } = await wire.admin("POST", "/admin/products", {
    title: "A thing",
    status: "published",
    options: [{ title: "Size" }],
    variants: [
      {
        title: "One",
        manage_inventory: false,
        prices: [{ currency_code: "usd", amount: 1000 }],
        options: [{ value: "One" }],
      },
    ],
  });
  variant = product.variants[0].id;
});

let made = 0;
async function newDiscount(usageLimit: number): Promise<{ id: string; code: string }> {
  made += 1;
  const rule = { type: "percentage", value: 50, allocation: "total" };
  const body = { code: `LIMIT-${made}`, rule, regions: [region], usage_limit: usageLimit };
  return (await wire.admin("POST", "/admin/discounts", body)).discount;
}

/** A cart with a thing for 10.00 dollars that needs nothing more to be completed. */
async function newCart(codes: Readonly<Record<string, unknown>>): Promise<string> {
  made += 1;
  const items = [{ variant_id: variant, quantity: 1 }];
  const { body } = await wire.ask("POST", "/store/carts", { region_id: region, country_code: "us", items });
  const path = `/store/carts/${body.cart.id}`;
  const updated = await wire.ask("POST", path, { email: `buyer-${made}@example.com`, ...codes });
  expect(updated.status, JSON.stringify(updated.body)).toBe(200);
  await wire.ask("POST", `${path}/payment-sessions`, {});
  return path;
}

const complete = (path: string) => wire.ask("POST", `${path}/complete`, {});
const usesOf = async (id: string) => (await wire.admin("GET", `/admin/discounts/${id}`)).discount.usage_count;

describe("a discount with a limit", () => {
  test("G1 a hundred buyers at once of a code for ten orders: exactly ten get it, and nobody pays without it", async () => {
    const { id, code } = await newDiscount(10);
    const carts: string[] = [];
    for (let n = 0; n < 100; n += 10) {
      const ten = Array.from({ length: 10 }, () => newCart({ discounts: [{ code }] }));
      carts.push(...(await Promise.all(ten)));
    }
    const answers = await Promise.all(carts.map(complete));
    const bought = answers.filter(({ body }) => body.type === "order");
    expect(bought).toHaveLength(10);
    expect(bought.every(({ body }) => body.data.discount_total === 500 && body.data.total === 500)).toBe(
      true,
    );
    const refused = answers.filter(({ body }) => body.type !== "order");
    const messages = new Set(refused.map(({ status, body }) => `${status} ${body.message}`));
    expect([...messages]).toEqual([`400 Discount ${code} has been used maximum allowed times`]);
    expect(await usesOf(id)).toBe(10);
  });

  test("G2 an order that is called off gives its use back", async () => {
    const { id, code } = await newDiscount(1);
    const { body } = await complete(await newCart({ discounts: [{ code }] }));
    expect(await usesOf(id)).toBe(1);
    const again = await wire.ask("POST", await newCart({}), { discounts: [{ code }] });
    expect(again).toMatchObject({
      status: 400,
      body: { type: "not_allowed", message: `Discount ${code} has been used maximum allowed times` },
    });
    await wire.admin("POST", `/admin/orders/${body.data.id}/cancel`, {});
    expect(await usesOf(id)).toBe(0);
    expect((await complete(await newCart({ discounts: [{ code }] }))).body.type).toBe("order");
  });
});

describe("a gift card", () => {
  const newCard = async (value: number) =>
    (await wire.admin("POST", "/admin/gift-cards", { region_id: region, value })).gift_card;
  const balanceOf = async (code: string) =>
    (await wire.ask("GET", `/store/gift-cards/${code}`)).body.gift_card.balance;

  test("G1 six buyers at once with a card that pays for three: three buy, and its balance is nothing", async () => {
    const { code } = await newCard(3000);
    const carts = await Promise.all(Array.from({ length: 6 }, () => newCart({ gift_cards: [{ code }] })));
    const answers = await Promise.all(carts.map(complete));
    expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
    const bought = answers.filter(({ body }) => body.type === "order");
    expect(bought).toHaveLength(3);
    expect(bought.every(({ body }) => body.data.gift_card_total === 1000 && body.data.total === 0)).toBe(
      true,
    );
    expect(await balanceOf(code)).toBe(0);
  });

  test("an order that is called off gives back what the card paid", async () => {
    const { code } = await newCard(1500);
    const { body } = await complete(await newCart({ gift_cards: [{ code }] }));
    expect(body.data.gift_card_transactions).toMatchObject([{ amount: 1000, order_id: body.data.id }]);
    expect(await balanceOf(code)).toBe(500);
    await wire.admin("POST", `/admin/orders/${body.data.id}/cancel`, {});
    expect(await balanceOf(code)).toBe(1500);
  });
});
