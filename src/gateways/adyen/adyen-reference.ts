import type { GatewayCall } from "../gateway.ts";

/** Whose a payment or a change of one is, as Adyen tells it back. */
export type AdyenIds = {
  readonly orderId: string;
  readonly paymentId: string;
  /** The change of the payment that we asked for; absent where the payment itself is named. */
  readonly operationId?: string;
  /** Its money is taken as soon as it is authorized; known where the payment itself is named. */
  readonly purchase?: boolean;
};

/**
 * What we call a payment at Adyen, readable for whoever looks it up there: our order's id, the payment's, and whether it
 * is a purchase. Adyen takes 80 characters; these are 75.
 */
export function startReference({
  orderId,
  paymentId,
  operation,
}: Pick<GatewayCall, "orderId" | "paymentId" | "operation">): string {
  return `${orderId}.${paymentId}.${operation === "purchase" ? "p" : "a"}`;
}

/** What we call a capture, refund or release: three ids, which fit into 80 characters only when written shorter. */
export function changeReference({
  orderId,
  paymentId,
  key,
}: Pick<GatewayCall, "orderId" | "paymentId" | "key">): string {
  return [orderId, paymentId, key].map(shortened).join(".");
}

/** Whether a payment still goes by our name for it: Adyen's own have no dots. It waits for its shopper then. */
export function isOurReference(reference: string): boolean {
  return reference.includes(".");
}

/** Reads both kinds of reference; undefined when it is neither. */
export function idsOf(reference: string): AdyenIds | undefined {
  const [orderId, paymentId, last, ...more] = reference.split(".");
  if (!orderId || !paymentId || !last || more.length > 0) return undefined;
  if (last === "a" || last === "p") return { orderId, paymentId, purchase: last === "p" };
  return { orderId: restored(orderId), paymentId: restored(paymentId), operationId: restored(last) };
}

function shortened(id: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return id;
  return Buffer.from(id.replaceAll("-", ""), "hex").toString("base64url");
}

function restored(text: string): string {
  if (!/^[\w-]{22}$/.test(text)) return text;
  const hex = Buffer.from(text, "base64url").toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
