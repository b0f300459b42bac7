import { checkAccountAccess } from "../../operations/account-access.ts";
import type { ListableFields } from "../../operations/listing.ts";
import type { MemberScope } from "../../operations/ports/accounts.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { accountNotFound, accountRefused } from "./account-replies.ts";
import { LIST_PARAMETERS, listReply } from "./list-reply.ts";
import { accountMember, linked, linkedBody, renderMember } from "./render-account.ts";
import { commonErrors, page } from "./schemas.ts";

const textual = ["eq", "in", "like", "ilike"] as const;
const comparable = ["eq", "gt", "ge", "lt", "le"] as const;

const listable: ListableFields = {
  id: { type: "text", operators: ["eq", "in"], sortable: true },
  name: { type: "text", operators: textual, sortable: true },
  email: { type: "text", operators: textual, sortable: true },
  created_at: { type: "timestamp", operators: comparable, sortable: true },
  updated_at: { type: "timestamp", operators: comparable, sortable: true },
};

export const accountMemberRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/v2/account-members",
    access: "shopper",
    tag: "Account members",
    summary: "List the account members of the store, or those of the account that the token is for",
    query: LIST_PARAMETERS,
    responses: { 200: page(accountMember), ...commonErrors },
    async handle(call) {
      const { actor } = call.context;
      if (actor.kind !== "shopper") return membersReply(call, "all");
      const accountId = actor.accountId ?? "";
      const allowed = await checkAccountAccess(call.deps, call.context, accountId);
      return allowed.ok ? membersReply(call, { of: accountId }) : accountRefused(allowed.error);
    },
  }),
  route({
    method: "GET",
    path: "/v2/account-members/:memberId",
    access: "shopper",
    tag: "Account members",
    summary: "Get an account member",
    responses: { 200: linked(accountMember), ...commonErrors },
    async handle(call) {
      const { deps, context } = call;
      const memberId = call.params.memberId as string;
      if (context.actor.kind === "shopper") {
        const accountId = context.actor.accountId ?? "";
        const allowed = await checkAccountAccess(deps, context, accountId);
        if (!allowed.ok) return accountRefused(allowed.error);
        const { accounts } = deps.storage;
        const colleague = await accounts.isMember(context.store.storeId, accountId, memberId);
        if (!colleague) return memberNotFound();
      }
      const found = await deps.storage.accounts.loadMember(context.store.storeId, memberId);
      return found ? { status: 200, body: linkedBody(renderMember(call, found)) } : memberNotFound();
    },
  }),
  route({
    method: "GET",
    path: "/v2/accounts/:accountId/account-memberships/unassigned-account-members",
    access: "shop",
    tag: "Account memberships",
    summary: "List the account members that do not belong to an account",
    query: LIST_PARAMETERS,
    responses: { 200: page(accountMember), ...commonErrors },
    async handle(call) {
      const accountId = call.params.accountId as string;
      const { accounts } = call.deps.storage;
      const known = await accounts.load(call.context.store.storeId, accountId);
      if (!known) return accountRefused({ type: "account_not_found", accountId });
      return membersReply(call, { notOf: accountId });
    },
  }),
];

export const memberNotFound = (): Reply => accountNotFound("account member not found");

function membersReply(call: Call, scope: MemberScope): Promise<Reply> {
  const { storeId, settings } = call.context.store;
  return listReply(
    call,
    {
      fields: listable,
      defaultLimit: settings.pageLength,
      defaultSort: { field: "created_at", descending: true },
    },
    (query) => call.deps.storage.accounts.listMembers(storeId, query, scope),
    (rows) => ({ data: rows.map((row) => renderMember(call, row)) }),
  );
}
