import { fail, ok, type Result } from "../domain/result.ts";
import { passwordFits } from "./check-password.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { Customer } from "./ports/customers.ts";
import type { RefusalOf } from "./refusal.ts";

/** The customer with this e-mail address and password. The refusal does not say which of the two is wrong. */
export async function signInCustomer(
  deps: Deps,
  context: Context,
  input: { readonly email: string; readonly password: string },
): Promise<Result<Customer, RefusalOf<"credentials_invalid">>> {
  const customer = await deps.storage.customers.findByEmail(context.store.storeId, input.email);
  const fits = await passwordFits(deps, input.password, customer?.passwordHash);
  return customer && fits ? ok(customer) : fail({ type: "credentials_invalid" });
}
