import { type StockDemand, stockDemands, withoutPieces } from "../inventory/stock.ts";
import type { AmountTooLarge, PricedLine } from "../pricing/price-cart.ts";
import type { GiftCard } from "../region-pricing/gift-cards.ts";
import { priceRegionCart, type RegionTotals } from "../region-pricing/region-totals.ts";
import { fail, ok, type Result } from "../result.ts";
import { fulfilledForSure, fulfilledOf } from "./fulfilment.ts";
import type { Order, OrderLine } from "./order.ts";
import {
  type EditLine,
  editableOrder,
  type OrderEdit,
  type OrderEditRefusal,
  packedOf,
} from "./order-edit.ts";
import { plainPricesOf, plainTaxesOf } from "./region-order-prices.ts";
import type { RegionOrderPart } from "./region-part.ts";

/**
 * What an order would cost with other lines: its shipping and its discounts stay, and gift cards pay what they paid. A
 * fixed discount on the whole is shared out anew. Refused when gift cards would pay less than they did.
 */
export function priceEdit(
  { lines }: Pick<OrderEdit, "lines">,
  region: RegionOrderPart,
): Result<RegionTotals, AmountTooLarge | Extract<OrderEditRefusal, { type: "order_edit_below_gift_cards" }>> {
  const priced = priceRegionCart({
    lines: lines.map(({ price }) => price),
    shippingMethods: region.shippingMethods.map(({ id, price, option }, index) => ({
      id,
      price,
      includesTax: option.includesTax,
      taxRates: region.totals.shippingMethods[index]?.taxLines ?? [],
    })),
    discounts: region.discounts,
    giftCards: cardsAsTheyPaid(region),
    areGiftCardsTaxable: region.region.areGiftCardsTaxable,
  });
  if (!priced.ok) return priced;
  return priced.value.cart.giftCardTotal < region.totals.cart.giftCardTotal
    ? fail({ type: "order_edit_below_gift_cards" })
    : priced;
}

/** The gift cards of an order with what they paid as all that is on them, in the order in which they paid. */
export function cardsAsTheyPaid({ giftCards }: Pick<RegionOrderPart, "giftCards">): readonly GiftCard[] {
  return giftCards.map(({ cardId, amount, taxPercent }, index) => ({
    id: cardId,
    balance: amount,
    taxPercent,
    endsAtMs: index,
  }));
}

/** Pieces that the edit's lines need beyond those of the order's lines, one row for each product. */
export function addedPieces(order: Order, edit: Pick<OrderEdit, "lines">): readonly StockDemand[] {
  const before = demandsOf(order.lines);
  return demandsOfEdit(edit).flatMap((demand) => {
    const quantity = demand.quantity - (before.get(demand.productId) ?? 0);
    return quantity > 0 ? [{ ...demand, quantity }] : [];
  });
}

/**
 * Pieces that the order holds and its edited lines do not need. What is packed is needed and not held; of a product of
 * which fewer are held than were bought, those stay that are still needed.
 */
export function freedPieces(order: Order, edit: Pick<OrderEdit, "lines">): readonly StockDemand[] {
  const before = demandsOf(order.lines);
  const after = new Map(demandsOfEdit(edit).map(({ productId, quantity }) => [productId, quantity]));
  const packed = demandsOf(order.lines.map((line) => ({ ...line, quantity: fulfilledOf(order, line) })));
  const freed: StockDemand[] = [];
  for (const [productId, bought] of before) {
    const wanted = after.get(productId) ?? 0;
    if (wanted >= bought) continue;
    const rows = order.stock.held.filter((row) => row.productId === productId);
    const held = rows.reduce((sum, { quantity }) => sum + quantity, 0);
    let left = Math.min(bought - wanted, Math.max(0, held - (wanted - (packed.get(productId) ?? 0))));
    for (const row of rows) {
      const quantity = Math.min(left, row.quantity);
      if (quantity > 0) freed.push({ ...row, quantity });
      left -= quantity;
    }
  }
  return freed.sort((a, b) => (a.productId < b.productId ? -1 : a.productId > b.productId ? 1 : 0));
}

