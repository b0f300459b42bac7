import type { Product } from "../domain/catalog/product.ts";
import type { SalesChannel } from "../domain/region/region.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";

/** What a merchant decides about a sales channel. */
export type SalesChannelDetails = Pick<SalesChannel, "name" | "description" | "isDisabled" | "metadata">;

type NotFound = SalesRefusalOf<"sales_channel_not_found">;

/** Makes a sales channel. */
export async function createSalesChannel(
  deps: Deps,
  context: Context,
  details: SalesChannelDetails,
): Promise<SalesChannel> {
  const now = deps.now();
  const channel = {
    ...details,
    id: deps.newId(),
    isDefault: false,
    locationIds: [],
    createdAt: now,
    updatedAt: now,
  };
  await deps.storage.records.insert(context.store.storeId, "sales_channel", channel);
  return channel;
}

/** Changes a sales channel; members that `change` leaves alone keep their value. */
export async function updateSalesChannel(
  deps: Deps,
  { store }: Context,
  channelId: string,
  change: (channel: SalesChannel) => Partial<SalesChannel>,
): Promise<Result<SalesChannel, NotFound>> {
  const updatedAt = deps.now();
  const saved = await deps.storage.records.change(store.storeId, "sales_channel", channelId, (channel) => ({
    ...channel,
    ...change(channel),
    updatedAt,
  }));
  return saved.kind === "saved" ? ok(saved.record) : fail({ type: "sales_channel_not_found", channelId });
}

/** Deletes a sales channel, if it is there; the default one stays. */
export async function deleteSalesChannel(
  deps: Deps,
  { store }: Context,
  channelId: string,
): Promise<Result<undefined, SalesRefusalOf<"sales_channel_is_default">>> {
  const { records } = deps.storage;
  const channel = await records.load(store.storeId, "sales_channel", channelId);
  if (channel?.isDefault) return fail({ type: "sales_channel_is_default" });
  await records.delete(store.storeId, "sales_channel", channelId);
  return ok(undefined);
}

/**
 * Puts products into a sales channel, or takes them out. A product that names no channels is in all of them, so taking it
 * out of one names the others. Ids that are no product's are passed over.
 */
export async function moveInChannel(
  deps: Deps,
  { store }: Context,
  channelId: string,
  productIds: readonly string[],
  move: "add" | "remove",
): Promise<Result<SalesChannel, NotFound>> {
  const { storeId } = store;
  const { records, products } = deps.storage;
  const channels = await records.all(storeId, "sales_channel");
  const channel = channels.find(({ id }) => id === channelId);
  if (!channel) return fail({ type: "sales_channel_not_found", channelId });
  const all = channels.map(({ id }) => id);
  for (const productId of productIds) {
    await products.change(storeId, productId, (product) => ({
      ...product,
      ...channelsAfter(product, channelId, move, all),
    }));
  }
  return ok(channel);
}

function channelsAfter(
  { channelIds }: Pick<Product, "channelIds">,
  channelId: string,
  move: "add" | "remove",
  all: readonly string[],
): Pick<Product, "channelIds"> {
  if (move === "remove") return { channelIds: (channelIds ?? all).filter((id) => id !== channelId) };
  return channelIds === undefined ? {} : { channelIds: [...new Set([...channelIds, channelId])] };
}
