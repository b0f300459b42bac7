import Type, { type Static } from "typebox";
import type { Account, AccountMember, AccountMembership } from "../../operations/ports/accounts.ts";
import type { Call } from "../route.ts";
import { timestamps } from "./schemas.ts";

const links = Type.Object({ self: Type.String() });
const meta = Type.Object({ timestamps });

const relativeTo = <Kind extends string>(type: Kind) =>
  Type.Object({ data: Type.Object({ id: Type.String(), type: Type.Literal(type) }) });

export const account = Type.Object({
  id: Type.String(),
  type: Type.Literal("account"),
  name: Type.String(),
  legal_name: Type.Optional(Type.String()),
  registration_id: Type.Optional(Type.String()),
  external_ref: Type.Optional(Type.String()),
  parent_id: Type.Optional(Type.String()),
  relationships: Type.Object({
    parent: Type.Optional(relativeTo("account")),
    ancestors: Type.Optional(Type.Array(relativeTo("account"))),
  }),
  links,
  meta,
});

export const accountMember = Type.Object({
  id: Type.String(),
  type: Type.Literal("account_member"),
  name: Type.String(),
  email: Type.String(),
  links,
  meta,
});

export const accountMembership = Type.Object({
  id: Type.String(),
  type: Type.Literal("account_membership"),
  account_member_id: Type.String(),
  relationships: Type.Object({
    account: relativeTo("account"),
    account_member: relativeTo("account_member"),
  }),
  links,
  meta,
});

/** One object of these; the vendor has the link beside it, and in lists in it. */
export const linked = <Schema extends typeof account | typeof accountMember | typeof accountMembership>(
  schema: Schema,
) => Type.Object({ data: schema, links });

/** The body of an answer with one object. */
export function linkedBody<Data extends { readonly links: Static<typeof links> }>(data: Data) {
  return { data, links: data.links };
}

export function renderAccount(call: Call, found: Account): Static<typeof account> {
  const relative = (id: string) => ({ data: { id, type: "account" as const } });
  return {
    id: found.id,
    type: "account",
    name: found.name,
    ...(found.legalName !== undefined && { legal_name: found.legalName }),
    ...(found.registrationId !== undefined && { registration_id: found.registrationId }),
    ...(found.externalRef !== undefined && { external_ref: found.externalRef }),
    ...(found.parentId !== undefined && { parent_id: found.parentId }),
    relationships: {
      ...(found.parentId !== undefined && { parent: relative(found.parentId) }),
      ...(found.ancestorIds.length > 0 && { ancestors: found.ancestorIds.map(relative) }),
    },
    links: { self: `${call.baseUrl}/v2/accounts/${found.id}` },
    meta: timesOf(found),
  };
}

export function renderMember(call: Call, found: AccountMember): Static<typeof accountMember> {
  return {
    id: found.id,
    type: "account_member",
    name: found.name,
    email: found.email,
    links: { self: `${call.baseUrl}/v2/account-members/${found.id}` },
    meta: timesOf(found),
  };
}

export function renderMembership(call: Call, found: AccountMembership): Static<typeof accountMembership> {
  const { id, accountId, accountMemberId } = found;
  return {
    id,
    type: "account_membership",
    account_member_id: accountMemberId,
    relationships: {
      account: { data: { id: accountId, type: "account" } },
      account_member: { data: { id: accountMemberId, type: "account_member" } },
    },
    links: { self: `${call.baseUrl}/v2/accounts/${accountId}/account-memberships/${id}` },
    meta: timesOf(found),
  };
}

function timesOf(row: { readonly createdAt: string; readonly updatedAt: string }): Static<typeof meta> {
  return { timestamps: { created_at: row.createdAt, updated_at: row.updatedAt } };
}
