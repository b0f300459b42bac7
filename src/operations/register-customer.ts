import { initialFields } from "../domain/custom-fields/field-values.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { Customer } from "./ports/customers.ts";
import type { RefusalOf } from "./refusal.ts";

export type RegisterCustomer = {
  readonly name: string;
  readonly email: string;
  /** Without one the customer cannot sign in. */
  readonly password?: string;
  readonly externalRef?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
};

/** Adds a customer to the store. Nothing that was bought with the same e-mail address before becomes theirs. */
export async function registerCustomer(
  deps: Deps,
  context: Context,
  input: RegisterCustomer,
): Promise<Result<Customer, RefusalOf<"email_taken">>> {
  const now = deps.now();
  const passwordHash = input.password === undefined ? undefined : await deps.passwords.hash(input.password);
  const fields = initialFields(context.store.customFields.customers, input.fields);
  const customer: Customer = {
    id: deps.newId(),
    name: input.name,
    email: input.email,
    ...(input.externalRef !== undefined && { externalRef: input.externalRef }),
    ...(passwordHash !== undefined && { passwordHash }),
    ...(fields && { fields }),
    createdAt: now,
    updatedAt: now,
  };
  const saved = await deps.storage.customers.insert(context.store.storeId, customer);
  return saved === "saved" ? ok(customer) : fail({ type: "email_taken", email: input.email });
}
