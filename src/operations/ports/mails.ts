import type { MailKind } from "../../mail/mail-kinds.ts";
import type { Listed, ListQuery } from "../listing.ts";

/** A mail that is to be sent. */
export type NewMail = {
  readonly id: string;
  readonly kind: MailKind;
  /** What it tells of: there is one mail of a kind about it. */
  readonly about: string;
  /** What happened, and to whom or what. */
  readonly eventId: string;
  readonly subjectId: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Tried from then on, and given up after `expiresAt` (RFC 3339, both). */
  readonly dueAt: string;
  readonly expiresAt: string;
  readonly createdAt: string;
};

/** One that is being sent. */
export type ClaimedMail = NewMail & {
  /** How often it was tried before. */
  readonly attempts: number;
};

/**
 * `waiting` is tried at `dueAt`; `sending` is being tried, or was when an engine died; `dropped` was not to be sent after
 * all.
 */
export type MailStatus = "waiting" | "sending" | "sent" | "failed" | "dropped";

/** What became of a mail, for whoever looks after the shop. */
export type NotedMail = Omit<NewMail, "payload" | "dueAt"> & {
  readonly status: MailStatus;
  /** It failed, and can be tried again. */
  readonly canRetry: boolean;
  readonly attempts: number;
  readonly dueAt?: string;
  /** Part of the address: `j…@example.com`. */
  readonly recipient?: string;
  /** What the server said, or why it was dropped; without addresses. */
  readonly reason?: string;
  readonly updatedAt: string;
};

/** What a mail becomes after a try. */
export type MailSettlement = {
  readonly recipient?: string;
  readonly reason?: string;
} & (
  | { readonly status: "sent" | "dropped" }
  /** `canRetry` keeps what it needs to be tried again when somebody asks for that. */
  | { readonly status: "failed"; readonly canRetry: boolean }
  | { readonly status: "waiting"; readonly dueAt: string }
);

export type MailCounts = {
  readonly pending: number;
  readonly failed: number;
  readonly oldestPending?: string;
};

/** Mails to be sent, and what became of them. */
export type MailPort = {
  /** Stores those that are the first of their kind about something; the others were stored before, and are passed over. */
  add(storeId: string, mails: readonly NewMail[]): Promise<void>;
  /** Ids of those that are due, longest first, with what `claim` wants to know. */
  due(storeId: string, now: string, limit: number): Promise<readonly { id: string; attempts: number }[]>;
  /**
   * Takes a mail on until `until` (RFC 3339); undefined when somebody else did since it was looked at. One whose payload
   * cannot be read any more, because the installation's secret is another one, comes with an empty payload.
   */
  claim(
    storeId: string,
    seen: { readonly id: string; readonly attempts: number },
    now: string,
    until: string,
  ): Promise<ClaimedMail | undefined>;
  /** Notes what became of a mail that was claimed; nothing when somebody else has taken it on since. */
  settle(
    storeId: string,
    claimed: { readonly id: string; readonly attempts: number },
    settlement: MailSettlement,
    now: string,
  ): Promise<void>;
  /** Puts a mail that failed, and can be tried again, in line until `expiresAt` (RFC 3339); whether there was one. */
  retry(storeId: string, id: string, now: string, expiresAt: string): Promise<boolean>;
  load(storeId: string, id: string): Promise<NotedMail | undefined>;
  /** May be filtered and sorted by `id`, `kind`, `status`, `subject_id`, `created_at` and `updated_at`. */
  list(storeId: string, query: ListQuery): Promise<Listed<NotedMail>>;
  count(storeId: string): Promise<MailCounts>;
  deleteOlderThan(storeId: string, before: string, limit: number): Promise<number>;
};
