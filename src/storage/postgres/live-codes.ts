import type { CodesTaken } from "../../operations/ports/promotions.ts";
import { type Database, type Statement, statement } from "./database.ts";
import { writeUnique } from "./savepoint.ts";

/** How often a write is tried anew when another takes a code between our look and our write. */
const MAX_TRIES = 5;

/**
 * Runs a write after which these codes of a promotion are live, or answers which of them others have. Codes of
 * promotions that are over are no obstacle: they are taken off the books first.
 */
export async function writeLiveCodes(
  transaction: Database,
  codes: { readonly storeId: string; readonly promotionId: string; readonly codes: readonly string[] },
  now: string,
  write: Statement,
  values: readonly unknown[],
): Promise<CodesTaken | undefined> {
  const names = [...codes.codes].sort();
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    await transaction.run(retireCodes, [codes.storeId, codes.promotionId, names, now]);
    const rows = await transaction.run<{ code: string }>(selectLive, [
      codes.storeId,
      codes.promotionId,
      names,
    ]);
    if (rows.length > 0) return { type: "promotion_code_taken", codes: rows.map((row) => row.code) };
    const written = await writeUnique(transaction, write, values);
    if ("rows" in written) return undefined;
  }
  throw new Error(`Codes of promotion ${codes.promotionId} are taken and given up again all the time`);
}

// In everybody's order, so that two who retire the same codes do not wait for each other.
const retireCodes = statement(
  "promotion_codes_retire",
  `with old as materialized (
     select c.promotion_id, c.code
       from promotion_code c join promotion p on p.store_id = c.store_id and p.id = c.promotion_id
      where c.store_id = $1 and c.promotion_id <> $2 and c.code = any($3::text[]) and c.live and p.ends_at <= $4
      order by c.promotion_id, c.code for update of c)
   update promotion_code c set live = false from old
    where c.store_id = $1 and c.promotion_id = old.promotion_id and c.code = old.code`,
);

const selectLive = statement(
  "promotion_codes_live",
  `select code from promotion_code
    where store_id = $1 and promotion_id <> $2 and code = any($3::text[]) and live order by code`,
);
