import type { Actor, Context } from "../../operations/context.ts";
import type { Deps } from "../../operations/deps.ts";
import { bearerOf } from "../bearer.ts";
import type { Caller } from "../dialect.ts";
import type { Reply } from "../route.ts";
import { badRequest, forbidden, problem } from "./errors.ts";

/**
 * Who asks. 401 is for a missing, expired or unknown bearer only, because clients answer it by fetching a new token and
 * trying again; whoever is known but not allowed gets 403.
 */
export async function identify(
  deps: Deps,
  caller: Caller,
): Promise<{ context: Context } | { refusal: Reply }> {
  const identified = await whoAsks(deps, caller);
  const seenCartVersion = seenVersion(caller.header("if-match"));
  if ("refusal" in identified || seenCartVersion === undefined) return identified;
  return { context: { ...identified.context, seenCartVersion } };
}

/** The version that an `If-Match` header names (ours: the vendor's API has no versions); -1, which none has, for junk. */
function seenVersion(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === "*") return undefined;
  const version = /^\s*(?:W\/)?"?(\d{1,15})"?\s*$/.exec(header)?.[1];
  return version === undefined ? -1 : Number(version);
}

async function whoAsks(deps: Deps, caller: Caller): Promise<{ context: Context } | { refusal: Reply }> {
  if (caller.access === "open") {
    const store = await firstStore(deps);
    return { context: { store, actor: { kind: "shopper", label: "anonymous" } } };
  }
  const bearer = await bearerOf(deps, caller);
  if (!bearer) return { refusal: problem(401, "Unable to validate access token") };
  const { store, clientId } = bearer;

  if (bearer.kind === "client_credentials") {
    const actor: Actor = { kind: "shop", label: `client:${clientId}` };
    return { context: { store, actor: withShopper(actor, deps, caller, store.storeId) ?? actor } };
  }
  if (caller.access === "shop") {
    return { refusal: forbidden("This needs an access token that was got with client credentials") };
  }
  const customerToken = caller.header("x-moltin-customer-token");
  const accountToken = caller.header("ep-account-management-authentication-token");
  if (customerToken && accountToken) {
    return { refusal: badRequest("Only one of the customer token and the account token may be sent") };
  }
  const nobody: Actor = { kind: "shopper", label: `client:${clientId}` };
  const signedIn = withShopper(nobody, deps, caller, store.storeId);
  // Whoever signs in again may still send the token that has just expired.
  const actor = signedIn ?? (caller.access === "sign_in" ? nobody : undefined);
  if (!actor) return { refusal: forbidden("The customer or account token is not valid, or it has expired") };
  if (caller.access === "shopper" && actor.customerId === undefined && actor.accountId === undefined) {
    return { refusal: forbidden("This needs a customer token, an account token or client credentials") };
  }
  return { context: { store, actor } };
}

/** The actor with the customer or account that a token beside the bearer names; undefined when that token is bad. */
function withShopper(actor: Actor, deps: Deps, caller: Caller, storeId: string): Actor | undefined {
  // The vendors' SDKs send account tokens in the customer's header, too: what a token is, it says itself.
  const token =
    caller.header("x-moltin-customer-token") || caller.header("ep-account-management-authentication-token");
  if (!token) return actor;
  const claims = deps.tokens.verify(token);
  if (claims?.store !== storeId) return undefined;
  if (claims.use === "customer") {
    return { ...actor, customerId: String(claims.sub), label: `customer:${claims.sub}` };
  }
  if (claims.use !== "account") return undefined;
  return {
    ...actor,
    accountId: String(claims.account_id),
    accountMemberId: String(claims.sub),
    label: `account-member:${claims.sub}`,
  };
}

async function firstStore(deps: Deps) {
  const store = await deps.storage.stores.first();
  if (!store) throw new Error("There is no store");
  return store;
}
