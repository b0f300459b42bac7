import type { RegionLine } from "../region-pricing/region-line.ts";
import { fail, ok, type Result } from "../result.ts";
import { fulfilledOf } from "./fulfilment.ts";
import type { Order, OrderLine } from "./order.ts";
import type { RegionOrderLine } from "./region-part.ts";

/** A line as an edit wants it. */
export type EditLine = {
  /** Of an added line also the id that the order's line gets. */
  readonly id: string;
  /** The line of the order that it is; absent: an added one. */
  readonly originalLineId?: string;
  /** What is sold, as an order's line says it. */
  readonly goods: Omit<OrderLine, "id" | "quantity" | "price">;
  readonly facts: Omit<RegionOrderLine, "lineId">;
  /** What it is priced by; its `quantity` is the line's. Of a line of the order everything but that is as it was bought. */
  readonly price: RegionLine;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** One step of an edit. */
export type EditChange = {
  readonly id: string;
  readonly type: "item_add" | "item_update" | "item_remove";
  /** The edit's line; absent when it was taken away. */
  readonly lineId?: string;
  /** The order's line; absent when it is a new one. */
  readonly originalLineId?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
};

export type EditStatus = "created" | "requested" | "confirmed" | "declined" | "canceled";

/** Who did something with an edit: one of the staff, or a customer. Absent: somebody who only knew its id. */
export type EditActor = { readonly kind: "staff" | "customer"; readonly id: string };

/** A step in an edit's life. */
export type EditMark = { readonly at: string; readonly by?: EditActor };

/**
 * Other lines that are proposed for an order. Nothing of the order changes until it is confirmed. An order has one at a
 * time that is neither confirmed nor declined nor canceled.
 */
export type OrderEdit = {
  readonly id: string;
  readonly orderId: string;
  readonly internalNote?: string;
  readonly created: EditMark;
  readonly requested?: EditMark;
  readonly confirmed?: EditMark;
  readonly declined?: EditMark & { readonly reason?: string };
  readonly canceled?: EditMark;
  /** What the customer pays the difference into. */
  readonly collectionId?: string;
  readonly lines: readonly EditLine[];
  /** The lines of the order as they were when the edit was begun. */
  readonly before: readonly EditLine[];
  readonly changes: readonly EditChange[];
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** What somebody wants to do with an edit. */
export type EditDeed =
  | "change"
  | "delete"
  | "request"
  | "decline"
  | "cancel"
  | "confirm"
  | "complete"
  | "pay";

/** Why an edit is refused. */
export type OrderEditRefusal =
  | { readonly type: "order_edit_status"; readonly status: EditStatus; readonly wanted: EditDeed }
  /** The order was sold without a region, is sent, has no goods, or would have no lines; or it is about a gift card. */
  | {
      readonly type: "order_not_editable";
      readonly why: "no_region" | "sent" | "no_goods" | "no_lines" | "gift_card";
    }
  | { readonly type: "order_edit_line_not_found"; readonly lineId: string }
  | { readonly type: "order_edit_change_not_found"; readonly changeId: string }
  | { readonly type: "order_edit_empty" }
  /** More pieces of a line are packed already than would be left. */
  | { readonly type: "order_edit_below_packed"; readonly lineId: string; readonly packed: number }
  /** Gift cards paid more than what would be left to pay. */
  | { readonly type: "order_edit_below_gift_cards" }
  /** The difference is not authorized. */
  | { readonly type: "order_edit_unpaid" };

export function editStatus(edit: OrderEdit): EditStatus {
  if (edit.canceled) return "canceled";
  if (edit.declined) return "declined";
  if (edit.confirmed) return "confirmed";
  return edit.requested ? "requested" : "created";
}

/** Whether something may still become of it: another edit of the order has to wait. */
export function isOpenEdit(edit: OrderEdit): boolean {
  const status = editStatus(edit);
  return status === "created" || status === "requested";
}

/** Whether the lines of an order may be changed at all. */
export function editableOrder(order: Order): Result<Order, OrderEditRefusal | OrderGone> {
  if (order.cancelledAt) return fail({ type: "order_cancelled", orderId: order.id });
  if (order.anonymized) return fail({ type: "order_anonymized", orderId: order.id });
  if (!order.region) return fail({ type: "order_not_editable", why: "no_region" });
  if (order.fulfilledAt) return fail({ type: "order_not_editable", why: "sent" });
  // An order that waits for its goods would get those of its lines, whatever they are by then.
  if (order.stock.state !== "allocated") return fail({ type: "order_not_editable", why: "no_goods" });
  return ok(order);
}

type OrderGone = {
  readonly type: "order_cancelled" | "order_anonymized";
  readonly orderId: string;
};

/** The edit with one more line. */
export function addEditLine(
  edit: OrderEdit,
  line: EditLine,
  changeId: string,
  now: string,
): Result<OrderEdit, OrderEditRefusal> {
  if (edit.requested || !isOpenEdit(edit)) return refusedFor(edit, "change");
  if (line.facts.isGiftCard) return fail({ type: "order_not_editable", why: "gift_card" });
  const change = { id: changeId, type: "item_add", lineId: line.id, createdAt: now, updatedAt: now } as const;
  return ok({
    ...edit,
    lines: [...edit.lines, line],
    changes: [...edit.changes, change],
    updatedAt: now,
  });
}

/** The edit with so many pieces (0: none) of one of its lines. Pieces that are packed stay. */
export function changeEditLine(
  edit: OrderEdit,
  order: Order,
  input: { readonly lineId: string; readonly quantity: number; readonly changeId: string },
  now: string,
): Result<OrderEdit, OrderEditRefusal> {
  if (edit.requested || !isOpenEdit(edit)) return refusedFor(edit, "change");
  const { quantity } = input;
  const line = edit.lines.find(({ id }) => id === input.lineId);
  if (!line) return fail({ type: "order_edit_line_not_found", lineId: input.lineId });
  if (line.facts.isGiftCard) return fail({ type: "order_not_editable", why: "gift_card" });
  if (quantity === 0 && edit.lines.length === 1) return fail({ type: "order_not_editable", why: "no_lines" });
  const { originalLineId } = line;
  const packed = packedOf(order, line);
  if (quantity < packed) return fail({ type: "order_edit_below_packed", lineId: line.id, packed });
  const lines =
    quantity === 0
      ? edit.lines.filter((other) => other !== line)
      : edit.lines.map((other) => (other === line ? withQuantity(line, quantity, now) : other));
  if (originalLineId === undefined) {
    // What this very edit added is there in other pieces, or was never added.
    const changes = edit.changes.filter(({ lineId }) => quantity > 0 || lineId !== line.id);
    return ok({ ...edit, lines, changes, updatedAt: now });
  }
  const change: EditChange = {
    id: input.changeId,
    type: quantity === 0 ? "item_remove" : "item_update",
    ...(quantity > 0 && { lineId: line.id }),
    originalLineId,
    createdAt: now,
    updatedAt: now,
  };
  // The last word on a line is the one that counts.
  const others = edit.changes.filter((other) => other.originalLineId !== originalLineId);
  return ok({ ...edit, lines, changes: [...others, change], updatedAt: now });
}

/** The edit without one of its steps: the line is as the order has it, or not there when it was new. */
export function undoEditChange(
  edit: OrderEdit,
  changeId: string,
  now: string,
): Result<OrderEdit, OrderEditRefusal> {
  if (edit.requested || !isOpenEdit(edit)) return refusedFor(edit, "change");
  const change = edit.changes.find(({ id }) => id === changeId);
  if (!change) return fail({ type: "order_edit_change_not_found", changeId });
  const { originalLineId } = change;
  // In the order of the order's lines, with the added ones behind them.
  const wanted = (line: EditLine): EditLine | undefined =>
    line.originalLineId === originalLineId
      ? line
      : edit.lines.find((other) => other.originalLineId === line.originalLineId);
  const lines =
    originalLineId === undefined
      ? edit.lines.filter(({ id }) => id !== change.lineId)
      : [
          ...edit.before.flatMap((line) => wanted(line) ?? []),
          ...edit.lines.filter((line) => line.originalLineId === undefined),
        ];
  return ok({ ...edit, lines, changes: edit.changes.filter((other) => other !== change), updatedAt: now });
}

/** Shows the edit to the customer; again is as good as once. From here on its lines stay as they are. */
export function requestEdit(
  edit: OrderEdit,
  mark: EditMark,
  collectionId: string | undefined,
): Result<OrderEdit, OrderEditRefusal> {
  if (!isOpenEdit(edit)) return refusedFor(edit, "request");
  if (edit.changes.length === 0) return fail({ type: "order_edit_empty" });
  if (edit.requested) return ok(edit);
  return ok({
    ...edit,
    requested: mark,
    ...(collectionId !== undefined && { collectionId }),
    updatedAt: mark.at,
  });
}

/** The customer does not want it; again is as good as once. */
export function declineEdit(
  edit: OrderEdit,
  mark: EditMark,
  reason: string | undefined,
): Result<OrderEdit, OrderEditRefusal> {
  if (editStatus(edit) === "declined") return ok(edit);
  if (editStatus(edit) !== "requested") return refusedFor(edit, "decline");
  const declined = { ...mark, ...(reason !== undefined && { reason }) };
  return ok({ ...edit, declined, updatedAt: mark.at });
}

/** The shop takes it back; again is as good as once. */
export function cancelEdit(edit: OrderEdit, mark: EditMark): Result<OrderEdit, OrderEditRefusal> {
  if (editStatus(edit) === "canceled") return ok(edit);
  return isOpenEdit(edit) ? ok({ ...edit, canceled: mark, updatedAt: mark.at }) : refusedFor(edit, "cancel");
}

/** The edit as one that counts. The customer (`complete`) may say so of a requested one only. */
export function confirmEdit(
  edit: OrderEdit,
  mark: EditMark,
  wanted: "confirm" | "complete",
): Result<OrderEdit, OrderEditRefusal> {
  const status = editStatus(edit);
  if (status === "confirmed") return ok(edit);
  const isAllowed = status === "requested" || (status === "created" && wanted === "confirm");
  return isAllowed ? ok({ ...edit, confirmed: mark, updatedAt: mark.at }) : refusedFor(edit, wanted);
}

/** Pieces of the line that are packed or sent. */
export function packedOf(order: Order, { originalLineId }: EditLine): number {
  const line = order.lines.find(({ id }) => id === originalLineId);
  return line ? fulfilledOf(order, line) : 0;
}

export function refusedFor(edit: OrderEdit, wanted: EditDeed) {
  return fail({ type: "order_edit_status", status: editStatus(edit), wanted } as const);
}

function withQuantity(line: EditLine, quantity: number, now: string): EditLine {
  return { ...line, price: { ...line.price, quantity }, updatedAt: now };
}
