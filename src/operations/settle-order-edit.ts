import { placesOf } from "../domain/inventory/selling-places.ts";
import { withPieces } from "../domain/inventory/stock.ts";
import { addedPieces, applyEdit, freedPieces } from "../domain/order/edit-order-lines.ts";
import type { Order } from "../domain/order/order.ts";
import {
  cancelEdit,
  confirmEdit,
  declineEdit,
  editableOrder,
  editStatus,
  type OrderEdit,
} from "../domain/order/order-edit.ts";
import { authorizedForEdit, editPayments, pendingForEdit } from "../domain/order/pay-edit.ts";
import { paymentFacts, refundable } from "../domain/order/payment.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { allOrNothing } from "./all-or-nothing.ts";
import { refundPayment, voidPayment } from "./change-payment.ts";
import type { Context } from "./context.ts";
import type { Deps, Storage } from "./deps.ts";
import { MAX_TRIES } from "./max-tries.ts";
import { type EditOfOrder, type EditProblem, editActor, loadEdit, lockEdit } from "./order-edits.ts";

/** The customer does not want an edit: what they have paid for it goes back. */
export function declineOrderEdit(
  deps: Deps,
  context: Context,
  input: { readonly editId: string; readonly reason?: string },
): Promise<Result<EditOfOrder, EditProblem>> {
  const by = editActor(context);
  return endEdit(deps, context, input.editId, (edit, at) =>
    declineEdit(edit, { at, ...(by && { by }) }, input.reason),
  );
}

/** The shop takes an edit back: what was paid for it goes back. */
export function cancelOrderEdit(
  deps: Deps,
  context: Context,
  editId: string,
): Promise<Result<EditOfOrder, EditProblem>> {
  const by = editActor(context);
  return endEdit(deps, context, editId, (edit, at) => cancelEdit(edit, { at, ...(by && { by }) }));
}

/**
 * Marks the edit and gives its money back. Nobody begins to pay for it once it is marked; a payment that is under way is
 * waited for by whoever asks again. Repeated, it goes on where it stopped.
 */
async function endEdit(
  deps: Deps,
  context: Context,
  editId: string,
  end: (edit: OrderEdit, at: string) => Result<OrderEdit, EditProblem>,
): Promise<Result<EditOfOrder, EditProblem>> {
  const now = deps.now();
  const ended = await allOrNothing(deps, async (storage) => {
    const edit = await lockEdit(storage, context, editId, (one) => end(one, now));
    if (!edit.ok) return edit;
    const found = await loadEdit({ storage }, context, editId);
    if (!found.ok) return found;
    const pending = pendingForEdit(found.value.order, editId);
    return pending ? fail({ type: "payment_unresolved", paymentId: pending.id } as const) : found;
  });
  if (!ended.ok) return ended;
  const { edit } = ended.value;
  let { order } = ended.value;
  for (const payment of editPayments(order, editId)) {
    const ids = { paymentId: payment.id, operationId: deps.newId() };
    const { authorized } = paymentFacts(payment);
    const back = { ...ids, amount: refundable(payment), reason: "other", callingOff: true } as const;
    if (authorized > 0) {
      const released = await voidPayment(deps, context, order.id, { ...ids, operationId: deps.newId() });
      if (!released.ok) return released;
      order = released.value.order;
    }
    if (back.amount <= 0) continue;
    const given = await refundPayment(deps, context, order.id, back);
    if (!given.ok) return given;
    order = given.value.order;
  }
  return ok({ edit, order });
}

/**
 * Makes the order what an edit says: its lines and prices are frozen anew, its stock follows, and what was paid for the
 * edit pays for the order; all or nothing. The shop may `confirm` without the difference being paid, which is then owed;
 * the customer may `complete` what is paid or costs nothing more. Again is as good as once.
 */
