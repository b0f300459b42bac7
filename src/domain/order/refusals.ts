import type { MinorUnits } from "../money.ts";
import type { OrderPaymentStatus, OrderStatus } from "./status.ts";

/** Why a change of an order is refused. Each dialect has words for every one of them. */
export type OrderRefusal =
  | { readonly type: "cart_is_preview" }
  | { readonly type: "order_cancelled"; readonly orderId: string }
  | { readonly type: "order_already_paid"; readonly orderId: string }
  | {
      readonly type: "order_fulfilled";
      readonly orderId: string;
      readonly wanted: "cancel" | "update address" | "fulfil" | "update";
    }
  | { readonly type: "order_unpaid"; readonly orderId: string; readonly payment: OrderPaymentStatus }
  | { readonly type: "order_anonymized"; readonly orderId: string }
  | { readonly type: "order_shipping_group_not_found"; readonly orderId: string; readonly groupId: string }
  | {
      readonly type: "order_not_final";
      readonly orderId: string;
      readonly status: OrderStatus;
      readonly payment: OrderPaymentStatus;
      readonly shipping: "fulfilled" | "unfulfilled";
    }
  | { readonly type: "payment_exceeds_balance"; readonly amount: MinorUnits; readonly balance: MinorUnits }
  | { readonly type: "payment_not_found"; readonly paymentId: string }
  | { readonly type: "payment_unresolved"; readonly paymentId: string }
  | { readonly type: "payment_not_capturable"; readonly paymentId: string }
  | { readonly type: "payment_not_refundable"; readonly paymentId: string }
  | { readonly type: "payment_not_voidable"; readonly paymentId: string }
  | { readonly type: "order_not_refundable"; readonly orderId: string; readonly status: OrderStatus }
  | { readonly type: "refund_exceeds_captured"; readonly amount: MinorUnits; readonly refundable: MinorUnits }
  | { readonly type: "refund_must_be_manual"; readonly paymentId: string };
