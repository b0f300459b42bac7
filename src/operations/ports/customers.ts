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
  update(storeId: string, customer: Customer): Promise<"saved" | "email_taken" | "not_found">;
  delete(storeId: string, customerId: string): Promise<boolean>;
  list(storeId: string, query: ListQuery): Promise<Listed<Customer>>;
};
