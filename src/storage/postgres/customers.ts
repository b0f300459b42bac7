import { customerUpdated } from "../../operations/customer-events.ts";
import type { Condition, ListQuery } from "../../operations/listing.ts";
import type { Customer, CustomerPort } from "../../operations/ports/customers.ts";
import { type Database, statement } from "./database.ts";
import { type ListedColumns, listRows } from "./listing.ts";
import { writeUnique } from "./savepoint.ts";
import { eventValues, telling } from "./told.ts";

type Row = {
  id: string;
  name: string;
  email: string;
  external_ref: string | null;
  password_hash: string | null;
  guest: boolean;
  doc: string;
  created_at: string;
  updated_at: string;
};

/** What the document of a customer holds: everything that has no column. */
type Doc = Pick<
  Customer,
  "firstName" | "lastName" | "phone" | "billingAddress" | "groupIds" | "metadata" | "fields"
>;

/** Customers as rows. */
export function customerStorage(database: Database, newId: () => string): CustomerPort {
  return {
    async load(storeId, customerId) {
      const [row] = await database.run<Row>(selectCustomer, [storeId, customerId]);
      return row && fromRow(row);
    },
    async loadMany(storeId, customerIds) {
      const rows = await database.run<Row>(selectMany, [storeId, customerIds]);
      return rows.map(fromRow);
    },
    async findByEmail(storeId, email) {
      const [row] = await database.run<Row>(selectByEmail, [storeId, caseless(email)]);
      return row && fromRow(row);
    },
    async guestOfEmail(storeId, guest) {
      const [row] = await database.run<Row>(guestOfEmail, [...columnsOf(storeId, guest), guest.createdAt]);
      return fromRow(row as Row);
    },
    async insert(storeId, customer, created) {
      const told = eventValues(created ? [created] : [], customer.createdAt, newId);
      const values = [...columnsOf(storeId, customer), customer.createdAt, ...told];
      const rows = await database.run(insertCustomer, values);
      return rows.length === 1 ? "saved" : "email_taken";
    },
    change: (storeId, customerId, change) =>
      database.transaction(async (transaction) => {
        const [row] = await transaction.run<Row>(selectForUpdate, [storeId, customerId]);
        if (!row) return { kind: "not_found" };
        const before = fromRow(row);
        const customer = change(before);
        const told = eventValues(customerUpdated(before, customer), customer.updatedAt, newId);
        const values = [...columnsOf(storeId, customer), ...told];
        if (keyOf(customer) === keyOf(before)) {
          await transaction.run(updateCustomer, values);
        } else {
          const written = await writeUnique(transaction, updateCustomer, values);
          if ("violated" in written) return { kind: "email_taken" };
        }
        return { kind: "saved", customer };
      }),
    delete: (storeId, customerId) =>
      database.transaction(async (transaction) => {
        const gone = await transaction.run(deleteCustomer, [storeId, customerId, newId()]);
        // After the customer, so that an address somebody was just adding is seen.
        if (gone.length === 1) await transaction.run(deleteAddresses, [storeId, customerId]);
        return gone.length === 1;
      }),
    async list(storeId, query, of = "registered") {
      const { rows, total } = await listRows<Row>(database, {
        select: columns,
        from: "customer",
        where: scopes[of],
        values: [storeId],
        columns: of === "registered" ? customerColumns : { ...customerColumns, email: plainEmail },
        query: withCaselessEmail(query),
      });
      return { rows: rows.map(fromRow), total };
    },
  };
}

const scopes = {
  registered: "store_id = $1 and not guest",
  guests: "store_id = $1 and guest",
  all: "store_id = $1",
} as const;

/** What customers may be listed by. */
export const customerColumns: ListedColumns = {
  id: { column: "id", type: "text" },
  name: { column: "name", type: "text" },
  email: { column: "email_key", type: "text" },
  external_ref: { column: "external_ref", type: "text" },
  // No index serves it.
  group_ids: {
    column: "array(select json_array_elements_text(coalesce(doc::json -> 'groupIds', '[]')))",
    type: "text[]",
  },
  created_at: { column: "created_at", type: "timestamp" },
  updated_at: { column: "updated_at", type: "timestamp" },
};

