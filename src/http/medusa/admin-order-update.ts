import Type, { type Static } from "typebox";
import type { WrittenAddress } from "../../domain/cart/region-address.ts";
import { regionAddressMembers } from "../../domain/customer/region-address.ts";
import type { Order } from "../../domain/order/order.ts";
import { fail, type Result } from "../../domain/result.ts";
import { derivedId } from "../../operations/derived-id.ts";
import type { Refusal } from "../../operations/refusal.ts";
import { changeRecipient } from "../../operations/update-order.ts";
import type { Call, Reply } from "../route.ts";
import { notAllowed } from "./errors.ts";
import { engineId, wireId } from "./ids.ts";
import { bodyOf, given, metadata } from "./schemas.ts";

const addressBody = bodyOf({
  ...Object.fromEntries(regionAddressMembers.map((name) => [name, given(Type.String({ maxLength: 255 }))])),
  metadata: given(metadata),
});

/** What may be said of an order. Ways to pay and to ship are taken and not kept, as in the original. */
export const updateBody = bodyOf({
  email: given(Type.String({ format: "email", maxLength: 255 })),
  billing_address: given(addressBody),
  shipping_address: given(addressBody),
  customer_id: given(Type.String({ maxLength: 255 })),
  region: given(Type.String({ maxLength: 255 })),
  items: given(Type.Array(metadata, { maxItems: 1000 })),
  discounts: given(Type.Array(metadata, { maxItems: 100 })),
  payment_method: given(metadata),
  shipping_method: given(metadata),
  no_notification: given(Type.Boolean()),
});

type UpdateCall = Call<Static<typeof updateBody>>;

/** Why the order cannot become what the body says: what was agreed to be paid for changes by edits only. */
export function updateRefusal(
  { body }: Pick<UpdateCall, "body">,
  { region, cancelledAt }: Order,
): Reply | undefined {
  if (cancelledAt) return undefined;
  if (body.items && body.items.length > 0) {
    return notAllowed(
      "Can't update shipping, billing, items and payment method when order is processed: edit the order",
    );
  }
  if (body.region && (!region || body.region !== wireId("reg", region.region.id))) {
    return notAllowed("The region of an order cannot be changed");
  }
  const own = new Set(region?.discounts.flatMap(({ id, code }) => [wireId("disc", id), code]));
  const isOwn = ({ id, code }: Readonly<Record<string, unknown>>): boolean =>
    own.has(String(id)) || own.has(String(code));
  if (body.discounts && !body.discounts.every(isOwn)) {
    return notAllowed("The discounts of an order cannot be changed");
  }
  return undefined;
}

/** Changes whose an order is, and whom and where it goes to. */
export async function updateOrder(call: UpdateCall, { id }: Order): Promise<Result<Order, Refusal>> {
  const { deps, context } = call;
  const { email, billing_address, shipping_address, customer_id, no_notification } = call.body;
  const customerId = customer_id ? engineId("cus", customer_id) : undefined;
  const customer = customerId && (await deps.storage.customers.load(context.store.storeId, customerId));
  if (customerId !== undefined && !customer) return fail({ type: "customer_not_found", customerId });
  return changeRecipient(deps, context, id, {
    ...(email && { email: email.toLowerCase() }),
    ...(customer && { customer: { id: customer.id, isGuest: customer.guest === true } }),
    ...(billing_address && { billingAddress: billing_address as WrittenAddress }),
    ...(shipping_address && { shippingAddress: shipping_address as WrittenAddress }),
    ...(typeof no_notification === "boolean" && { noNotification: no_notification }),
    billingId: derivedId(call.attemptId, 0),
    shippingId: derivedId(call.attemptId, 1),
  });
}
