import { profileIdOf } from "../domain/cart/region-goods.ts";
import { priced, priceFor } from "../domain/cart/region-lines.ts";
import { priceEdit } from "../domain/order/edit-order-lines.ts";
import type { Order } from "../domain/order/order.ts";
import {
  addEditLine,
  changeEditLine,
  type EditActor,
  type EditLine,
  editableOrder,
  editStatus,
  isOpenEdit,
  type OrderEdit,
  refusedFor,
  undoEditChange,
} from "../domain/order/order-edit.ts";
import { productTaxRates } from "../domain/region/product-tax.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps, Storage } from "./deps.ts";
import { conditionProduct, goodsOf, linesOf, thumbnailOf } from "./order-edit-lines.ts";
import type { Refusal } from "./refusal.ts";
import type { SalesRefusal } from "./sales-refusal.ts";

/** Why an operation on an edit is refused. */
export type EditProblem = Refusal | SalesRefusal;

/** An edit and the order that it is of, as it is now. */
export type EditOfOrder = { readonly edit: OrderEdit; readonly order: Order };

/** Who acts, as edits note it. */
export function editActor({ actor }: Context): EditActor | undefined {
  if (actor.userId !== undefined) return { kind: "staff", id: actor.userId };
  return actor.customerId === undefined ? undefined : { kind: "customer", id: actor.customerId };
}

/** Begins an edit of an order with the order's own lines. An order has one open edit at most. */
export async function beginEdit(
  deps: Deps,
  context: Context,
  input: { readonly orderId: string; readonly internalNote?: string },
): Promise<Result<EditOfOrder, EditProblem>> {
  const { storeId } = context.store;
  const { orderId, internalNote } = input;
  const order = await deps.storage.orders.load(storeId, orderId);
  if (!order || order.displayId === undefined) return fail({ type: "order_not_found", orderId });
  const editable = editableOrder(order);
  if (!editable.ok) return editable;
  const now = deps.now();
  const by = editActor(context);
  const lines = await linesOf(deps, storeId, order, now);
  const edit: OrderEdit = {
    id: deps.newId(),
    orderId,
    ...(internalNote !== undefined && { internalNote }),
    created: { at: now, ...(by && { by }) },
    lines,
    before: lines,
    changes: [],
    createdAt: now,
    updatedAt: now,
  };
  const saved = await deps.storage.records.insert(storeId, "order_edit", edit, orderId);
  return saved === "saved" ? ok({ edit, order }) : fail({ type: "order_edit_open", orderId });
}

/** Changes what staff note about an edit. */
export function noteOnEdit(
  deps: Deps,
  context: Context,
  editId: string,
  internalNote: string,
): Promise<Result<EditOfOrder, EditProblem>> {
  return changeEdit(deps, context, editId, (edit, _order, now) =>
    ok({ ...edit, internalNote, updatedAt: now }),
  );
}

/** Takes an edit away that nobody has been shown; one that is not there is no error. */
export async function deleteEdit(
  deps: Deps,
  { store }: Context,
  editId: string,
): Promise<Result<void, EditProblem>> {
  const { records } = deps.storage;
  const edit = await records.load(store.storeId, "order_edit", editId);
  if (!edit) return ok(undefined);
  if (editStatus(edit) !== "created") return refusedFor(edit, "delete");
  await records.delete(store.storeId, "order_edit", editId);
  return ok(undefined);
}

