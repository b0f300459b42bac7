import Type from "typebox";
import type { Customer } from "../../operations/ports/customers.ts";
import { registerCustomer } from "../../operations/register-customer.ts";
import { addressesOf } from "../../operations/save-region-address.ts";
import { updateCustomer } from "../../operations/update-customer.ts";
import { type Call, type Route, route } from "../route.ts";
import { plainOrdersOf } from "./customer-orders.ts";
import { chosenPassword, customerRow, customerWithAddresses, email } from "./customer-schemas.ts";
import { refused } from "./errors.ts";
import { engineId } from "./ids.ts";
import { type ListParameters, listParameters, namesIn, readList, searched } from "./list-parameters.ts";
import { readQuery } from "./query.ts";
import { renderCustomer, renderCustomerWithAddresses } from "./render-customer.ts";
import { groupsOfAll } from "./render-customer-group.ts";
import { bodyOf, error, given, ids, listOf, metadata, one, plainText } from "./schemas.ts";

const name = Type.String({ maxLength: 255 });
const phone = Type.String({ maxLength: 100 });

const createBody = bodyOf({
  email,
  first_name: name,
  last_name: name,
  password: chosenPassword,
  phone: given(phone),
  metadata: given(metadata),
});

const updateBody = bodyOf({
  email: given(email),
  // Null removes these three.
  first_name: given(name),
  last_name: given(name),
  phone: given(phone),
  password: given(chosenPassword),
  groups: given(Type.Array(Type.Object({ id: Type.String({ maxLength: 255 }) }), { maxItems: 100 })),
  metadata: given(metadata),
});

const query = listParameters({
  q: Type.Optional(Type.String({ maxLength: 255 })),
  has_account: Type.Optional(Type.Boolean()),
  groups: Type.Optional(ids),
});
type Query = ListParameters & {
  readonly q?: string;
  readonly has_account?: boolean;
  readonly groups?: readonly string[];
};

const SORTABLE = ["id", "email", "created_at", "updated_at"];
const row = Type.Object({ id: Type.String() });
const groups = Type.Optional(Type.Array(row));
const answered = Type.Object({ ...customerWithAddresses.properties, orders: Type.Array(row), groups });
const listedRow = Type.Object({
  ...customerRow.properties,
  orders: Type.Optional(Type.Array(row)),
  groups,
});
const answer = { 200: one("customer", answered), 401: plainText, 404: error } as const;

/** Customers, with and without an account, as the staff sees them. */
export const adminCustomerRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/admin/customers",
    access: "shop",
    tag: "Admin: customers",
    summary: "List customers, guests too",
    query: Object.keys(query.properties),
    responses: { 200: listOf("customers", listedRow), 400: error, 401: plainText },
    async handle(call) {
      const read = readQuery<Query>(call, query);
      if ("refusal" in read) return read.refusal;
      const { q, has_account: hasAccount, groups = [] } = read.query;
      const values = groups.map((id) => engineId("cgrp", id));
      const conditions = values.length > 0 ? [{ field: "group_ids", operator: "in", values } as const] : [];
      const anyOf = searched(q, ["email", "name"]);
      const list = readList(read.query, { sortable: SORTABLE, defaultLimit: 50, conditions, anyOf });
      if ("refusal" in list) return list.refusal;
      const of = hasAccount === undefined ? "all" : hasAccount ? "registered" : "guests";
      const { storeId } = call.context.store;
      const { rows, total } = await call.deps.storage.customers.list(storeId, list.query, of);
      const { offset, limit } = list.query;
      const customers = await listed(call, rows, namesIn(read.query.expand));
      return { status: 200, body: { customers, count: total, offset, limit } };
    },
  }),
  route({
    method: "POST",
    path: "/admin/customers",
    access: "shop",
    tag: "Admin: customers",
    summary: "Create a customer",
    body: createBody,
    responses: { 201: one("customer", customerWithAddresses), 400: error, 401: plainText, 422: error },
    async handle({ deps, context, body }) {
      const registered = await registerCustomer(deps, context, {
        email: body.email.toLowerCase(),
        firstName: body.first_name,
        lastName: body.last_name,
        password: body.password,
        ...(body.phone && { phone: body.phone }),
        ...(body.metadata && { metadata: body.metadata }),
      });
      if (!registered.ok) return refused(registered.error);
      return { status: 201, body: { customer: renderCustomerWithAddresses(registered.value, []) } };
    },
  }),
  route({
    method: "GET",
    path: "/admin/customers/:customerId",
    access: "shop",
    tag: "Admin: customers",
    summary: "Get a customer with the newest orders; with `expand=groups` the groups, too",
    query: ["expand"],
    responses: answer,
    async handle(call) {
      const { deps, context } = call;
      const customerId = engineId("cus", call.params.customerId as string);
      const customer = await deps.storage.customers.load(context.store.storeId, customerId);
      if (!customer) return refused({ type: "customer_not_found", customerId });
      return { status: 200, body: { customer: await render(call, customer) } };
    },
  }),
  route({
    method: "POST",
    path: "/admin/customers/:customerId",
    access: "shop",
    tag: "Admin: customers",
    summary: "Update a customer",
    body: updateBody,
    responses: { ...answer, 400: error, 422: error },
    async handle(call) {
      const { deps, context, body } = call;
      const updated = await updateCustomer(deps, context, {
        customerId: engineId("cus", call.params.customerId as string),
        ...(body.email && { email: body.email.toLowerCase() }),
        ...(body.first_name !== undefined && { firstName: body.first_name }),
        ...(body.last_name !== undefined && { lastName: body.last_name }),
        ...(body.phone !== undefined && { phone: body.phone }),
        ...(body.password && { password: body.password }),
        ...(body.groups && { groupIds: body.groups.map(({ id }) => engineId("cgrp", id)) }),
        ...(body.metadata && { metadata: body.metadata }),
      });
      if (!updated.ok) return refused(updated.error);
      return { status: 200, body: { customer: await render(call, updated.value) } };
    },
  }),
];

/** What staff see with one customer, as the original does. */
async function render(call: Omit<Call, "body">, customer: Customer) {
  const { deps, context, rawQuery } = call;
  const [addresses, ordersOf] = await Promise.all([
    addressesOf(deps, context, customer.id),
    plainOrdersOf(call, [customer]),
  ]);
  const shown = { ...renderCustomerWithAddresses(customer, addresses), orders: ordersOf(customer) };
  if (!namesIn(new URLSearchParams(rawQuery).get("expand") ?? undefined).has("groups")) return shown;
  const groupsOf = await groupsOfAll(call, [customer]);
  return { ...shown, groups: groupsOf(customer) };
}

/** Customers as a list shows them, with what its `expand` names. */
async function listed(call: Omit<Call, "body">, customers: readonly Customer[], wanted: ReadonlySet<string>) {
  const [ordersOf, groupsOf] = await Promise.all([
    wanted.has("orders") ? plainOrdersOf(call, customers) : undefined,
    wanted.has("groups") ? groupsOfAll(call, customers) : undefined,
  ]);
  return customers.map((customer) => ({
    ...renderCustomer(customer),
    ...(ordersOf && { orders: ordersOf(customer) }),
    ...(groupsOf && { groups: groupsOf(customer) }),
  }));
}
