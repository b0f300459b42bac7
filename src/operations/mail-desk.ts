import type { Order } from "../domain/order/order.ts";
import type { Mailer, Sender } from "../mail/mailer.ts";

/** How an engine sends mail. */
export type MailDesk = {
  /** Absent: nobody told how, and no mail is sent. */
  readonly post?: { readonly mailer: Mailer; readonly from: Sender };
  /** Where links lead, `https://shop.example`, without a slash at its end; absent: mails have no links but whole ones. */
  readonly storefrontUrl?: string;
  /** What storefronts know an order by. */
  orderId(order: Order): string;
  /** What storefronts know an edit of an order by. */
  editId(id: string): string;
};
