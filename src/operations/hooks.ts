import type { DomainEvent } from "../domain/decision.ts";

/** An event as it is told to others. */
export type ToldEvent = {
  /** `order.payment_captured` */
  readonly type: string;
  /** What it happened to, and by which its events are numbered. */
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** One call to an endpoint, not signed yet. */
export type HookCall = {
  readonly url: string;
  /** `whsec_...` */
  readonly secret: string;
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
  /** Every type of event, in those words. */
  readonly types: readonly string[];
  /**
   * Makes a call, and follows no redirect.
   * @returns what the endpoint answered, with the beginning of the answer's body
   * @throws when there is no answer
   */
  send(call: HookCall): Promise<{ readonly status: number; readonly answer: string }>;
  /** A new secret, `whsec_...`. */
  newSecret(): string;
};
