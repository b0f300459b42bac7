import type { DomainEvent } from "../../domain/decision.ts";

/** What happened to things that are no orders: those write their events with themselves. */
export type EventPort = {
  /** Notes what happened to `subjectId`. */
  record(storeId: string, subjectId: string, event: DomainEvent, now: string): Promise<void>;
  /** Of one subject, oldest first. */
  of(storeId: string, subjectId: string): Promise<readonly (DomainEvent & { readonly at: string })[]>;
};
