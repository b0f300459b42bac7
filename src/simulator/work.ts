import { randomBytes } from "node:crypto";
import type { Books, StoredObject } from "./ledger.ts";
import type { Charge, Intent, Refund, SimulatedEvent } from "./objects.ts";
import { missing } from "./refused-request.ts";

/** The version of Stripe's API whose forms the simulator speaks. */
export const API_VERSION = "2026-10-28.endive";

/** One request at work: it sees the books with its own changes, which are booked together when it is done. */
export type Work = {
  /** Seconds since 1970, by the simulator's clock. */
  readonly now: number;
  /** Where the simulator can be reached, without a trailing slash. */
  readonly baseUrl: string;
  readonly idempotencyKey: string | null;
  /** Everything that was changed so far. */
  readonly changes: readonly StoredObject[];
  newId(prefix: string): string;
  intent(id: string): Intent;
  charge(id: string): Charge;
  /** The refunds of a payment, newest first. */
  refundsOf(intentId: string): readonly Refund[];
  /** The test card that a token of a payment method stands for. */
  cardName(method: string): string;
  put<Value extends Intent | Charge | Refund>(object: Value): Value;
  emit(type: string, object: Intent | Charge | Refund): void;
};

export function startWork(
  books: Books,
  { now, baseUrl, idempotencyKey }: Pick<Work, "now" | "baseUrl" | "idempotencyKey">,
): Work {
  const changed = new Map<string, Intent | Charge | Refund>();
  const events: SimulatedEvent[] = [];
  const newId = (prefix: string): string => `${prefix}_sim${randomBytes(12).toString("hex")}`;
  return {
    now,
    baseUrl,
    idempotencyKey,
    get changes() {
      return [...changed.values(), ...events];
    },
    newId,
    intent(id) {
      const intent = (changed.get(id) as Intent | undefined) ?? books.intents.get(id);
      if (!intent) throw missing("payment_intent", id, "intent");
      return intent;
    },
    charge(id) {
      const charge = (changed.get(id) as Charge | undefined) ?? books.charges.get(id);
      if (!charge) throw missing("charge", id);
      return charge;
    },
    refundsOf(intentId) {
      const own = [...changed.values()].filter((object) => object.object === "refund");
      const known = [...books.refunds.values()].filter(({ id }) => !changed.has(id));
      return [...known, ...own].filter((refund) => refund.payment_intent === intentId).reverse();
    },
    cardName: (method) => books.methods.get(method)?.behaves_like ?? method,
    put(object) {
      changed.set(object.id, object);
      return object;
    },
    emit(type, object) {
      events.push({
        id: newId("evt"),
        object: "event",
        api_version: API_VERSION,
        created: now,
        data: { object },
        livemode: false,
        pending_webhooks: 1,
        request: { id: newId("req"), idempotency_key: idempotencyKey },
        type,
      });
    },
  };
}