export async function confirmOrderEdit(
  deps: Deps,
  context: Context,
  editId: string,
  how: "confirm" | "complete",
): Promise<Result<EditOfOrder, EditProblem>> {
  const by = editActor(context);
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const now = deps.now();
    const done = await allOrNothing(deps, async (storage) => {
      let wasConfirmed = false;
      const edit = await lockEdit(storage, context, editId, (one) => {
        wasConfirmed = editStatus(one) === "confirmed";
        return confirmEdit(one, { at: now, ...(by && { by }) }, how);
      });
      if (!edit.ok) return edit;
      const order = await storage.orders.load(context.store.storeId, edit.value.orderId);
      if (!order) return fail({ type: "order_not_found", orderId: edit.value.orderId } as const);
      const { collectionId } = edit.value;
      const collection =
        collectionId === undefined
          ? undefined
          : await storage.records.load(context.store.storeId, "payment_collection", collectionId);
      if (how === "complete" && collection && authorizedForEdit(order, editId) < collection.amount) {
        return fail({ type: "order_edit_unpaid" } as const);
      }
      if (wasConfirmed) return ok({ edit: edit.value, order });
      const pending = pendingForEdit(order, editId);
      if (pending) return fail({ type: "payment_unresolved", paymentId: pending.id } as const);
      const saved = await saveEdited(storage, context, order, edit.value, now);
      return saved.ok ? ok({ edit: edit.value, order: saved.value }) : saved;
    });
    if (done.ok || done.error.type !== "write_conflict") return done;
    await deps.pause(attempt * 2);
  }
  return fail({ type: "write_conflict" });
}

/** A save changes either the stock or what is frozen, so this takes up to three, in one transaction. */
async function saveEdited(
  storage: Storage,
  context: Context,
  before: Order,
  edit: OrderEdit,
  now: string,
): Promise<Result<Order, EditProblem>> {
  const { store, actor } = context;
  const editable = editableOrder(before);
  if (!editable.ok) return editable;
  const held =
    before.editHold?.editId === edit.id
      ? ok({ order: before })
      : await allocateFor(storage, context, before, edit);
  if (!held.ok) return held;
  let { order } = held.value;
  const freed = freedPieces(before, edit);
  const applied = applyEdit(order, edit, freed, now);
  if (!applied.ok) {
    const { error } = applied;
    return error.type === "amount_too_large"
      ? fail({ type: "amount_too_large", itemId: error.lineId ?? "" })
      : fail(error);
  }
  if (freed.length > 0) {
    const after = { state: order.stock.state, held: applied.value.stock.held };
    const stock = { action: "deallocate", demands: freed, after, actor: actor.label } as const;
    const given = await storage.orders.save(store.storeId, order, [], { stock });
    if (given.kind !== "saved") return fail({ type: "write_conflict" });
    order = { ...order, version: order.version + 1 };
  }
  const next = { ...applied.value, version: order.version };
  const edited = { type: "order.edited", payload: { orderId: order.id, editId: edit.id } };
  const saved = await storage.orders.save(store.storeId, next, [edited], { frozen: true });
  return saved.kind === "saved"
    ? ok({ ...next, version: next.version + 1 })
    : fail({ type: "write_conflict" });
}

/** Allocates what an edit adds, all or nothing, beside what the order holds; saves nothing else of it. */
export async function allocateFor(
  storage: Storage,
  { store, actor }: Context,
  order: Order,
  edit: OrderEdit,
): Promise<Result<{ readonly order: Order; readonly added: Order["stock"]["held"] }, EditProblem>> {
  const demands = addedPieces(order, edit);
  if (demands.length === 0) return ok({ order, added: [] });
  const after = { state: order.stock.state, held: [] };
  const places = placesOf(await storage.records.setup(store.storeId), order.region?.salesChannelId);
  const stock = { action: "allocate", demands, places, after, actor: actor.label } as const;
  const outcome = await storage.orders.save(store.storeId, order, [], { stock });
  if (outcome.kind === "conflict") return fail({ type: "write_conflict" });
  if (outcome.kind === "insufficient") {
    return fail({ type: "stock_short", productIds: [outcome.productId] });
  }
  const held = withPieces(order.stock.held, outcome.held);
  const stocked = { ...order, version: order.version + 1, stock: { state: order.stock.state, held } };
  return ok({ order: stocked, added: outcome.held });
}
