import type { Account, AccountPort } from "../../operations/ports/accounts.ts";
import { memberStorage } from "./account-members.ts";
import { membershipStorage } from "./account-memberships.ts";
import { type Database, statement } from "./database.ts";
import { type ListedColumns, listRows } from "./listing.ts";
import { writeUnique } from "./savepoint.ts";

type AccountRow = {
  id: string;
  name: string;
  legal_name: string | null;
  registration_id: string | null;
  external_ref: string | null;
  parent_id: string | null;
  ancestor_ids: string[];
  created_at: string;
  updated_at: string;
};

/** Accounts, their members and memberships as rows. */
export function accountStorage(database: Database): AccountPort {
  return {
    ...memberStorage(database),
    ...membershipStorage(database),
    async load(storeId, accountId) {
      const [row] = await database.run<AccountRow>(selectAccounts, [storeId, [accountId]]);
      return row && accountOf(row);
    },
    async loadMany(storeId, accountIds) {
      const rows = await database.run<AccountRow>(selectAccounts, [storeId, accountIds]);
      return rows.map(accountOf);
    },
    async list(storeId, query, memberId) {
      const { rows, total } = await listRows<AccountRow>(database, {
        select: accountSelectList,
        from: "account a",
        where: `a.store_id = $1${memberId === undefined ? "" : ` and ${isOfMember}`}`,
        values: memberId === undefined ? [storeId] : [storeId, memberId],
        columns: accountListColumns,
        key: "a.id",
        query,
      });
      return { rows: rows.map(accountOf), total };
    },
    async insert(storeId, account) {
      const values = [...accountColumns(storeId, account), account.parentId ?? null, account.createdAt];
      const rows = await database.run(insertAccount, values);
      if (rows.length === 1) return "saved";
      if (account.parentId === undefined) return "registration_taken";
      const parents = await database.run(selectAccounts, [storeId, [account.parentId]]);
      return parents.length === 0 ? "parent_not_found" : "registration_taken";
    },
    change: (storeId, accountId, change) =>
      database.transaction(async (transaction) => {
        const [row] = await transaction.run<AccountRow>(selectAccountForUpdate, [storeId, accountId]);
        if (!row) return { kind: "not_found" };
        const before = accountOf(row);
        const account = change(before);
        const values = accountColumns(storeId, account);
        if (account.registrationId === before.registrationId) {
          await transaction.run(updateAccount, values);
        } else {
          const written = await writeUnique(transaction, updateAccount, values);
          if ("violated" in written) return { kind: "registration_taken" };
        }
        return { kind: "saved", account };
      }),
    delete: (storeId, accountId) =>
      database.transaction(async (transaction) => {
        const gone = await transaction.run(deleteAccount, [storeId, accountId]);
        if (gone.length === 0) return false;
        // After the account, so that what somebody was just adding to it is seen.
        await transaction.run(deleteWhatBelongs, [storeId, accountId]);
        return true;
      }),
  };
}

/** What accounts may be listed by. */
export const accountListColumns: ListedColumns = {
  id: { column: "a.id", type: "text" },
  name: { column: "a.name", type: "text" },
  legal_name: { column: "a.legal_name", type: "text" },
  registration_id: { column: "a.registration_id", type: "text" },
  external_ref: { column: "a.external_ref", type: "text" },
  parent_id: { column: "a.parent_id", type: "text" },
  created_at: { column: "a.created_at", type: "timestamp" },
  updated_at: { column: "a.updated_at", type: "timestamp" },
};

function accountColumns(storeId: string, account: Account): unknown[] {
  return [
    storeId,
    account.id,
    account.name,
    account.legalName ?? null,
    account.registrationId ?? null,
    account.externalRef ?? null,
    account.updatedAt,
  ];
}

function accountOf(row: AccountRow): Account {
  return {
    id: row.id,
    name: row.name,
    ...(row.legal_name !== null && { legalName: row.legal_name }),
    ...(row.registration_id !== null && { registrationId: row.registration_id }),
    ...(row.external_ref !== null && { externalRef: row.external_ref }),
    ...(row.parent_id !== null && { parentId: row.parent_id }),
    ancestorIds: row.ancestor_ids,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

const accountSelectList = `a.id, a.name, a.legal_name, a.registration_id, a.external_ref, a.parent_id,
     a.created_at, a.updated_at,
     (with recursive above as (
        select p.id, p.parent_id, 1 as steps from account p where p.store_id = $1 and p.id = a.parent_id
        union all
        select p.id, p.parent_id, above.steps + 1
          from account p join above on p.id = above.parent_id where p.store_id = $1)
      select coalesce(json_agg(id order by steps desc), '[]'::json) from above) as ancestor_ids`;

const isOfMember = `exists (select 1 from account_membership m
     where m.store_id = $1 and m.account_id = a.id and m.account_member_id = $2)`;

const selectAccounts = statement(
  "accounts_select",
  `select ${accountSelectList} from account a where a.store_id = $1 and a.id = any($2::text[])`,
);

const selectAccountForUpdate = statement(
  "account_select_for_update",
  `select ${accountSelectList} from account a where a.store_id = $1 and a.id = $2 for no key update of a`,
);

// The parent is held until the new account is there: it cannot be deleted in between and leave the child behind.
const insertAccount = statement(
  "account_insert",
  `insert into account
     (store_id, id, name, legal_name, registration_id, external_ref, doc, updated_at, parent_id, created_at)
   select $1, $2, $3, $4, $5, $6, '{}', $7::timestamptz, $8, $9::timestamptz
   where $8::text is null
      or exists (select 1 from account p where p.store_id = $1 and p.id = $8 for key share)
   on conflict do nothing returning 1 as saved`,
);

const updateAccount = statement(
  "account_update",
  `update account set name = $3, legal_name = $4, registration_id = $5, external_ref = $6, updated_at = $7
   where store_id = $1 and id = $2`,
);

const deleteAccount = statement(
  "account_delete",
  "delete from account where store_id = $1 and id = $2 returning 1 as gone",
);

const deleteWhatBelongs = statement(
  "account_delete_what_belongs",
  `with memberships as (delete from account_membership where store_id = $1 and account_id = $2),
        addresses as (delete from address where store_id = $1 and owner_id = $2)
   update account set parent_id = null where store_id = $1 and parent_id = $2`,
);
