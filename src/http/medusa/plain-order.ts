import type { WireOrder } from "./render-order.ts";

/** An order as what belongs to it shows it: its columns, and nothing that these are joined with. */
export function plainOrder(order: WireOrder): Readonly<Record<string, unknown>> {
  return Object.fromEntries(orderColumns.map((name) => [name, order[name]]));
}

const orderColumns = [
  ...([
    "object",
    "id",
    "created_at",
    "updated_at",
    "status",
    "fulfillment_status",
    "payment_status",
  ] as const),
  ...([
    "display_id",
    "cart_id",
    "customer_id",
    "email",
    "billing_address_id",
    "shipping_address_id",
  ] as const),
  ...(["region_id", "currency_code", "tax_rate", "draft_order_id", "canceled_at", "metadata"] as const),
  ...(["no_notification", "idempotency_key", "external_id", "sales_channel_id"] as const),
] satisfies readonly (keyof WireOrder)[];
