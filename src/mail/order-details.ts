import type { LinePieces } from "../domain/order/fulfilment.ts";
import type { Address, Order } from "../domain/order/order.ts";
import type { MailLabels } from "./labels.ts";
import type { GoodsRow, MailPart, TotalRow } from "./mail.ts";

/** An amount in minor units as a shopper reads it. */
export type Money = (amount: number, currency: string) => string;

/** What people call an order by. */
export function orderNumberOf({ orderNumber, displayId, id }: Order): string {
  return orderNumber ?? (displayId === undefined ? id : `#${displayId}`);
}

/** What was bought, what it comes to, and where it goes. Amounts of lines and rows add up to the total. */
export function orderParts(order: Order, money: Money, labels: MailLabels): MailPart[] {
  const amount = (value: number): string => money(value, order.currency);
  const sums = order.region ? regionSums(order, labels) : plainSums(order, labels);
  const note = sums.includedTax === 0 ? undefined : `${labels.tax_included}: ${amount(sums.includedTax)}`;
  return [
    {
      kind: "goods",
      head: { item: labels.item, quantity: labels.quantity, amount: labels.amount },
      rows: order.lines.map((line) => ({
        ...lineRow(line, line.quantity),
        amount: amount(sums.lines.get(line.id) ?? 0),
      })),
    },
    {
      kind: "totals",
      rows: sums.rows.map(([name, value]): TotalRow => ({ name, amount: amount(value) })),
      ...(note !== undefined && { note }),
    },
    { kind: "block", title: labels.shipping_address, lines: addressLines(order.shippingAddress) },
    { kind: "block", title: labels.billing_address, lines: addressLines(order.billingAddress) },
  ];
}

/** Pieces of an order without their prices. */
export function piecesPart(order: Order, pieces: readonly LinePieces[], labels: MailLabels): MailPart {
  const rows = pieces.flatMap(({ lineId, quantity }): GoodsRow[] => {
    const line = order.lines.find(({ id }) => id === lineId);
    return line && quantity > 0 ? [lineRow(line, quantity)] : [];
  });
  return { kind: "goods", head: { item: labels.item, quantity: labels.quantity }, rows };
}

/** The lines of an address as they stand on a parcel; nothing for one that is empty. */
export function addressLines(address: Address): string[] {
  const { first_name, last_name, company_name, line_1, line_2, line_3, postcode, city } = address;
  const lines = [
    [first_name, last_name],
    [company_name],
    [line_1],
    [line_2],
    [line_3],
    [postcode, city],
    [address.region ?? address.county],
    [address.country],
  ].map((words) => words.filter(Boolean).join(" ").trim());
  return lines.filter(Boolean);
}

function lineRow({ name, description, sku }: Order["lines"][number], quantity: number): GoodsRow {
  // A variant is called by its title where it has one: that is all that tells it from others of its product.
  const isVariantTitle = description !== "" && description.length <= 80 && !description.includes("\n");
  const detail = isVariantTitle && description !== name ? description : sku;
  return { name, ...(detail !== "" && detail !== name && { detail }), quantity };
}

type Sums = {
  /** By line. */
  readonly lines: ReadonlyMap<string, number>;
  /** The last one is the total, and what the others add up to. */
  readonly rows: readonly (readonly [name: string, amount: number])[];
  /** Tax within the amounts above the total. */
  readonly includedTax: number;
};

/** Values of lines are as entered, with tax or without; tax that is in none of them is a row of its own. */
function plainSums({ lines, totals, promotions = [] }: Order, labels: MailLabels): Sums {
  const goods = totals.withoutDiscount - totals.shipping;
  const named = promotions.filter(({ amount }) => amount !== 0);
  const unnamed = totals.discount - named.reduce((sum, { amount }) => sum + amount, 0);
  const added = totals.withTax - goods - totals.discount - totals.shipping - totals.shippingDiscount;
  return {
    lines: new Map(lines.map(({ id, price }) => [id, price.value])),
    rows: [
      [labels.subtotal, goods],
      ...named.map(({ name, amount }) => [`${labels.discount} (${name})`, amount] as const),
      ...when(unnamed, labels.discount),
      ...when(totals.shipping, labels.shipping),
      ...when(totals.shippingDiscount, labels.shipping_discount),
      ...when(added, labels.tax),
      [labels.total, totals.withTax],
    ],
    includedTax: Math.max(0, totals.tax - added),
  };
}

/** With tax where the prices of all lines are, else without and tax in a row of its own. */
function regionSums(order: Order, labels: MailLabels): Sums {
  const { totals, shippingMethods, discounts } = order.region as NonNullable<Order["region"]>;
  const { cart } = totals;
  const isGross = cart.taxTotal > 0 && order.lines.every(({ includesTax }) => includesTax);
  const lineValue = (line: (typeof totals.lines)[number]): number =>
    isGross ? line.originalTotal : line.subtotal;
  const goods = totals.lines.reduce((sum, line) => sum + lineValue(line), 0);
  const shipping = isGross ? cart.shippingTotal + cart.shippingTaxTotal : cart.shippingTotal;
  const tax = isGross ? 0 : cart.taxTotal;
  const cards = 0 - cart.giftCardTotal - cart.giftCardTaxTotal;
  // What is left is what discounts took, in amounts of the same kind.
  const discount = cart.total - goods - shipping - tax - cards;
  const codes = discounts.map(({ code }) => code).join(", ");
  const names = shippingMethods.map(({ option }) => option.name).join(", ");
  return {
    lines: new Map(totals.lines.map((line) => [line.id, lineValue(line)])),
    rows: [
      [labels.subtotal, goods],
      ...when(discount, codes ? `${labels.discount} (${codes})` : labels.discount),
      ...(shippingMethods.length > 0 || shipping !== 0
        ? [[names ? `${labels.shipping} (${names})` : labels.shipping, shipping] as const]
        : []),
      ...when(tax, labels.tax),
      ...when(cards, labels.gift_cards),
      [labels.total, cart.total],
    ],
    includedTax: isGross ? cart.taxTotal : 0,
  };
}

function when(amount: number, name: string): (readonly [string, number])[] {
  return amount === 0 ? [] : [[name, amount]];
}
