import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aShop, coreId, readyCart, type Shop } from "../wire/medusa/a-shop.ts";
import { useMedusa } from "../wire/medusa/harness.ts";
import { headerOf } from "./inbox.ts";
import { amountsIn, mailsTo as mailsOf, openPostOffice, quiet } from "./post-office.ts";

const { inbox, env, surroundings } = await openPostOffice();
const wire = useMedusa(env, surroundings);
let shop: Shop;
beforeAll(async () => {
  shop = await aShop(wire, { pieces: 100 });
});
afterAll(() => inbox.close());

const address = {
  first_name: "Ada",
  last_name: "Byron",
  line_1: "1 Long Lane",
  postcode: "90210",
  country: "US",
  county: "CA",
};

const mailsTo = (email: string, count: number) => mailsOf(wire.engine, inbox, email, count);

async function completed(path: string): Promise<{ id: string; display_id: number; items: { id: string }[] }> {
  const { status, body } = await wire.ask("POST", `${path}/complete`);
  expect(status).toBe(200);
  return body.data;
}

async function bought(email: string, options: Parameters<typeof readyCart>[2] = {}) {
  const path = await readyCart(wire, shop, { email, ...options });
  await wire.ask("POST", `${path}/shipping-methods`, { option_id: shop.optionId });
  return completed(path);
}

