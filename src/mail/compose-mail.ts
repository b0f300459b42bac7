import { fulfilledOf, type LinePieces, type Return } from "../domain/order/fulfilment.ts";
import { type Order, orderTotal } from "../domain/order/order.ts";
import type { MailLabels } from "./labels.ts";
import type { Mail, MailPart } from "./mail.ts";
import type { MailKind, MailWords } from "./mail-kinds.ts";
import { type Money, orderNumberOf, orderParts, piecesPart } from "./order-details.ts";
import { renderHtml } from "./render-html.ts";
import { renderText } from "./render-text.ts";
import { greetedName, headerText } from "./safe-text.ts";
import { fillTemplate, type PlaceholderValues } from "./template.ts";

type Person = { readonly email: string; readonly name?: string; readonly firstName?: string };
type Token = { readonly token: string; readonly minutes: number };

/** What a mail is about. Amounts are minor units of the order's currency. */
export type MailAbout =
  | { readonly kind: "order_placed" | "order_cancelled"; readonly order: Order }
  /** To one of the staff. */
  | { readonly kind: "staff_order_placed"; readonly order: Order; readonly to: string }
  /** What the edit costs more; absent: nothing. */
  | {
      readonly kind: "order_edit_requested";
      readonly order: Order;
      readonly editId: string;
      readonly amount?: number;
    }
  | {
      readonly kind: "payment_received" | "payment_failed" | "order_refunded";
      readonly order: Order;
      readonly amount: number;
      readonly reason?: string;
    }
  | {
      readonly kind: "order_shipped";
      readonly order: Order;
      readonly pieces: readonly LinePieces[];
      readonly tracking: readonly string[];
    }
  | {
      readonly kind: "return_requested" | "return_received";
      readonly order: Order;
      readonly goods: Pick<Return, "items" | "refundAmount">;
    }
  | {
      readonly kind: "gift_card";
      readonly order: Order;
      readonly cards: readonly { readonly code: string; readonly value: number }[];
    }
  | ({ readonly kind: "password_reset" | "staff_password_reset" } & Person & Token)
  | ({ readonly kind: "orders_claim"; readonly orders: readonly string[] } & Person & Token)
  | ({ readonly kind: "customer_welcome" } & Person);

/** How a store writes. */
export type MailStyle = {
  readonly storeName: string;
  readonly words: MailWords;
  readonly labels: MailLabels;
  /** Under every mail; empty: nothing. */
  readonly footer: string;
  /** Of the words, as HTML tells it: `en`. */
  readonly language: string;
  readonly money: Money;
  /** What storefronts know an order by. */
  readonly orderId: (order: Order) => string;
  /** Where mails lead, as templates of addresses; see `MailLinks`. */
  readonly links: MailLinks;
};

/** Templates of addresses by what they lead to; absent: nowhere. */
export type MailLinks = Partial<Readonly<Record<MailLink, string>>>;
export const mailLinks = [
  "order",
  "order_edit",
  "staff_order",
  "shop",
  "password_reset",
  "staff_password_reset",
  "orders_claim",
] as const;
export type MailLink = (typeof mailLinks)[number];

/** The mail about something. What it is about is frozen in it: the same input gives the same mail. */
export function composeMail(about: MailAbout, style: MailStyle): Mail {
  const person = personOf(about);
  const known = valuesOf(about, person, style);
  const url = linkOf(about, known, style);
  const values: PlaceholderValues = { ...known, ...(url !== undefined && { link: url }) };
  const { words, footer, language } = style;
  const say = (template: string): string => fillTemplate(template, values);
  const subject = headerText(say(words.subject)) || headerText(style.storeName);
  const paragraphs = (template: string): MailPart[] =>
    say(template)
      .split(/\n\s*\n/)
      .map((text) => ({ kind: "paragraph", text: text.trim() }) as const)
      .filter(({ text }) => text !== "");
  const parts: MailPart[] = [
    { kind: "heading", text: say(words.heading) },
    ...paragraphs(words.intro),
    ...detailsOf(about, style),
    ...tokenParts(about, url, style),
    ...paragraphs(words.closing),
  ];
  const end = footer === "" ? "" : say(footer);
  return {
    to:
      "to" in about
        ? { name: "", address: about.to }
        : { name: headerText(person.name ?? ""), address: person.email },
    subject,
    text: renderText(parts, end),
    html: renderHtml(parts, { subject, footer: end, language }),
  };
}

/** Which order it is about, if it is about one. */
export function orderOf(about: MailAbout): Order | undefined {
  return "order" in about ? about.order : undefined;
}

