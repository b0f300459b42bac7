import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ListQuery } from "../../src/operations/listing.ts";
import type {
  Account,
  AccountMember,
  AccountMembership,
  AccountPort,
} from "../../src/operations/ports/accounts.ts";
import { accountStorage } from "../../src/storage/postgres/accounts.ts";
import { addressStorage } from "../../src/storage/postgres/addresses.ts";
import type { OpenDatabase } from "../../src/storage/postgres/database.ts";
import { openMigratedDatabase, waitUntil } from "./migrated-database.ts";

const NOW = "2026-01-02T03:04:05.000Z";
const LATER = "2026-01-02T04:00:00.000Z";

let database: OpenDatabase;
let close: () => Promise<void>;
let storeId: string;
let accounts: AccountPort;

beforeAll(async () => {
  ({ database, close } = await openMigratedDatabase());
  accounts = accountStorage(database);
});
afterAll(() => close());
beforeEach(() => {
  storeId = `store-${crypto.randomUUID()}`;
});

const times = { createdAt: NOW, updatedAt: NOW };
const newest: ListQuery = {
  filter: [],
  sort: { field: "created_at", descending: true },
  limit: 100,
  offset: 0,
};

function anAccount(members: Partial<Account> = {}): Account {
  return { id: crypto.randomUUID(), name: "Acme", ancestorIds: [], ...times, ...members };
}

async function insertAccount(members: Partial<Account> = {}): Promise<Account> {
  const account = anAccount(members);
  expect(await accounts.insert(storeId, account)).toBe("saved");
  return account;
}

async function insertMember(members: Partial<AccountMember> = {}): Promise<AccountMember> {
  const member = { id: crypto.randomUUID(), name: "Ada", email: "ada@example.com", ...times, ...members };
  expect(await accounts.insertMember(storeId, member)).toBe("saved");
  return member;
}

function aMembership(accountId: string, accountMemberId: string): AccountMembership {
  return { id: crypto.randomUUID(), accountId, accountMemberId, ...times };
}

async function join(account: Account, member: AccountMember): Promise<AccountMembership> {
  const membership = aMembership(account.id, member.id);
  expect(await accounts.insertMembership(storeId, membership)).toBe("saved");
  return membership;
}