describe("an order of a region", () => {
  test("A5 is confirmed once, with lines, shipping, tax and a total that add up", async () => {
    const email = "confirm@example.com";
    const path = await readyCart(wire, shop, {
      email,
      items: [
        { variant_id: shop.variantId, quantity: 2 },
        { variant_id: shop.uncountedId, quantity: 3 },
      ],
    });
    await wire.ask("POST", `${path}/shipping-methods`, { option_id: shop.optionId });
    const order = await completed(path);
    // Whoever completes it again gets the same order, and no second mail.
    await Promise.all(Array.from({ length: 5 }, () => wire.ask("POST", `${path}/complete`)));
    const [mail, ...more] = await mailsTo(email, 1);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe(`Your order #${order.display_id}`);
    expect(mail?.from).toBe("shop@shop.example");
    expect(headerOf(mail?.headers ?? [], "from")).toBe("Test Shop <shop@shop.example>");
    expect(mail?.text).toContain(`https://shop.example/en/order/confirmed/${order.id}`);
    expect(mail?.text).toContain("Ada");
    expect(mail?.text).toContain("Berlin");
    const { Subtotal, Tax, Total, "Shipping (Standard)": shipping, ...lines } = amountsIn(mail?.text ?? "");
    expect([Subtotal, shipping, Tax, Total]).toEqual([2999, 500, 700, 4199]);
    expect(Object.values(lines).reduce((sum, amount) => sum + amount, 0)).toBe(Subtotal);
    for (const said of ["Main tee", "Standard", "41.99", `/order/confirmed/${order.id}`]) {
      expect(mail?.html).toContain(said);
      expect(mail?.text).toContain(said);
    }
  });

  test("is told of when it is captured, sent with its numbers, paid back and returned", async () => {
    const email = "life@example.com";
    const order = await bought(email, { items: [{ variant_id: shop.variantId, quantity: 2 }] });
    const item = order.items[0]?.id;
    const at = `/admin/orders/${order.id}`;
    await wire.admin("POST", `${at}/capture`);
    await wire.admin("POST", `${at}/fulfillment`, { items: [{ item_id: item, quantity: 2 }] });
    const { order: packed } = await wire.admin("GET", at);
    await wire.admin("POST", `${at}/shipment`, {
      fulfillment_id: packed.fulfillments[0].id,
      tracking_numbers: ["TRACK-1", "TRACK-2"],
    });
    await wire.admin("POST", `${at}/refund`, { amount: 700, reason: "other" });
    const { order: returned } = await wire.admin("POST", `${at}/return`, {
      items: [{ item_id: item, quantity: 1 }],
    });
    const [goods] = returned.returns;
    await wire.admin("POST", `/admin/returns/${goods.id}/receive`, {
      items: [{ item_id: item, quantity: 1 }],
    });
    // What came back was paid back at once.
    const mails = await mailsTo(email, 7);
    const number = `#${order.display_id}`;
    expect(mails.map(({ subject }) => subject).sort()).toEqual(
      [
        `Your order ${number}`,
        `Payment received for order ${number}`,
        `Your order ${number} is on its way`,
        `Refund for order ${number}`,
        `Refund for order ${number}`,
        `Return of order ${number}`,
        `Your return of order ${number} has arrived`,
      ].sort(),
    );
    const said = (part: string) => mails.find(({ subject }) => subject.includes(part))?.text ?? "";
    expect(said("Payment received")).toContain("30.00");
    expect(said("on its way")).toContain("2 × Main tee");
    expect(said("on its way")).toContain("TRACK-1\nTRACK-2");
    const refunds = mails.filter(({ subject }) => subject.startsWith("Refund"));
    expect(refunds.map(({ text }) => /\d+\.\d\d/.exec(text)?.[0]).sort()).toEqual(["12.00", "7.00"]);
    expect(said("Return of")).toContain("1 × Main tee");
    expect(said("has arrived")).toContain("1 × Main tee");
  });

  test("nobody is told of what was said to be told nobody", async () => {
    const email = "silent@example.com";
    const order = await bought(email);
    await mailsTo(email, 1);
    const at = `/admin/orders/${order.id}`;
    await wire.admin("POST", `${at}`, { no_notification: true });
    await wire.admin("POST", `${at}/capture`);
    const item = order.items[0]?.id;
    // What is said of a part goes before what was said of the whole.
    await wire.admin("POST", `${at}/fulfillment`, {
      items: [{ item_id: item, quantity: 1 }],
      no_notification: false,
    });
    const { order: packed } = await wire.admin("GET", at);
    await wire.admin("POST", `${at}/shipment`, { fulfillment_id: packed.fulfillments[0].id });
    await wire.admin("POST", `${at}/refund`, { amount: 100, reason: "other" });
    const other = await bought("told@example.com");
    const there = `/admin/orders/${other.id}`;
    await wire.admin("POST", `${there}/capture`);
    await wire.admin("POST", `${there}/refund`, { amount: 100, reason: "other", no_notification: true });
    const subjects = async (to: string, count: number) =>
      (await mailsTo(to, count)).map(({ subject }) => subject.replace(/#\d+/, "N")).sort();
    expect(await subjects(email, 2)).toEqual(["Your order N", "Your order N is on its way"]);
    expect(await subjects("told@example.com", 2)).toEqual(["Payment received for order N", "Your order N"]);
  });

  test("is told of when it is cancelled, without a word of what the customer need not know", async () => {
    const email = "cancel@example.com";
    const order = await bought(email);
    await mailsTo(email, 1);
    await wire.admin("POST", `/admin/orders/${order.id}/cancel`);
    const mails = await mailsTo(email, 2);
    expect(mails.map(({ subject }) => subject)).toEqual([
      `Your order #${order.display_id}`,
      `Your order #${order.display_id} was cancelled`,
    ]);
  });

  test("with gift cards tells the codes in a mail of their own", async () => {
    const { product } = await wire.admin("POST", "/admin/products", {
      title: "Gift card",
      is_giftcard: true,
      discountable: false,
      status: "published",
      options: [{ title: "Value" }],
      variants: [
        {
          title: "50",
          manage_inventory: false,
          prices: [{ currency_code: "eur", amount: 5000 }],
          options: [{ value: "50" }],
        },
      ],
    });
    const email = "gift@example.com";
    await bought(email, { items: [{ variant_id: product.variants[0].id, quantity: 2 }] });
    const mails = await mailsTo(email, 2);
    const card = mails.find(({ subject }) => subject.includes("gift card"));
    const codes = card?.text.match(/[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/g) ?? [];
    expect(new Set(codes).size).toBe(2);
    const { gift_cards: cards } = await wire.admin("GET", "/admin/gift-cards?limit=100");
    for (const code of codes) {
      expect(cards.map((one: { code: string }) => one.code)).toContain(code);
      expect(card?.html).toContain(code);
    }
    expect(mails.filter(({ text }) => codes.some((code) => text.includes(code)))).toHaveLength(1);
  });
});

describe("the staff", () => {
  const decide = (body: object) => wire.engine.ask("PUT", "/cartwright/mail", body);
  afterAll(() => decide({}));

  test("are told of a new order where the store says who, once each, whatever shoppers are told", async () => {
    const [one, other] = ["one@staff.example", "other@staff.example"];
    expect((await decide({ staff_addresses: ["nobody"] })).status).toBe(400);
    const { body: settings } = await decide({ staff_addresses: [one, other] });
    expect(settings.staff_addresses).toEqual([one, other]);
    const order = await bought("told@example.com");
    await wire.admin("POST", `/admin/orders/${order.id}/capture`);
    for (const address of [one, other]) {
      const [mail, ...more] = await mailsTo(address, 1);
      expect(more).toEqual([]);
      expect(mail?.subject).toMatch(new RegExp(`^New order #${order.display_id}: `));
      for (const said of ["told@example.com", "Main tee", "Berlin"]) expect(mail?.text).toContain(said);
      expect(mail?.text).not.toContain("/order/confirmed/");
    }
    await decide({ staff_addresses: [one], links: { staff_order: "https://back.example/{{order.id}}" } });
    const second = await bought("told@example.com");
    const [, mail] = await mailsTo(one, 2);
    expect(mail?.text).toContain(`https://back.example/${second.id}`);
    expect(await mailsTo(other, 1)).toHaveLength(1);
  });
});

test("a change of an order that waits for its customer is told, with what it costs, and not when it is taken back", async () => {
  const email = "edited@example.com";
  const order = await bought(email);
  await mailsTo(email, 1);
  const begin = async () => {
    const { order_edit: edit } = await wire.admin("POST", "/admin/order-edits", { order_id: order.id });
    const path = `/admin/order-edits/${edit.id}`;
    await wire.admin("POST", `${path}/items`, { variant_id: shop.variantId, quantity: 1 });
    return { id: edit.id as string, path };
  };
  const edit = await begin();
  await wire.admin("POST", `${edit.path}/request`);
  const [, mail] = await mailsTo(email, 2);
  expect(mail?.subject).toBe(`A change of your order #${order.display_id}`);
  expect(mail?.text).toContain("12.00 are to be paid for it");
  expect(mail?.text).toContain(`https://shop.example/en/order/confirmed/${order.id}`);
  await wire.admin("POST", `${edit.path}/cancel`);

  const links = { order_edit: "/edits/{{edit.id}}" };
  await wire.engine.ask("PUT", "/cartwright/mail", { links });
  const again = await begin();
  await wire.admin("POST", `${again.path}/request`);
  const [, , linked] = await mailsTo(email, 3);
  expect(linked?.text).toContain(`https://shop.example/en/edits/${again.id}`);
  await wire.engine.ask("PUT", "/cartwright/mail", {});
});

describe("an order of the other API", () => {
  beforeAll(async () => {
    await wire.engine.ask("PUT", "/v2/gateways/manual", { data: { type: "gateway", enabled: true } });
  });
  async function placed(email: string, name = "Ada Byron"): Promise<string> {
    const cart = email.replace(/\W/g, "");
    const ask = (path: string, data: object) =>
      wire.engine.ask("POST", path, { data }, { headers: { "x-moltin-currency": "EUR" } });
    for (const [id, quantity] of [
      [shop.variantId, 2],
      [shop.uncountedId, 1],
    ] as const) {
      const added = await ask(`/v2/carts/${cart}/items`, { type: "cart_item", id: coreId(id), quantity });
      expect(added.status).toBe(201);
    }
    const sold = await ask(`/v2/carts/${cart}/checkout`, {
      customer: { name, email },
      billing_address: address,
    });
    expect(sold.status).toBe(201);
    return sold.body.data.id;
  }
  const pay = (orderId: string, method: string) =>
    wire.engine.ask("POST", `/v2/orders/${orderId}/payments`, { data: { gateway: "manual", method } });

  test("is confirmed when there is money for it, and not before", async () => {
    const email = "unpaid@example.com";
    const orderId = await placed(email);
    await quiet(wire.engine);
    expect(inbox.find(email)).toEqual([]);
    expect((await pay(orderId, "purchase")).status).toBe(201);
    const [mail, ...more] = await mailsTo(email, 1);
    expect(more).toEqual([]);
    const { Subtotal, Total, ...lines } = amountsIn(mail?.text ?? "");
    expect(Total).toBe(2333);
    expect(Object.values(lines).reduce((sum, amount) => sum + amount, 0)).toBe(Subtotal);
    expect(mail?.text).toContain("1 Long Lane\n90210\nCA\nUS");
    expect(mail?.html).toContain("1 Long Lane<br>90210<br>CA<br>US");
  });

  test("that is authorized first and captured later is confirmed, and then told of the payment", async () => {
    const email = "later@example.com";
    const orderId = await placed(email);
    const { body } = await pay(orderId, "authorize");
    const capture = `/v2/orders/${orderId}/transactions/${body.data.id}/capture`;
    await mailsTo(email, 1);
    expect((await wire.engine.ask("POST", capture, {})).status).toBe(200);
    const subjects = (await mailsTo(email, 2)).map(({ subject }) => subject.replace(/order .*/, "order"));
    expect(subjects).toEqual(["Your order", "Payment received for order"]);
  });

  test("whose buyer has a script for a name and a line end in it does no harm", async () => {
    const email = "script@example.com";
    const orderId = await placed(email, 'Eve <script>alert("1")</script>\r\nBcc: victim@example.com');
    expect((await pay(orderId, "purchase")).status).toBe(201);
    const [mail] = await mailsTo(email, 1);
    expect(mail?.html).not.toContain("<script");
    expect(mail?.headers.map(([name]) => name)).not.toContain("bcc");
    expect(mail?.to).toEqual([email]);
    expect(inbox.find("victim@example.com")).toEqual([]);
  });
});
