import type { AddressMembers } from "../domain/customer/address.ts";
import { type RegionAddressMember, withRegionAddress } from "../domain/customer/region-address.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { StoredAddress } from "./ports/addresses.ts";
import type { BillingAddress } from "./ports/customers.ts";
import type { RefusalOf } from "./refusal.ts";

/** An address in the words of the Medusa API: null takes a member away, what is absent stays. */
export type GivenRegionAddress = {
  readonly [Member in RegionAddressMember]?: string | null;
} & { readonly metadata?: Readonly<Record<string, unknown>> | null };

/** All addresses of a customer, oldest first. */
export async function addressesOf(
  deps: Pick<Deps, "storage">,
  { store }: Pick<Context, "store">,
  customerId: string,
): Promise<readonly StoredAddress[]> {
  // The store's limit is for what is added; what is there is shown whole.
  return (await deps.storage.addresses.list(store.storeId, customerId, { limit: 1_000, offset: 0 })).rows;
}

/**
 * Adds an address to a customer's, up to the store's limit. One that is there already, in every member, is not added
 * again. Which members must be given is the storefront's question: the store's setting is for the other API.
 */
export async function addRegionAddress(
  deps: Deps,
  context: Context,
  customerId: string,
  given: GivenRegionAddress,
): Promise<Result<void, RefusalOf<"address_limit_reached" | "customer_not_found">>> {
  const { storeId, settings } = context.store;
  const members = withRegionAddress({}, given);
  const { metadata } = given;
  const present = await addressesOf(deps, context, customerId);
  if (present.some((address) => isSame(address.members, members))) return ok(undefined);
  const now = deps.now();
  const address: StoredAddress = {
    id: deps.newId(),
    ownerId: customerId,
    members,
    ...(metadata && { metadata }),
    createdAt: now,
    updatedAt: now,
  };
  const limit = settings.shopperAddressLimit;
  const saved = await deps.storage.addresses.insert(storeId, address, limit);
  if (saved === "limit") return fail({ type: "address_limit_reached", limit, owner: "customer" });
  return saved === "saved" ? ok(undefined) : fail({ type: "customer_not_found", customerId });
}

/** Changes the members of a customer's address that are given; its metadata is put together with what there is. */
export async function changeRegionAddress(
  deps: Deps,
  { store }: Context,
  customerId: string,
  addressId: string,
  given: GivenRegionAddress,
): Promise<Result<void, RefusalOf<"address_not_found">>> {
  const now = deps.now();
  const changed = await deps.storage.addresses.change(store.storeId, customerId, addressId, (address) => {
    const metadata = given.metadata ? { ...address.metadata, ...given.metadata } : address.metadata;
    return ok({
      ...address,
      members: withRegionAddress(address.members, given),
      ...(metadata && { metadata }),
      updatedAt: now,
    });
  });
  return changed ? ok(undefined) : fail({ type: "address_not_found", addressId });
}

/** Where a customer's bills go: one of their addresses by its id, or another one. */
export async function billingAddressOf(
  deps: Deps,
  { store }: Context,
  customerId: string,
  given: { readonly addressId: string } | GivenRegionAddress,
): Promise<Result<BillingAddress, RefusalOf<"address_not_found">>> {
  if (!("addressId" in given)) {
    const { metadata } = given;
    return ok({
      id: deps.newId(),
      members: withRegionAddress({}, given),
      ...(metadata && { metadata }),
      createdAt: deps.now(),
    });
  }
  const { addressId } = given;
  const found = await deps.storage.addresses.load(store.storeId, customerId, addressId);
  return found ? ok({ addressId }) : fail({ type: "address_not_found", addressId });
}

function isSame(a: AddressMembers, b: AddressMembers): boolean {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((member) => a[member] === b[member]);
}
