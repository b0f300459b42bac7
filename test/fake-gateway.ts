import type { GatewayOutcome } from "../src/domain/order/pay.ts";
import type { PaymentOperationType } from "../src/domain/order/payment.ts";
import type { FoundOutcome, Gateway, GatewayCall } from "../src/gateways/gateway.ts";

/** What the gateway did with one key: at most one entry for each, however often it was asked. */
export type LedgerEntry = {
  readonly key: string;
  readonly type: PaymentOperationType;
  readonly orderId: string;
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
  outcome: GatewayOutcome;
};

/** One question to the gateway, answered or not. */
export type RecordedCall = {
  readonly type: PaymentOperationType | "find";
  readonly key: string;
  readonly orderId: string;
  readonly paymentId: string;
  readonly amount: number;
  readonly paymentToken?: string;
};

/**
 * What becomes of a call. `effect` carries the operation out (once for a key, whoever asks) and tells its outcome; a
 * behaviour decides whether and when that happens, and what the caller hears of it.
 */
export type Behaviour = (call: GatewayCall, effect: Effect) => Promise<GatewayOutcome> | GatewayOutcome;
export type Effect = (outcome?: GatewayOutcome) => GatewayOutcome;

export const approve: Behaviour = (_call, effect) => effect();
export const decline: Behaviour = (_call, effect) =>
  effect({ kind: "declined", code: "card_declined", message: "The card was declined" });
/** Waits for the shopper, until `resolve` says how it went. */
export const waitForShopper: Behaviour = ({ key }, effect) =>
  effect({ kind: "pending", reference: `ref-${key}` });
/** The call is lost on its way: nothing happens. */
export const loseCall: Behaviour = () => {
  throw new Error("connect ETIMEDOUT");
};
/** The operation is carried out, its answer is lost. */
export const loseAnswer: Behaviour = (_call, effect) => {
  effect();
  throw new Error("socket hang up");
};
/** Says nothing until long after the deadline; nothing happens. */
export const hang: Behaviour = () => new Promise(() => undefined);
/** Carries the operation out and says nothing until long after the deadline. */
export const hangAfterEffect: Behaviour = (_call, effect) => {
  effect();
  return new Promise(() => undefined);
};

/** A behaviour that holds the call until the test lets it go on. */
export type Hold = {
  readonly behaviour: Behaviour;
  /** Settles when a call has arrived. */
  readonly arrived: Promise<GatewayCall>;
  release(): void;
};

/** Holds a call before its effect, and then goes on like `then`. */
export function hold(then: Behaviour = approve): Hold {
  let release = (): void => undefined;
  let arrive: (call: GatewayCall) => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const arrived = new Promise<GatewayCall>((resolve) => {
    arrive = resolve;
  });
  return {
    arrived,
    release: () => release(),
    async behaviour(call, effect) {
      arrive(call);
      await released;
      return then(call, effect);
    },
  };
}

export type FakeGateway = Gateway & {
  readonly ledger: readonly LedgerEntry[];
  readonly calls: readonly RecordedCall[];
  /** What no gateway should ever be asked for: a capture beyond the authorization, a refund beyond the capture. */
  readonly complaints: readonly string[];
  /** How the next calls go, in their order; all further ones are approved, or go as `otherwise` says. */
  script(...behaviours: Behaviour[]): void;
  /** How calls go that no script was written for. */
  otherwise(behaviour: Behaviour): void;
  /** How the next questions about a key go. */
  scriptFind(...behaviours: ((call: GatewayCall) => Promise<FoundOutcome>)[]): void;
  /** What the shopper decided about an operation that waits for them. */
  resolve(key: string, outcome: "approved" | "declined"): void;
  /** Called before every effect, for questions to the engine at that very moment. */
  onEffect(look: (call: GatewayCall, type: PaymentOperationType) => void | Promise<void>): void;
  /** Money taken for an order and not given back, in minor units. */
  taken(orderId: string): number;
  /** Money that is set aside for an order and neither taken nor released. */
  reserved(orderId: string): number;
};

/**
 * A gateway in memory, with a ledger of its own that the engine cannot see. It honours keys: a repeat is answered from
 * the ledger and has no second effect.
 */
