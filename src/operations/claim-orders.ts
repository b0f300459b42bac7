import { claimOrder } from "../domain/order/claim.ts";
import type { Order } from "../domain/order/order.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { Refusal } from "./refusal.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";
import { changeOrder } from "./save-order.ts";
import { tokenSecret } from "./token-secret.ts";

/** How long a token is good for, in seconds: a quarter of an hour, Medusa's. */
const LIFETIME_SECONDS = 900;

/**
 * A customer says that these orders, bought as a guest or with another e-mail address, are theirs. For each address an
 * event `order-update-token.created` carries the token that proves it, for whoever sends mail to that address. What is
 * no order, or the customer's already, is passed over and not told.
 */
export async function requestOrders(
  deps: Deps,
  { store }: Context,
  input: { readonly customerId: string; readonly orderIds: readonly string[] },
): Promise<void> {
  const { storeId } = store;
  const { customerId, orderIds } = input;
  const orders = await deps.storage.orders.loadMany(storeId, [...new Set(orderIds)]);
  const byEmail = new Map<string, string[]>();
  for (const { id, buyer, anonymized } of orders) {
    if (anonymized || buyer.id === customerId) continue;
    const email = buyer.email.toLowerCase();
    byEmail.set(email, [...(byEmail.get(email) ?? []), id]);
  }
  for (const [email, ids] of byEmail) {
    const claims = { use: "claim_orders", store: storeId, customer: customerId, email, orders: ids };
    const payload = { old_email: email, new_customer_id: customerId, orders: ids };
    const event = { type: "order-update-token.created", payload };
    const now = deps.now();
    const secret = tokenSecret(deps, claims, LIFETIME_SECONDS, now);
    await deps.storage.events.record(storeId, customerId, event, now, secret);
  }
}

/** Makes the orders that a token names the customer's who asked for them. All of them, or none. */
export async function claimOrders(
  deps: Deps,
  context: Context,
  token: string,
): Promise<Result<readonly Order[], Refusal | SalesRefusalOf<"claim_token_invalid">>> {
  const { storeId } = context.store;
  const claims = deps.tokens.verify(token);
  if (claims?.use !== "claim_orders" || claims.store !== storeId)
    return fail({ type: "claim_token_invalid" });
  const customerId = String(claims.customer);
  const claimant = await deps.storage.customers.load(storeId, customerId);
  if (!claimant) return fail({ type: "customer_not_found", customerId });
  const undone: { refusal?: Refusal } = {};
  return deps.storage
    .transaction(async (storage) => {
      const orders: Order[] = [];
      for (const orderId of claims.orders as readonly string[]) {
        const claimed = await changeOrder(
          { ...deps, storage },
          context,
          orderId,
          (order, now) => claimOrder(order, claimant, String(claims.email), now),
          { stock: "leave", frozen: true },
        );
        if (!claimed.ok) {
          undone.refusal = claimed.error;
          throw undone;
        }
        orders.push(claimed.value);
      }
      return ok(orders);
    })
    .catch((error: unknown) => {
      if (error === undone) return fail(undone.refusal as Refusal);
      throw error;
    });
}
