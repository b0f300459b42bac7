import type { Listed, ListQuery } from "../listing.ts";

export type Customer = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly externalRef?: string;
  readonly passwordHash?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** E-mail addresses are unique within a store, whatever their case. */
export type CustomerPort = {
  load(storeId: string, customerId: string): Promise<Customer | undefined>;
  findByEmail(storeId: string, email: string): Promise<Customer | undefined>;
  insert(storeId: string, customer: Customer): Promise<"saved" | "email_taken">;
  /**
   * Stores what `change` makes of the customer as it is now; nobody else changes it meanwhile. `change` may run more
   * than once and must do nothing else.
   */
  change(
    storeId: string,
    customerId: string,
    change: (customer: Customer) => Customer,
  ): Promise<
    | { readonly kind: "saved"; readonly customer: Customer }
    | { readonly kind: "email_taken" }
    | { readonly kind: "not_found" }
  >;
  /** With its addresses. */
  delete(storeId: string, customerId: string): Promise<boolean>;
  /** May be filtered and sorted by `id`, `name`, `email`, `external_ref`, `created_at` and `updated_at`. */
  list(storeId: string, query: ListQuery): Promise<Listed<Customer>>;
};
