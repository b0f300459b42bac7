import { createHash } from "node:crypto";
import type { Deps } from "../operations/deps.ts";
import { uuidOf } from "../operations/derived-id.ts";
import type { BeginKey, StoredAnswer } from "../operations/ports/keys.ts";
import type { EdgeProblem } from "./dialect.ts";
import type { Call, Reply, Route } from "./route.ts";

/** How long a request may run before another with its key may take over, in milliseconds. */
const LOCK_MS = 60_000;

type Outcome = { readonly reply: Reply } | { readonly problem: EdgeProblem };

/**
 * Runs a request under its idempotency key. The key is bound to caller, method, path and body; the answer is kept and
 * given again to a repeat. Definite refusals are kept like successes; an answer of 5xx is not, nor one that asks to be
 * tried again, and the next try goes on with the same attempt.
 */
export async function runOnce(
  route: Route,
  call: Call,
  key: string,
  deps: Deps,
  newCall: (deps: Deps, attemptId: string) => Call,
): Promise<Outcome> {
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) return { problem: "key_invalid" };
  const { storeId } = call.context.store;
  const scope = scopeOf(route, call);
  const now = deps.now();
  // Keyed, because a body may hold a password.
  const requestHash = deps.fingerprint(`${call.rawQuery}\n${JSON.stringify(call.body) ?? ""}`);
  const begin = {
    scope,
    key,
    requestHash,
    // The same for every repeat, also when the row that remembers it is gone: what was paid is recognized by this id.
    attemptId: uuidOf(digest(JSON.stringify([storeId, scope, key, requestHash]), "hex")),
    now,
    lockedUntil: new Date(Date.parse(now) + LOCK_MS).toISOString(),
  };
  if (route.idempotency === "phased") {
    // Effects of such a route carry the attempt's id in their own transaction; a repeat after a crash meets them there.
    const begun = await deps.storage.keys.begin(storeId, begin);
    if (begun.kind !== "fresh") return repeated(begun);
    try {
      const reply = await route.handle(newCall(deps, begun.attemptId));
      if (isDefinite(reply)) await deps.storage.keys.finish(storeId, scope, key, stored(reply));
      else await deps.storage.keys.expire(storeId, scope, key);
      return { reply };
    } catch (error) {
      // The lock runs out by itself should even this fail.
      await deps.storage.keys.expire(storeId, scope, key).catch(() => undefined);
      throw error;
    }
  }
  return deps.storage.transaction(async (storage): Promise<Outcome> => {
    const begun = await storage.keys.beginInTransaction(storeId, begin);
    if (begun.kind !== "fresh") return repeated(begun);
    const reply = await route.handle(newCall({ ...deps, storage }, begun.attemptId));
    if (isDefinite(reply)) await storage.keys.finish(storeId, scope, key, stored(reply));
    else await storage.keys.release(storeId, scope, key);
    return { reply };
  });
}

/** The answer stands: neither something broke, nor is the request to be tried again in a moment. */
function isDefinite(reply: Reply): boolean {
  return reply.status < 500 && reply.headers?.["retry-after"] === undefined;
}

function repeated(begun: Exclude<BeginKey, { kind: "fresh" }>): Outcome {
  if (begun.kind === "mismatch") return { problem: "key_mismatch" };
  if (begun.kind === "running") return { problem: "key_running" };
  const { status, body, headers } = begun.answer;
  return {
    reply: {
      status,
      ...(body !== null && { body: JSON.parse(body) }),
      headers: { ...headers, "idempotency-replayed": "true" },
    },
  };
}

function stored(reply: Reply): StoredAnswer {
  return {
    status: reply.status,
    body: reply.body === undefined ? null : JSON.stringify(reply.body),
    ...(reply.headers && { headers: reply.headers }),
  };
}

function scopeOf(route: Route, call: Call): string {
  const { actor } = call.context;
  return digest(
    JSON.stringify([
      actor.kind,
      actor.label,
      actor.customerId ?? "",
      actor.accountId ?? "",
      route.method,
      call.path,
    ]),
  );
}

function digest(text: string, encoding: "base64url" | "hex" = "base64url"): string {
  return createHash("sha256").update(text).digest(encoding);
}