/** Adds a variant to what an edit proposes, at its present price in the order's region. */
export async function addToEdit(
  deps: Deps,
  context: Context,
  input: {
    readonly editId: string;
    readonly variantId: string;
    readonly quantity: number;
    readonly metadata?: Readonly<Record<string, unknown>>;
  },
): Promise<Result<EditOfOrder, EditProblem>> {
  const { storeId } = context.store;
  const { editId, variantId, quantity, metadata } = input;
  const [setup, [family], found] = await Promise.all([
    deps.storage.records.setup(storeId),
    deps.storage.products.families(storeId, [variantId]),
    loadEdit(deps, context, editId),
  ]);
  if (!found.ok) return found;
  const variant = family?.variants.find(({ product }) => product.id === variantId);
  if (!family || !variant || variant.product.isBase) return fail({ type: "variant_unknown", variantId });
  const { region } = found.value.order;
  if (!region) return fail({ type: "order_not_editable", why: "no_region" });
  const { group } = family;
  if (region.salesChannelId !== undefined && group.channelIds?.includes(region.salesChannelId) === false) {
    return fail({ type: "not_in_channel", titles: [group.name] });
  }
  const price = priceFor(variant, region.region, quantity);
  if (!price) {
    const { currency } = region.region;
    return fail({ type: "price_missing", productId: variantId, sku: variant.product.sku, currency });
  }
  const { includesTax } = priced(price, region.region);
  const ids = { line: deps.newId(), change: deps.newId() };
  const chosen = region.shippingMethods.map(({ option }) => option.profileId);
  const profileId = profileIdOf(setup.shippingProfiles, group);
  return changeEdit(deps, context, editId, (edit, order, now) => {
    const line: EditLine = {
      id: ids.line,
      goods: { ...goodsOf(ids.line, group, variant, metadata), includesTax },
      facts: {
        baseProductId: group.id,
        ...thumbnailOf(group),
        isGiftCard: group.isGiftCard ?? false,
        allowsDiscounts: group.discountable ?? true,
        hasShipping: profileId !== undefined && chosen.includes(profileId),
        createdAt: now,
      },
      price: {
        id: ids.line,
        quantity,
        unitPrice: price.amount,
        includesTax,
        taxRates: productTaxRates(setup.taxRates, region.region, group),
        allowsDiscounts: group.discountable ?? true,
        product: conditionProduct(group),
      },
      createdAt: now,
      updatedAt: now,
    };
    return priceable(addEditLine(edit, line, ids.change, now), order);
  });
}

/** Proposes so many pieces of a line; 0 take it away. */
export function changeQuantityInEdit(
  deps: Deps,
  context: Context,
  input: { readonly editId: string; readonly lineId: string; readonly quantity: number },
): Promise<Result<EditOfOrder, EditProblem>> {
  const changeId = deps.newId();
  return changeEdit(deps, context, input.editId, (edit, order, now) =>
    priceable(changeEditLine(edit, order, { ...input, changeId }, now), order),
  );
}

/** Takes one step of an edit back. */
export function undoInEdit(
  deps: Deps,
  context: Context,
  input: { readonly editId: string; readonly changeId: string },
): Promise<Result<EditOfOrder, EditProblem>> {
  return changeEdit(deps, context, input.editId, (edit, order, now) =>
    priceable(undoEditChange(edit, input.changeId, now), order),
  );
}

/** An edit with its order. */
export async function loadEdit(
  { storage }: Pick<Deps, "storage">,
  { store }: Context,
  editId: string,
): Promise<Result<EditOfOrder, EditProblem>> {
  const edit = await storage.records.load(store.storeId, "order_edit", editId);
  if (!edit) return fail({ type: "order_edit_not_found", editId });
  const order = await storage.orders.load(store.storeId, edit.orderId);
  return order ? ok({ edit, order }) : fail({ type: "order_not_found", orderId: edit.orderId });
}

/** Changes an edit as it is now. `decide` may run more than once and must do nothing else. */
export async function changeEdit(
  deps: Pick<Deps, "storage" | "now">,
  context: Context,
  editId: string,
  decide: (edit: OrderEdit, order: Order, now: string) => Result<OrderEdit, EditProblem>,
): Promise<Result<EditOfOrder, EditProblem>> {
  const found = await loadEdit(deps, context, editId);
  if (!found.ok) return found;
  const { order } = found.value;
  const now = deps.now();
  const changed = await lockEdit(deps.storage, context, editId, (edit) => decide(edit, order, now));
  return changed.ok ? ok({ edit: changed.value, order }) : changed;
}

/** The same without its order. In a transaction nobody else changes the edit until that has ended. */
export async function lockEdit(
  storage: Pick<Storage, "records">,
  { store }: Context,
  editId: string,
  decide: (edit: OrderEdit) => Result<OrderEdit, EditProblem>,
): Promise<Result<OrderEdit, EditProblem>> {
  let decided: Result<OrderEdit, EditProblem> = fail({ type: "order_edit_not_found", editId });
  await storage.records.change(
    store.storeId,
    "order_edit",
    editId,
    (edit) => {
      decided = decide(edit);
      return decided.ok ? decided.value : edit;
    },
    (edit) => (isOpenEdit(edit) ? edit.orderId : undefined),
  );
  return decided;
}

/** What is decided, unless the order could not be priced so. */
function priceable(decided: Result<OrderEdit, EditProblem>, order: Order): Result<OrderEdit, EditProblem> {
  if (!decided.ok || !order.region) return decided;
  const totals = priceEdit(decided.value, order.region);
  if (totals.ok) return decided;
  return totals.error.type === "amount_too_large"
    ? fail({ type: "amount_too_large", itemId: totals.error.lineId ?? "" })
    : fail(totals.error);
}
