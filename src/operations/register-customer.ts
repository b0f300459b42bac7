import { initialFields } from "../domain/custom-fields/field-values.ts";
import { wholeName } from "../domain/customer/names.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import { customerCreated } from "./customer-events.ts";
import type { Deps } from "./deps.ts";
import type { Customer } from "./ports/customers.ts";
import type { RefusalOf } from "./refusal.ts";

export type RegisterCustomer = (
  | { readonly name: string }
  | { readonly firstName?: string; readonly lastName?: string }
) & {
  readonly email: string;
  readonly phone?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
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
    ...namesOfInput(input),
    email: input.email,
    ...(input.phone !== undefined && { phone: input.phone }),
    ...(input.metadata && { metadata: input.metadata }),
    ...(input.externalRef !== undefined && { externalRef: input.externalRef }),
    ...(passwordHash !== undefined && { passwordHash }),
    ...(fields && { fields }),
    createdAt: now,
    updatedAt: now,
  };
  const created = customerCreated(customer);
  const saved = await deps.storage.customers.insert(context.store.storeId, customer, created);
  return saved === "saved" ? ok(customer) : fail({ type: "email_taken", email: input.email });
}

function namesOfInput(input: RegisterCustomer): Pick<Customer, "name" | "firstName" | "lastName"> {
  if ("name" in input) return { name: input.name };
  const { firstName, lastName } = input;
  return {
    name: wholeName({ ...(firstName && { firstName }), ...(lastName && { lastName }) }, input.email),
    ...(firstName !== undefined && { firstName }),
    ...(lastName !== undefined && { lastName }),
  };
}