/** As it compares where guests are listed, too, whose key is another. No index serves it. */
const plainEmail = { column: "lower(email)", type: "text" } as const;

/** The form of an e-mail address or user name in which two that differ in case only are the same. */
export function caseless(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

function withCaselessEmail(query: ListQuery): ListQuery {
  const lowered = (condition: Condition): Condition =>
    condition.field === "email" ? { ...condition, values: condition.values.map(caseless) } : condition;
  return { ...query, filter: query.filter.map((group) => group.map(lowered)) };
}

/** What no other customer has. A guest's begins with what no e-mail address begins with. */
function keyOf({ email, guest }: Pick<Customer, "email" | "guest">): string {
  return guest ? `guest:${caseless(email)}` : caseless(email);
}

function columnsOf(storeId: string, customer: Customer): unknown[] {
  const { id, email, name, externalRef, passwordHash, guest, createdAt, updatedAt, ...rest } = customer;
  const doc: Doc = rest;
  return [
    storeId,
    id,
    email,
    keyOf(customer),
    name,
    externalRef ?? null,
    passwordHash ?? null,
    JSON.stringify(doc),
    updatedAt,
    guest ?? false,
  ];
}

function fromRow(row: Row): Customer {
  return {
    ...(JSON.parse(row.doc) as Doc),
    id: row.id,
    name: row.name,
    email: row.email,
    ...(row.external_ref !== null && { externalRef: row.external_ref }),
    ...(row.password_hash !== null && { passwordHash: row.password_hash }),
    ...(row.guest && { guest: true }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

const columns = "id, name, email, external_ref, password_hash, guest, doc, created_at, updated_at";

const selectCustomer = statement(
  "customer_select",
  `select ${columns} from customer where store_id = $1 and id = $2`,
);

const selectMany = statement(
  "customer_select_many",
  `select ${columns} from customer where store_id = $1 and id = any($2::text[])`,
);

const selectForUpdate = statement(
  "customer_select_for_update",
  `select ${columns} from customer where store_id = $1 and id = $2 for no key update`,
);

const selectByEmail = statement(
  "customer_by_email",
  `select ${columns} from customer where store_id = $1 and email_key = $2 and not guest`,
);

const insertCustomer = telling(
  "customer_insert",
  `insert into customer
     (store_id, id, email, email_key, name, external_ref, password_hash, doc, updated_at, guest, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
   on conflict (store_id, email_key) do nothing returning 1 as saved`,
  12,
);

// Nothing is changed of the one that is there; an update, for the row is answered only by one.
// A guest who comes again, which is the rule, is only read; of two who come first at once, one waits for the other.
const guestOfEmail = statement(
  "customer_guest_of_email",
  `with known as (
     select ${columns} from customer where store_id = $1 and email_key = $4),
   made as (
     insert into customer
       (store_id, id, email, email_key, name, external_ref, password_hash, doc, updated_at, guest, created_at)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9::timestamptz, $10::boolean, $11::timestamptz
      where not exists (select from known)
     on conflict (store_id, email_key) do update set email_key = excluded.email_key
     returning ${columns})
   select * from known union all select * from made`,
);

const updateCustomer = telling(
  "customer_update",
  `update customer
     set email = $3, email_key = $4, name = $5, external_ref = $6, password_hash = $7, doc = $8, updated_at = $9,
         guest = $10
   where store_id = $1 and id = $2 returning 1 as saved`,
  11,
);

const deleteCustomer = statement(
  "customer_delete",
  `with gone as (delete from customer where store_id = $1 and id = $2 returning guest),
   told as (
     insert into event (store_id, id, type, subject_id, payload, created_at)
     select $1, $3, 'customer.deleted', $2, '{}', now() from gone where not guest)
   select 1 as gone from gone`,
);

const deleteAddresses = statement(
  "customer_delete_addresses",
  "delete from address where store_id = $1 and owner_id = $2",
);
