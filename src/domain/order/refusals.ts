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
  | {
      readonly type: "capture_exceeds_authorized";
      readonly amount: MinorUnits;
      readonly capturable: MinorUnits;
    }
  | { readonly type: "authorization_expired"; readonly paymentId: string }
  | { readonly type: "payment_not_refundable"; readonly paymentId: string }
  | { readonly type: "payment_not_voidable"; readonly paymentId: string }
  | { readonly type: "order_not_refundable"; readonly orderId: string; readonly status: OrderStatus }
  | { readonly type: "refund_exceeds_captured"; readonly amount: MinorUnits; readonly refundable: MinorUnits }
  | { readonly type: "refund_must_be_manual"; readonly paymentId: string }
  | { readonly type: "order_line_not_found"; readonly lineId: string }
  /** Its money is partly back; what is left is for the shop to decide on. */
  | { readonly type: "order_has_refunds"; readonly orderId: string }
  | { readonly type: "order_not_completed"; readonly orderId: string }
  /** Fewer pieces of the line are left to send. */
  | { readonly type: "fulfilment_exceeds_order"; readonly lineId: string; readonly quantity: number }
  | { readonly type: "fulfilment_not_found"; readonly fulfilmentId: string }
  | {
      readonly type: "fulfilment_shipped";
      readonly fulfilmentId: string;
      readonly wanted: "cancel" | "ship";
    }
  | { readonly type: "fulfilment_cancelled"; readonly fulfilmentId: string }
  /** Who carries it out was asked, and has not answered. */
  | { readonly type: "fulfilment_unanswered"; readonly fulfilmentId: string }
  /** Fewer pieces of the line were bought and are still with the shopper. */
  | { readonly type: "return_exceeds_order"; readonly lineId: string; readonly quantity: number }
  | { readonly type: "return_not_found"; readonly returnId: string }
  | { readonly type: "return_received"; readonly returnId: string }
  | { readonly type: "return_cancelled"; readonly returnId: string };
