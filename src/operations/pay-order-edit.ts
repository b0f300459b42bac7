import { applyEdit, freedPieces } from "../domain/order/edit-order-lines.ts";
import type { Order } from "../domain/order/order.ts";
import { editStatus, refusedFor } from "../domain/order/order-edit.ts";
import { settleOperation } from "../domain/order/pay.ts";
import { paymentOfSession, startEditPayment } from "../domain/order/pay-edit.ts";
import { type Payment, type PaymentOperation, paymentFacts, startOf } from "../domain/order/payment.ts";
import { type PaymentCollection, shownSession } from "../domain/order/payment-collection.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Gateway } from "../gateways/gateway.ts";
import { allOrNothing } from "./all-or-nothing.ts";
import { askGateway } from "./ask-gateway.ts";
import { confirmPayment } from "./confirm-payment.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { MAX_TRIES } from "./max-tries.ts";
import { type EditProblem, lockEdit } from "./order-edits.ts";
import { settle } from "./pay-order.ts";
import { type CollectionOfOrder, loadCollection, noteTry } from "./payment-collections.ts";
import type { GatewaySetting } from "./ports/gateway-settings.ts";
import { gatewayOfSession } from "./region-sessions.ts";
import { allocateFor } from "./settle-order-edit.ts";

/**
 * Authorizes sessions of a collection, one after the other, each as every payment: what the edit adds is allocated and
 * the payment written down first, then the gateway is asked, then its answer is noted; when that comes to nothing the
 * pieces go back. A decline is no refusal: how far the collection is says what came of it. Ids that are none of its
 * sessions' are passed over.
 */
export async function authorizeSessions(
  deps: Deps,
  context: Context,
  input: { readonly collectionId: string; readonly sessionIds: readonly string[] },
): Promise<Result<CollectionOfOrder, EditProblem>> {
  const { collectionId, sessionIds } = input;
  const found = await loadCollection(deps, context, collectionId);
  if (!found.ok) return found;
  for (const { id } of found.value.collection.sessions) {
    if (!sessionIds.includes(id)) continue;
    const paid = await paySession(deps, context, found.value.collection, id);
    if (!paid.ok && paid.error.type !== "payment_declined") return paid;
  }
  await noteTry(deps, context, collectionId, deps.now());
  return loadCollection(deps, context, collectionId);
}

type Claim = {
  readonly order: Order;
  readonly payment: Payment;
  readonly setting: Pick<GatewaySetting, "settings">;
};

async function paySession(
  deps: Deps,
  context: Context,
  collection: PaymentCollection,
  sessionId: string,
): Promise<Result<Order, EditProblem>> {
  const { storeId } = context.store;
  const session = collection.sessions.find(({ id }) => id === sessionId);
  if (!session) return fail({ type: "collection_session_not_found", sessionId });
  const gateway = gatewayOfSession(deps, session);
  if (!gateway) return fail({ type: "payment_provider_not_in_region", provider: session.provider });
  const settings = gateway.local ? [] : await deps.storage.gatewaySettings.all(storeId);
  const setting = settings.find(({ slug, enabled }) => slug === gateway.slug && enabled) ?? { settings: {} };
  const paymentId = deps.newId();
  let claimed: Result<Claim, EditProblem> = fail({ type: "write_conflict" });
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    claimed = await claim(deps, context, collection, { sessionId, paymentId, gateway, setting });
    if (claimed.ok || claimed.error.type !== "write_conflict") break;
    await deps.pause(attempt * 2);
  }
  if (!claimed.ok) return claimed;
  const { order, payment } = claimed.value;
  const operation = startOf(payment) as PaymentOperation;
  if (operation.status !== "pending") return ok(order);
  if (payment.id !== paymentId) {
    // Somebody else has asked already, and may have died since.
    const confirmed = await confirmPayment(deps, context, order.id, payment.id);
    return confirmed.ok ? resolved(confirmed.value.order, payment.id) : confirmed;
  }
  const outcome = await askGateway(gateway, order, paymentId, operation, setting, {
    how: "send",
    now: deps.now(),
    told: [],
  });
  const settled = await settle(deps, context, order.id, paymentId, operation.id, outcome);
  return settled.ok ? resolved(settled.value, paymentId) : settled;
}

