import type { Deps } from "../../operations/deps.ts";
import type { Caller } from "../dialect.ts";

/** Who has signed in with a browser: a customer at the shop, one of the staff at the back, or both. */
export type Session = { readonly customerId?: string; readonly userId?: string };

const COOKIE = "connect.sid";
/** Seconds, 10 hours. */
const SESSION_SECONDS = 36_000;
/** Seconds: 30 days for customers, a day for staff. */
const TOKEN_SECONDS = { store: 2_592_000, admin: 86_400 } as const;

/** The session that the request's cookie names; one of another store, or that has expired, is as good as none. */
export function sessionOf(deps: Deps, storeId: string, header: Caller["header"]): Session {
  const pair = (header("cookie") ?? "").split(/; */).find((part) => part.startsWith(`${COOKIE}=`));
  const claims = pair === undefined ? undefined : deps.tokens.verify(pair.slice(COOKIE.length + 1));
  if (claims?.use !== "session" || claims.store !== storeId) return {};
  return {
    ...(typeof claims.customer === "string" && { customerId: claims.customer }),
    ...(typeof claims.user === "string" && { userId: claims.user }),
  };
}

/** The header that keeps a session in the browser; an empty session ends it. */
export function sessionCookie(
  deps: Deps,
  storeId: string,
  { customerId, userId }: Session,
): { readonly "set-cookie": string } {
  if (customerId === undefined && userId === undefined) {
    return { "set-cookie": `${COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0` };
  }
  const claims = {
    use: "session",
    store: storeId,
    ...(customerId !== undefined && { customer: customerId }),
    ...(userId !== undefined && { user: userId }),
  };
  const token = deps.tokens.sign(claims, SESSION_SECONDS);
  return { "set-cookie": `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${SESSION_SECONDS}` };
}

/** A bearer token for a customer (`store`) or one of the staff (`admin`). */
export function bearerToken(deps: Deps, storeId: string, domain: "store" | "admin", id: string): string {
  const who = domain === "store" ? { customer_id: id } : { user_id: id };
  return deps.tokens.sign({ use: "medusa", store: storeId, domain, ...who }, TOKEN_SECONDS[domain]);
}

/** Who the bearer token names, when it is one of that domain; an empty or foreign header is as good as none. */
export function bearerId(
  deps: Deps,
  storeId: string,
  domain: "store" | "admin",
  header: Caller["header"],
): string | undefined {
  const token = /^Bearer ([^ ]+)$/i.exec(header("authorization") ?? "")?.[1];
  const claims = token === undefined ? undefined : deps.tokens.verify(token);
  if (claims?.use !== "medusa" || claims.store !== storeId || claims.domain !== domain) return undefined;
  return String(domain === "store" ? claims.customer_id : claims.user_id);
}
