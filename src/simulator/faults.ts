/** What the simulator can be asked for, as faults name it. */
export type SimulatedOperation =
  | "create"
  | "retrieve"
  | "update"
  | "confirm"
  | "capture"
  | "cancel"
  | "list"
  | "refund"
  | "list_refunds"
  | "list_events";

/** What goes wrong with a request; `before` its effect, so that there is none, or `after` it. */
export type Fault =
  | "lose_before"
  | "lose_after"
  | "error_before"
  | "error_after"
  | "rate_limit"
  /** Nothing goes wrong: rules of this kind only delay. */
  | "none";

/** Which requests something happens to, and what. */
export type FaultRule = {
  /** Absent: every operation. */
  readonly operation?: SimulatedOperation;
  /** The id of a payment, its payment method, or a value in its metadata; absent: every payment. */
  readonly reference?: string;
  readonly fault: Fault;
  /** Milliseconds that pass before the request is looked at. */
  readonly delayMs?: number;
  /** Requests that the rule holds for; absent: all to come. */
  readonly times?: number;
};

/** Faults by chance, the same for the same seed and the same requests. */
export type Chaos = {
  readonly seed: number;
  /** How many of a hundred requests that change something meet each fault. */
  readonly percent: Readonly<Partial<Record<Fault, number>>>;
};

export type Faults = {
  add(rule: FaultRule): void;
  setChaos(chaos: Chaos | undefined): void;
  /** Takes all rules and the chaos away. */
  clear(): void;
  /** What happens to this request. */
  next(request: FaultRequest): { readonly fault: Fault; readonly delayMs: number };
};

export type FaultRequest = {
  readonly operation: SimulatedOperation;
  readonly references: readonly string[];
};

const reading: ReadonlySet<SimulatedOperation> = new Set(["retrieve", "list", "list_refunds", "list_events"]);

export function createFaults(): Faults {
  let rules: { rule: FaultRule; left: number }[] = [];
  let chaos: Chaos | undefined;
  let random = seeded(1);
  return {
    add(rule) {
      rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
    },
    setChaos(given) {
      chaos = given;
      random = seeded(given?.seed ?? 1);
    },
    clear() {
      rules = [];
      chaos = undefined;
    },
    next({ operation, references }) {
      const found = rules.find(
        ({ rule, left }) =>
          left > 0 &&
          (rule.operation === undefined || rule.operation === operation) &&
          (rule.reference === undefined || references.includes(rule.reference)),
      );
      if (found) {
        found.left -= 1;
        return { fault: found.rule.fault, delayMs: found.rule.delayMs ?? 0 };
      }
      if (!chaos || reading.has(operation)) return { fault: "none", delayMs: 0 };
      let roll = random() * 100;
      for (const [fault, percent] of Object.entries(chaos.percent) as [Fault, number][]) {
        roll -= percent;
        if (roll < 0) return { fault, delayMs: 0 };
      }
      return { fault: "none", delayMs: 0 };
    },
  };
}

/** Numbers from 0 to 1 (exclusive) that look random and are the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
