import Type from "typebox";
import { checkAccountAccess } from "../../operations/account-access.ts";
import type { ListableFields } from "../../operations/listing.ts";
import type { AccountMembership, MembershipScope } from "../../operations/ports/accounts.ts";
import { type Call, type Reply, type Route, route } from "../route.ts";
import { memberNotFound } from "./account-members.ts";
import { accountConflict, accountNotFound, accountRefused } from "./account-replies.ts";
import { parseInclude } from "./list-query.ts";
import { LIST_PARAMETERS, listReply } from "./list-reply.ts";
import {
  account,
  accountMember,
  accountMembership,
  linked,
  linkedBody,
  renderAccount,
  renderMember,
  renderMembership,
} from "./render-account.ts";
import { commonErrors, page, requiredText } from "./schemas.ts";

const membershipBody = Type.Object({
  data: Type.Object({
    type: Type.Optional(Type.Literal("account_membership")),
    account_member_id: requiredText(),
  }),
});

const included = Type.Object({
  included: Type.Optional(
    Type.Object({
      accounts: Type.Optional(Type.Array(account)),
      account_members: Type.Optional(Type.Array(accountMember)),
    }),
  ),
});

const comparable = ["eq", "gt", "ge", "lt", "le"] as const;

const listable: ListableFields = {
  id: { type: "text", operators: ["eq", "in"], sortable: true },
  account_id: { type: "text", operators: ["eq", "in"] },
  account_member_id: { type: "text", operators: ["eq", "in"] },
  created_at: { type: "timestamp", operators: comparable, sortable: true },
  updated_at: { type: "timestamp", operators: comparable, sortable: true },
};

const tag = "Account memberships";
const path = "/v2/accounts/:accountId/account-memberships";

export const accountMembershipRoutes: readonly Route[] = [
  route({
    method: "POST",
    path,
    access: "shop",
    tag,
    summary: "Let an account member act for an account",
    body: membershipBody,
    responses: { 201: linked(accountMembership), ...commonErrors },
    async handle(call) {
      const { deps, context } = call;
      const now = deps.now();
      const membership: AccountMembership = {
        id: deps.newId(),
        accountId: call.params.accountId as string,
        accountMemberId: call.body.data.account_member_id,
        createdAt: now,
        updatedAt: now,
      };
      const saved = await deps.storage.accounts.insertMembership(context.store.storeId, membership);
      if (saved !== "saved") return membershipRefused(saved, membership.accountId);
      return { status: 201, body: linkedBody(renderMembership(call, membership)) };
    },
  }),
  route({
    method: "GET",
    path,
    access: "shopper",
    tag,
    summary: "List the memberships of an account",
    query: [...LIST_PARAMETERS, "include"],
    responses: { 200: Type.Intersect([page(accountMembership), included]), ...commonErrors },
    async handle(call) {
      const { deps, context } = call;
      const accountId = call.params.accountId as string;
      const allowed = await checkAccountAccess(deps, context, accountId);
      if (!allowed.ok) return accountRefused(allowed.error);
      const known = await deps.storage.accounts.load(context.store.storeId, accountId);
      if (!known) return accountRefused({ type: "account_not_found", accountId });
      return membershipsReply(call, { accountId });
    },
  }),
  route({
    method: "GET",
    path: "/v2/account-members/:memberId/account-memberships",
    access: "shopper",
    tag,
    summary: "List the memberships of an account member",
    query: [...LIST_PARAMETERS, "include"],
    responses: { 200: Type.Intersect([page(accountMembership), included]), ...commonErrors },
    async handle(call) {
      const { deps, context } = call;
      const accountMemberId = call.params.memberId as string;
      const { actor, store } = context;
      if (actor.kind === "shopper" && actor.accountMemberId !== accountMemberId) return memberNotFound();
      const known = await deps.storage.accounts.loadMember(store.storeId, accountMemberId);
      return known ? membershipsReply(call, { accountMemberId }) : memberNotFound();
    },
  }),
  route({
    method: "GET",
    path: `${path}/:membershipId`,
    access: "shopper",
    tag,
    summary: "Get a membership",
    query: ["include"],
    responses: { 200: Type.Intersect([linked(accountMembership), included]), ...commonErrors },
    async handle(call) {
      const { deps, context, params } = call;
      const accountId = params.accountId as string;
      const membershipId = params.membershipId as string;
      const allowed = await checkAccountAccess(deps, context, accountId);
      if (!allowed.ok) return accountRefused(allowed.error);
      const { storeId } = context.store;
      const found = await deps.storage.accounts.loadMembership(storeId, accountId, membershipId);
      if (!found) return membershipNotFound();
      const related = await includedWith(call, [found]);
      return { status: 200, body: { ...linkedBody(renderMembership(call, found)), ...related } };
    },
  }),
  route({
    method: "PUT",
    path: `${path}/:membershipId`,
    access: "shop",
    tag,
    summary: "Give a membership to another account member",
    body: membershipBody,
    responses: { 200: linked(accountMembership), ...commonErrors },
    async handle(call) {
      const { deps, context, params } = call;
      const { storeId } = context.store;
      const accountId = params.accountId as string;
      const membershipId = params.membershipId as string;
      const found = await deps.storage.accounts.loadMembership(storeId, accountId, membershipId);
      if (!found) return membershipNotFound();
      const accountMemberId = call.body.data.account_member_id;
      const membership: AccountMembership = { ...found, accountMemberId, updatedAt: deps.now() };
      const saved = await deps.storage.accounts.updateMembership(storeId, membership);
      if (saved !== "saved") return membershipRefused(saved, accountId);
      return { status: 200, body: linkedBody(renderMembership(call, membership)) };
    },
  }),
  route({
    method: "DELETE",
    path: `${path}/:membershipId`,
    access: "shop",
    tag,
    summary: "End a membership",
    responses: { 204: null, ...commonErrors },
    async handle({ deps, context, params }) {
      const gone = await deps.storage.accounts.deleteMembership(
        context.store.storeId,
        params.accountId as string,
        params.membershipId as string,
      );
      return gone ? { status: 204 } : membershipNotFound();
    },
  }),
];

