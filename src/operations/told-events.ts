import type { Gateway, GatewayEvent } from "../gateways/gateway.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";

/** What a gateway told about a payment, where that is all that can be known of it; undefined where it can be asked. */
export async function toldEvents(
  deps: Deps,
  { store }: Context,
  gateway: Gateway,
  paymentId: string,
): Promise<readonly GatewayEvent[] | undefined> {
  if (!gateway.events?.kept) return undefined;
  return deps.storage.gatewayEvents.ofPayment(store.storeId, gateway.slug, paymentId);
}
