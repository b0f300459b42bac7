import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { Customer } from "./ports/customers.ts";

/**
 * The guest of this e-mail address, who is made when there is none: somebody who buys without an account. A registered
 * customer with the same address is somebody else, until they claim what was bought. One round trip.
 */
export function guestCustomer(
  deps: Pick<Deps, "storage" | "now" | "newId">,
  { store }: Pick<Context, "store">,
  email: string,
): Promise<Customer> {
  const now = deps.now();
  return deps.storage.customers.guestOfEmail(store.storeId, {
    id: deps.newId(),
    name: email,
    email,
    guest: true,
    createdAt: now,
    updatedAt: now,
  });
}
