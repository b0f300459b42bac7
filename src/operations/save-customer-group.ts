import type { CustomerGroup } from "../domain/customer/customer-group.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";

type GroupRefusal = SalesRefusalOf<"customer_group_not_found" | "customer_group_taken" | "customers_unknown">;

/** What is decided about a group. */
export type GroupDetails = Pick<CustomerGroup, "name" | "metadata">;

/** Makes a group that nobody is in. */
export async function createCustomerGroup(
  deps: Deps,
  { store }: Context,
  details: GroupDetails,
): Promise<Result<CustomerGroup, GroupRefusal>> {
  const now = deps.now();
  const group: CustomerGroup = { ...details, id: deps.newId(), createdAt: now, updatedAt: now };
  const saved = await deps.storage.records.insert(store.storeId, "customer_group", group, group.name);
  return saved === "saved" ? ok(group) : fail({ type: "customer_group_taken", name: group.name });
}

/** Changes a group; members that are absent stay. */
export async function updateCustomerGroup(
  deps: Deps,
  { store }: Context,
  groupId: string,
  details: Partial<GroupDetails>,
): Promise<Result<CustomerGroup, GroupRefusal>> {
  const updatedAt = deps.now();
  const saved = await deps.storage.records.change(
    store.storeId,
    "customer_group",
    groupId,
    (group) => ({ ...group, ...details, updatedAt }),
    ({ name }) => name,
  );
  if (saved.kind === "saved") return ok(saved.record);
  return saved.kind === "name_taken"
    ? fail({ type: "customer_group_taken", name: details.name ?? "" })
    : fail({ type: "customer_group_not_found", groupId });
}

/** Puts customers into a group or takes them out of it; all of them, or none where one is not there. */
export async function moveInGroup(
  deps: Deps,
  { store }: Context,
  groupId: string,
  customerIds: readonly string[],
  move: "add" | "remove",
): Promise<Result<CustomerGroup, GroupRefusal>> {
  const { storeId } = store;
  const { records, customers } = deps.storage;
  const [group, found] = await Promise.all([
    records.load(storeId, "customer_group", groupId),
    customers.loadMany(storeId, customerIds),
  ]);
  if (!group) return fail({ type: "customer_group_not_found", groupId });
  const unknown = customerIds.filter((id) => !found.some((customer) => customer.id === id));
  if (move === "add" && unknown.length > 0) return fail({ type: "customers_unknown", customerIds: unknown });
  const updatedAt = deps.now();
  // In one order, so that two of these at a time wait for each other and not in a circle.
  for (const id of [...new Set(customerIds)].sort()) {
    await customers.change(storeId, id, (customer) => {
      const others = (customer.groupIds ?? []).filter((one) => one !== groupId);
      return { ...customer, groupIds: move === "add" ? [...others, groupId] : others, updatedAt };
    });
  }
  return ok(group);
}
