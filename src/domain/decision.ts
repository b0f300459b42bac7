/** A fact that followed from a decision, kept for good as the subject's timeline and told to those who observe it. */
export type DomainEvent = {
  /** Past tense, `order.placed`. */
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
};

/** An event and what it happened to. */
export type EventAbout = DomainEvent & { readonly subjectId: string };

/** What a decision leads to: the new state, and what happened. */
export type Decision<State> = { readonly state: State; readonly events: readonly DomainEvent[] };
