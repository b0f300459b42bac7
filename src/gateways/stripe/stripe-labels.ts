import type { GatewayCall } from "../gateway.ts";

/** What our calls write on the payments they make, so that a payment says whose it is. */
export function labels(of: Pick<GatewayCall, "orderId" | "paymentId" | "key">): Record<string, string> {
  return {
    cartwright_order: of.orderId,
    cartwright_payment: of.paymentId,
    cartwright_operation: of.key,
  };
}

/** Takes these labels off again: Stripe deletes a label whose text is empty. */
export const noLabels: Readonly<Record<string, string>> = {
  cartwright_order: "",
  cartwright_payment: "",
  cartwright_operation: "",
};
