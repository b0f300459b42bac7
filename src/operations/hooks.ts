import type { DomainEvent } from "../domain/decision.ts";

/** An event as it is told to others. */
export type ToldEvent = {
  /** `order.payment_captured` */
  readonly type: string;
  /** What it happened to, and by which its events are numbered. */
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** A type of events, for those who choose what they are told. */
export type ToldType = {
  readonly type: string;
  /** When it is told. */
  readonly summary: string;
  /** The members that its data may have beside `id` and `uuid`. */
  readonly members: readonly string[];
};

/** One call to an endpoint, not signed yet. */
export type HookCall = {
  readonly url: string;
  /** `whsec_...`; it is signed with each of them. */
  readonly secrets: readonly string[];
  readonly eventId: string;
  readonly deliveryId: string;
  readonly body: string;
  /** When it is made (RFC 3339); part of what is signed. */
  readonly now: string;
  /** Gives the call up. */
  readonly signal: AbortSignal;
};

/** How events get out. */
export type Hooks = {
  /** Addresses that are not encrypted are fine, also of other machines. */
  readonly plain: boolean;
  /** An event in the words of those who are told. */
  told(event: DomainEvent, subjectId: string): ToldEvent;
  /** Every type of event, in those words, sorted. */
  readonly types: readonly ToldType[];
  /** What the members of their data are, by their names. */
  readonly members: Readonly<Record<string, string>>;
  /**
   * Makes a call, and follows no redirect.
   * @returns what the endpoint answered, with the beginning of the answer's body
   * @throws when there is no answer
   */
  send(call: HookCall): Promise<{ readonly status: number; readonly answer: string }>;
  /** A new secret, `whsec_...`. */
  newSecret(): string;
};
