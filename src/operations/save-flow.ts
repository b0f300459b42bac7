import type { ExtensibleResource } from "../domain/custom-fields/field.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { Flow } from "./ports/flows.ts";
import type { RefusalOf } from "./refusal.ts";

/** What a shop decides about a flow. */
export type FlowDetails = Pick<Flow, "name" | "description" | "enabled">;

/** Lets a resource have custom fields. */
export async function createFlow(
  deps: Deps,
  context: Context,
  input: FlowDetails & { readonly slug: ExtensibleResource },
): Promise<Result<Flow, RefusalOf<"flow_slug_taken">>> {
  const now = deps.now();
  const flow: Flow = { ...input, id: deps.newId(), createdAt: now, updatedAt: now };
  const saved = await deps.storage.flows.insert(context.store.storeId, flow);
  return saved === "saved" ? ok(flow) : fail({ type: "flow_slug_taken", slug: flow.slug });
}

/** Changes the given members of a flow. Its slug says whose fields it has and stays. */
export async function updateFlow(
  deps: Deps,
  context: Context,
  input: { readonly flowId: string; readonly slug?: string; readonly changes: Partial<FlowDetails> },
): Promise<Result<Flow, RefusalOf<"flow_not_found" | "flow_slug_fixed">>> {
  const { flows } = deps.storage;
  const { storeId } = context.store;
  const { flowId, slug, changes } = input;
  if (slug !== undefined) {
    const flow = await flows.load(storeId, flowId);
    if (flow && flow.slug !== slug) return fail({ type: "flow_slug_fixed", slug: flow.slug });
  }
  const updatedAt = deps.now();
  const changed = await flows.change(storeId, flowId, (flow) => ({ ...flow, ...changes, updatedAt }));
  return changed ? ok(changed) : fail({ type: "flow_not_found", flow: flowId });
}
