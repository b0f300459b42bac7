import type { MailLinks } from "./compose-mail.ts";
import type { MailLabels } from "./labels.ts";
import type { MailWords } from "./mail-kinds.ts";

/** What a store decided about one kind of mail; what is absent is as it comes. */
export type MailKindSetting = {
  readonly isOn?: boolean;
  readonly words?: Partial<MailWords>;
};

/** What a store decided about all its mails; what is absent is as it comes. */
export type CommonMailSetting = {
  /** Under every mail, with placeholders. */
  readonly footer?: string;
  /** That the words are in, as HTML tells it: `en`, `pt-BR`. */
  readonly language?: string;
  /** Where answers go. */
  readonly replyTo?: string;
  /** Who of the staff is told of new orders; nobody when absent. */
  readonly staffAddresses?: readonly string[];
  readonly labels?: Partial<MailLabels>;
  /** Whole addresses, or paths in the storefront. */
  readonly links?: MailLinks;
};

/** Where mails lead in a storefront that has nothing said about it. */
export const defaultLinks: MailLinks = {
  order: "/order/confirmed/{{order.id}}",
  shop: "/",
  password_reset: "/account/reset-password?email={{customer.email}}&token={{token}}",
  orders_claim: "/account/claim-orders?token={{token}}",
};
