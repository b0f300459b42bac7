import { collectionStatus } from "../domain/order/payment-collection.ts";
import { fail, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { EditProblem } from "./order-edits.ts";
import { authorizeSessions } from "./pay-order-edit.ts";
import { type CollectionOfOrder, loadCollection, setSessions } from "./payment-collections.ts";

/**
 * Staff say that they have what a collection is for, or will get it in a way of their own. It becomes a payment like any
 * other, with the stock that its edit adds; said again, it is the same payment. One that its customer has begun to pay is
 * refused.
 */
export async function notePaidToStaff(
  deps: Deps,
  context: Context,
  collectionId: string,
): Promise<Result<CollectionOfOrder, EditProblem>> {
  const found = await loadCollection(deps, context, collectionId);
  if (!found.ok) return found;
  const { collection, order } = found.value;
  if (collectionStatus(collection, order) === "authorized") return found;
  const gateway = [...deps.gateways.values()].find(({ isForStaff }) => isForStaff);
  if (!gateway) throw new Error("There is no gateway for staff");
  const wanted = [{ provider: gateway.slug, amount: collection.amount }];
  const set = await setSessions(deps, context, collectionId, wanted, "staff");
  if (!set.ok) return set;
  const sessionIds = set.value.collection.sessions.map(({ id }) => id);
  const done = await authorizeSessions(deps, context, { collectionId, sessionIds });
  if (!done.ok) return done;
  const status = collectionStatus(done.value.collection, done.value.order);
  return status === "authorized" ? done : fail({ type: "payment_collection_begun", status });
}
