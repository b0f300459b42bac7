import Type, { type Static } from "typebox";
import { checkCustomerAccess } from "../../operations/customer-access.ts";
import type { ListableFields } from "../../operations/listing.ts";
import type { Customer } from "../../operations/ports/customers.ts";
import { registerCustomer } from "../../operations/register-customer.ts";
import { updateCustomer } from "../../operations/update-customer.ts";
import { type Call, type Route, route } from "../route.ts";
import { customFieldsOf, invalidCustomFields, shownCustomFields } from "./custom-fields.ts";
import { refused } from "./errors.ts";
import { invalidBody } from "./invalid-body.ts";
import { LIST_PARAMETERS, listReply } from "./list-reply.ts";
import { newPassword, nullableText } from "./person-schemas.ts";
import { commonErrors, email, one, page, requiredText, timestamps } from "./schemas.ts";

const created = {
  type: Type.Optional(Type.Literal("customer")),
  name: requiredText(),
  email,
  password: Type.Optional(newPassword),
  external_ref: Type.Optional(nullableText(2048)),
};

const createBody = Type.Object({ data: Type.Object(created) });

const updateBody = Type.Object({
  data: Type.Object({ ...created, name: Type.Optional(created.name), email: Type.Optional(email) }),
});

const customer = Type.Object({
  id: Type.String(),
  type: Type.Literal("customer"),
  name: Type.String(),
  email: Type.String(),
  password: Type.Boolean({ description: "The customer has a password; it is never shown" }),
  external_ref: Type.Optional(Type.String()),
  meta: Type.Object({ timestamps }),
});

const comparable = ["eq", "gt", "ge", "lt", "le"] as const;

/** Customers can be listed by these. */
export const listableCustomerFields: ListableFields = {
  id: { type: "text", operators: [...comparable, "in"], sortable: true },
  name: { type: "text", operators: ["eq", "in", "like", "ilike"], sortable: true },
  email: { type: "text", operators: ["eq", "in", "like", "ilike"], sortable: true },
  external_ref: { type: "text", operators: ["eq", "in"] },
  created_at: { type: "timestamp", operators: comparable, sortable: true },
  updated_at: { type: "timestamp", operators: comparable, sortable: true },
};

export const customerRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/v2/customers",
    access: "token",
    tag: "Customers",
    summary: "Create a customer",
    body: createBody,
    responses: { 201: one(customer), ...commonErrors },
    async handle(call) {
      const invalid = invalidCustomFields(call, "customers", call.body.data, { creating: true });
      if (invalid.length > 0) return invalidBody(invalid);
      const { name, email, password, external_ref: externalRef } = call.body.data;
      const registered = await registerCustomer(call.deps, call.context, {
        name,
        email,
        ...(password !== undefined && { password }),
        ...(typeof externalRef === "string" && { externalRef }),
        ...fieldsOf(call),
      });
      if (!registered.ok) return refused(registered.error);
      return { status: 201, body: { data: renderCustomer(call, registered.value) } };
    },
  }),
  route({
    method: "GET",
    path: "/v2/customers",
    access: "shop",
    tag: "Customers",
    summary: "List customers",
    query: LIST_PARAMETERS,
    responses: { 200: page(customer), ...commonErrors },
    async handle(call) {
      const { storeId, settings } = call.context.store;
      return listReply(
        call,
        {
          fields: listableCustomerFields,
          defaultLimit: settings.pageLength,
          defaultSort: { field: "created_at", descending: true },
        },
        (query) => call.deps.storage.customers.list(storeId, query),
        (rows) => ({ data: rows.map((row) => renderCustomer(call, row)) }),
      );
    },
  }),
  route({
    method: "GET",
    path: "/v2/customers/:customerId",
    access: "shopper",
    tag: "Customers",
    summary: "Get a customer",
    responses: { 200: one(customer), ...commonErrors },
    async handle(call) {
      const { deps, context, params } = call;
      const customerId = params.customerId as string;
      const allowed = checkCustomerAccess(context, customerId);
      if (!allowed.ok) return refused(allowed.error);
      const found = await deps.storage.customers.load(context.store.storeId, customerId);
      if (!found) return refused({ type: "customer_not_found", customerId });
      return { status: 200, body: { data: renderCustomer(call, found) } };
    },
  }),
  route({
    method: "PUT",
    path: "/v2/customers/:customerId",
    access: "shopper",
    tag: "Customers",
    summary: "Update a customer",
    body: updateBody,
    responses: { 200: one(customer), ...commonErrors },
    async handle(call) {
      const invalid = invalidCustomFields(call, "customers", call.body.data, { creating: false });
      if (invalid.length > 0) return invalidBody(invalid);
      const { name, email, password, external_ref: externalRef } = call.body.data;
      const updated = await updateCustomer(call.deps, call.context, {
        customerId: call.params.customerId as string,
        ...(name !== undefined && { name }),
        ...(email !== undefined && { email }),
        ...(password !== undefined && { password }),
        ...(externalRef !== undefined && { externalRef }),
        ...fieldsOf(call),
      });
      if (!updated.ok) return refused(updated.error);
      return { status: 200, body: { data: renderCustomer(call, updated.value) } };
    },
  }),
  route({
    method: "DELETE",
    path: "/v2/customers/:customerId",
    access: "shopper",
    tag: "Customers",
    summary: "Delete a customer with its addresses",
    responses: { 204: null, ...commonErrors },
    async handle({ deps, context, params }) {
      const customerId = params.customerId as string;
      const allowed = checkCustomerAccess(context, customerId);
      if (!allowed.ok) return refused(allowed.error);
      const gone = await deps.storage.customers.delete(context.store.storeId, customerId);
      return gone ? { status: 204 } : refused({ type: "customer_not_found", customerId });
    },
  }),
];

function fieldsOf(call: Call<Static<typeof updateBody>>): { fields?: Readonly<Record<string, unknown>> } {
  const fields = customFieldsOf(call, "customers", call.body.data);
  return fields ? { fields } : {};
}

function renderCustomer(call: Pick<Call, "context">, found: Customer): Static<typeof customer> {
  return {
    ...shownCustomFields(call.context.store, "customers", found.fields),
    id: found.id,
    type: "customer",
    name: found.name,
    email: found.email,
    password: found.passwordHash !== undefined,
    ...(found.externalRef !== undefined && { external_ref: found.externalRef }),
    meta: { timestamps: { created_at: found.createdAt, updated_at: found.updatedAt } },
  };
}
