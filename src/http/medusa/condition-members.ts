import type { Discount } from "../../domain/region/discount.ts";
import type { Condition } from "../../operations/listing.ts";
import type { Call } from "../route.ts";
import { engineId } from "./ids.ts";

type ConditionType = Discount["rule"]["conditions"][number]["type"];

/**
 * Ids of what the condition of a discount names (`discount_condition_id` of a list's query); none for one that there is
 * not, or that names other things. Undefined where the query names no condition.
 */
export async function conditionMembers(
  { deps, context }: Pick<Call, "deps" | "context">,
  wire: string | undefined,
  type: ConditionType,
): Promise<readonly string[] | undefined> {
  if (wire === undefined || wire === "") return undefined;
  const id = engineId("discon", wire);
  const { rows } = await deps.storage.discounts.list(context.store.storeId, {
    filter: [[{ field: "condition_ids", operator: "in", values: [id] }]],
    sort: undefined,
    limit: 1,
    offset: 0,
  });
  const found = rows[0]?.rule.conditions.find((condition) => condition.id === id);
  return found?.type === type ? found.ids : [];
}

/** The same as a filter of a list. */
export async function ofCondition(
  call: Pick<Call, "deps" | "context">,
  wire: string | undefined,
  type: ConditionType,
): Promise<readonly Condition[]> {
  const ids = await conditionMembers(call, wire, type);
  if (ids === undefined) return [];
  return [{ field: "id", operator: "in", values: ids.length > 0 ? ids : [""] }];
}