/**
 * The order with the lines of its edit, and their prices frozen anew; what was paid for the edit pays for the order from
 * here on. Lines keep their ids, so that what is packed or comes back stays theirs. The stock is as after `freed` pieces
 * were given back; what the edit adds was allocated before.
 */
export function applyEdit(
  order: Order,
  edit: OrderEdit,
  freed: readonly StockDemand[],
  now: string,
): Result<Order, OrderEditRefusal | AmountTooLarge | Refused<typeof editableOrder>> {
  const editable = editableOrder(order);
  if (!editable.ok) return editable;
  const region = order.region as RegionOrderPart;
  for (const line of edit.before) {
    const left = edit.lines.find((other) => other.id === line.id)?.price.quantity ?? 0;
    const packed = packedOf(order, line);
    if (left < packed) return fail({ type: "order_edit_below_packed", lineId: line.id, packed });
  }
  const priced = priceEdit(edit, region);
  if (!priced.ok) return priced;
  const totals: RegionTotals = {
    ...priced.value,
    lines: priced.value.lines.map((line, index) => ({
      ...line,
      id: lineIdOf(edit.lines[index] as EditLine),
    })),
  };
  const plain = plainPricesOf(
    edit.lines.map(({ price }) => price),
    totals,
  );
  const lines = edit.lines.map(
    (line, index): OrderLine => ({
      ...line.goods,
      id: lineIdOf(line),
      quantity: line.price.quantity,
      taxes: plainTaxesOf(lineIdOf(line), totals.lines[index]?.taxLines ?? []),
      price: plain.lines[index] as PricedLine,
    }),
  );
  const { editHold: _, ...rest } = order;
  const held = withoutPieces(order.stock.held, freed);
  const edited: Order = {
    ...rest,
    lines,
    totals: plain.totals,
    payments: order.payments.map((payment) =>
      payment.edit?.editId === edit.id ? { ...payment, edit: { ...payment.edit, isAgreed: true } } : payment,
    ),
    region: {
      ...region,
      lines: edit.lines.map((line) => ({ ...line.facts, lineId: lineIdOf(line) })),
      totals,
      giftCards: region.giftCards.map((card) => ({
        ...card,
        ...totals.giftCards.find(({ cardId }) => cardId === card.cardId),
      })),
    },
    stock: { state: "allocated", held },
    updatedAt: now,
  };
  // What was taken away may have been all that was still to be packed.
  const isSent =
    lines.length > 0 &&
    (order.fulfilments?.length ?? 0) > 0 &&
    lines.every((line) => fulfilledForSure(edited, line) === line.quantity);
  if (!isSent) return ok(edited);
  const state = held.length === 0 ? "removed" : "allocated";
  return ok({ ...edited, fulfilledAt: now, stock: { state, held } });
}

type Refused<Decide extends (...input: never[]) => Result<unknown, unknown>> =
  ReturnType<Decide> extends Result<unknown, infer Refusal> ? Refusal : never;

/** The id of the order's line that an edit's line is, or becomes. */
export function lineIdOf({ id, originalLineId }: EditLine): string {
  return originalLineId ?? id;
}

function demandsOfEdit({ lines }: Pick<OrderEdit, "lines">): readonly StockDemand[] {
  return stockDemands(
    lines.map(({ goods, price }) => ({
      quantity: price.quantity,
      ...(goods.productId !== undefined && { productId: goods.productId }),
    })),
  );
}

function demandsOf(lines: readonly Pick<OrderLine, "productId" | "quantity">[]): ReadonlyMap<string, number> {
  return new Map(stockDemands(lines).map(({ productId, quantity }) => [productId, quantity]));
}
