import Type from "typebox";
import type { CountedProduct } from "../../domain/catalog/family.ts";
import { priceEdit } from "../../domain/order/edit-order-lines.ts";
import type { Order } from "../../domain/order/order.ts";
import { type EditChange, type EditLine, editStatus, type OrderEdit } from "../../domain/order/order-edit.ts";
import type { PaymentCollection } from "../../domain/order/payment-collection.ts";
import type { PricedRegionLine } from "../../domain/region-pricing/region-line.ts";
import { regionOrderTotals } from "../../domain/region-pricing/region-order-totals.ts";
import { partId, wireId } from "./ids.ts";
import { lineItem, lineTotals, rows } from "./order-schemas.ts";
import { lineAdjustments, lineSums } from "./render-line-price.ts";
import { collectionColumns, plainCollectionSchema } from "./render-payment-collection.ts";
import { imageUrl } from "./render-product.ts";
import { variantColumns } from "./render-variant.ts";
import { dateTime, nullable, textOrNull, timestamps } from "./schemas.ts";
import { wireActor } from "./wire-actor.ts";

const whole = Type.Integer();
const { adjustments: _a, tax_lines: _t, refundable: _r, ...allColumns } = lineItem;
const plainLine = Object.fromEntries(
  Object.entries(allColumns).filter(([name]) => !(name in lineTotals)),
) as object;

const shown = {
  id: Type.String(),
  created_at: dateTime,
  order_id: Type.String(),
  requested_by: textOrNull,
  requested_at: nullable(dateTime),
  confirmed_at: nullable(dateTime),
  declined_by: textOrNull,
  declined_reason: textOrNull,
  declined_at: nullable(dateTime),
  canceled_at: nullable(dateTime),
  payment_collection_id: textOrNull,
  changes: rows({
    id: Type.String(),
    ...timestamps,
    type: Type.Enum(["item_add", "item_update", "item_remove"]),
    order_edit_id: Type.String(),
    original_line_item_id: textOrNull,
    line_item_id: textOrNull,
    line_item: nullable(Type.Object(plainLine as never)),
    original_line_item: nullable(Type.Object(plainLine as never)),
  }),
  items: rows({
    ...lineItem,
    original_item_id: textOrNull,
    order_edit_id: Type.String(),
    raw_discount_total: whole,
  }),
  payment_collection: nullable(plainCollectionSchema),
  status: Type.Enum(["created", "requested", "confirmed", "declined", "canceled"]),
  discount_total: whole,
  gift_card_total: whole,
  gift_card_tax_total: whole,
  shipping_total: whole,
  subtotal: whole,
  tax_total: whole,
  total: whole,
  difference_due: whole,
};

/** An edit as its customer sees it. */
export const storeOrderEditSchema = Type.Object(shown);

/** An edit as staff see it. */
export const orderEditSchema = Type.Object({
  ...shown,
  internal_note: textOrNull,
  created_by: textOrNull,
  confirmed_by: textOrNull,
  canceled_by: textOrNull,
});

/** What an edit is shown with. */
export type EditDetails = {
  readonly baseUrl: string;
  readonly order: Order;
  readonly collection: PaymentCollection | undefined;
  /** By their ids. */
  readonly variants: ReadonlyMap<string, CountedProduct>;
};

/** An edit as its customer sees it, with what the order would cost. */
export function renderStoreOrderEdit(edit: OrderEdit, details: EditDetails) {
  const {
    internal_note: _note,
    created_by: _by,
    confirmed_by: _who,
    canceled_by: _off,
    ...rest
  } = renderOrderEdit(edit, details);
  return rest;
}