const membershipNotFound = (): Reply => accountNotFound("account membership not found");

function membershipRefused(
  refusal: "exists" | "account_not_found" | "member_not_found" | "not_found",
  accountId: string,
): Reply {
  switch (refusal) {
    case "exists":
      return accountConflict("The account member belongs to the account already");
    case "account_not_found":
      return accountRefused({ type: "account_not_found", accountId });
    case "member_not_found":
      return memberNotFound();
    case "not_found":
      return membershipNotFound();
  }
}

function membershipsReply(call: Call, scope: MembershipScope): Promise<Reply> {
  const { storeId, settings } = call.context.store;
  return listReply(
    call,
    {
      fields: listable,
      defaultLimit: settings.pageLength,
      defaultSort: { field: "created_at", descending: true },
    },
    (query) => call.deps.storage.accounts.listMemberships(storeId, query, scope),
    async (rows) => ({
      data: rows.map((row) => renderMembership(call, row)),
      ...(await includedWith(call, rows)),
    }),
  );
}

/** The accounts and members of memberships, as far as the request wants them beside. */
async function includedWith(
  call: Call,
  memberships: readonly AccountMembership[],
): Promise<{ included?: object }> {
  const wanted = new Set(parseInclude(call.rawQuery));
  const { storeId } = call.context.store;
  const { accounts } = call.deps.storage;
  const withMembers = wanted.has("account_member") || wanted.has("account_members");
  const withAccounts = wanted.has("account") || wanted.has("accounts");
  const members = withMembers
    ? await accounts.loadMembers(storeId, [...new Set(memberships.map((row) => row.accountMemberId))])
    : [];
  const accountsFound = withAccounts
    ? await accounts.loadMany(storeId, [...new Set(memberships.map((row) => row.accountId))])
    : [];
  if (members.length === 0 && accountsFound.length === 0) return {};
  return {
    included: {
      ...(members.length > 0 && { account_members: members.map((row) => renderMember(call, row)) }),
      ...(accountsFound.length > 0 && { accounts: accountsFound.map((row) => renderAccount(call, row)) }),
    },
  };
}
