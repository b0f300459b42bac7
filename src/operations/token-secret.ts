import type { Deps } from "./deps.ts";

/**
 * A signed token as the secret member `token` of an event: whoever sends mail reads it there, and it is gone once it has
 * expired.
 * @param now RFC 3339
 */
export function tokenSecret(
  { tokens }: Pick<Deps, "tokens">,
  claims: Readonly<Record<string, unknown>>,
  lifetimeSeconds: number,
  now: string,
): { readonly members: { readonly token: string }; readonly until: string } {
  const until = new Date(Date.parse(now) + lifetimeSeconds * 1000).toISOString();
  return { members: { token: tokens.sign(claims, lifetimeSeconds) }, until };
}
