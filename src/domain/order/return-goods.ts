import type { Decision } from "../decision.ts";
import type { StockDemand } from "../inventory/stock.ts";
import type { MinorUnits } from "../money.ts";
import { multiplyRatio } from "../money.ts";
import { fail, ok, type Result } from "../result.ts";
import type { MovingDecision } from "./fulfil-items.ts";
import { type LinePieces, type Return, type ReturnItem, returnedOf } from "./fulfilment.ts";
import type { Order, OrderLine } from "./order.ts";
import { takenFrom, wantedOf } from "./pieces-of-lines.ts";
import type { OrderRefusal } from "./refusals.ts";
import { silence } from "./silence.ts";

export type RequestReturn = Pick<
  Return,
  "id" | "shipping" | "locationId" | "noNotification" | "idempotencyKey" | "metadata"
> & {
  readonly items: readonly Pick<ReturnItem, "lineId" | "requested" | "reasonId" | "note">[];
  /** Minor units, no more than the order costs; absent: what the pieces cost less what sending them costs, 0 at least. */
  readonly refundAmount?: MinorUnits;
};

/** Notes that a shopper sends pieces back. The same id again is a retry. */
export function requestReturn(
  order: Order,
  input: RequestReturn,
  now: string,
): Result<Decision<Order>, OrderRefusal> {
  if (order.returns?.some(({ id }) => id === input.id)) return ok({ state: order, events: [] });
  if (order.cancelledAt) return fail({ type: "order_cancelled", orderId: order.id });
  for (const { lineId, requested } of input.items) {
    const line = order.lines.find(({ id }) => id === lineId);
    if (!line) return fail({ type: "order_line_not_found", lineId });
    if (requested + returnedOf(order, lineId) > line.quantity) {
      return fail({ type: "return_exceeds_order", lineId, quantity: requested });
    }
  }
  const worth = worthOf(
    order,
    input.items.map(({ lineId, requested }) => ({ lineId, quantity: requested })),
  );
  const costs = input.shipping ? input.shipping.price + input.shipping.tax : 0;
  const { refundAmount = Math.max(0, worth - costs), ...rest } = input;
  const { withTax } = order.totals;
  if (input.refundAmount !== undefined && refundAmount > withTax)
    return fail({ type: "refund_exceeds_captured", amount: refundAmount, refundable: withTax });
  const requested: Return = { ...rest, status: "requested", refundAmount, createdAt: now, updatedAt: now };
  return ok({
    state: { ...order, returns: [...(order.returns ?? []), requested], updatedAt: now },
    events: [
      {
        type: "order.return_requested",
        payload: { orderId: order.id, returnId: input.id, ...silence(order, requested) },
      },
    ],
  });
}

export type ReceiveReturn = {
  readonly returnId: string;
  readonly items: readonly LinePieces[];
  /** Minor units, in place of what the pieces cost. */
  readonly refundAmount?: MinorUnits;
  /** Where it came to; absent: the return says, or it goes back to where it was taken from. */
  readonly locationId?: string;
  /** What stock rows call that place. */
  readonly place?: string;
};

/**
 * Takes back what came: its pieces are in the stock again. Where other pieces came than were asked for, the return
 * waits for a person (`requires_action`) unless they say what is paid back. Receiving twice is refused.
 */
export function receiveReturn(
  order: Order,
  input: ReceiveReturn,
  now: string,
): Result<MovingDecision, OrderRefusal> {
  const { returnId, items } = input;
  const found = order.returns?.find(({ id }) => id === returnId);
  if (!found) return fail({ type: "return_not_found", returnId });
  if (found.status === "received") return fail({ type: "return_received", returnId });
  if (found.status === "canceled") return fail({ type: "return_cancelled", returnId });
  for (const { lineId, quantity } of items) {
    const line = order.lines.find(({ id }) => id === lineId);
    if (!line) return fail({ type: "order_line_not_found", lineId });
    if (quantity + returnedOf(order, lineId) > line.quantity) {
      return fail({ type: "return_exceeds_order", lineId, quantity });
    }
  }
  const asked = new Map(found.items.map((item) => [item.lineId, item]));
  const came = new Map(items.map(({ lineId, quantity }) => [lineId, quantity]));
  const isAsAsked =
    asked.size === came.size && [...asked].every(([lineId, { requested }]) => came.get(lineId) === requested);
  const counted = countedPieces(order, items);
  const { place } = input;
  const pieces =
    place === undefined ? takenFrom(order, counted) : counted.map((piece) => ({ ...piece, location: place }));
  const received: Return = {
    ...found,
    ...(input.locationId !== undefined && { locationId: input.locationId }),
    restocked: pieces,
    items: [...came].map(([lineId, quantity]) => ({
      ...(asked.get(lineId) ?? { lineId, requested: quantity }),
      received: quantity,
    })),
    status: isAsAsked || input.refundAmount !== undefined ? "received" : "requires_action",
    refundAmount: input.refundAmount ?? found.refundAmount,
    updatedAt: now,
    receivedAt: now,
  };
  return ok({
    state: withReturn(order, received, now),
    events: [
      {
        type: received.status === "received" ? "order.items_returned" : "order.return_action_required",
        payload: { orderId: order.id, returnId, ...silence(order, received) },
      },
    ],
    pieces,
  });
}

/** Calls a return off that nothing came of. Twice is as good as once. */
export function cancelReturn(
  order: Order,
  returnId: string,
  now: string,
): Result<Decision<Order>, OrderRefusal> {
  const found = order.returns?.find(({ id }) => id === returnId);
  if (!found) return fail({ type: "return_not_found", returnId });
  if (found.status === "canceled") return ok({ state: order, events: [] });
  if (found.status === "received") return fail({ type: "return_received", returnId });
  return ok({
    state: withReturn(order, { ...found, status: "canceled", updatedAt: now }, now),
    events: [
      { type: "order.return_canceled", payload: { orderId: order.id, returnId, ...silence(order, found) } },
    ],
  });
}

/**
 * What pieces cost with their tax, in minor units: the line's total in shares by pieces, so that pieces that come back
 * one by one add up to the line.
 */
export function worthOf(order: Pick<Order, "lines" | "returns">, items: readonly LinePieces[]): MinorUnits {
  return items.reduce((sum, { lineId, quantity }) => {
    const line = order.lines.find(({ id }) => id === lineId);
    if (!line) return sum;
    const before = returnedOf(order, lineId);
    return sum + shareOf(line, before + quantity) - shareOf(line, before);
  }, 0);
}

function shareOf(line: OrderLine, pieces: number): MinorUnits {
  return multiplyRatio(line.price.withTax, pieces, line.quantity);
}

function withReturn(order: Order, changed: Return, now: string): Order {
  const returns = order.returns?.map((one) => (one.id === changed.id ? changed : one)) ?? [];
  return { ...order, returns, updatedAt: now };
}

/** Pieces that were counted when they were sold; the others are nobody's stock. */
function countedPieces(order: Order, items: readonly LinePieces[]): StockDemand[] {
  return wantedOf(
    order,
    items.filter(({ lineId }) => order.lines.find(({ id }) => id === lineId)?.manageStock),
  );
}
