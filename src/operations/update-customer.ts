import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import { checkCustomerAccess } from "./customer-access.ts";
import type { Deps } from "./deps.ts";
import type { Customer } from "./ports/customers.ts";
import type { RefusalOf } from "./refusal.ts";

/** What changes; members that are absent keep their value. */
export type UpdateCustomer = {
  readonly customerId: string;
  readonly name?: string;
  readonly email?: string;
  readonly password?: string;
  /** Null removes it. */
  readonly externalRef?: string | null;
  /** Fields that are not named here keep their value. */
  readonly fields?: Readonly<Record<string, unknown>>;
};

export type UpdateCustomerRefusal = RefusalOf<"customer_not_yours" | "customer_not_found" | "email_taken">;

/** Changes a customer: by itself or by the shop. */
export async function updateCustomer(
  deps: Deps,
  context: Context,
  input: UpdateCustomer,
): Promise<Result<Customer, UpdateCustomerRefusal>> {
  const { customerId, name, email, password, externalRef, fields } = input;
  const allowed = checkCustomerAccess(context, customerId);
  if (!allowed.ok) return allowed;
  const now = deps.now();
  // Before the customer's row is held: it takes long.
  const passwordHash = password === undefined ? undefined : await deps.passwords.hash(password);
  const { storeId } = context.store;
  const changed = await deps.storage.customers.change(storeId, customerId, (customer) => {
    const { externalRef: referenceBefore, ...rest } = customer;
    const reference = externalRef === undefined ? referenceBefore : externalRef;
    return {
      ...rest,
      ...(name !== undefined && { name }),
      ...(email !== undefined && { email }),
      ...(passwordHash !== undefined && { passwordHash }),
      ...(reference !== undefined && reference !== null && { externalRef: reference }),
      ...(fields && { fields: { ...customer.fields, ...fields } }),
      updatedAt: now,
    };
  });
  if (changed.kind === "not_found") return fail({ type: "customer_not_found", customerId });
  if (changed.kind === "email_taken") return fail({ type: "email_taken", email: email ?? "" });
  return ok(changed.customer);
}
