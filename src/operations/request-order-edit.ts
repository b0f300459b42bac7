import { limitOf } from "../domain/cart/region-goods.ts";
import { placesOf } from "../domain/inventory/selling-places.ts";
import { addedPieces, priceEdit } from "../domain/order/edit-order-lines.ts";
import type { Order } from "../domain/order/order.ts";
import { editableOrder, type OrderEdit, requestEdit } from "../domain/order/order-edit.ts";
import type { PaymentCollection } from "../domain/order/payment-collection.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { allOrNothing } from "./all-or-nothing.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { type EditOfOrder, type EditProblem, editActor, loadEdit, lockEdit } from "./order-edits.ts";

/**
 * Shows an edit to the customer. Where the order would cost more, a collection is made to pay the difference into.
 * What is not there any more is refused, so that nobody is asked to pay for it.
 */
export async function requestConfirmation(
  deps: Deps,
  context: Context,
  input: { readonly editId: string; readonly description?: string },
): Promise<Result<EditOfOrder, EditProblem>> {
  const { storeId } = context.store;
  const found = await loadEdit(deps, context, input.editId);
  if (!found.ok) return found;
  const { order } = found.value;
  const editable = editableOrder(order);
  if (!editable.ok) return editable;
  const short = await shortOf(deps, storeId, order, found.value.edit);
  if (short.length > 0) return fail({ type: "stock_short", productIds: short });
  const now = deps.now();
  const by = editActor(context);
  const collectionId = deps.newId();
  return allOrNothing(deps, async (storage) => {
    let amount = 0;
    const requested = await lockEdit(storage, context, input.editId, (edit) => {
      const due = differenceDue(edit, order);
      if (!due.ok) return due;
      amount = edit.requested ? 0 : due.value;
      return requestEdit(edit, { at: now, ...(by && { by }) }, amount > 0 ? collectionId : undefined);
    });
    if (!requested.ok) return requested;
    if (amount > 0) {
      const collection: PaymentCollection = {
        id: collectionId,
        orderId: order.id,
        editId: input.editId,
        regionId: order.region?.region.id ?? "",
        currency: order.currency,
        amount,
        ...(input.description && { description: input.description }),
        ...(by && { createdBy: by }),
        sessions: [],
        wasTried: false,
        createdAt: now,
        updatedAt: now,
      };
      await storage.records.insert(storeId, "payment_collection", collection);
    }
    return ok({ edit: requested.value, order });
  });
}

/** What the order costs more once the edit is confirmed, in minor units; below 0: less. */
function differenceDue(
  edit: Pick<OrderEdit, "lines">,
  { region }: Pick<Order, "region">,
): Result<number, EditProblem> {
  if (!region) return fail({ type: "order_not_editable", why: "no_region" });
  const totals = priceEdit(edit, region);
  if (totals.ok) return ok(totals.value.cart.total - region.totals.cart.total);
  return totals.error.type === "amount_too_large"
    ? fail({ type: "amount_too_large", itemId: totals.error.lineId ?? "" })
    : fail(totals.error);
}

/** Products of which there are fewer pieces than the edit adds. */
async function shortOf(
  deps: Deps,
  storeId: string,
  order: Order,
  edit: OrderEdit,
): Promise<readonly string[]> {
  const added = addedPieces(order, edit);
  if (added.length === 0) return [];
  const { records, products } = deps.storage;
  const families = await products.families(
    storeId,
    added.map(({ productId }) => productId),
    placesOf(await records.setup(storeId), order.region?.salesChannelId),
  );
  const variants = families.flatMap((family) => family.variants);
  return added.flatMap(({ productId, quantity }) => {
    const variant = variants.find(({ product }) => product.id === productId);
    const limit = variant && limitOf(variant);
    return limit !== undefined && limit < quantity ? [productId] : [];
  });
}
