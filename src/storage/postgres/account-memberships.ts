import type { AccountMembership, AccountPort } from "../../operations/ports/accounts.ts";
import { type Database, statement } from "./database.ts";
import { type ListedColumns, listRows } from "./listing.ts";
import { writeUnique } from "./savepoint.ts";

type Row = {
  id: string;
  account_id: string;
  account_member_id: string;
  created_at: string;
  updated_at: string;
};

/** The part of the accounts that is about who may act for which. */
export function membershipStorage(
  database: Database,
): Pick<
  AccountPort,
  | "isMember"
  | "loadMembership"
  | "listMemberships"
  | "insertMembership"
  | "updateMembership"
  | "deleteMembership"
> {
  return {
    async isMember(storeId, accountId, memberId) {
      const rows = await database.run(selectIsMember, [storeId, accountId, memberId]);
      return rows.length === 1;
    },
    async loadMembership(storeId, accountId, membershipId) {
      const [row] = await database.run<Row>(selectMembership, [storeId, accountId, membershipId]);
      return row && fromRow(row);
    },
    async listMemberships(storeId, query, scope) {
      const { rows, total } = await listRows<Row>(database, {
        select: columns,
        from: "account_membership",
        where: `store_id = $1 and ${"accountId" in scope ? "account_id" : "account_member_id"} = $2`,
        values: [storeId, "accountId" in scope ? scope.accountId : scope.accountMemberId],
        columns: membershipListColumns,
        query,
      });
      return { rows: rows.map(fromRow), total };
    },
    async insertMembership(storeId, membership) {
      const { id, accountId, accountMemberId, createdAt, updatedAt } = membership;
      const values = [storeId, id, accountId, accountMemberId, createdAt, updatedAt];
      const rows = await database.run(insertMembership, values);
      if (rows.length === 1) return "saved";
      const [found] = await database.run<{ account: boolean; member: boolean }>(selectEnds, [
        storeId,
        accountId,
        accountMemberId,
      ]);
      if (!found?.account) return "account_not_found";
      return found.member ? "exists" : "member_not_found";
    },
    async updateMembership(storeId, membership) {
      const { id, accountId, accountMemberId, updatedAt } = membership;
      const [ends] = await database.run<{ member: boolean }>(selectEnds, [
        storeId,
        accountId,
        accountMemberId,
      ]);
      if (!ends?.member) return "member_not_found";
      const values = [storeId, accountId, id, accountMemberId, updatedAt];
      const written = await writeUnique(database, updateMembership, values);
      if ("violated" in written) return "exists";
      return written.rows.length === 1 ? "saved" : "not_found";
    },
    async deleteMembership(storeId, accountId, membershipId) {
      const rows = await database.run(deleteMembership, [storeId, accountId, membershipId]);
      return rows.length === 1;
    },
  };
}

/** What memberships may be listed by. */
export const membershipListColumns: ListedColumns = {
  id: { column: "id", type: "text" },
  account_id: { column: "account_id", type: "text" },
  account_member_id: { column: "account_member_id", type: "text" },
  created_at: { column: "created_at", type: "timestamp" },
  updated_at: { column: "updated_at", type: "timestamp" },
};

function fromRow(row: Row): AccountMembership {
  return {
    id: row.id,
    accountId: row.account_id,
    accountMemberId: row.account_member_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

const selectIsMember = statement(
  "account_is_member",
  "select 1 as yes from account_membership where store_id = $1 and account_id = $2 and account_member_id = $3",
);

const columns = "id, account_id, account_member_id, created_at, updated_at";

const selectMembership = statement(
  "account_membership_select",
  `select ${columns} from account_membership where store_id = $1 and account_id = $2 and id = $3`,
);

const insertMembership = statement(
  "account_membership_insert",
  `insert into account_membership (store_id, id, account_id, account_member_id, created_at, updated_at)
   select $1, $2, a.id, m.id, $5::timestamptz, $6::timestamptz
     from account a join account_member m on m.store_id = $1 and m.id = $4
    where a.store_id = $1 and a.id = $3 for key share
   on conflict do nothing returning 1 as saved`,
);

const updateMembership = statement(
  "account_membership_update",
  `update account_membership set account_member_id = $4, updated_at = $5
   where store_id = $1 and account_id = $2 and id = $3 returning 1 as saved`,
);

const deleteMembership = statement(
  "account_membership_delete",
  "delete from account_membership where store_id = $1 and account_id = $2 and id = $3 returning 1 as gone",
);

const selectEnds = statement(
  "account_membership_ends",
  `select exists (select 1 from account where store_id = $1 and id = $2) as account,
          exists (select 1 from account_member where store_id = $1 and id = $3) as member`,
);
