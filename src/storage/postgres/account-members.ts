import type { AccountMember, AccountPort, MemberScope } from "../../operations/ports/accounts.ts";
import { caseless } from "./customers.ts";
import { type Database, statement } from "./database.ts";
import { type ListedColumns, listRows } from "./listing.ts";

type Row = {
  id: string;
  name: string;
  email: string;
  password_hash: string | null;
  doc: string;
  created_at: string;
  updated_at: string;
};

/** What the document of a member holds: the user name as it was typed. */
type Doc = Pick<AccountMember, "username">;

/** The part of the accounts that is about members. */
export function memberStorage(
  database: Database,
): Pick<AccountPort, "loadMember" | "loadMembers" | "findMemberByUsername" | "listMembers" | "insertMember"> {
  return {
    async loadMember(storeId, memberId) {
      const [row] = await database.run<Row>(selectMembers, [storeId, [memberId]]);
      return row && fromRow(row);
    },
    async loadMembers(storeId, memberIds) {
      const rows = await database.run<Row>(selectMembers, [storeId, memberIds]);
      return rows.map(fromRow);
    },
    async findMemberByUsername(storeId, username) {
      const [row] = await database.run<Row>(selectByUsername, [storeId, caseless(username)]);
      return row && fromRow(row);
    },
    async listMembers(storeId, query, scope) {
      const { rows, total } = await listRows<Row>(database, {
        select: columns,
        from: "account_member",
        where: `store_id = $1${scopeCondition(scope)}`,
        values: scope === "all" ? [storeId] : [storeId, "of" in scope ? scope.of : scope.notOf],
        columns: memberListColumns,
        query,
      });
      return { rows: rows.map(fromRow), total };
    },
    async insertMember(storeId, member) {
      const doc: Doc = { ...(member.username !== undefined && { username: member.username }) };
      const rows = await database.run(insertMember, [
        storeId,
        member.id,
        member.name,
        member.email,
        member.username === undefined ? null : caseless(member.username),
        member.passwordHash ?? null,
        JSON.stringify(doc),
        member.createdAt,
        member.updatedAt,
      ]);
      return rows.length === 1 ? "saved" : "username_taken";
    },
  };
}

/** What members may be listed by. */
export const memberListColumns: ListedColumns = {
  id: { column: "id", type: "text" },
  name: { column: "name", type: "text" },
  email: { column: "email", type: "text" },
  created_at: { column: "created_at", type: "timestamp" },
  updated_at: { column: "updated_at", type: "timestamp" },
};

function scopeCondition(scope: MemberScope): string {
  if (scope === "all") return "";
  return ` and ${"of" in scope ? "" : "not "}exists (select 1 from account_membership m
     where m.store_id = $1 and m.account_id = $2 and m.account_member_id = account_member.id)`;
}

function fromRow(row: Row): AccountMember {
  return {
    ...(JSON.parse(row.doc) as Doc),
    id: row.id,
    name: row.name,
    email: row.email,
    ...(row.password_hash !== null && { passwordHash: row.password_hash }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

const columns = "id, name, email, password_hash, doc, created_at, updated_at";

const selectMembers = statement(
  "account_members_select",
  `select ${columns} from account_member where store_id = $1 and id = any($2::text[])`,
);

const selectByUsername = statement(
  "account_member_by_username",
  `select ${columns} from account_member where store_id = $1 and username_key = $2`,
);

const insertMember = statement(
  "account_member_insert",
  `insert into account_member
     (store_id, id, name, email, username_key, password_hash, doc, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
   on conflict do nothing returning 1 as saved`,
);
