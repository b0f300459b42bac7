import type { Decision } from "../decision.ts";
import type { StockDemand } from "../inventory/stock.ts";
import { fail, ok, type Result } from "../result.ts";
import { type Fulfilment, fulfilledForSure, fulfilledOf, type LinePieces } from "./fulfilment.ts";
import type { Order } from "./order.ts";
import { afterRehold, pickedFrom, type Rehold, reholdAt, wantedOf } from "./pieces-of-lines.ts";
import type { OrderRefusal } from "./refusals.ts";
import { silence } from "./silence.ts";

export type FulfilItems = {
  readonly fulfilmentId: string;
  readonly items: readonly LinePieces[];
  readonly providerId: string;
  readonly methodId?: string;
  /** The provider is still to be asked: the pieces are taken, and the rest follows with its answer. */
  readonly awaitsProvider?: boolean;
  readonly locationId?: string;
  /** Where the pieces are taken from, as stock rows name it; absent: from where the order holds them. */
  readonly place?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly noNotification?: boolean;
};

/** A decision with the pieces that it moves out of the stock, or back into it. */
export type MovingDecision = Decision<Order> & {
  readonly pieces: readonly StockDemand[];
  /** What the order must hold at other places first, and what it holds then. */
  readonly rehold?: Rehold & { readonly held: readonly StockDemand[] };
};

/**
 * Packs pieces of an order. What the order holds of them leaves the stock; what nobody counts, or was never held, does
 * not. At a place that is named all that is counted leaves the stock there. The same id again is a retry.
 */
export function fulfilItems(
  order: Order,
  input: FulfilItems,
  now: string,
): Result<MovingDecision, OrderRefusal> {
  const { fulfilmentId, items, providerId } = input;
  if (order.fulfilments?.some(({ id }) => id === fulfilmentId)) {
    return ok({ state: order, events: [], pieces: [] });
  }
  if (order.anonymized) return fail({ type: "order_anonymized", orderId: order.id });
  if (order.cancelledAt) return fail({ type: "order_cancelled", orderId: order.id });
  for (const { lineId, quantity } of items) {
    const line = order.lines.find(({ id }) => id === lineId);
    if (!line) return fail({ type: "order_line_not_found", lineId });
    if (quantity > line.quantity - fulfilledOf(order, line)) {
      return fail({ type: "fulfilment_exceeds_order", lineId, quantity });
    }
  }
  const counted = items.filter(({ lineId }) => order.lines.find(({ id }) => id === lineId)?.manageStock);
  // An order that holds nothing any more has given its pieces back, and takes none.
  const rehold =
    input.place !== undefined && order.stock.state === "allocated"
      ? reholdAt(order.stock, wantedOf(order, counted), input.place)
      : undefined;
  const held = rehold ? afterRehold(order.stock, rehold) : order.stock.held;
  const here = rehold ? held.filter(({ location }) => location === input.place) : held;
  const pieces = pickedFrom(here, wantedOf(order, items));
  const fulfilment: Fulfilment = {
    id: fulfilmentId,
    items,
    providerId,
    ...(input.methodId !== undefined && { methodId: input.methodId }),
    ...(input.awaitsProvider && { awaits: "create" as const }),
    ...(input.locationId !== undefined && { locationId: input.locationId }),
    trackingNumbers: [],
    data: input.data ?? {},
    taken: pieces,
    ...(input.metadata && { metadata: input.metadata }),
    ...(input.noNotification !== undefined && { noNotification: input.noNotification }),
    createdAt: now,
    updatedAt: now,
  };
  const state = { ...order, fulfilments: [...(order.fulfilments ?? []), fulfilment], updatedAt: now };
  return ok({
    ...(input.awaitsProvider ? { state, events: [] } : packed(state, fulfilmentId, now)),
    pieces,
    ...(rehold && rehold.demands.length > 0 && { rehold: { ...rehold, held } }),
  });
}

/** The provider has taken a fulfilment on, and says this about it. An answer that comes again changes nothing. */
export function fulfilmentMade(
  order: Order,
  fulfilmentId: string,
  data: Fulfilment["data"],
  now: string,
): MovingDecision {
  const fulfilment = fulfilmentOf(order, fulfilmentId);
  if (fulfilment?.awaits !== "create") return { state: order, events: [], pieces: [] };
  const { awaits: _, ...made } = { ...fulfilment, data, updatedAt: now };
  return { ...packed(withFulfilment(order, made, now), fulfilmentId, now), pieces: [] };
}

/** The provider does not take a fulfilment on: it never was, and its pieces are the order's again. */
export function fulfilmentRefused(order: Order, fulfilmentId: string, now: string): MovingDecision {
  const fulfilment = fulfilmentOf(order, fulfilmentId);
  if (fulfilment?.awaits !== "create") return { state: order, events: [], pieces: [] };
  const fulfilments = order.fulfilments?.filter(({ id }) => id !== fulfilmentId) ?? [];
  return { state: { ...order, fulfilments, updatedAt: now }, events: [], pieces: fulfilment.taken };
}

