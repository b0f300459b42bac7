import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ok } from "../../src/domain/result.ts";
import type { ListQuery } from "../../src/operations/listing.ts";
import type { AddressPort, StoredAddress } from "../../src/operations/ports/addresses.ts";
import type { Customer, CustomerPort } from "../../src/operations/ports/customers.ts";
import { addressStorage } from "../../src/storage/postgres/addresses.ts";
import { customerStorage } from "../../src/storage/postgres/customers.ts";
import type { OpenDatabase } from "../../src/storage/postgres/database.ts";
import { openMigratedDatabase, waitUntil } from "./migrated-database.ts";

const NOW = "2026-01-02T03:04:05.000Z";
const LATER = "2026-01-02T04:00:00.000Z";

let database: OpenDatabase;
let close: () => Promise<void>;
let storeId: string;
let customers: CustomerPort;
let addresses: AddressPort;

beforeAll(async () => {
  ({ database, close } = await openMigratedDatabase());
  customers = customerStorage(database, randomUUID);
  addresses = addressStorage(database);
});
afterAll(() => close());
beforeEach(() => {
  storeId = `store-${crypto.randomUUID()}`;
});

function aCustomer(members: Partial<Customer> = {}): Customer {
  const id = members.id ?? crypto.randomUUID();
  return { id, name: "Ada", email: `${id}@example.com`, createdAt: NOW, updatedAt: NOW, ...members };
}

async function insertCustomer(members: Partial<Customer> = {}): Promise<Customer> {
  const customer = aCustomer(members);
  expect(await customers.insert(storeId, customer)).toBe("saved");
  return customer;
}

const everything: ListQuery = { filter: [], sort: undefined, limit: 100, offset: 0 };

