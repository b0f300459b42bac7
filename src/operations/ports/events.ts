import type { DomainEvent, EventAbout } from "../../domain/decision.ts";

/** What happened to things that are no orders: those write their events with themselves. */
export type EventPort = {
  /**
   * Notes what happened to `subjectId`.
   * @param secret members of the payload that are kept apart: encrypted, and only `until` they are good for nothing more
   *   (RFC 3339)
   */
  record(
    storeId: string,
    subjectId: string,
    event: DomainEvent,
    now: string,
    secret?: { readonly members: Readonly<Record<string, unknown>>; readonly until: string },
  ): Promise<void>;
  /** Notes what happened to several things, in that order; one statement, and none where nothing happened. */
  recordAll(storeId: string, events: readonly EventAbout[], now: string): Promise<void>;
  /** Of one subject, oldest first, with secret members that are still kept. */
  of(storeId: string, subjectId: string): Promise<readonly (DomainEvent & { readonly at: string })[]>;
  /**
   * Clears secrets that are good for nothing any more, `limit` at most.
   * @returns of how many events
   */
  forgetSecrets(storeId: string, now: string, limit: number): Promise<number>;
};
