import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { RefusalOf } from "./refusal.ts";

/**
 * Whether the caller may see and change a customer and its addresses: the shop all, a customer itself. The answer for
 * somebody else's id does not depend on whether there is such a customer.
 */
export function checkCustomerAccess(
  context: Context,
  customerId: string,
): Result<void, RefusalOf<"customer_not_yours">> {
  const { actor } = context;
  if (actor.kind !== "shopper" || actor.customerId === customerId) return ok(undefined);
  return fail({ type: "customer_not_yours", customerId });
}
