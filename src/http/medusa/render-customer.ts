import type { Static } from "typebox";
import { namesOf } from "../../domain/customer/names.ts";
import { toRegionAddress } from "../../domain/customer/region-address.ts";
import type { StoredAddress } from "../../operations/ports/addresses.ts";
import type { Customer } from "../../operations/ports/customers.ts";
import type { address, customerRow, customerWithAddresses } from "./customer-schemas.ts";
import { wireId } from "./ids.ts";

/** A customer alone, as it stands in orders and lists. */
export function renderCustomer(customer: Customer): Static<typeof customerRow> {
  const { firstName = null, lastName = null } = namesOf(customer);
  return {
    id: wireId("cus", customer.id),
    created_at: customer.createdAt,
    updated_at: customer.updatedAt,
    deleted_at: null,
    email: customer.email,
    first_name: firstName,
    last_name: lastName,
    billing_address_id: billingAddressId(customer),
    phone: customer.phone ?? null,
    has_account: customer.guest !== true,
    metadata: customer.metadata ?? null,
  };
}

/** A customer with its address book, oldest first. */
export function renderCustomerWithAddresses(
  customer: Customer,
  addresses: readonly StoredAddress[],
): Static<typeof customerWithAddresses> {
  const billing = billingAddress(customer, addresses);
  return {
    ...renderCustomer(customer),
    // One of the book may have been taken out of it since.
    billing_address_id: billing?.id ?? null,
    billing_address: billing,
    shipping_addresses: addresses.map(renderAddress),
  };
}

/** An address of somebody's address book. */
export function renderAddress(stored: StoredAddress): Static<typeof address> {
  return shownAddress(stored, wireId("cus", stored.ownerId));
}

function billingAddressId({ billingAddress: billing }: Customer): string | null {
  if (!billing) return null;
  return wireId("addr", "addressId" in billing ? billing.addressId : billing.id);
}

function billingAddress(
  { billingAddress: billing }: Customer,
  addresses: readonly StoredAddress[],
): Static<typeof address> | null {
  if (!billing) return null;
  if (!("addressId" in billing)) return shownAddress({ ...billing, updatedAt: billing.createdAt }, null);
  const chosen = addresses.find(({ id }) => id === billing.addressId);
  return chosen ? renderAddress(chosen) : null;
}

function shownAddress(
  stored: Omit<StoredAddress, "ownerId">,
  customerId: string | null,
): Static<typeof address> {
  const members = toRegionAddress(stored.members);
  return {
    id: wireId("addr", stored.id),
    created_at: stored.createdAt,
    updated_at: stored.updatedAt,
    deleted_at: null,
    customer_id: customerId,
    company: members.company ?? null,
    first_name: members.first_name ?? null,
    last_name: members.last_name ?? null,
    address_1: members.address_1 ?? null,
    address_2: members.address_2 ?? null,
    city: members.city ?? null,
    country_code: members.country_code ?? null,
    province: members.province ?? null,
    postal_code: members.postal_code ?? null,
    phone: members.phone ?? null,
    metadata: stored.metadata ?? null,
  };
}
