import type { PaymentSession } from "../cart/region-part.ts";
import type { MinorUnits } from "../money.ts";
import type { Order } from "./order.ts";
import type { EditActor } from "./order-edit.ts";
import { authorizedForEdit, paymentOfSession } from "./pay-edit.ts";
import { paymentFacts, startOf } from "./payment.ts";

/** Where a customer pays what an edit of an order costs more, with one session or shared out over several. */
export type PaymentCollection = {
  readonly id: string;
  readonly orderId: string;
  readonly editId: string;
  readonly regionId: string;
  readonly currency: string;
  /** Minor units, above 0. */
  readonly amount: MinorUnits;
  readonly description?: string;
  readonly createdBy?: EditActor;
  /** None is chosen: those that are authorized are what is paid with. */
  readonly sessions: readonly PaymentSession[];
  /** Somebody has tried to authorize, with whatever outcome. */
  readonly wasTried: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
};

export type CollectionStatus = "not_paid" | "awaiting" | "partially_authorized" | "authorized";

/** How far a collection is, from the order's payments. */
export function collectionStatus(
  { amount, editId, wasTried }: Pick<PaymentCollection, "amount" | "editId" | "wasTried">,
  order: Pick<Order, "payments">,
): CollectionStatus {
  const authorized = authorizedForEdit(order, editId);
  if (authorized >= amount) return "authorized";
  if (authorized > 0) return "partially_authorized";
  return wasTried ? "awaiting" : "not_paid";
}

/** A session with what became of its payment. */
export function shownSession(session: PaymentSession, order: Pick<Order, "payments">): PaymentSession {
  const payment = paymentOfSession(order, session.id);
  const start = payment && startOf(payment);
  if (!payment || !start) return session;
  const data = payment.sessionData ?? session.data;
  const { updatedAt } = payment;
  if (start.status === "complete" && !paymentFacts(payment).voided) {
    const authorizedAt = start.settledAt ?? updatedAt;
    return { ...session, status: "authorized", data, authorizedAt, updatedAt };
  }
  if (start.status === "complete") return { ...session, status: "canceled", data, updatedAt };
  const code = start.failure?.code;
  const status = start.status === "pending" ? "pending" : code === "requires_more" ? code : "error";
  return { ...session, status: code === "pending" ? "pending" : status, data, updatedAt };
}
