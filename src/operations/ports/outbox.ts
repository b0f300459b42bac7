/** A fact as those read it who tell it to others. */
export type OutboxEvent = {
  /** Grows with every event of the store; has gaps. */
  readonly seq: number;
  /** The same for all readers and however often it is read. */
  readonly id: string;
  /** Past tense, `order.placed`. */
  readonly type: string;
  /** Of what it happened to: an order, a customer. */
  readonly subjectId: string;
  /** Which event of its subject it is, from 1 without gaps. Those that carry tokens are not counted: few are told of them. */
  readonly sequence: number;
  /** With its secret members (tokens) as long as they are good for something. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** RFC 3339 in UTC. */
  readonly createdAt: string;
};

/** Some events that one reader has for itself, until it advances or its time is over. */
export type OutboxClaim = { readonly events: readonly OutboxEvent[]; readonly token: string };

/**
 * The events of a store, for those who tell them to others (consumers). Each of them gets every event that was committed
 * since it began, in order and at least once, also when one commits after another with a higher number.
 */
export type OutboxPort = {
  /**
   * Makes a consumer known, unless it is: it gets what happens from now on. Events of transactions that are under way in
   * this moment may be missing. One that is known goes on where it was, or begins now as well (`anew`).
   */
  begin(storeId: string, consumer: string, anew?: "anew"): Promise<void>;
  /**
   * The next events after a consumer's place, oldest first and at least one; a consumer that is not known begins now.
   * Until `leaseMs` are over nobody else gets any for it, so nothing needs to be held open meanwhile.
   * @param options `now` RFC 3339; `limit` events at most
   * @returns undefined when there is nothing yet, or somebody else is at work for this consumer
   */
  claim(
    storeId: string,
    consumer: string,
    options: { readonly now: string; readonly leaseMs: number; readonly limit: number },
  ): Promise<OutboxClaim | undefined>;
  /**
   * Moves a consumer's place: events up to `toSeq` have been handled. Ends the claim; in a transaction, together with what
   * was done about them.
   * @returns false when the claim is somebody else's by now, and nothing is moved
   */
  advance(storeId: string, consumer: string, token: string, toSeq: number): Promise<boolean>;
  /** Ends a claim of which nothing was handled, so that others need not wait for its time to be over. */
  release(storeId: string, consumer: string, token: string): Promise<void>;
};
