import type { Result } from "../../domain/result.ts";
import type { EditOfOrder, EditProblem } from "../../operations/order-edits.ts";
import type { Call, Reply } from "../route.ts";
import { refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { type EditDetails, renderOrderEdit, renderStoreOrderEdit } from "./render-order-edit.ts";

/** The edit that a request names in its path. */
export function editIdOf({ params }: Pick<Call, "params">): string {
  return engineId("oe", params.editId as string);
}

/** The answer to staff. */
export async function answerEdit(call: Call, result: Result<EditOfOrder, EditProblem>): Promise<Reply> {
  if (!result.ok) return refused(result.error);
  const [details] = await editDetails(call, [result.value]);
  const body = { order_edit: renderOrderEdit(result.value.edit, details as EditDetails) };
  return { status: 200, body };
}

/** The answer to a customer. */
export async function answerStoreEdit(call: Call, result: Result<EditOfOrder, EditProblem>): Promise<Reply> {
  if (!result.ok) return refused(result.error);
  const [details] = await editDetails(call, [result.value]);
  const body = { order_edit: renderStoreOrderEdit(result.value.edit, details as EditDetails) };
  return { status: 200, body };
}

/** What edits are shown with, in their order: two statements for any number of them. */
export async function editDetails(
  { deps, context, baseUrl }: Call,
  found: readonly EditOfOrder[],
): Promise<readonly EditDetails[]> {
  const { storeId } = context.store;
  const { products, records } = deps.storage;
  const lines = found.flatMap(({ edit }) => [...edit.before, ...edit.lines]);
  const productIds = [...new Set(lines.flatMap(({ goods }) => goods.productId ?? []))];
  const collectionIds = found.flatMap(({ edit }) => edit.collectionId ?? []);
  const [families, collections] = await Promise.all([
    productIds.length === 0 ? [] : products.families(storeId, productIds),
    records.loadMany(storeId, "payment_collection", collectionIds),
  ]);
  const variants = new Map(
    families.flatMap((family) => family.variants.map((variant) => [variant.product.id, variant] as const)),
  );
  return found.map(({ edit, order }) => ({
    baseUrl,
    order,
    collection: collections.find(({ id }) => id === edit.collectionId),
    variants,
  }));
}
