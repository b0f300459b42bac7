import type { BeginKey, KeyPort, StoredAnswer } from "../../operations/ports/keys.ts";
import { type Database, statement } from "./database.ts";

/** Idempotency keys with the answers that their requests got. */
export function keyStorage(database: Database): KeyPort {
  const keys: KeyPort = {
    async begin(storeId, input) {
      const { scope, key, requestHash, attemptId, now, lockedUntil } = input;
      const inserted = await database.run(insertKey, [
        storeId,
        scope,
        key,
        requestHash,
        attemptId,
        lockedUntil,
        now,
      ]);
      if (inserted.length === 1) return { kind: "fresh", attemptId };
      const [row] = await database.run<KeyRow>(selectKey, [storeId, scope, key]);
      // Released between the two statements: as good as running.
      if (!row) return { kind: "running" };
      if (row.request_hash !== requestHash) return { kind: "mismatch" };
      if (row.response !== null)
        return { kind: "answered", answer: JSON.parse(row.response) as StoredAnswer };
      // Whoever held the key has died; one of those who ask takes it over, with the same attempt.
      const [taken] = await database.run<{ attempt_id: string }>(takeOverKey, [
        storeId,
        scope,
        key,
        now,
        lockedUntil,
      ]);
      return taken
        ? { kind: "fresh", attemptId: taken.attempt_id }
        : ({ kind: "running" } satisfies BeginKey);
    },
    async beginInTransaction(storeId, input) {
      // Only spares the wait: that a key is used once rests on its row, which the insert below would wait for.
      const lock = `${storeId}\n${input.scope}\n${input.key}`;
      const [row] = await database.run<{ free: boolean }>(tryLock, [lock]);
      return row?.free ? keys.begin(storeId, input) : { kind: "running" };
    },
    async finish(storeId, scope, key, answer) {
      await database.run(finishKey, [storeId, scope, key, answer.status, JSON.stringify(answer)]);
    },
    async release(storeId, scope, key) {
      await database.run(releaseKey, [storeId, scope, key]);
    },
    async expire(storeId, scope, key) {
      await database.run(expireKey, [storeId, scope, key]);
    },
    async deleteOlderThan(storeId, before, limit) {
      const rows = await database.run(deleteOldKeys, [storeId, before, limit]);
      return rows.length;
    },
  };
  return keys;
}

type KeyRow = { request_hash: string; response: string | null };

const insertKey = statement(
  "key_insert",
  `insert into idempotency_key (store_id, scope, key, request_hash, attempt_id, locked_until, created_at)
   values ($1, $2, $3, $4, $5, $6, $7)
   on conflict do nothing returning 1 as taken`,
);

const selectKey = statement(
  "key_select",
  "select request_hash, response from idempotency_key where store_id = $1 and scope = $2 and key = $3",
);

const takeOverKey = statement(
  "key_take_over",
  `update idempotency_key set locked_until = $5
    where store_id = $1 and scope = $2 and key = $3 and response is null and locked_until < $4
   returning attempt_id`,
);

const finishKey = statement(
  "key_finish",
  `update idempotency_key set status = $4, response = $5, locked_until = null
    where store_id = $1 and scope = $2 and key = $3`,
);

const releaseKey = statement(
  "key_release",
  "delete from idempotency_key where store_id = $1 and scope = $2 and key = $3 and response is null",
);

const expireKey = statement(
  "key_expire",
  `update idempotency_key set locked_until = to_timestamp(0)
    where store_id = $1 and scope = $2 and key = $3 and response is null`,
);

const tryLock = statement(
  "key_try_lock",
  "select pg_try_advisory_xact_lock(hashtextextended($1::text, 0)) as free",
);

const deleteOldKeys = statement(
  "key_delete_old",
  `delete from idempotency_key where store_id = $1 and (scope, key) in (
     select scope, key from idempotency_key where store_id = $1 and created_at < $2 limit $3)
   returning 1 as gone`,
);
