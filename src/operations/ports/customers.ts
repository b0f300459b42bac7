import type { AddressMembers } from "../../domain/customer/address.ts";
import type { EventAbout } from "../../domain/decision.ts";
import type { Listed, ListQuery } from "../listing.ts";

/** Where bills go: an address of its own, or one of the customer's by its id, which may be gone by now. */
export type BillingAddress =
  | { readonly addressId: string }
  | {
      readonly id: string;
      readonly members: AddressMembers;
      readonly metadata?: Readonly<Record<string, unknown>>;
      readonly createdAt: string;
    };

export type Customer = {
  readonly id: string;
  /** The whole name; an e-mail address for somebody who gave none. */
  readonly name: string;
  /** Where they were given apart; `name` is made of them then. */
  readonly firstName?: string;
  readonly lastName?: string;
  readonly email: string;
  /** Somebody who bought without an account: cannot sign in, and a registered customer may have the same e-mail. */
  readonly guest?: true;
  readonly phone?: string;
  readonly externalRef?: string;
  readonly passwordHash?: string;
  readonly billingAddress?: BillingAddress;
  /** Groups that discounts may be for. */
  readonly groupIds?: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** E-mail addresses are unique among registered customers of a store, and among its guests, whatever their case. */
export type CustomerPort = {
  load(storeId: string, customerId: string): Promise<Customer | undefined>;
  /** Those of the ids that there are, with an account or without. */
  loadMany(storeId: string, customerIds: readonly string[]): Promise<readonly Customer[]>;
  /** The registered one; guests are not looked at. */
  findByEmail(storeId: string, email: string): Promise<Customer | undefined>;
  /** The guest of this e-mail address that there is, or else `guest`, which is stored then. One round trip. */
  guestOfEmail(storeId: string, guest: Customer & { readonly guest: true }): Promise<Customer>;
  /** @param created what is noted of it, together with the customer */
  insert(storeId: string, customer: Customer, created?: EventAbout): Promise<"saved" | "email_taken">;
  /**
   * Stores what `change` makes of the customer as it is now; nobody else changes it meanwhile. `change` may run more
   * than once and must do nothing else. What is told of the change is written with it.
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
  /**
   * Registered customers, or `of` whom else. May be filtered and sorted by `id`, `name`, `email`, `external_ref`,
   * `created_at` and `updated_at`, and filtered by `group_ids`.
   */
  list(storeId: string, query: ListQuery, of?: "registered" | "guests" | "all"): Promise<Listed<Customer>>;
};
