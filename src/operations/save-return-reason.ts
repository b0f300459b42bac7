import type { ReturnReason } from "../domain/region/region.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";

/** What a merchant decides about a reason that goods come back for. */
export type ReturnReasonDetails = Omit<ReturnReason, "id" | "createdAt" | "updatedAt">;

/** Makes a reason; one below another has none below itself. */
export async function createReturnReason(
  deps: Deps,
  { store }: Context,
  details: ReturnReasonDetails,
): Promise<
  Result<
    ReturnReason,
    SalesRefusalOf<"return_reason_taken" | "return_reason_not_found" | "return_reason_nested">
  >
> {
  const { records } = deps.storage;
  const { parentId, value } = details;
  if (parentId !== undefined) {
    const parent = await records.load(store.storeId, "return_reason", parentId);
    if (!parent) return fail({ type: "return_reason_not_found", reasonId: parentId });
    if (parent.parentId !== undefined) return fail({ type: "return_reason_nested" });
  }
  const now = deps.now();
  const reason = { ...details, id: deps.newId(), createdAt: now, updatedAt: now };
  const saved = await records.insert(store.storeId, "return_reason", reason, value);
  return saved === "saved" ? ok(reason) : fail({ type: "return_reason_taken", value });
}

/** Changes the given members of a reason. */
export async function updateReturnReason(
  deps: Deps,
  { store }: Context,
  reasonId: string,
  changes: Partial<Omit<ReturnReasonDetails, "parentId">>,
): Promise<Result<ReturnReason, SalesRefusalOf<"return_reason_taken" | "return_reason_not_found">>> {
  const updatedAt = deps.now();
  const saved = await deps.storage.records.change(
    store.storeId,
    "return_reason",
    reasonId,
    (reason) => ({ ...reason, ...changes, updatedAt }),
    ({ value }) => value,
  );
  if (saved.kind === "not_found") return fail({ type: "return_reason_not_found", reasonId });
  return saved.kind === "saved"
    ? ok(saved.record)
    : fail({ type: "return_reason_taken", value: changes.value ?? "" });
}

/** Deletes a reason and those below it, if they are there. */
export async function deleteReturnReason(deps: Deps, { store }: Context, reasonId: string): Promise<void> {
  const { storeId } = store;
  await deps.storage.transaction(async ({ records }) => {
    for (const { id, parentId } of await records.all(storeId, "return_reason")) {
      if (parentId === reasonId) await records.delete(storeId, "return_reason", id);
    }
    await records.delete(storeId, "return_reason", reasonId);
  });
}