export function fakeGateway(options: { slug?: string; deadlineMs?: number } = {}): FakeGateway {
  const ledger: LedgerEntry[] = [];
  const calls: RecordedCall[] = [];
  const complaints: string[] = [];
  const script: Behaviour[] = [];
  const findScript: ((call: GatewayCall) => Promise<FoundOutcome>)[] = [];
  let otherwise = approve;
  let look: ((call: GatewayCall, type: PaymentOperationType) => void | Promise<void>) | undefined;

  const sum = (type: PaymentOperationType, of: Partial<LedgerEntry>): number =>
    ledger
      .filter((entry) => entry.type === type && entry.outcome.kind === "approved")
      .filter((entry) => of.orderId === undefined || entry.orderId === of.orderId)
      .filter((entry) => of.paymentId === undefined || entry.paymentId === of.paymentId)
      .reduce((total, entry) => total + entry.amount, 0);

  const object = (call: GatewayCall, type: PaymentOperationType): string | undefined => {
    const { paymentId } = call;
    const authorized = sum("authorize", { paymentId });
    const captured = sum("capture", { paymentId }) + sum("purchase", { paymentId });
    const voided = sum("void", { paymentId });
    if (type === "capture" && captured + call.amount > authorized - voided)
      return "captured beyond authorization";
    if (type === "void" && (captured > 0 || voided > 0)) return "voided what was captured or voided";
    if (type === "refund" && sum("refund", { paymentId }) + call.amount > captured)
      return "refunded beyond capture";
    return undefined;
  };

  const perform = (type: PaymentOperationType) => async (call: GatewayCall) => {
    const { key, orderId, paymentId, amount, currency, paymentToken } = call;
    calls.push({
      type,
      key,
      orderId,
      paymentId,
      amount,
      ...(paymentToken !== undefined && { paymentToken }),
    });
    await look?.(call, type);
    const effect: Effect = (outcome = { kind: "approved", reference: `ref-${key}` }) => {
      const known = ledger.find((entry) => entry.key === key);
      if (known) return known.outcome;
      const objection = outcome.kind === "approved" ? object(call, type) : undefined;
      if (objection !== undefined)
        complaints.push(`${objection}: ${type} of ${amount} for payment ${paymentId}`);
      ledger.push({ key, type, orderId, paymentId, amount, currency, outcome });
      return outcome;
    };
    return (script.shift() ?? otherwise)(call, effect);
  };

  return {
    slug: options.slug ?? "fake",
    name: "Fake",
    local: false,
    methods: ["authorize", "purchase"],
    deadlineMs: options.deadlineMs ?? 10_000,
    authorize: perform("authorize"),
    purchase: perform("purchase"),
    capture: perform("capture"),
    refund: perform("refund"),
    void: perform("void"),
    async find(call) {
      const { key, orderId, paymentId, amount } = call;
      calls.push({ type: "find", key, orderId, paymentId, amount });
      const scripted = findScript.shift();
      if (scripted) return scripted(call);
      return ledger.find((entry) => entry.key === key)?.outcome ?? { kind: "absent" };
    },
    ledger,
    calls,
    complaints,
    script: (...behaviours) => void script.push(...behaviours),
    otherwise(behaviour) {
      otherwise = behaviour;
    },
    scriptFind: (...behaviours) => void findScript.push(...behaviours),
    resolve(key, outcome) {
      const entry = ledger.find((candidate) => candidate.key === key);
      if (entry?.outcome.kind !== "pending") throw new Error(`No operation with the key ${key} waits`);
      entry.outcome =
        outcome === "approved"
          ? { kind: "approved", reference: entry.outcome.reference }
          : { kind: "declined", code: "authentication_failed", message: "The shopper gave up" };
    },
    onEffect(listener) {
      look = listener;
    },
    taken: (orderId) =>
      sum("purchase", { orderId }) + sum("capture", { orderId }) - sum("refund", { orderId }),
    // Like real ones it releases what a capture leaves.
    reserved: (orderId) =>
      [...new Set(ledger.filter((entry) => entry.orderId === orderId).map(({ paymentId }) => paymentId))]
        .filter((paymentId) => sum("capture", { paymentId }) === 0)
        .reduce((all, paymentId) => all + sum("authorize", { paymentId }) - sum("void", { paymentId }), 0),
  };
}
