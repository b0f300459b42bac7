import type { RegionAddress } from "../../domain/cart/region-part.ts";
import { toRegionAddress } from "../../domain/customer/region-address.ts";
import type { Call } from "../route.ts";

/**
 * An address of the book of whoever asks, or of the customer that staff name, or one that the cart has, by its id;
 * undefined for one of anybody else.
 */
export async function knownAddress(
  { deps, context }: Pick<Call, "deps" | "context">,
  cartId: string,
  addressId: string,
  buyerId?: string,
): Promise<RegionAddress | undefined> {
  const { storeId } = context.store;
  const { cart } = await deps.storage.carts.load(storeId, cartId, deps.now());
  const ofCart = [cart?.region?.shippingAddress, cart?.region?.billingAddress].find(
    (address) => address?.id === addressId,
  );
  const customerId = context.actor.customerId ?? buyerId;
  if (ofCart || customerId === undefined) return ofCart;
  const stored = await deps.storage.addresses.load(storeId, customerId, addressId);
  if (!stored) return undefined;
  const { id, members, metadata, createdAt, updatedAt } = stored;
  return {
    ...toRegionAddress(members),
    id,
    customer_id: customerId,
    ...(metadata && { metadata }),
    created_at: createdAt,
    updated_at: updatedAt,
  };
}
