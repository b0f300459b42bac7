import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { Account } from "./ports/accounts.ts";
import type { RefusalOf } from "./refusal.ts";

export type CreateAccount = Pick<
  Account,
  "name" | "legalName" | "registrationId" | "externalRef" | "parentId"
>;

/** Adds an account, below another one if it names it. */
export async function createAccount(
  deps: Deps,
  context: Context,
  input: CreateAccount,
): Promise<Result<Account, RefusalOf<"registration_taken" | "account_not_found">>> {
  const { storeId } = context.store;
  const { accounts } = deps.storage;
  const { parentId, registrationId } = input;
  const parent = parentId === undefined ? undefined : await accounts.load(storeId, parentId);
  if (parentId !== undefined && !parent) return fail({ type: "account_not_found", accountId: parentId });
  const now = deps.now();
  const account: Account = {
    ...input,
    id: deps.newId(),
    ancestorIds: parent ? [...parent.ancestorIds, parent.id] : [],
    createdAt: now,
    updatedAt: now,
  };
  const saved = await accounts.insert(storeId, account);
  if (saved === "registration_taken") {
    return fail({ type: "registration_taken", registrationId: registrationId ?? "" });
  }
  if (saved === "parent_not_found") return fail({ type: "account_not_found", accountId: parentId ?? "" });
  return ok(account);
}