const untilSomebodyWaits = () =>
  waitUntil(async () => {
    const { rows } = await database.pool.query(
      "select count(*) as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    );
    return rows[0].n > 0;
  });

describe("accounts", () => {
  test("an account comes back as it was saved, in its own store only", async () => {
    const account = await insertAccount({
      legalName: "Acme Ltd",
      registrationId: "R-1",
      externalRef: "crm-1",
      updatedAt: LATER,
    });
    const plain = await insertAccount();
    expect(await accounts.load(storeId, account.id)).toEqual(account);
    expect(await accounts.load(storeId, plain.id)).toEqual(plain);
    expect(await accounts.load("another store", account.id)).toBeUndefined();
    const some = await accounts.loadMany(storeId, [account.id, "nobody", plain.id]);
    expect(some.map(({ id }) => id).sort()).toEqual([account.id, plain.id].sort());
  });

  test("the ancestors of an account are named from the top down", async () => {
    const top = await insertAccount();
    const middle = await insertAccount({ parentId: top.id, createdAt: LATER });
    const bottom = await insertAccount({ parentId: middle.id });
    expect(await accounts.load(storeId, bottom.id)).toEqual({ ...bottom, ancestorIds: [top.id, middle.id] });
    const { rows } = await accounts.list(storeId, newest);
    expect(rows[0]).toEqual({ ...middle, ancestorIds: [top.id] });
    expect(await accounts.insert(storeId, anAccount({ parentId: "nobody" }))).toBe("parent_not_found");
  });

  test("a registration id is given once in a store", async () => {
    const parent = await insertAccount({ registrationId: "R-1" });
    const again = { registrationId: "R-1" };
    expect(await accounts.insert(storeId, anAccount(again))).toBe("registration_taken");
    expect(await accounts.insert(storeId, anAccount({ ...again, parentId: parent.id }))).toBe(
      "registration_taken",
    );
    const other = await insertAccount();
    await database.transaction(async (transaction) => {
      const inside = accountStorage(transaction);
      const changed = await inside.change(storeId, other.id, (account) => ({ ...account, ...again }));
      expect(changed).toEqual({ kind: "registration_taken" });
      await inside.change(storeId, other.id, (account) => ({ ...account, name: "Bolt" }));
    });
    expect(await accounts.load(storeId, other.id)).toEqual({ ...other, name: "Bolt" });
  });

  test("a change that waits for another one keeps what that one changed", async () => {
    const account = await insertAccount({ legalName: "Acme Ltd" });
    const { id } = account;
    const renaming = await database.transaction(async (transaction) => {
      await accountStorage(transaction).change(storeId, id, ({ legalName, ...kept }) => kept);
      const result = accounts.change(storeId, id, (found) => ({ ...found, name: "Bolt" }));
      await untilSomebodyWaits();
      return [result];
    });
    const { legalName, ...rest } = account;
    expect(await renaming[0]).toEqual({ kind: "saved", account: { ...rest, name: "Bolt" } });
    expect(await accounts.load(storeId, id)).toEqual({ ...rest, name: "Bolt" });
    expect(await accounts.change(storeId, "nobody", (found) => found)).toEqual({ kind: "not_found" });
  });

  test("a deleted account takes its memberships and addresses along, and its children lose their parent", async () => {
    const parent = await insertAccount();
    const other = await insertAccount();
    const member = await insertMember();
    await join(parent, member);
    await join(other, member);
    const address = { id: "a1", members: {}, ...times };
    const addresses = addressStorage(database);
    expect(await addresses.insert(storeId, { ...address, ownerId: parent.id }, 25)).toBe("saved");
    expect(await addresses.insert(storeId, { ...address, ownerId: other.id }, 25)).toBe("saved");
    const child = anAccount({ parentId: parent.id });
    const deleting = await database.transaction(async (transaction) => {
      // Neither the child nor the address is committed yet when the account is deleted.
      expect(await accountStorage(transaction).insert(storeId, child)).toBe("saved");
      await addressStorage(transaction).insert(storeId, { ...address, id: "a2", ownerId: parent.id }, 25);
      const result = accounts.delete(storeId, parent.id);
      await untilSomebodyWaits();
      return [result];
    });
    expect(await deleting[0]).toBe(true);
    const { parentId, ...orphan } = child;
    expect(await accounts.load(storeId, child.id)).toEqual(orphan);
    const owners = await database.pool.query("select owner_id from address where store_id = $1", [storeId]);
    expect(owners.rows).toEqual([{ owner_id: other.id }]);
    const { rows } = await accounts.listMemberships(storeId, newest, { accountMemberId: member.id });
    expect(rows.map(({ accountId }) => accountId)).toEqual([other.id]);
    expect(await accounts.delete(storeId, parent.id)).toBe(false);
  });
});

describe("account members", () => {
  test("a user name is taken whatever its case", async () => {
    const ada = await insertMember({ username: "Ada", passwordHash: "hash" });
    const member = { id: "m2", name: "Eve", email: "eve@example.com", username: "ADA", ...times };
    expect(await accounts.insertMember(storeId, member)).toBe("username_taken");
    expect(await accounts.findMemberByUsername(storeId, "aDA")).toEqual(ada);
    expect(await accounts.findMemberByUsername("another store", "Ada")).toBeUndefined();
    const nameless = await insertMember();
    const another = await insertMember();
    expect(await accounts.loadMember(storeId, nameless.id)).toEqual(nameless);
    expect(await accounts.loadMembers(storeId, [another.id, "nobody"])).toEqual([another]);
  });

  test("members are listed by the account that they are of, or are not of", async () => {
    const acme = await insertAccount();
    const bolt = await insertAccount({ createdAt: LATER });
    const ada = await insertMember();
    const eve = await insertMember({ createdAt: LATER });
    await join(acme, ada);
    await join(bolt, ada);
    await join(bolt, eve);
    expect(await accounts.listMembers(storeId, newest, "all")).toEqual({ rows: [eve, ada], total: 2 });
    expect(await accounts.listMembers(storeId, newest, { of: acme.id })).toEqual({ rows: [ada], total: 1 });
    const notOf = await accounts.listMembers(storeId, newest, { notOf: acme.id });
    expect(notOf).toEqual({ rows: [eve], total: 1 });
    expect(await accounts.list(storeId, newest, ada.id)).toEqual({ rows: [bolt, acme], total: 2 });
    expect(await accounts.list(storeId, newest, eve.id)).toEqual({ rows: [bolt], total: 1 });
    expect(await accounts.isMember(storeId, acme.id, ada.id)).toBe(true);
    expect(await accounts.isMember(storeId, acme.id, eve.id)).toBe(false);
    expect(await accounts.isMember("another store", acme.id, ada.id)).toBe(false);
  });
});

describe("memberships", () => {
  test("a member belongs to an account once", async () => {
    const account = await insertAccount();
    const member = await insertMember();
    const membership = await join(account, member);
    const again = aMembership(account.id, member.id);
    expect(await accounts.insertMembership(storeId, again)).toBe("exists");
    expect(await accounts.insertMembership(storeId, aMembership("nobody", member.id))).toBe(
      "account_not_found",
    );
    expect(await accounts.insertMembership(storeId, aMembership(account.id, "nobody"))).toBe(
      "member_not_found",
    );
    expect(await accounts.loadMembership(storeId, account.id, membership.id)).toEqual(membership);
  });

  test("a membership is found, changed and ended through its own account only", async () => {
    const acme = await insertAccount();
    const bolt = await insertAccount();
    const ada = await insertMember();
    const eve = await insertMember();
    const membership = await join(acme, ada);
    const given = { ...membership, accountMemberId: eve.id, updatedAt: LATER };
    expect(await accounts.loadMembership(storeId, bolt.id, membership.id)).toBeUndefined();
    expect(await accounts.updateMembership(storeId, { ...given, accountId: bolt.id })).toBe("not_found");
    expect(await accounts.deleteMembership(storeId, bolt.id, membership.id)).toBe(false);
    expect(await accounts.updateMembership(storeId, { ...given, accountMemberId: "nobody" })).toBe(
      "member_not_found",
    );
    expect(await accounts.updateMembership(storeId, given)).toBe("saved");
    expect(await accounts.loadMembership(storeId, acme.id, membership.id)).toEqual(given);
    const other = await join(acme, ada);
    expect(await accounts.updateMembership(storeId, { ...other, accountMemberId: eve.id })).toBe("exists");
    expect(await accounts.deleteMembership(storeId, acme.id, membership.id)).toBe(true);
    expect(await accounts.isMember(storeId, acme.id, eve.id)).toBe(false);
  });

  test("no address is added to an account that is just being deleted", async () => {
    const account = await insertAccount();
    const adding = await database.transaction(async (transaction) => {
      await accountStorage(transaction).delete(storeId, account.id);
      const address = { id: "a1", ownerId: account.id, members: {}, ...times };
      const result = addressStorage(database).insert(storeId, address, 25);
      await untilSomebodyWaits();
      return [result];
    });
    expect(await adding[0]).toBe("owner_not_found");
  });

  test("nobody becomes a member of an account that is just being deleted", async () => {
    const account = await insertAccount();
    const member = await insertMember();
    const joining = await database.transaction(async (transaction) => {
      await accountStorage(transaction).delete(storeId, account.id);
      const result = accounts.insertMembership(storeId, aMembership(account.id, member.id));
      await untilSomebodyWaits();
      return [result];
    });
    expect(await joining[0]).toBe("account_not_found");
  });
});
