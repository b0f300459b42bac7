import type { Listed } from "../listing.ts";

/** An address of a customer or an account, with its members as the wire names them. */
export type StoredAddress = {
  readonly id: string;
  readonly ownerId: string;
  readonly members: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

export type AddressPort = {
  load(storeId: string, ownerId: string, addressId: string): Promise<StoredAddress | undefined>;
  list(storeId: string, ownerId: string, page: { limit: number; offset: number }): Promise<Listed<StoredAddress>>;
  /** "limit" when the owner already has as many as `limit`. */
  insert(storeId: string, address: StoredAddress, limit: number): Promise<"saved" | "limit">;
  update(storeId: string, address: StoredAddress): Promise<boolean>;
  delete(storeId: string, ownerId: string, addressId: string): Promise<boolean>;
};
