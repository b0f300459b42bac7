import type { EditDeed, OrderEditRefusal } from "../../domain/order/order-edit.ts";
import type { SalesRefusalOf } from "../../operations/sales-refusal.ts";
import type { WireError } from "./errors.ts";
import { wireId } from "./ids.ts";

type Refused =
  | OrderEditRefusal
  | SalesRefusalOf<
      | "order_edit_not_found"
      | "order_edit_open"
      | "payment_collection_not_found"
      | "payment_collection_begun"
      | "payment_collection_sum"
      | "collection_session_not_found"
    >;
type WireErrors = { [Type in Refused["type"]]: (refusal: Extract<Refused, { type: Type }>) => WireError };

const invalid = (message: string): WireError => ({ status: 400, type: "invalid_data", message });
const forbidden = (message: string): WireError => ({ status: 400, type: "not_allowed", message });
const missing = (message: string): WireError => ({ status: 404, type: "not_found", message });

const deeds: Record<EditDeed, string> = {
  change: "change the items of an",
  delete: "delete",
  request: "request an",
  decline: "decline an",
  cancel: "cancel",
  confirm: "confirm an",
  complete: "complete an",
  pay: "pay for an",
};

const whyNot: Record<Extract<OrderEditRefusal, { type: "order_not_editable" }>["why"], string> = {
  no_region: "The order was not sold in a region, so its items cannot be edited",
  sent: "All items of the order are fulfilled already, so they cannot be edited",
  no_goods: "The order holds no stock, so its items cannot be edited",
  no_lines: "An order keeps at least one item: cancel it instead",
  gift_card: "Gift cards cannot be added to an order or changed in it",
};

/** What edits of orders refuse, in the words of this dialect. Texts that the original sends are kept to the letter. */
export const orderEditErrors: WireErrors = {
  order_edit_not_found: ({ editId }) => missing(`Order edit with id ${wireId("oe", editId)} was not found`),
  order_edit_open: ({ orderId }) =>
    invalid(`An active order edit already exists for the order ${wireId("order", orderId)}`),
  order_edit_status: ({ status, wanted }) =>
    forbidden(`Cannot ${deeds[wanted]} order edit with status ${status}`),
  order_not_editable: ({ why }) => forbidden(whyNot[why]),
  order_edit_line_not_found: ({ lineId }) =>
    invalid(`The item ${wireId("item", lineId)} does not belong to the order edit`),
  order_edit_change_not_found: ({ changeId }) =>
    missing(`Order edit item change with id ${wireId("oic", changeId)} was not found`),
  order_edit_empty: () => invalid("Cannot request a confirmation on an edit with no changes"),
  order_edit_below_packed: ({ packed }) =>
    forbidden(`${packed} of the item are fulfilled already: the quantity cannot be less`),
  order_edit_below_gift_cards: () =>
    forbidden("Gift cards have paid more than the edited order would cost: refund a part instead"),
  order_edit_unpaid: () => forbidden("Unable to complete an order edit if the payment is not authorized"),
  payment_collection_not_found: ({ collectionId }) =>
    missing(`Payment collection with id ${wireId("paycol", collectionId)} was not found`),
  payment_collection_begun: ({ status }) =>
    forbidden(`Cannot set payment sessions for a payment collection with status ${status}`),
  payment_collection_sum: ({ amount }) =>
    invalid(`The sum of sessions is not equal to ${amount} on Payment Collection`),
  collection_session_not_found: ({ sessionId }) =>
    missing(`Payment Session with id ${wireId("ps", sessionId)} was not found`),
};
