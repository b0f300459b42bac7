import { namesOf, wholeName } from "../domain/customer/names.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import { checkCustomerAccess } from "./customer-access.ts";
import type { Deps } from "./deps.ts";
import type { BillingAddress, Customer } from "./ports/customers.ts";
import type { RefusalOf } from "./refusal.ts";

/** What changes; members that are absent keep their value. */
export type UpdateCustomer = {
  readonly customerId: string;
  /** The whole name; it takes the place of a first and last name. */
  readonly name?: string;
  /** Null removes it; `name` follows. */
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly email?: string;
  readonly phone?: string | null;
  readonly password?: string;
  readonly billingAddress?: BillingAddress;
  readonly groupIds?: readonly string[];
  /** Members that are not named here keep their value. */
  readonly metadata?: Readonly<Record<string, unknown>>;
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
  const { customerId, email, password, externalRef, phone, billingAddress, groupIds, metadata, fields } =
    input;
  const allowed = checkCustomerAccess(context, customerId);
  if (!allowed.ok) return allowed;
  const now = deps.now();
  // Before the customer's row is held: it takes long.
  const passwordHash = password === undefined ? undefined : await deps.passwords.hash(password);
  const { storeId } = context.store;
  const changed = await deps.storage.customers.change(storeId, customerId, (customer) => {
    const { externalRef: referenceBefore, phone: phoneBefore, ...rest } = withNames(customer, input);
    const reference = externalRef === undefined ? referenceBefore : externalRef;
    const number = phone === undefined ? phoneBefore : phone;
    return {
      ...rest,
      ...(email !== undefined && { email }),
      ...(number !== undefined && number !== null && { phone: number }),
      ...(billingAddress && { billingAddress }),
      ...(groupIds && { groupIds }),
      ...(metadata && { metadata: { ...customer.metadata, ...metadata } }),
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

function withNames(customer: Customer, { name, firstName, lastName, email }: UpdateCustomer): Customer {
  if (name !== undefined) {
    if (name === customer.name) return customer;
    const { firstName: _first, lastName: _last, ...rest } = customer;
    return { ...rest, name };
  }
  if (firstName === undefined && lastName === undefined) {
    // Who gave no name goes by the e-mail address.
    return email !== undefined && customer.name === customer.email ? { ...customer, name: email } : customer;
  }
  const { firstName: _first, lastName: _last, ...rest } = customer;
  const before = namesOf(customer);
  const first = firstName === undefined ? before.firstName : firstName;
  const last = lastName === undefined ? before.lastName : lastName;
  const names = {
    ...(typeof first === "string" && { firstName: first }),
    ...(typeof last === "string" && { lastName: last }),
  };
  return { ...rest, ...names, name: wholeName(names, email ?? customer.email) };
}
