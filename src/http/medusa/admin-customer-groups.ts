import Type, { type Static } from "typebox";
import type { CustomerGroup } from "../../domain/customer/customer-group.ts";
import type { Result } from "../../domain/result.ts";
import type { SalesRefusal } from "../../operations/sales-refusal.ts";
import {
  createCustomerGroup,
  moveInGroup,
  updateCustomerGroup,
} from "../../operations/save-customer-group.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { conditionMembers } from "./condition-members.ts";
import { customerRow } from "./customer-schemas.ts";
import { refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { listParameters, namesIn, readList, searched } from "./list-parameters.ts";
import { pageParameters, pageReply } from "./pages.ts";
import { readQuery } from "./query.ts";
import { renderCustomer } from "./render-customer.ts";
import { groupsOfAll, renderGroup, withCustomers } from "./render-customer-group.ts";
import {
  bodyOf,
  deleted,
  error,
  given,
  listOf,
  metadata,
  nullable,
  one,
  plainText,
  text,
  timestamps,
} from "./schemas.ts";

const tag = "Admin: customer groups";
const path = "/admin/customer-groups/:groupId";

const groupSchema = Type.Object({
  id: Type.String(),
  ...timestamps,
  deleted_at: Type.Null(),
  name: Type.String(),
  metadata: nullable(metadata),
  customers: Type.Optional(Type.Array(customerRow)),
});
const answers = {
  200: one("customer_group", groupSchema),
  400: error,
  401: plainText,
  404: error,
  422: error,
};
const rowOfGroup = Type.Object({
  ...customerRow.properties,
  groups: Type.Optional(Type.Array(Type.Object({ id: Type.String() }))),
});
const customersQuery = listParameters({ q: Type.Optional(Type.String({ maxLength: 255 })) });

/** Groups of customers, for discounts that are for some of them only. */
export const adminCustomerGroupRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/customer-groups",
    access: "shop",
    tag,
    summary: "List customer groups, newest first",
    query: [...pageParameters, "name", "id", "discount_condition_id"],
    responses: { 200: listOf("customer_groups", groupSchema), 400: error, 401: plainText },
    handle: async (call) => {
      const all = await call.deps.storage.records.all(call.context.store.storeId, "customer_group");
      const condition = new URLSearchParams(call.rawQuery).get("discount_condition_id") ?? undefined;
      const named = await conditionMembers(call, condition, "customer_groups");
      const groups = all.filter(({ id }) => named === undefined || named.includes(id));
      const page = pageReply(call, {
        name: "customer_groups",
        rows: groups.map(renderGroup),
        searched: ["name"],
        filters: ["id", "name"],
        known: ["discount_condition_id"],
        limit: 10,
      });
      if (page.status !== 200 || !wantsCustomers(call)) return page;
      const body = page.body as { readonly customer_groups: readonly { readonly id: string }[] };
      return { ...page, body: { ...body, customer_groups: await withCustomers(call, body.customer_groups) } };
    },
  }),
  route({
    method: "POST",
    path: "/admin/customer-groups",
    access: "shop",
    tag,
    summary: "Create a customer group",
    body: bodyOf({ name: text(255), metadata: given(metadata) }),
    responses: answers,
    handle: async ({ deps, context, body }) =>
      answer(
        await createCustomerGroup(deps, context, {
          name: body.name,
          ...(body.metadata && { metadata: body.metadata }),
        }),
      ),
  }),
  route({
    method: "GET",
    path,
    access: "shop",
    tag,
    summary: "Get a customer group",
    query: ["expand"],
    responses: answers,
    handle: async (call) => {
      const group = await groupOf(call);
      if (!group) return unknown(call);
      if (!wantsCustomers(call)) return answer({ ok: true, value: group });
      const [shown] = await withCustomers(call, [renderGroup(group)]);
      return { status: 200, body: { customer_group: shown } };
    },
  }),
  route({
    method: "POST",
    path,
    access: "shop",
    tag,
    summary: "Change a customer group",
    body: bodyOf({ name: given(text(255)), metadata: given(metadata) }),
    responses: answers,
    handle: async (call) => {
      const { deps, context, body } = call;
      return answer(
        await updateCustomerGroup(deps, context, idOf(call), {
          ...(body.name && { name: body.name }),
          ...(body.metadata && { metadata: body.metadata }),
        }),
      );
    },
  }),
  route({
    method: "DELETE",
    path,
    access: "shop",
    tag,
    summary: "Delete a customer group; its customers stay",
    responses: { 200: deleted, 401: plainText },
    handle: async (call) => {
      await call.deps.storage.records.delete(call.context.store.storeId, "customer_group", idOf(call));
      return { status: 200, body: { id: call.params.groupId, object: "customer_group", deleted: true } };
    },
  }),
  route({
    method: "GET",
    path: `${path}/customers`,
    access: "shop",
    tag,
    summary: "The customers of a group",
    query: Object.keys(customersQuery.properties),
    responses: { 200: listOf("customers", rowOfGroup), 400: error, 401: plainText, 404: error },
    handle: customersOf,
  }),
  ...(["POST", "DELETE"] as const).map((method) =>
    route({
      method,
      path: `${path}/customers/batch`,
      access: "shop",
      tag,
      summary: method === "POST" ? "Put customers into a group" : "Take customers out of a group",
      body: bodyOf({ customer_ids: Type.Array(bodyOf({ id: text(255) }), { maxItems: 1000 }) }),
      responses: answers,
      handle: async (call) => {
        const customerIds = call.body.customer_ids.map(({ id }) => engineId("cus", id));
        const move = method === "POST" ? "add" : "remove";
        return answer(await moveInGroup(call.deps, call.context, idOf(call), customerIds, move));
      },
    }),
  ),
];

async function customersOf(call: Call): Promise<Reply> {
  const read = readQuery<Static<typeof customersQuery>>(call, customersQuery);
  if ("refusal" in read) return read.refusal;
  const group = await groupOf(call);
  if (!group) return unknown(call);
  const list = readList(read.query, {
    sortable: ["id", "email", "created_at", "updated_at"],
    defaultLimit: 50,
    conditions: [{ field: "group_ids", operator: "in", values: [group.id] }],
    anyOf: searched(read.query.q, ["email", "name"]),
  });
  if ("refusal" in list) return list.refusal;
  const { storage } = call.deps;
  const { rows, total } = await storage.customers.list(call.context.store.storeId, list.query, "all");
  const { offset, limit } = list.query;
  const groupsOf = namesIn(read.query.expand).has("groups") ? await groupsOfAll(call, rows) : undefined;
  const customers = rows.map((customer) => ({
    ...renderCustomer(customer),
    ...(groupsOf && { groups: groupsOf(customer) }),
  }));
  return { status: 200, body: { customers, count: total, offset, limit } };
}

function wantsCustomers({ rawQuery }: Omit<Call, "body">): boolean {
  return namesIn(new URLSearchParams(rawQuery).get("expand") ?? undefined).has("customers");
}

const answer = (result: Result<CustomerGroup, SalesRefusal>): Reply =>
  result.ok ? { status: 200, body: { customer_group: renderGroup(result.value) } } : refused(result.error);

const idOf = ({ params }: Pick<Call, "params">): string => engineId("cgrp", params.groupId as string);
const unknown = (call: Pick<Call, "params">): Reply =>
  refused({ type: "customer_group_not_found", groupId: idOf(call) });

function groupOf(call: Omit<Call, "body">): Promise<CustomerGroup | undefined> {
  return call.deps.storage.records.load(call.context.store.storeId, "customer_group", idOf(call));
}
