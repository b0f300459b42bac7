import Type from "typebox";
import { checkAccountVisible } from "../../operations/account-access.ts";
import { createAccount } from "../../operations/create-account.ts";
import type { ListableFields } from "../../operations/listing.ts";
import { updateAccount } from "../../operations/update-account.ts";
import { type Route, route } from "../route.ts";
import { accountRefused } from "./account-replies.ts";
import { LIST_PARAMETERS, listReply } from "./list-reply.ts";
import { nullableText } from "./person-schemas.ts";
import { account, linked, linkedBody, renderAccount } from "./render-account.ts";
import { commonErrors, page, requiredText } from "./schemas.ts";

const details = {
  type: Type.Optional(Type.Literal("account")),
  name: requiredText(),
  legal_name: Type.Optional(nullableText(255)),
  registration_id: Type.Optional(nullableText(255)),
  external_ref: Type.Optional(nullableText(2048)),
};

const createBody = Type.Object({
  data: Type.Object({ ...details, parent_id: Type.Optional(nullableText(255)) }),
});

const updateBody = Type.Object({ data: Type.Object({ ...details, name: Type.Optional(details.name) }) });

const textual = ["eq", "in", "like", "ilike"] as const;
const comparable = ["eq", "gt", "ge", "lt", "le"] as const;

const listable: ListableFields = {
  id: { type: "text", operators: ["eq", "in"], sortable: true },
  name: { type: "text", operators: textual, sortable: true },
  legal_name: { type: "text", operators: textual },
  registration_id: { type: "text", operators: textual },
  external_ref: { type: "text", operators: textual },
  parent_id: { type: "text", operators: ["eq", "in", "is_null"] },
  created_at: { type: "timestamp", operators: comparable, sortable: true },
  updated_at: { type: "timestamp", operators: comparable, sortable: true },
};

export const accountRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/v2/accounts",
    access: "shop",
    tag: "Accounts",
    summary: "Create an account",
    body: createBody,
    responses: { 201: linked(account), ...commonErrors },
    async handle(call) {
      const { data } = call.body;
      const created = await createAccount(call.deps, call.context, {
        name: data.name,
        ...(typeof data.legal_name === "string" && { legalName: data.legal_name }),
        ...(typeof data.registration_id === "string" && { registrationId: data.registration_id }),
        ...(typeof data.external_ref === "string" && { externalRef: data.external_ref }),
        ...(typeof data.parent_id === "string" && { parentId: data.parent_id }),
      });
      if (!created.ok) return accountRefused(created.error);
      return { status: 201, body: linkedBody(renderAccount(call, created.value)) };
    },
  }),
  route({
    method: "GET",
    path: "/v2/accounts",
    access: "shopper",
    tag: "Accounts",
    summary: "List the accounts of the store, or those of the signed-in account member",
    query: LIST_PARAMETERS,
    responses: { 200: page(account), ...commonErrors },
    async handle(call) {
      const { actor, store } = call.context;
      const mine = actor.kind === "shopper" ? actor.accountMemberId : undefined;
      if (actor.kind === "shopper" && mine === undefined) {
        return accountRefused({ type: "account_not_yours", accountId: "" });
      }
      return listReply(
        call,
        {
          fields: listable,
          defaultLimit: store.settings.pageLength,
          defaultSort: { field: "created_at", descending: true },
        },
        (query) => call.deps.storage.accounts.list(store.storeId, query, mine),
        (rows) => ({ data: rows.map((row) => renderAccount(call, row)) }),
      );
    },
  }),
  route({
    method: "GET",
    path: "/v2/accounts/:accountId",
    access: "shopper",
    tag: "Accounts",
    summary: "Get an account",
    responses: { 200: linked(account), ...commonErrors },
    async handle(call) {
      const accountId = call.params.accountId as string;
      const visible = await checkAccountVisible(call.deps, call.context, accountId);
      if (!visible.ok) return accountRefused(visible.error);
      const found = await call.deps.storage.accounts.load(call.context.store.storeId, accountId);
      if (!found) return accountRefused({ type: "account_not_found", accountId });
      return { status: 200, body: linkedBody(renderAccount(call, found)) };
    },
  }),
  route({
    method: "PUT",
    path: "/v2/accounts/:accountId",
    access: "shop",
    tag: "Accounts",
    summary: "Update an account; its parent stays",
    body: updateBody,
    responses: { 200: linked(account), ...commonErrors },
    async handle(call) {
      const { data } = call.body;
      const updated = await updateAccount(call.deps, call.context, {
        accountId: call.params.accountId as string,
        ...(data.name !== undefined && { name: data.name }),
        ...(data.legal_name !== undefined && { legalName: data.legal_name }),
        ...(data.registration_id !== undefined && { registrationId: data.registration_id }),
        ...(data.external_ref !== undefined && { externalRef: data.external_ref }),
      });
      if (!updated.ok) return accountRefused(updated.error);
      return { status: 200, body: linkedBody(renderAccount(call, updated.value)) };
    },
  }),
  route({
    method: "DELETE",
    path: "/v2/accounts/:accountId",
    access: "shop",
    tag: "Accounts",
    summary: "Delete an account with its memberships and addresses",
    responses: { 204: null, ...commonErrors },
    async handle({ deps, context, params }) {
      const accountId = params.accountId as string;
      const gone = await deps.storage.accounts.delete(context.store.storeId, accountId);
      return gone ? { status: 204 } : accountRefused({ type: "account_not_found", accountId });
    },
  }),
];
