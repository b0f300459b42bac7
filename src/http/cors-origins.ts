/** Origins whose pages may send cookies along; `local`: those of this machine, on every port. */
export type CredentialedOrigins = "local" | readonly string[];

const LOCAL = /^https?:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/;

/** Whether a page of that origin may ask with cookies. */
export function mayAskWithCookies(origin: string, allowed: CredentialedOrigins): boolean {
  return allowed === "local" ? LOCAL.test(origin) : allowed.includes(origin);
}
