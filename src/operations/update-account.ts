import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { Account } from "./ports/accounts.ts";
import type { RefusalOf } from "./refusal.ts";

/** What changes; members that are absent keep their value, and null removes one. */
export type UpdateAccount = {
  readonly accountId: string;
  readonly name?: string;
  readonly legalName?: string | null;
  readonly registrationId?: string | null;
  readonly externalRef?: string | null;
};

/** Changes an account. Its parent stays. */
export async function updateAccount(
  deps: Deps,
  context: Context,
  input: UpdateAccount,
): Promise<Result<Account, RefusalOf<"registration_taken" | "account_not_found">>> {
  const { accountId, name } = input;
  const now = deps.now();
  const changed = await deps.storage.accounts.change(context.store.storeId, accountId, (account) => {
    const { legalName, registrationId, externalRef, ...rest } = account;
    return {
      ...rest,
      ...(name !== undefined && { name }),
      ...optional("legalName", input.legalName, legalName),
      ...optional("registrationId", input.registrationId, registrationId),
      ...optional("externalRef", input.externalRef, externalRef),
      updatedAt: now,
    };
  });
  if (changed.kind === "not_found") return fail({ type: "account_not_found", accountId });
  if (changed.kind === "registration_taken") {
    return fail({ type: "registration_taken", registrationId: input.registrationId ?? "" });
  }
  return ok(changed.account);
}

function optional<Key extends string>(
  key: Key,
  after: string | null | undefined,
  before: string | undefined,
): { [K in Key]?: string } {
  const value = after === undefined ? before : after;
  return (value === undefined || value === null ? {} : { [key]: value }) as { [K in Key]?: string };
}
