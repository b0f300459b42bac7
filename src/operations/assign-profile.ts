import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import { changeProducts } from "./products-of-group.ts";

/**
 * Has products be sent by a shipping profile, and shipping options send what is of it. Those that are not there are
 * passed over; each has one profile, so it leaves the one that it had.
 */
export async function assignProfile(
  deps: Pick<Deps, "now" | "storage">,
  context: Pick<Context, "store">,
  {
    profileId,
    productIds,
    optionIds,
  }: {
    readonly profileId: string;
    readonly productIds: readonly string[];
    readonly optionIds: readonly string[];
  },
): Promise<void> {
  const { storage } = deps;
  await changeProducts(deps, context, storage, productIds, (product) => ({ ...product, profileId }));
  const updatedAt = deps.now();
  for (const id of [...new Set(optionIds)].sort()) {
    await storage.records.change(context.store.storeId, "shipping_option", id, (option) => ({
      ...option,
      profileId,
      updatedAt,
    }));
  }
}
