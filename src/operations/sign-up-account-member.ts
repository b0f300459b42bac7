import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { AccountMember } from "./ports/accounts.ts";
import type { RefusalOf } from "./refusal.ts";

/** A new account member with an account of the same name: all of it is kept, or nothing. */
export async function signUpAccountMember(
  deps: Deps,
  context: Context,
  input: {
    readonly name: string;
    readonly email: string;
    readonly username: string;
    readonly password: string;
  },
): Promise<Result<AccountMember, RefusalOf<"username_taken">>> {
  const { storeId } = context.store;
  const { name, email, username, password } = input;
  const passwordHash = await deps.passwords.hash(password);
  const now = deps.now();
  const times = { createdAt: now, updatedAt: now };
  const member = { id: deps.newId(), name, email, username, passwordHash, ...times };
  const account = { id: deps.newId(), name, ancestorIds: [], ...times };
  const membership = { id: deps.newId(), accountId: account.id, accountMemberId: member.id, ...times };
  return deps.storage.transaction(async ({ accounts }) => {
    const inserted = await accounts.insertMember(storeId, member);
    if (inserted === "username_taken") return fail({ type: "username_taken", username });
    await accounts.insert(storeId, account);
    await accounts.insertMembership(storeId, membership);
    return ok(member);
  });
}
