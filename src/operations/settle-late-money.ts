import { fateWithoutGoods, lateMoney, noteLateMoney, owedBack } from "../domain/order/late-money.ts";
import { type LateFate, paymentFacts } from "../domain/order/payment.ts";
import type { SeenPayment } from "../domain/order/seen-payment.ts";
import { refundPayment, voidPayment } from "./change-payment.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { MAX_TRIES } from "./max-tries.ts";
import { saveOrder } from "./save-order.ts";

/**
 * Money came for a payment that was given up. Where the order still owes it and its goods are still there, it pays for
 * the order, which is what the shopper wanted. Where only the goods are gone, the store's setting decides; what the order
 * does not owe is returned at once. In every case the order shows it.
 * @returns false when something of this is still to be done, and is to be tried again
 */
export async function settleLateMoney(deps: Deps, context: Context, seen: SeenPayment): Promise<boolean> {
  const { storeId } = context.store;
  if (!(await note(deps, context, seen))) return false;
  const order = await deps.storage.orders.load(storeId, seen.orderId);
  const owed = order && owedBack(order, seen.paymentId);
  if (!order || !owed) return true;
  const ids = { paymentId: seen.paymentId, operationId: deps.newId() };
  if (owed.by === "void") await voidPayment(deps, context, order.id, ids);
  else await refundPayment(deps, context, order.id, { ...ids, amount: owed.amount });
  const after = await deps.storage.orders.load(storeId, seen.orderId);
  const payment = after?.payments.find(({ id }) => id === seen.paymentId);
  if (!after || !payment || !paymentFacts(payment).resolved) return false;
  return owedBack(after, seen.paymentId) === undefined;
}

async function note(deps: Deps, context: Context, seen: SeenPayment): Promise<boolean> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const order = await deps.storage.orders.load(context.store.storeId, seen.orderId);
    const late = order && lateMoney(order, seen);
    if (!order || !late) return true;
    const decided = (fate: LateFate) => noteLateMoney(order, seen, late.amount, fate, deps.now());
    let otherwise: LateFate = "toReturn";
    if (late.wanted) {
      const intent = order.stock.state === "none" ? "allocate" : "leave";
      const kept = await saveOrder(deps, context, decided("kept"), intent);
      if (kept.kind === "saved") return true;
      if (kept.kind === "conflict") {
        await deps.pause(attempt * 2);
        continue;
      }
      if (kept.refusal.type === "insufficient_stock") {
        otherwise = fateWithoutGoods(context.store.settings.paidButGone, seen);
      }
    }
    if ((await saveOrder(deps, context, decided(otherwise), "leave")).kind === "saved") return true;
    await deps.pause(attempt * 2);
  }
  return false;
}