function resolved(order: Order, paymentId: string): Result<Order, EditProblem> {
  const payment = order.payments.find(({ id }) => id === paymentId);
  return payment && startOf(payment)?.status === "pending"
    ? fail({ type: "payment_unresolved", paymentId })
    : ok(order);
}

/** Locks the edit and the order, allocates what the edit adds unless that is held already, and writes the payment down. */
function claim(
  deps: Deps,
  context: Context,
  collection: PaymentCollection,
  how: {
    readonly sessionId: string;
    readonly paymentId: string;
    readonly gateway: Gateway;
    readonly setting: Pick<GatewaySetting, "settings">;
  },
): Promise<Result<Claim, EditProblem>> {
  const { storeId } = context.store;
  const { sessionId, paymentId, gateway, setting } = how;
  return allOrNothing(deps, async (storage): Promise<Result<Claim, EditProblem>> => {
    // Locked, so that it is not declined or confirmed meanwhile.
    const locked = await lockEdit(storage, context, collection.editId, (one) => {
      const status = editStatus(one);
      return status === "requested" || status === "confirmed" ? ok(one) : refusedFor(one, "pay");
    });
    if (!locked.ok) return locked;
    const edit = locked.value;
    const found = await loadCollection({ storage }, context, collection.id);
    if (!found.ok) return found;
    const { order: before } = found.value;
    const session = found.value.collection.sessions.find(({ id }) => id === sessionId);
    if (!session) return fail({ type: "collection_session_not_found", sessionId });
    const known = paymentOfSession(before, sessionId);
    if (known && paymentFacts(known).live) return ok({ order: before, payment: known, setting });

    const isAgreed = editStatus(edit) === "confirmed";
    const now = deps.now();
    // Nobody pays for what could not be confirmed any more.
    const applicable = isAgreed ? ok(before) : applyEdit(before, edit, freedPieces(before, edit), now);
    if (!applicable.ok) {
      const { error } = applicable;
      return error.type === "amount_too_large"
        ? fail({ type: "amount_too_large", itemId: error.lineId ?? "" })
        : fail(error);
    }
    const isHeld = isAgreed || before.editHold?.editId === edit.id;
    const stocked = isHeld ? ok(undefined) : await allocateFor(storage, context, before, edit);
    if (!stocked.ok) return stocked;
    const order: Order = stocked.value
      ? { ...stocked.value.order, editHold: { editId: edit.id, held: stocked.value.added } }
      : before;
    const { data } = shownSession(session, before);
    const started = startEditPayment(
      order,
      {
        paymentId,
        editId: edit.id,
        sessionId,
        isAgreed,
        gateway: gateway.slug,
        method: gateway.methods.includes("authorize") ? "authorize" : "purchase",
        amount: session.amount,
        due: collection.amount,
        sessionData: data,
        ...(typeof data.id === "string" && { reference: data.id }),
      },
      now,
    );
    if (!started.ok) return started;
    let { state } = started.value;
    const events = [...started.value.events];
    const operation = startOf(paymentOf(state, paymentId)) as PaymentOperation;
    if (gateway.local) {
      const asked = { how: "send", now, told: undefined } as const;
      const outcome = await askGateway(gateway, state, paymentId, operation, setting, asked);
      if (outcome.kind === "declined") {
        const { code, message } = outcome;
        return fail({ type: "payment_declined", gateway: gateway.slug, code, message });
      }
      const settled = settleOperation(state, paymentId, operation.id, outcome, now);
      state = settled.state;
      events.push(...settled.events);
    }
    const saved = await storage.orders.save(storeId, state, events);
    if (saved.kind !== "saved") return fail({ type: "write_conflict" });
    return ok({
      order: { ...state, version: state.version + 1 },
      payment: paymentOf(state, paymentId),
      setting,
    });
  });
}

function paymentOf(order: Order, paymentId: string): Payment {
  return order.payments.find(({ id }) => id === paymentId) as Payment;
}
