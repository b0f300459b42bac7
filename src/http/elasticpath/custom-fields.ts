import type { Call } from "../route.ts";

/** Resources that a store may add fields to. */
export type FlowSlug = "carts" | "cart_items" | "orders" | "order_items" | "customers" | "products";

/** Of what a request sends, the members that the store has defined as custom fields of that resource. */
export async function customFieldsOf(
  _call: Call,
  _slug: FlowSlug,
  _data: object,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  return undefined;
}
