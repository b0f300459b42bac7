import { describe, expect, test } from "vitest";
import { aCard, aDiscount, aLine, priced, rate, shippingOf } from "../../test/region-carts.ts";
import { formatMoney, plainFormat } from "../domain/currency.ts";
import type { Order } from "../domain/order/order.ts";
import type { RegionOrderPart } from "../domain/order/region-part.ts";
import { composeMail, type MailAbout, type MailStyle } from "./compose-mail.ts";
import { mailLabels } from "./labels.ts";
import { mailDefaults, mailKinds } from "./mail-kinds.ts";
import { orderParts } from "./order-details.ts";
import { sampleAbout, sampleOrder } from "./sample-order.ts";

const NOW = "2026-11-21T12:00:00.000Z";
const order = sampleOrder("EUR", NOW);
const money = (amount: number, currency: string): string => formatMoney(amount, plainFormat(currency));

function style(kind: MailAbout["kind"], more: Partial<MailStyle> = {}): MailStyle {
  return {
    storeName: "Shop",
    words: mailDefaults[kind].words,
    labels: mailLabels,
    footer: "",
    language: "en",
    money,
    orderId: ({ id }) => id,
    links: {},
    ...more,
  };
}

const mailOf = (about: MailAbout, more?: Partial<MailStyle>) => composeMail(about, style(about.kind, more));

/** The amounts of an order's mail: of its lines, of the rows, and the total they lead to. */
function sumsOf(of: Order) {
  const plain = (amount: number): string => String(amount);
  const parts = orderParts(of, plain, mailLabels);
  const goods = parts.flatMap((part) => (part.kind === "goods" ? part.rows : []));
  const [totals] = parts.flatMap((part) => (part.kind === "totals" ? [part] : []));
  const rows = totals?.rows.map(({ name, amount }) => [name, Number(amount)] as const) ?? [];
  const lines = goods.reduce((sum, { amount }) => sum + Number(amount), 0);
  return {
    lines,
    rows: Object.fromEntries(rows),
    subtotal: rows[0]?.[1],
    parts: rows.slice(0, -1),
    total: rows.at(-1)?.[1],
    note: totals?.note,
  };
}

const addUp = (parts: readonly (readonly [string, number])[]): number =>
  parts.reduce((sum, [, amount]) => sum + amount, 0);

