import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { RefusalOf } from "./refusal.ts";

/**
 * Whether the caller may act for an account: the shop for all, others for the account that their token names. The token
 * lives for a day; that the member still belongs to the account is looked up.
 */
export async function checkAccountAccess(
  deps: Deps,
  context: Context,
  accountId: string,
): Promise<Result<void, RefusalOf<"account_not_yours">>> {
  const { actor } = context;
  if (actor.kind !== "shopper") return ok(undefined);
  const named = actor.accountId === accountId;
  if (named && (await belongsTo(deps, context, accountId))) return ok(undefined);
  return fail({ type: "account_not_yours", accountId });
}

/** Whether the caller may read an account: the shop all, an account member those that it belongs to. */
export async function checkAccountVisible(
  deps: Deps,
  context: Context,
  accountId: string,
): Promise<Result<void, RefusalOf<"account_not_yours">>> {
  if (context.actor.kind !== "shopper" || (await belongsTo(deps, context, accountId))) return ok(undefined);
  return fail({ type: "account_not_yours", accountId });
}

async function belongsTo(deps: Deps, context: Context, accountId: string): Promise<boolean> {
  const { accountMemberId } = context.actor;
  if (accountMemberId === undefined) return false;
  return deps.storage.accounts.isMember(context.store.storeId, accountId, accountMemberId);
}
