import { namesOf } from "../domain/customer/names.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { Customer } from "./ports/customers.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";
import { tokenSecret } from "./token-secret.ts";

/** How long a token is good for, in seconds: a quarter of an hour, Medusa's. */
const LIFETIME_SECONDS = 900;

/**
 * Notes that a customer wants a new password. The event `customer.password_reset` carries the token that allows it, for
 * whoever sends mail. Whether there is such a customer is not told.
 */
export async function requestPasswordReset(deps: Deps, { store }: Context, email: string): Promise<void> {
  const { storeId } = store;
  const customer = await deps.storage.customers.findByEmail(storeId, email);
  if (!customer) return;
  const { id, passwordHash } = customer;
  const claims = { use: "password_reset", store: storeId, customer: id, proof: proofOf(deps, passwordHash) };
  const { firstName = null, lastName = null } = namesOf(customer);
  const payload = {
    id,
    email: customer.email,
    first_name: firstName,
    last_name: lastName,
  };
  const event = { type: "customer.password_reset", payload };
  const now = deps.now();
  const secret = tokenSecret(deps, claims, LIFETIME_SECONDS, now);
  await deps.storage.events.record(storeId, id, event, now, secret);
}

/** Gives a customer a new password; the token is good for one until then. */
export async function resetPassword(
  deps: Deps,
  { store }: Context,
  input: { readonly email: string; readonly token: string; readonly password: string },
): Promise<Result<Customer, SalesRefusalOf<"reset_token_invalid">>> {
  const { storeId } = store;
  const refusal = { type: "reset_token_invalid" } as const;
  const claims = deps.tokens.verify(input.token);
  const customer = await deps.storage.customers.findByEmail(storeId, input.email);
  if (!customer || claims?.use !== "password_reset" || claims.store !== storeId) return fail(refusal);
  if (claims.customer !== customer.id) return fail(refusal);
  const passwordHash = await deps.passwords.hash(input.password);
  const updatedAt = deps.now();
  const outcome = { isFresh: false };
  const changed = await deps.storage.customers.change(storeId, customer.id, (current) => {
    // Under the row's lock: of two who use one token at once, the second finds another password.
    outcome.isFresh = claims.proof === proofOf(deps, current.passwordHash);
    return outcome.isFresh ? { ...current, passwordHash, updatedAt } : current;
  });
  return outcome.isFresh && changed.kind === "saved" ? ok(changed.customer) : fail(refusal);
}

/** What stays the same until the password is another one. */
function proofOf(deps: Pick<Deps, "fingerprint">, passwordHash: string | undefined): string {
  return deps.fingerprint(`password:${passwordHash ?? ""}`);
}
