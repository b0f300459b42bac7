import type { CustomerGroup } from "../../domain/customer/customer-group.ts";
import type { Customer } from "../../operations/ports/customers.ts";
import type { Call } from "../route.ts";
import { engineId, wireId } from "./ids.ts";
import { readList } from "./list-parameters.ts";
import { renderCustomer } from "./render-customer.ts";
import { stamps } from "./render-groups.ts";

/** Customers that are shown within the groups of one answer, the newest ones. */
const MAX_IN_GROUPS = 1000;

/** A group, without the customers in it. */
export function renderGroup(group: CustomerGroup) {
  const { id, name, metadata: notes } = group;
  return { id: wireId("cgrp", id), ...stamps(group), name, metadata: notes ?? null };
}

/** The groups of each of the customers; one statement for all of them. */
export async function groupsOfAll({ deps, context }: Omit<Call, "body">, customers: readonly Customer[]) {
  const ids = [...new Set(customers.flatMap(({ groupIds = [] }) => groupIds))];
  const groups = await deps.storage.records.loadMany(context.store.storeId, "customer_group", ids);
  return ({ groupIds = [] }: Customer) =>
    groups.filter(({ id }) => groupIds.includes(id)).map((group) => renderGroup(group));
}

/** The groups as they were rendered, with the customers in them; one statement for all of them. */
export async function withCustomers<Group extends { readonly id: string }>(
  { deps, context }: Omit<Call, "body">,
  groups: readonly Group[],
) {
  if (groups.length === 0) return [];
  const values = groups.map(({ id }) => engineId("cgrp", id));
  const conditions = [{ field: "group_ids", operator: "in", values } as const];
  const list = readList({}, { sortable: ["created_at"], defaultLimit: MAX_IN_GROUPS, conditions });
  if ("refusal" in list) throw new Error("a list without a query was refused");
  const { rows } = await deps.storage.customers.list(context.store.storeId, list.query, "all");
  return groups.map((group) => ({
    ...group,
    customers: rows
      .filter(({ groupIds = [] }) => groupIds.includes(engineId("cgrp", group.id)))
      .map(renderCustomer),
  }));
}
