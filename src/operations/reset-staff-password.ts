import type { StaffUser } from "../domain/region/staff-user.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";
import { tokenSecret } from "./token-secret.ts";

/** How long a token is good for, in seconds: a quarter of an hour, Medusa's. */
const LIFETIME_SECONDS = 900;

/**
 * Notes that one of the staff wants a new password. The event `user.password_reset` carries the token that allows it, for
 * whoever sends mail. Whether there is such a person is not told.
 */
export async function requestStaffReset(deps: Deps, { store }: Context, email: string): Promise<void> {
  const { storeId } = store;
  const user = await deps.storage.records.named(storeId, "staff_user", email.toLowerCase());
  if (!user) return;
  const { id, passwordHash } = user;
  const claims = {
    use: "staff_password_reset",
    store: storeId,
    user: id,
    proof: proofOf(deps, passwordHash),
  };
  const event = { type: "user.password_reset", payload: { email: user.email } };
  const now = deps.now();
  const secret = tokenSecret(deps, claims, LIFETIME_SECONDS, now);
  await deps.storage.events.record(storeId, id, event, now, secret);
}

/** Gives one of the staff a new password; the token is good for one until then. `email` must be theirs, if it is given. */
export async function resetStaffPassword(
  deps: Deps,
  { store }: Context,
  input: { readonly email?: string; readonly token: string; readonly password: string },
): Promise<Result<StaffUser, SalesRefusalOf<"reset_token_invalid">>> {
  const refusal = { type: "reset_token_invalid" } as const;
  const claims = deps.tokens.verify(input.token);
  if (claims?.use !== "staff_password_reset" || claims.store !== store.storeId) return fail(refusal);
  const passwordHash = await deps.passwords.hash(input.password);
  const updatedAt = deps.now();
  let isFresh = false;
  const changed = await deps.storage.records.change(
    store.storeId,
    "staff_user",
    String(claims.user),
    (user) => {
      // Under the row's lock: of two who use one token at once, the second finds another password.
      const isTheirs = input.email === undefined || input.email.toLowerCase() === user.email;
      isFresh = isTheirs && claims.proof === proofOf(deps, user.passwordHash);
      return isFresh ? { ...user, passwordHash, updatedAt } : user;
    },
  );
  return isFresh && changed.kind === "saved" ? ok(changed.record) : fail(refusal);
}

/** What stays the same until the password is another one. */
function proofOf(deps: Pick<Deps, "fingerprint">, passwordHash: string): string {
  return deps.fingerprint(`staff password:${passwordHash}`);
}
