import { changedMembers } from "../domain/changed-members.ts";
import { namesOf } from "../domain/customer/names.ts";
import type { EventAbout } from "../domain/decision.ts";
import type { Customer } from "./ports/customers.ts";

/** What is told of a new customer, in Medusa's words. */
export function customerCreated(customer: Customer): EventAbout {
  return { type: "customer.created", subjectId: customer.id, payload: toldOf(customer) };
}

/** What is told of a changed customer: nothing of guests, nor when nothing has changed. */
export function customerUpdated(before: Customer, after: Customer): readonly EventAbout[] {
  if (after.guest || changedMembers(before, after, ["updatedAt"]).length === 0) return [];
  return [{ type: "customer.updated", subjectId: after.id, payload: toldOf(after) }];
}

function toldOf(customer: Customer) {
  const { firstName = null, lastName = null } = namesOf(customer);
  const { id, email, phone = null, createdAt } = customer;
  return {
    id,
    email,
    first_name: firstName,
    last_name: lastName,
    phone,
    has_account: true,
    created_at: createdAt,
  };
}