function fulfilmentOf({ fulfilments }: Order, fulfilmentId: string): Fulfilment | undefined {
  return fulfilments?.find(({ id }) => id === fulfilmentId);
}

/** What follows when pieces are packed for certain. */
function packed(order: Order, fulfilmentId: string, now: string): Decision<Order> {
  const isAll = order.lines.every((line) => fulfilledForSure(order, line) === line.quantity);
  const told = silence(order, fulfilmentOf(order, fulfilmentId));
  return {
    state: isAll ? { ...order, fulfilledAt: now } : order,
    events: [
      { type: "order.fulfilment_created", payload: { orderId: order.id, fulfilmentId, ...told } },
      ...(isAll ? [{ type: "order.fulfilled", payload: { orderId: order.id, ...told } }] : []),
    ],
  };
}

/** Notes that the provider is asked to call a fulfilment off, if that may be. */
export function startCancel(
  order: Order,
  fulfilmentId: string,
  now: string,
): Result<Decision<Order>, OrderRefusal> {
  const allowed = cancelFulfilment(order, fulfilmentId, now);
  const fulfilment = fulfilmentOf(order, fulfilmentId);
  if (!allowed.ok || allowed.value.state === order || !fulfilment || fulfilment.awaits === "cancel") {
    return allowed.ok ? ok({ state: order, events: [] }) : allowed;
  }
  const asked = { ...fulfilment, awaits: "cancel", updatedAt: now } as const;
  return ok({ state: withFulfilment(order, asked, now), events: [] });
}

/** The provider does not call it off: it stands. */
export function cancelRefused(order: Order, fulfilmentId: string, now: string): Decision<Order> {
  const fulfilment = fulfilmentOf(order, fulfilmentId);
  if (fulfilment?.awaits !== "cancel") return { state: order, events: [] };
  const { awaits: _, ...standing } = { ...fulfilment, updatedAt: now };
  return { state: withFulfilment(order, standing, now), events: [] };
}

/** Unpacks what was not sent yet: its pieces are the order's again. Twice is as good as once. */
export function cancelFulfilment(
  order: Order,
  fulfilmentId: string,
  now: string,
): Result<MovingDecision, OrderRefusal> {
  const fulfilment = fulfilmentOf(order, fulfilmentId);
  if (!fulfilment) return fail({ type: "fulfilment_not_found", fulfilmentId });
  if (fulfilment.cancelledAt) return ok({ state: order, events: [], pieces: [] });
  if (fulfilment.shippedAt) return fail({ type: "fulfilment_shipped", fulfilmentId, wanted: "cancel" });
  const { awaits: _awaits, ...known } = fulfilment;
  const { fulfilledAt: _, ...rest } = withFulfilment(
    order,
    { ...known, cancelledAt: now, updatedAt: now },
    now,
  );
  return ok({
    state: rest,
    events: [
      {
        type: "order.fulfilment_canceled",
        payload: { orderId: order.id, fulfilmentId, ...silence(order, fulfilment) },
      },
    ],
    pieces: fulfilment.taken,
  });
}

/** Hands packed pieces to whoever carries them. */
export function shipFulfilment(
  order: Order,
  input: {
    readonly fulfilmentId: string;
    readonly trackingNumbers: readonly string[];
    /** Nobody is to be told about it; absent: as it was packed. */
    readonly noNotification?: boolean;
  },
  now: string,
): Result<Decision<Order>, OrderRefusal> {
  const { fulfilmentId } = input;
  const fulfilment = fulfilmentOf(order, fulfilmentId);
  if (!fulfilment) return fail({ type: "fulfilment_not_found", fulfilmentId });
  if (fulfilment.cancelledAt) return fail({ type: "fulfilment_cancelled", fulfilmentId });
  if (fulfilment.shippedAt) return fail({ type: "fulfilment_shipped", fulfilmentId, wanted: "ship" });
  if (fulfilment.awaits) return fail({ type: "fulfilment_unanswered", fulfilmentId });
  const trackingNumbers = [...new Set([...fulfilment.trackingNumbers, ...input.trackingNumbers])];
  const { noNotification = fulfilment.noNotification } = input;
  const sent: Fulfilment = {
    ...fulfilment,
    trackingNumbers,
    ...(noNotification !== undefined && { noNotification }),
    shippedAt: now,
    updatedAt: now,
  };
  return ok({
    state: withFulfilment(order, sent, now),
    events: [
      {
        type: "order.shipment_created",
        payload: { orderId: order.id, fulfilmentId, ...silence(order, sent) },
      },
    ],
  });
}

function withFulfilment(order: Order, changed: Fulfilment, now: string): Order {
  const fulfilments = order.fulfilments?.map((one) => (one.id === changed.id ? changed : one)) ?? [];
  return { ...order, fulfilments, updatedAt: now };
}
