import type { Condition, ListQuery } from "../../operations/listing.ts";
import type { Customer, CustomerPort } from "../../operations/ports/customers.ts";
import { type Database, statement } from "./database.ts";
import { type ListedColumns, listRows } from "./listing.ts";
import { writeUnique } from "./savepoint.ts";

type Row = {
  id: string;
  name: string;
  email: string;
  external_ref: string | null;
  password_hash: string | null;
  doc: string;
  created_at: string;
  updated_at: string;
};

/** What the document of a customer holds: everything that has no column. */
type Doc = Pick<Customer, "fields">;

/** Customers as rows. */
export function customerStorage(database: Database): CustomerPort {
  return {
    async load(storeId, customerId) {
      const [row] = await database.run<Row>(selectCustomer, [storeId, customerId]);
      return row && fromRow(row);
    },
    async findByEmail(storeId, email) {
      const [row] = await database.run<Row>(selectByEmail, [storeId, caseless(email)]);
      return row && fromRow(row);
    },
    async insert(storeId, customer) {
      const rows = await database.run(insertCustomer, [...columnsOf(storeId, customer), customer.createdAt]);
      return rows.length === 1 ? "saved" : "email_taken";
    },
    change: (storeId, customerId, change) =>
      database.transaction(async (transaction) => {
        const [row] = await transaction.run<Row>(selectForUpdate, [storeId, customerId]);
        if (!row) return { kind: "not_found" };
        const customer = change(fromRow(row));
        const values = columnsOf(storeId, customer);
        if (caseless(customer.email) === caseless(row.email)) {
          await transaction.run(updateCustomer, values);
        } else {
          const written = await writeUnique(transaction, updateCustomer, values);
          if ("violated" in written) return { kind: "email_taken" };
        }
        return { kind: "saved", customer };
      }),
    delete: (storeId, customerId) =>
      database.transaction(async (transaction) => {
        const gone = await transaction.run(deleteCustomer, [storeId, customerId]);
        // After the customer, so that an address somebody was just adding is seen.
        if (gone.length === 1) await transaction.run(deleteAddresses, [storeId, customerId]);
        return gone.length === 1;
      }),
    async list(storeId, query) {
      const { rows, total } = await listRows<Row>(database, {
        select: columns,
        from: "customer",
        where: "store_id = $1",
        values: [storeId],
        columns: customerColumns,
        query: withCaselessEmail(query),
      });
      return { rows: rows.map(fromRow), total };
    },
  };
}

/** What customers may be listed by. */
export const customerColumns: ListedColumns = {
  id: { column: "id", type: "text" },
  name: { column: "name", type: "text" },
  email: { column: "email_key", type: "text" },
  external_ref: { column: "external_ref", type: "text" },
  created_at: { column: "created_at", type: "timestamp" },
  updated_at: { column: "updated_at", type: "timestamp" },
};

/** The form of an e-mail address or user name in which two that differ in case only are the same. */
export function caseless(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

function withCaselessEmail(query: ListQuery): ListQuery {
  const lowered = (condition: Condition): Condition =>
    condition.field === "email" ? { ...condition, values: condition.values.map(caseless) } : condition;
  return { ...query, filter: query.filter.map((group) => group.map(lowered)) };
}

function columnsOf(storeId: string, customer: Customer): unknown[] {
  const doc: Doc = { ...(customer.fields && { fields: customer.fields }) };
  return [
    storeId,
    customer.id,
    customer.email,
    caseless(customer.email),
    customer.name,
    customer.externalRef ?? null,
    customer.passwordHash ?? null,
    JSON.stringify(doc),
    customer.updatedAt,
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
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

const columns = "id, name, email, external_ref, password_hash, doc, created_at, updated_at";

const selectCustomer = statement(
  "customer_select",
  `select ${columns} from customer where store_id = $1 and id = $2`,
);

const selectForUpdate = statement(
  "customer_select_for_update",
  `select ${columns} from customer where store_id = $1 and id = $2 for no key update`,
);

const selectByEmail = statement(
  "customer_by_email",
  `select ${columns} from customer where store_id = $1 and email_key = $2`,
);

const insertCustomer = statement(
  "customer_insert",
  `insert into customer
     (store_id, id, email, email_key, name, external_ref, password_hash, doc, updated_at, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
   on conflict (store_id, email_key) do nothing returning 1 as saved`,
);

const updateCustomer = statement(
  "customer_update",
  `update customer
     set email = $3, email_key = $4, name = $5, external_ref = $6, password_hash = $7, doc = $8, updated_at = $9
   where store_id = $1 and id = $2`,
);

const deleteCustomer = statement(
  "customer_delete",
  "delete from customer where store_id = $1 and id = $2 returning 1 as gone",
);

const deleteAddresses = statement(
  "customer_delete_addresses",
  "delete from address where store_id = $1 and owner_id = $2",
);
