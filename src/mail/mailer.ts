import type { Mail } from "./mail.ts";

/** Who a mail is from. */
export type Sender = {
  /** Absent: the store's name. */
  readonly name?: string;
  readonly address: string;
};

/** A mail on its way. */
export type OutgoingMail = {
  readonly from: { readonly name: string; readonly address: string };
  /** Absent: answers go to the sender. */
  readonly replyTo?: string;
  readonly mail: Mail;
  /** The same whenever the same mail is sent again, so that mail programs show it once: `<id@domain>`. */
  readonly messageId: string;
};

/**
 * What a mail server said. `later`: not now, or nobody knows; `isServer` when it is not about this mail, so that others
 * fare no better. `never`: it will not take this mail.
 */
export type SendOutcome =
  | { readonly kind: "sent" }
  | { readonly kind: "later"; readonly reason: string; readonly isServer: boolean }
  | { readonly kind: "never"; readonly reason: string };

/** Hands mails to a mail server. */
export type Mailer = {
  /** Does not throw. `signal` ends it: what became of the mail is then unknown, and it counts as `later`. */
  send(mail: OutgoingMail, signal?: AbortSignal): Promise<SendOutcome>;
  /** Whether the server can be reached and lets us in; a sentence when not. */
  check(): Promise<string | undefined>;
  close(): void;
};
