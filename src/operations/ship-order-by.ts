import { optionTaxRates } from "../domain/cart/region-quote.ts";
import type { Order } from "../domain/order/order.ts";
import type { OrderEdit } from "../domain/order/order-edit.ts";
import type { PaymentCollection } from "../domain/order/payment-collection.ts";
import { type NewShipping, shipBy } from "../domain/order/ship-by.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import { allOrNothing } from "./all-or-nothing.ts";
import type { Context } from "./context.ts";
import type { Deps, Storage } from "./deps.ts";
import { MAX_TRIES } from "./max-tries.ts";
import { linesOf } from "./order-edit-lines.ts";
import { type EditProblem, editActor } from "./order-edits.ts";

/**
 * Sends an order of a region another way, at what staff want for it: see `shipBy`. The option's provider says what is
 * kept with it, or refuses. What the order costs more by it is owed, and is paid for as what an edit adds: an edit that
 * is confirmed already, with a payment collection for the difference, is written down with it.
 */
export async function shipOrderBy(
  deps: Deps,
  context: Context,
  order: Order,
  input: {
    /** The same on every try of one request. */
    readonly methodId: string;
    readonly optionId: string;
    /** Minor units, as the option says with or without tax. */
    readonly price: number;
    readonly data: Readonly<Record<string, unknown>>;
  },
): Promise<Result<Order, EditProblem>> {
  const { methodId, optionId, price } = input;
  const { shippingOptions, taxRates } = await deps.storage.records.setup(context.store.storeId);
  const option = shippingOptions.find(({ id }) => id === optionId);
  if (!option) return fail({ type: "shipping_option_not_found", optionId });
  if (option.isReturn || option.regionId !== order.region?.region.id) {
    return fail({ type: "option_not_in_region" });
  }
  const provider = deps.fulfilmentProviders.get(option.providerId);
  const pieces = order.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const kept = provider
    ? await provider.methodData(option.data, input.data, { cartId: order.cartId, pieces })
    : ok(input.data);
  if (!kept.ok) return kept;
  const rates = optionTaxRates(taxRates, order.region.region, option.id);
  const method: NewShipping = { id: methodId, option, price, data: kept.value, taxRates: rates };
  const ids = { edit: deps.newId(), collection: deps.newId() };
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const done = await allOrNothing(deps, (storage) =>
      shipOnce({ ...deps, storage }, context, order.id, method, ids),
    );
    if (done.ok || done.error.type !== "write_conflict") return done;
    await deps.pause(attempt * 2);
  }
  return fail({ type: "write_conflict" });
}

type Ids = { readonly edit: string; readonly collection: string };

async function shipOnce(
  deps: Pick<Deps, "now" | "newId"> & { readonly storage: Storage },
  context: Context,
  orderId: string,
  method: NewShipping,
  ids: Ids,
): Promise<Result<Order, EditProblem>> {
  const { storeId } = context.store;
  const before = await deps.storage.orders.load(storeId, orderId);
  if (!before) return fail({ type: "order_not_found", orderId });
  const now = deps.now();
  const decided = shipBy(before, method, now);
  if (!decided.ok) {
    return decided.error.type === "amount_too_large"
      ? fail({ type: "amount_too_large", itemId: "" })
      : fail(decided.error);
  }
  const { state, events } = decided.value;
  if (events.length === 0) return ok(before);
  const saved = await deps.storage.orders.save(storeId, state, events, { frozen: true });
  if (saved.kind !== "saved") return fail({ type: "write_conflict" });
  const after = { ...state, version: state.version + 1 };
  const due = after.totals.withTax - before.totals.withTax;
  if (due > 0) await askFor(deps, context, after, { due, ids, now, note: method.option.name });
  return ok(after);
}

/** Writes down where the difference is paid. */
async function askFor(
  deps: Pick<Deps, "newId"> & { readonly storage: Storage },
  context: Context,
  order: Order,
  what: { readonly due: number; readonly ids: Ids; readonly now: string; readonly note: string },
): Promise<void> {
  const { storeId } = context.store;
  const { due, ids, now, note } = what;
  const by = editActor(context);
  const mark = { at: now, ...(by && { by }) };
  const lines = await linesOf(deps, storeId, order, now);
  const edit: OrderEdit = {
    id: ids.edit,
    orderId: order.id,
    internalNote: note,
    created: mark,
    requested: mark,
    confirmed: mark,
    collectionId: ids.collection,
    lines,
    before: lines,
    changes: [],
    createdAt: now,
    updatedAt: now,
  };
  const collection: PaymentCollection = {
    id: ids.collection,
    orderId: order.id,
    editId: ids.edit,
    regionId: order.region?.region.id ?? "",
    currency: order.currency,
    amount: due,
    description: note,
    ...(by && { createdBy: by }),
    sessions: [],
    wasTried: false,
    createdAt: now,
    updatedAt: now,
  };
  await deps.storage.records.insert(storeId, "order_edit", edit);
  await deps.storage.records.insert(storeId, "payment_collection", collection);
}
