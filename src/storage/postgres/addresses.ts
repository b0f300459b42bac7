import type { AddressPort, StoredAddress } from "../../operations/ports/addresses.ts";
import { type Database, statement } from "./database.ts";
import { listRows } from "./listing.ts";

type Row = { owner_id: string; id: string; doc: string; created_at: string; updated_at: string };

/** Addresses of customers and accounts. */
export function addressStorage(database: Database): AddressPort {
  return {
    async load(storeId, ownerId, addressId) {
      const [row] = await database.run<Row>(selectAddress, [storeId, ownerId, addressId]);
      return row && fromRow(row);
    },
    async list(storeId, ownerId, page) {
      const { rows, total } = await listRows<Row>(database, {
        select: columns,
        from: "address",
        where: "store_id = $1 and owner_id = $2",
        values: [storeId, ownerId],
        columns: { created_at: { column: "created_at", type: "timestamp" } },
        query: { ...page, filter: [], sort: { field: "created_at", descending: false } },
      });
      return { rows: rows.map(fromRow), total };
    },
    insert: (storeId, address, limit) =>
      database.transaction(async (transaction) => {
        // Two statements: the second counts what the holder of the lock before us added.
        const owners = await transaction.run(lockOwner, [storeId, address.ownerId]);
        if (owners.length === 0) return "owner_not_found";
        const rows = await transaction.run(insertAddress, [
          storeId,
          address.ownerId,
          address.id,
          docOf(address),
          address.createdAt,
          address.updatedAt,
          limit,
        ]);
        return rows.length === 1 ? "saved" : "limit";
      }),
    change: (storeId, ownerId, addressId, change) =>
      database.transaction(async (transaction) => {
        const [row] = await transaction.run<Row>(selectForUpdate, [storeId, ownerId, addressId]);
        if (!row) return undefined;
        const changed = change(fromRow(row));
        if (changed.ok) {
          const values = [storeId, ownerId, addressId, docOf(changed.value), changed.value.updatedAt];
          await transaction.run(updateAddress, values);
        }
        return changed;
      }),
    async delete(storeId, ownerId, addressId) {
      const rows = await database.run(deleteAddress, [storeId, ownerId, addressId]);
      return rows.length === 1;
    },
  };
}

/** The document is the members themselves; what is more goes under a name that no address has. */
const METADATA = "$metadata";

function docOf({ members, metadata }: StoredAddress): string {
  return JSON.stringify(metadata === undefined ? members : { ...members, [METADATA]: metadata });
}

function fromRow(row: Row): StoredAddress {
  const { [METADATA]: metadata, ...members } = JSON.parse(row.doc);
  return {
    id: row.id,
    ownerId: row.owner_id,
    members,
    ...(metadata !== undefined && { metadata }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

const columns = "owner_id, id, doc, created_at, updated_at";

const selectAddress = statement(
  "address_select",
  `select ${columns} from address where store_id = $1 and owner_id = $2 and id = $3`,
);

const selectForUpdate = statement(
  "address_select_for_update",
  `select ${columns} from address where store_id = $1 and owner_id = $2 and id = $3 for no key update`,
);

// Whoever adds an address holds the owner's row: the limit is never passed, and no address outlives its owner.
const lockOwner = statement(
  "address_lock_owner",
  `with locked_customer as (
     select id from customer where store_id = $1 and id = $2 for no key update
   ), locked_account as (
     select id from account where store_id = $1 and id = $2 for no key update
   )
   select id from locked_customer union all select id from locked_account`,
);

const insertAddress = statement(
  "address_insert",
  `insert into address (store_id, owner_id, id, doc, created_at, updated_at)
   select $1, $2, $3, $4, $5::timestamptz, $6::timestamptz
   where (select count(*) from address where store_id = $1 and owner_id = $2) < $7::bigint
   returning 1 as saved`,
);

const updateAddress = statement(
  "address_update",
  "update address set doc = $4, updated_at = $5 where store_id = $1 and owner_id = $2 and id = $3",
);

const deleteAddress = statement(
  "address_delete",
  "delete from address where store_id = $1 and owner_id = $2 and id = $3 returning 1 as gone",
);
