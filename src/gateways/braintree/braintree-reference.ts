import type { GatewayCall } from "../gateway.ts";

/**
 * What we call a payment or a refund at Braintree, as its `order id`: our order's id and the operation's, by which it is
 * found again. Two ids make 73 characters; Braintree takes 255, and 127 of a PayPal account.
 */
export function braintreeOrderId({ orderId, key }: Pick<GatewayCall, "orderId" | "key">): string {
  return `${orderId}.${key}`;
}

/** Our order and operation out of what `braintreeOrderId` made; undefined when it was not us. */
export function idsOf(text: string | null | undefined): { orderId: string; operationId: string } | undefined {
  const [, orderId, operationId] = /^([^.]{8,})\.([^.]{8,})$/.exec(text ?? "") ?? [];
  return orderId !== undefined && operationId !== undefined ? { orderId, operationId } : undefined;
}

/** The reference of a refund that was made by releasing a capture which had not settled yet. */
export function releaseReference(transactionId: string): string {
  return `${transactionId}-void`;
}