/** Waits until a statement waits for another transaction. */
const untilSomebodyWaits = () =>
  waitUntil(async () => {
    const { rows } = await database.pool.query(
      "select count(*) as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    );
    return rows[0].n > 0;
  });

describe("customers", () => {
  test("a customer comes back as it was saved", async () => {
    const full = await insertCustomer({
      externalRef: "crm-1",
      passwordHash: "hash",
      fields: { shoe_size: 42, notes: null },
      updatedAt: LATER,
    });
    const plain = await insertCustomer();
    expect(await customers.load(storeId, full.id)).toEqual(full);
    expect(await customers.load(storeId, plain.id)).toEqual(plain);
    expect(await customers.load("another store", full.id)).toBeUndefined();
  });

  test("an e-mail address is taken whatever its case, in its own store only", async () => {
    const first = await insertCustomer({ email: "Ada@Example.com" });
    expect(await customers.insert(storeId, aCustomer({ email: "ADA@example.COM" }))).toBe("email_taken");
    expect(await customers.insert("another store", aCustomer({ email: "ada@example.com" }))).toBe("saved");
    expect(await customers.findByEmail(storeId, "ada@EXAMPLE.com")).toEqual(first);
    expect(await customers.findByEmail(storeId, "eda@example.com")).toBeUndefined();
  });

  test("a change that waits for another one keeps what that one changed", async () => {
    const customer = await insertCustomer({ externalRef: "crm-1", passwordHash: "hash" });
    const { id } = customer;
    const renaming = await database.transaction(async (transaction) => {
      const inside = customerStorage(transaction, randomUUID);
      await inside.change(storeId, id, ({ externalRef, ...kept }) => ({ ...kept, updatedAt: LATER }));
      const result = customers.change(storeId, id, (found) => ({ ...found, name: "Augusta" }));
      await untilSomebodyWaits();
      return [result];
    });
    const { externalRef, ...rest } = customer;
    const changed = { ...rest, name: "Augusta", updatedAt: LATER };
    expect(await renaming[0]).toEqual({ kind: "saved", customer: changed });
    expect(await customers.load(storeId, id)).toEqual(changed);
    expect(await customers.change(storeId, "nobody", (found) => found)).toEqual({ kind: "not_found" });
  });

  test("a change to a taken e-mail address is refused, and a transaction around it goes on", async () => {
    const ada = await insertCustomer({ email: "ada@example.com" });
    const eve = await insertCustomer({ email: "eve@example.com" });
    await database.transaction(async (transaction) => {
      const inside = customerStorage(transaction, randomUUID);
      const changed = await inside.change(storeId, eve.id, (customer) => ({
        ...customer,
        email: "ADA@example.com",
      }));
      expect(changed).toEqual({ kind: "email_taken" });
      await inside.change(storeId, eve.id, (customer) => ({ ...customer, name: "Eve" }));
    });
    expect(await customers.load(storeId, eve.id)).toEqual({ ...eve, name: "Eve" });
    expect(await customers.load(storeId, ada.id)).toEqual(ada);
    const recased = await customers.change(storeId, ada.id, (customer) => ({
      ...customer,
      email: "Ada@Example.com",
    }));
    expect(recased.kind).toBe("saved");
  });

  test("of two who want one e-mail address at the same moment, one gets it", async () => {
    const ada = await insertCustomer();
    const eve = await insertCustomer();
    const wants = (id: string) =>
      customers.change(storeId, id, (customer) => ({ ...customer, email: "both@example.com" }));
    const kinds = (await Promise.all([wants(ada.id), wants(eve.id)])).map((changed) => changed.kind);
    expect(kinds.sort()).toEqual(["email_taken", "saved"]);
  });

  test("a list finds e-mail addresses whatever their case, and shows one store only", async () => {
    const ada = await insertCustomer({ email: "Ada@Example.com", createdAt: LATER });
    const eve = await insertCustomer({ email: "eve@example.com" });
    await customers.insert("another store", aCustomer());
    const sort = { field: "created_at", descending: true };
    expect(await customers.list(storeId, { ...everything, sort })).toEqual({ rows: [ada, eve], total: 2 });
    const condition = { field: "email", operator: "eq", values: ["ADA@example.com"] } as const;
    expect(await customers.list(storeId, { ...everything, filter: [[condition]] })).toEqual({
      rows: [ada],
      total: 1,
    });
  });
});

describe("guests", () => {
  const aGuest = (email: string) => ({ ...aCustomer({ email, name: email }), guest: true as const });

  test("L2 a guest and a registered customer may have one e-mail address, and only the latter is found by it", async () => {
    const registered = await insertCustomer({ email: "Ada@example.com" });
    const guest = aGuest("ada@example.com");
    expect(await customers.guestOfEmail(storeId, guest)).toEqual(guest);
    expect(await customers.guestOfEmail(storeId, aGuest("ADA@example.com"))).toEqual(guest);
    expect(await customers.findByEmail(storeId, "ada@EXAMPLE.com")).toEqual(registered);
    expect(await customers.load(storeId, guest.id)).toEqual(guest);
    expect(await customers.findByEmail(storeId, "guest:ada@example.com")).toBeUndefined();
  });

  test("the same guest is made once by two at a time", async () => {
    const both = await Promise.all(
      ["b@example.com", "B@example.com"].map((email) => customers.guestOfEmail(storeId, aGuest(email))),
    );
    expect(both[0]?.id).toBe(both[1]?.id);
  });

  test("lists show registered customers, guests or all", async () => {
    const registered = await insertCustomer({ email: "c@example.com" });
    const guest = await customers.guestOfEmail(storeId, aGuest("c@example.com"));
    const ids = async (of?: "registered" | "guests" | "all") =>
      (await customers.list(storeId, everything, of)).rows.map(({ id }) => id).sort();
    expect(await ids()).toEqual([registered.id]);
    expect(await ids("guests")).toEqual([guest.id]);
    expect(await ids("all")).toEqual([registered.id, guest.id].sort());
    const filter = [[{ field: "email", operator: "eq", values: ["C@example.com"] } as const]];
    expect((await customers.list(storeId, { ...everything, filter }, "guests")).total).toBe(1);
    expect((await customers.list(storeId, { ...everything, filter })).total).toBe(1);
  });

  test("what a customer of a region has comes back as it was saved", async () => {
    const full = await insertCustomer({
      firstName: "Ada",
      lastName: "Byron",
      phone: "1",
      groupIds: ["g"],
      metadata: { a: 1 },
      billingAddress: { id: "b", members: { line_1: "1 Long Lane" }, createdAt: NOW },
    });
    expect(await customers.load(storeId, full.id)).toEqual(full);
  });
});

describe("addresses", () => {
  function anAddress(ownerId: string, members: Partial<StoredAddress> = {}): StoredAddress {
    const id = crypto.randomUUID();
    return { id, ownerId, members: { line_1: "1 Main Street" }, createdAt: NOW, updatedAt: NOW, ...members };
  }

  test("an address belongs to one owner in one store", async () => {
    const ada = await insertCustomer();
    const eve = await insertCustomer();
    const address = anAddress(ada.id);
    expect(await addresses.insert(storeId, address, 25)).toBe("saved");
    expect(await addresses.load(storeId, ada.id, address.id)).toEqual(address);
    expect(await addresses.load(storeId, eve.id, address.id)).toBeUndefined();
    expect(await addresses.load("another store", ada.id, address.id)).toBeUndefined();
    expect(await addresses.delete(storeId, eve.id, address.id)).toBe(false);
    const stolen = await addresses.change(storeId, eve.id, address.id, (found) => ok(found));
    expect(stolen).toBeUndefined();
    expect(await addresses.list(storeId, eve.id, { limit: 10, offset: 0 })).toEqual({ rows: [], total: 0 });
    expect(await addresses.delete(storeId, ada.id, address.id)).toBe(true);
    expect(await addresses.load(storeId, ada.id, address.id)).toBeUndefined();
  });

  test("the oldest comes first, and pages fit together", async () => {
    const { id } = await insertCustomer();
    const second = anAddress(id, { createdAt: LATER });
    const first = anAddress(id);
    for (const address of [second, first]) await addresses.insert(storeId, address, 25);
    expect(await addresses.list(storeId, id, { limit: 1, offset: 0 })).toEqual({ rows: [first], total: 2 });
    expect(await addresses.list(storeId, id, { limit: 1, offset: 1 })).toEqual({ rows: [second], total: 2 });
  });

  test("a change that waits for another one keeps what that one changed", async () => {
    const { id } = await insertCustomer();
    const address = anAddress(id);
    await addresses.insert(storeId, address, 25);
    const set = (port: AddressPort, members: Record<string, string>) =>
      port.change(storeId, id, address.id, (found) =>
        ok({ ...found, members: { ...found.members, ...members } }),
      );
    const changing = await database.transaction(async (transaction) => {
      await set(addressStorage(transaction), { city: "Orange" });
      const result = set(addresses, { postcode: "92867" });
      await untilSomebodyWaits();
      return [result];
    });
    const members = { line_1: "1 Main Street", city: "Orange", postcode: "92867" };
    expect(await changing[0]).toEqual(ok({ ...address, members }));
    expect(await addresses.load(storeId, id, address.id)).toEqual({ ...address, members });
  });

  test("many who add at once do not pass the limit", async () => {
    const { id } = await insertCustomer();
    const added = await Promise.all(
      Array.from({ length: 8 }, () => addresses.insert(storeId, anAddress(id), 3)),
    );
    expect(added.filter((result) => result === "saved")).toHaveLength(3);
    expect(added.filter((result) => result === "limit")).toHaveLength(5);
    expect((await addresses.list(storeId, id, { limit: 10, offset: 0 })).total).toBe(3);
  });

  test("nobody unknown has addresses, and none of a store's customers in another store", async () => {
    const { id } = await insertCustomer();
    expect(await addresses.insert(storeId, anAddress("nobody"), 25)).toBe("owner_not_found");
    expect(await addresses.insert("another store", anAddress(id), 25)).toBe("owner_not_found");
  });

  test("a deleted customer leaves no address, not even one that is just being added", async () => {
    const { id } = await insertCustomer();
    const other = await insertCustomer();
    await addresses.insert(storeId, anAddress(id), 25);
    await addresses.insert(storeId, anAddress(other.id), 25);
    const deleting = await database.transaction(async (transaction) => {
      await addressStorage(transaction).insert(storeId, anAddress(id), 25);
      const result = customers.delete(storeId, id);
      await untilSomebodyWaits();
      return [result];
    });
    expect(await deleting[0]).toBe(true);
    const left = await database.pool.query("select owner_id from address where store_id = $1", [storeId]);
    expect(left.rows).toEqual([{ owner_id: other.id }]);
    expect(await customers.delete(storeId, id)).toBe(false);
    expect(await addresses.insert(storeId, anAddress(id), 25)).toBe("owner_not_found");
  });
});
