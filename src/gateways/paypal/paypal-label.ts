/** What we write into PayPal's `custom_id`, so that whatever comes back from there says whose it is. */
export type PayPalLabel = {
  readonly orderId: string;
  readonly paymentId: string;
  /** Of a refund the operation that asked for it; of an order that was closed why it was. */
  readonly detail?: string;
};

/** PayPal takes at most so many characters; two ids and a refund's key have 110. */
const MAX_LENGTH = 127;

/** Writes a label: ids without a colon, with colons between them. */
export function writeLabel({ orderId, paymentId, detail }: PayPalLabel): string {
  return [orderId, paymentId, ...(detail === undefined ? [] : [detail])].join(":").slice(0, MAX_LENGTH);
}

/** Reads a label; undefined when it is none of ours. */
export function readLabel(text: unknown): PayPalLabel | undefined {
  const parts = typeof text === "string" ? text.split(":") : [];
  const [orderId, paymentId, detail] = parts;
  // What begins with that word is a session's, which no order of ours has taken.
  if (parts.length > 3 || !orderId || !paymentId || orderId === "cart") return undefined;
  return { orderId, paymentId, ...(detail !== undefined && { detail }) };
}