function personOf(about: MailAbout): Person {
  if (!("order" in about)) return about;
  const { buyer, region, shippingAddress, billingAddress } = about.order;
  const firstName = billingAddress.first_name || shippingAddress.first_name;
  return { email: region?.email ?? buyer.email, name: buyer.name, ...(firstName && { firstName }) };
}

function valuesOf(about: MailAbout, person: Person, style: MailStyle): PlaceholderValues {
  const order = orderOf(about);
  const name = greetedName(person.name ?? "");
  return {
    "store.name": style.storeName,
    "customer.email": person.email,
    "customer.name": name,
    "customer.first_name": greetedName(person.firstName ?? "") || name,
    ...(order && {
      "order.number": orderNumberOf(order),
      "order.id": style.orderId(order),
      "order.total": style.money(orderTotal(order), order.currency),
      "order.date": order.createdAt.slice(0, 10),
    }),
    ...("editId" in about && { "edit.id": about.editId }),
    ...("amount" in about &&
      about.amount !== undefined && { amount: style.money(about.amount, about.order.currency) }),
    ...("reason" in about && about.reason !== undefined && { reason: about.reason }),
    ...("tracking" in about && { tracking: about.tracking.join(", ") }),
    ...("orders" in about && { orders: about.orders.join(", ") }),
    ...("token" in about && { token: about.token, minutes: String(about.minutes) }),
  };
}

function detailsOf(about: MailAbout, { labels, money }: MailStyle): MailPart[] {
  switch (about.kind) {
    case "order_placed":
    case "staff_order_placed":
      return orderParts(about.order, money, labels);
    case "order_shipped":
      return [
        piecesPart(about.order, about.pieces, labels),
        { kind: "block", title: labels.tracking, lines: about.tracking },
      ];
    case "return_requested":
    case "return_received": {
      const { order, goods } = about;
      const pieces = goods.items.map(({ lineId, requested, received }) => ({
        lineId,
        quantity: about.kind === "return_received" ? (received ?? 0) : requested,
      }));
      const back = { name: labels.refund_expected, amount: money(goods.refundAmount, order.currency) };
      return [
        piecesPart(order, pieces, labels),
        ...(goods.refundAmount > 0 ? [{ kind: "totals", rows: [back] } as const] : []),
      ];
    }
    case "gift_card":
      return about.cards.map(({ code, value }) => ({
        kind: "code",
        title: `${labels.gift_card_code} (${money(value, about.order.currency)})`,
        text: code,
      }));
    default:
      return [];
  }
}

/** A way on: a link, or the token itself where nobody has said where links lead. */
function tokenParts(about: MailAbout, url: string | undefined, { labels }: MailStyle): MailPart[] {
  if (url !== undefined) return [{ kind: "link", label: labels[linkLabels[about.kind]], url }];
  return "token" in about ? [{ kind: "code", title: labels.token, text: about.token }] : [];
}

const linkLabels: Readonly<Record<MailKind, keyof MailLabels>> = {
  order_placed: "see_order",
  staff_order_placed: "see_order",
  order_edit_requested: "see_order",
  payment_received: "see_order",
  payment_failed: "see_order",
  order_shipped: "see_order",
  order_cancelled: "see_order",
  order_refunded: "see_order",
  return_requested: "see_order",
  return_received: "see_order",
  gift_card: "see_shop",
  password_reset: "choose_password",
  staff_password_reset: "choose_password",
  orders_claim: "confirm_orders",
  customer_welcome: "see_shop",
};

function linkOf(about: MailAbout, values: PlaceholderValues, { links }: MailStyle): string | undefined {
  // Where there is no page for an edit, the order's is the next best.
  const template =
    links[linkNameOf(about.kind)] ?? (about.kind === "order_edit_requested" ? links.order : undefined);
  if (template === undefined) return undefined;
  const encoded = Object.entries(values).map(([name, value]) => [name, encodeURIComponent(value)]);
  const url = fillTemplate(template, Object.fromEntries(encoded));
  return /^https?:\/\/[^\s"<>]+$/.test(url) ? url : undefined;
}

function linkNameOf(kind: MailKind): MailLink {
  switch (kind) {
    case "password_reset":
    case "staff_password_reset":
    case "orders_claim":
      return kind;
    case "staff_order_placed":
      return "staff_order";
    case "order_edit_requested":
      return "order_edit";
    case "gift_card":
    case "customer_welcome":
      return "shop";
    default:
      return "order";
  }
}

/** All that is sent of an order, for one that was marked as sent as a whole. */
export function allPieces(order: Order): LinePieces[] {
  return order.lines.map((line) => ({ lineId: line.id, quantity: fulfilledOf(order, line) }));
}
