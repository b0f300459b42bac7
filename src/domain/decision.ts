/** A fact that followed from a decision, kept for good as the subject's timeline and told to those who observe it. */
export type DomainEvent = {
  /** Past tense, `order.placed`. */
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
};

/** What a decision leads to: the new state, and what happened. */
export type Decision<State> = { readonly state: State; readonly events: readonly DomainEvent[] };
