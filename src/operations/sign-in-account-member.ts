import { fail, ok, type Result } from "../domain/result.ts";
import { passwordFits } from "./check-password.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { AccountMember } from "./ports/accounts.ts";
import type { RefusalOf } from "./refusal.ts";

/** The account member with this user name and password. The refusal does not say which of the two is wrong. */
export async function signInAccountMember(
  deps: Deps,
  context: Context,
  input: { readonly username: string; readonly password: string },
): Promise<Result<AccountMember, RefusalOf<"credentials_invalid">>> {
  const member = await deps.storage.accounts.findMemberByUsername(context.store.storeId, input.username);
  const fits = await passwordFits(deps, input.password, member?.passwordHash);
  return member && fits ? ok(member) : fail({ type: "credentials_invalid" });
}

/** The account member that the caller's account token names, to get tokens for its other accounts. */
export async function currentAccountMember(
  deps: Deps,
  context: Context,
): Promise<Result<AccountMember, RefusalOf<"credentials_invalid">>> {
  const { accountMemberId } = context.actor;
  if (accountMemberId === undefined) return fail({ type: "credentials_invalid" });
  const member = await deps.storage.accounts.loadMember(context.store.storeId, accountMemberId);
  return member ? ok(member) : fail({ type: "credentials_invalid" });
}
