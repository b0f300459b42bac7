import type { Result } from "../../domain/result.ts";
import type { Listed } from "../listing.ts";

/** An address of a customer or an account, with its members as the wire names them. */
export type StoredAddress = {
  readonly id: string;
  /** Id of the customer or account. */
  readonly ownerId: string;
  readonly members: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

export type AddressPort = {
  load(storeId: string, ownerId: string, addressId: string): Promise<StoredAddress | undefined>;
  /** Oldest first. */
  list(
    storeId: string,
    ownerId: string,
    page: { limit: number; offset: number },
  ): Promise<Listed<StoredAddress>>;
  /** "limit" when the owner already has as many as `limit`; "owner_not_found" when there is no such customer or account. */
  insert(
    storeId: string,
    address: StoredAddress,
    limit: number,
  ): Promise<"saved" | "limit" | "owner_not_found">;
  /**
   * Stores what `change` makes of the address as it is now; nobody else changes it meanwhile. Undefined when there is
   * none. `change` may run more than once and must do nothing else.
   */
  change<Refusal>(
    storeId: string,
    ownerId: string,
    addressId: string,
    change: (address: StoredAddress) => Result<StoredAddress, Refusal>,
  ): Promise<Result<StoredAddress, Refusal> | undefined>;
  delete(storeId: string, ownerId: string, addressId: string): Promise<boolean>;
};