describe.each(mailKinds)("%s", (kind) => {
  const about = sampleAbout(kind, order);

  test("says the same as text and as HTML, with nothing left to fill in", () => {
    const { subject, text, html } = mailOf(about);
    expect(subject).not.toBe("");
    for (const body of [subject, text, html]) expect(body).not.toMatch(/\{\{|undefined|NaN|\[object/);
    const words = (body: string) =>
      body.replace(/<style[\s\S]*?<\/style>|<[^>]*>/g, " ").match(/[\p{L}\d.]+/gu) ?? [];
    const shown = new Set(words(html.slice(html.indexOf("<body"))));
    expect(words(text).filter((word) => !shown.has(word))).toEqual([]);
  });

  test("lets nobody write HTML, headers or other mails", () => {
    const evil = "<script>alert(1)</script>\"'&\r\nBcc: victim@example.com\r\n\r\n";
    const poisoned: Order = {
      ...order,
      orderNumber: evil,
      buyer: { name: evil, email: "ada@example.com" },
      billingAddress: { ...order.billingAddress, first_name: evil, line_1: evil },
      shippingAddress: { ...order.shippingAddress, first_name: evil, city: evil },
      lines: order.lines.map((line) => ({ ...line, name: evil, sku: evil, description: evil })),
      promotions: [
        { promotionId: "p", code: evil, name: evil, description: "", automatic: true, amount: -400, uses: 1 },
      ],
    };
    const of = sampleAbout(kind, poisoned);
    const named = "email" in of ? { ...of, name: evil, firstName: evil, token: evil } : of;
    const links = { order: "https://x/{{order.number}}", shop: "https://x/" };
    const mail = mailOf(named as MailAbout, { storeName: evil, footer: `{{store.name}}${evil}`, links });
    for (const header of [mail.subject, mail.to.name]) expect(header).not.toMatch(/[\r\n]/);
    expect(mail.html).not.toContain("<script");
    expect(mail.html.match(/"'&/g)).toBeNull();
    expect(mail.text).not.toContain("\r");
    for (const [, href = ""] of mail.html.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^https:\/\/x\//);
  });
});

describe("amounts add up", () => {
  const plain = (totals: Partial<Order["totals"]>, more: Partial<Order> = {}): Order => ({
    ...order,
    totals: { ...order.totals, ...totals },
    ...more,
  });

  test.each([
    ["that include tax", plain({ tax: 1200, withoutTax: order.totals.withTax - 1200 }), { Subtotal: 7400 }],
    ["without tax", plain({ tax: 740, withTax: order.totals.withTax + 740 }), { Tax: 740 }],
    [
      "with a discount on shipping",
      plain({ shippingDiscount: -500, withTax: order.totals.withTax - 500 }),
      {},
    ],
  ])("in an order with prices %s", (_, of, expected) => {
    const { lines, rows, subtotal, parts, total } = sumsOf(of);
    expect(lines).toBe(subtotal);
    expect(addUp(parts)).toBe(total);
    expect(total).toBe(of.totals.withTax);
    expect(rows).toMatchObject(expected);
    expect("Tax" in rows).toBe("Tax" in expected);
  });

  test("with promotions by their names", () => {
    const part = { code: "", description: "", automatic: true, uses: 1 };
    const promotions = [
      { ...part, promotionId: "a", name: "Autumn", amount: -300 },
      { ...part, promotionId: "b", name: "Nothing", amount: 0 },
    ];
    const { rows, parts, total } = sumsOf(plain({}, { promotions }));
    expect(rows).toMatchObject({ "Discount (Autumn)": -300, Discount: -100 });
    expect(rows).not.toHaveProperty("Discount (Nothing)");
    expect(addUp(parts)).toBe(total);
  });

  const including = { includesTax: true, taxRates: [rate(25)] };
  const tenOff = aDiscount({ type: "percentage", percent: 10 });
  test.each([
    ["without tax", {}, { "Discount (CODE)": -300, Tax: 640, Subtotal: 3000 }],
    ["that include tax", including, { "Discount (CODE)": -300, Subtotal: 3000 }],
  ])("in an order of a region with prices %s, a code and gift cards", (_, more, expected) => {
    const totals = priced({
      lines: [aLine("1", 2, 1000, more), aLine("2", 1, 1000, more)],
      shippingMethods: [shippingOf(500, more)],
      discounts: [tenOff],
      giftCards: [aCard("card", 100, null)],
    });
    const region = {
      totals,
      discounts: [{ code: "CODE" }],
      shippingMethods: [{ option: { name: "Post" } }],
    } as unknown as RegionOrderPart;
    const includesTax = "includesTax" in more;
    const lines = order.lines.map((line) => ({ ...line, includesTax }));
    const of = { ...order, lines, region, totals: { ...order.totals, withTax: totals.cart.total } };
    const sums = sumsOf(of);
    expect(sums.lines).toBe(sums.subtotal);
    expect(addUp(sums.parts)).toBe(sums.total);
    expect(sums.total).toBe(totals.cart.total);
    expect(sums.rows).toMatchObject({ ...expected, "Shipping (Post)": 500, "Paid with gift cards": -100 });
    expect(sums.note === undefined).toBe(!includesTax);
  });

  test.each([
    ["JPY", "JPY 7,500"],
    ["KWD", "KWD 7.500"],
    ["EUR", "EUR 75.00"],
  ])("in %s", (currency, total) => {
    const mail = mailOf({ kind: "order_placed", order: sampleOrder(currency, NOW) });
    expect(mail.text).toContain(`Total: ${total}\n`);
    expect(mail.html).toContain(`>${total}<`);
  });
});

test("a link carries the token, and without one the mail does", () => {
  const about = sampleAbout("password_reset", order);
  const links = { password_reset: "https://shop.example/reset?email={{customer.email}}&t={{token}}" };
  const linked = mailOf({ ...about, email: "a+b@example.com" } as MailAbout, { links });
  expect(linked.text).toContain("https://shop.example/reset?email=a%2Bb%40example.com&t=sample-token");
  expect(linked.html).toContain(
    'href="https://shop.example/reset?email=a%2Bb%40example.com&amp;t=sample-token"',
  );
  expect(mailOf(about).text).toContain("Your token:\nsample-token");
});