/** An edit as staff see it. */
export function renderOrderEdit(edit: OrderEdit, details: EditDetails) {
  const { order, collection } = details;
  const { requested, confirmed, declined, canceled } = edit;
  // What could be priced once can be priced again: nothing of it changes but by decisions that try it.
  const priced = order.region ? priceEdit(edit, order.region) : undefined;
  const before = order.region?.totals;
  const prices = priced?.ok ? priced.value : before;
  const totals = prices && regionOrderTotals(prices.cart, 0, 0);
  return {
    id: wireId("oe", edit.id),
    created_at: edit.createdAt,
    order_id: wireId("order", edit.orderId),
    internal_note: edit.internalNote ?? null,
    created_by: wireActor(edit.created.by),
    requested_by: wireActor(requested?.by),
    requested_at: requested?.at ?? null,
    confirmed_by: wireActor(confirmed?.by),
    confirmed_at: confirmed?.at ?? null,
    declined_by: wireActor(declined?.by),
    declined_reason: declined?.reason ?? null,
    declined_at: declined?.at ?? null,
    canceled_by: wireActor(canceled?.by),
    canceled_at: canceled?.at ?? null,
    payment_collection_id: edit.collectionId === undefined ? null : wireId("paycol", edit.collectionId),
    changes: edit.changes.map((change) => renderChange(edit, change, details)),
    items: edit.lines.map((line, index) => renderItem(edit, line, prices?.lines[index], details)),
    payment_collection: collection ? collectionColumns(collection, order) : null,
    status: editStatus(edit),
    discount_total: totals?.discountTotal ?? 0,
    gift_card_total: totals?.giftCardTotal ?? 0,
    gift_card_tax_total: totals?.giftCardTaxTotal ?? 0,
    shipping_total: totals?.shippingTotal ?? 0,
    subtotal: totals?.subtotal ?? 0,
    tax_total: totals?.taxTotal ?? 0,
    total: totals?.total ?? 0,
    difference_due: (totals?.total ?? 0) - (before?.cart.total ?? 0),
  };
}

function renderChange(edit: OrderEdit, change: EditChange, details: EditDetails) {
  const { lineId, originalLineId } = change;
  const line = edit.lines.find(({ id }) => id === lineId);
  const original = edit.before.find((one) => one.originalLineId === originalLineId);
  return {
    id: wireId("oic", change.id),
    created_at: change.createdAt,
    updated_at: change.updatedAt,
    deleted_at: null,
    type: change.type,
    order_edit_id: wireId("oe", edit.id),
    original_line_item_id: originalLineId === undefined ? null : wireId("item", originalLineId),
    line_item_id: lineId === undefined ? null : wireId("item", lineId),
    line_item: line ? lineColumns(edit, line, details) : null,
    original_line_item:
      originalLineId !== undefined && original
        ? {
            ...lineColumns(edit, original, details),
            id: wireId("item", originalLineId),
            original_item_id: null,
          }
        : null,
  };
}

function renderItem(
  edit: OrderEdit,
  line: EditLine,
  price: PricedRegionLine | undefined,
  details: EditDetails,
) {
  const id = wireId("item", line.id);
  return {
    ...lineColumns(edit, line, details),
    adjustments: lineAdjustments(line.id, price),
    tax_lines: (price?.taxLines ?? []).map((tax, place) => ({
      id: partId("litl", line.id, place),
      created_at: line.createdAt,
      updated_at: line.updatedAt,
      rate: tax.percent,
      name: tax.name,
      code: tax.code,
      metadata: null,
      item_id: id,
    })),
    ...lineSums(price),
    refundable: price?.total ?? 0,
  };
}

/** The columns of a line, without its prices and taxes. */
function lineColumns(edit: OrderEdit, line: EditLine, details: EditDetails) {
  const { goods, facts, price, originalLineId } = line;
  const variant = goods.productId === undefined ? undefined : details.variants.get(goods.productId);
  return {
    id: wireId("item", line.id),
    created_at: line.createdAt,
    updated_at: line.updatedAt,
    cart_id: null,
    order_id: null,
    swap_id: null,
    claim_order_id: null,
    original_item_id: originalLineId === undefined ? null : wireId("item", originalLineId),
    order_edit_id: wireId("oe", edit.id),
    title: goods.name,
    description: goods.description,
    thumbnail: facts.thumbnail === undefined ? null : imageUrl(details, facts.thumbnail),
    is_return: false,
    is_giftcard: facts.isGiftCard,
    should_merge: true,
    allow_discounts: facts.allowsDiscounts,
    has_shipping: originalLineId === undefined ? null : facts.hasShipping,
    unit_price: price.unitPrice,
    variant_id: goods.productId === undefined ? null : wireId("variant", goods.productId),
    quantity: price.quantity,
    fulfilled_quantity: null,
    returned_quantity: null,
    shipped_quantity: null,
    includes_tax: price.includesTax,
    metadata: goods.customInputs ?? {},
    variant: variant ? variantColumns(variant) : null,
  };
}
