import { type AddressMembers, missingAddressMembers } from "../domain/customer/address.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { StoredAddress } from "./ports/addresses.ts";
import type { RefusalOf } from "./refusal.ts";

/** Whose addresses: a customer's or an account's. The caller has been checked. */
export type AddressOwner = { readonly kind: "customer" | "account"; readonly id: string };

/** Adds an address to those of a customer or account, up to the store's limit. */
export async function addAddress(
  deps: Deps,
  context: Context,
  owner: AddressOwner,
  members: AddressMembers,
): Promise<
  Result<
    StoredAddress,
    RefusalOf<"address_incomplete" | "address_limit_reached" | "customer_not_found" | "account_not_found">
  >
> {
  const { storeId, settings } = context.store;
  const missing = missingAddressMembers(members, settings.addressMandatoryFields);
  if (missing.length > 0) return fail({ type: "address_incomplete", missing });
  const now = deps.now();
  const address = { id: deps.newId(), ownerId: owner.id, members, createdAt: now, updatedAt: now };
  const limit = settings.shopperAddressLimit;
  const saved = await deps.storage.addresses.insert(storeId, address, limit);
  if (saved === "limit") return fail({ type: "address_limit_reached", limit, owner: owner.kind });
  if (saved === "owner_not_found") {
    return owner.kind === "customer"
      ? fail({ type: "customer_not_found", customerId: owner.id })
      : fail({ type: "account_not_found", accountId: owner.id });
  }
  return ok(address);
}

/** Changes the members of an address that are named; it must be complete afterwards. */
export async function changeAddress(
  deps: Deps,
  context: Context,
  input: { readonly owner: AddressOwner; readonly addressId: string; readonly members: AddressMembers },
): Promise<Result<StoredAddress, RefusalOf<"address_incomplete" | "address_not_found">>> {
  const { owner, addressId } = input;
  const { storeId, settings } = context.store;
  const now = deps.now();
  const changed = await deps.storage.addresses.change(storeId, owner.id, addressId, (address) => {
    const members: AddressMembers = { ...address.members, ...input.members };
    const missing = missingAddressMembers(members, settings.addressMandatoryFields);
    if (missing.length > 0) return fail({ type: "address_incomplete", missing } as const);
    return ok({ ...address, members, updatedAt: now });
  });
  return changed ?? fail({ type: "address_not_found", addressId });
}
