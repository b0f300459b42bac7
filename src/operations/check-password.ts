import type { Deps } from "./deps.ts";

/**
 * Whether a password fits. Without a hash to compare with (nobody of that name, or no password set) the same work is
 * done in vain, so that the time of the answer does not tell who is known here.
 */
export async function passwordFits(
  deps: Pick<Deps, "passwords">,
  password: string,
  hash: string | undefined,
): Promise<boolean> {
  if (hash !== undefined) return deps.passwords.matches(password, hash);
  await deps.passwords.hash(password);
  return false;
}
