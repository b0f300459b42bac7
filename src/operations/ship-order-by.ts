import type { Order } from "../domain/order/order.ts";
import { shipBy } from "../domain/order/ship-by.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { Refusal } from "./refusal.ts";
import type { SalesRefusal } from "./sales-refusal.ts";
import { changeOrder } from "./save-order.ts";

/**
 * Gives an order of a region one more shipping method at no cost, so that what it was bought without can be sent. Its
 * provider says what is kept with it, or refuses.
 */
export async function shipOrderBy(
  deps: Deps,
  context: Context,
  order: Order,
  input: {
    /** The same on every try of one request. */
    readonly methodId: string;
    readonly optionId: string;
    readonly data: Readonly<Record<string, unknown>>;
  },
): Promise<Result<Order, Refusal | SalesRefusal>> {
  const { methodId, optionId } = input;
  const { shippingOptions } = await deps.storage.records.setup(context.store.storeId);
  const option = shippingOptions.find(({ id }) => id === optionId);
  if (!option) return fail({ type: "shipping_option_not_found", optionId });
  if (option.isReturn || option.regionId !== order.region?.region.id) {
    return fail({ type: "option_not_in_region" });
  }
  const provider = deps.fulfilmentProviders.get(option.providerId);
  const pieces = order.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const kept = provider
    ? await provider.methodData(option.data, input.data, { cartId: order.cartId, pieces })
    : ok(input.data);
  if (!kept.ok) return kept;
  const method = { id: methodId, option, data: kept.value };
  return changeOrder(deps, context, order.id, (current, now) => shipBy(current, method, now), {
    stock: "leave",
    frozen: true,
  });
}
