import { createHmac } from "node:crypto";
import { seeded } from "./faults.ts";
import type { SimulatedEvent } from "./objects.ts";

/** Where events are sent, and how badly. */
export type WebhookTarget = {
  readonly url: string;
  /** `whsec_…`: what the signatures are made with. */
  readonly secret: string;
  /** How often each event is sent; 1 unless said otherwise. */
  readonly copies?: number;
  /** Each copy is sent at some moment within so many milliseconds, so that they overtake each other. */
  readonly withinMs?: number;
  /** How many of a hundred copies are never sent, are signed with another secret, or with a time of an hour ago. */
  readonly dropPercent?: number;
  readonly badSignaturePercent?: number;
  readonly oldTimestampPercent?: number;
  readonly seed?: number;
};

export type WebhookCounts = { sent: number; dropped: number; accepted: number; refused: number };

export type WebhookSender = {
  readonly counts: Readonly<WebhookCounts>;
  setTarget(target: WebhookTarget | undefined): void;
  /** Sends in the background. */
  send(events: readonly SimulatedEvent[]): void;
  /** Settles when nothing is on its way any more. */
  idle(): Promise<void>;
  /** Sends nothing more. */
  close(): Promise<void>;
};

/** Tries until a copy is given up, and the pause before the first repetition in milliseconds; it doubles each time. */
const TRIES = 5;
const RETRY_MS = 250;
const ANSWER_WITHIN_MS = 10_000;

/** @param nowSeconds the simulator's clock, in seconds since 1970 */
export function createWebhookSender(nowSeconds: () => number): WebhookSender {
  const counts: WebhookCounts = { sent: 0, dropped: 0, accepted: 0, refused: 0 };
  const underWay = new Set<Promise<void>>();
  const timers = new Map<NodeJS.Timeout, () => void>();
  let target: WebhookTarget | undefined;
  let random = seeded(1);
  let closed = false;

  const pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      if (closed) return resolve();
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, milliseconds);
      timers.set(timer, resolve);
    });

  const deliver = async (to: WebhookTarget, event: SimulatedEvent, fate: Fate): Promise<void> => {
    if (fate.waitMs > 0) await pause(fate.waitMs);
    const payload = JSON.stringify(event, undefined, 2);
    for (let tries = 1; tries <= TRIES && !closed; tries += 1) {
      const time = nowSeconds() - (fate.kind === "old" ? 3600 : 0);
      const secret = fate.kind === "bad" ? "whsec_somebody_else" : to.secret;
      counts.sent += 1;
      const accepted = await post(to.url, payload, signatureOf(payload, time, secret));
      counts[accepted ? "accepted" : "refused"] += 1;
      if (accepted || fate.kind !== "good") return;
      await pause(RETRY_MS * 2 ** (tries - 1));
    }
  };

  return {
    counts,
    setTarget(given) {
      target = given;
      random = seeded(given?.seed ?? 1);
    },
    send(events) {
      const to = target;
      if (!to || closed) return;
      for (const event of events) {
        for (let copy = 0; copy < (to.copies ?? 1); copy += 1) {
          const fate = fateOf(to, random);
          if (fate.kind === "dropped") {
            counts.dropped += 1;
            continue;
          }
          const delivery = deliver(to, event, fate).finally(() => underWay.delete(delivery));
          underWay.add(delivery);
        }
      }
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    async close() {
      closed = true;
      for (const [timer, resolve] of timers) {
        clearTimeout(timer);
        resolve();
      }
      await Promise.all(underWay);
    },
  };
}

type Fate = { readonly kind: "good" | "dropped" | "bad" | "old"; readonly waitMs: number };

function fateOf(target: WebhookTarget, random: () => number): Fate {
  const waitMs = random() * (target.withinMs ?? 0);
  const roll = random() * 100;
  const dropped = target.dropPercent ?? 0;
  const bad = dropped + (target.badSignaturePercent ?? 0);
  const old = bad + (target.oldTimestampPercent ?? 0);
  const kind = roll < dropped ? "dropped" : roll < bad ? "bad" : roll < old ? "old" : "good";
  return { kind, waitMs };
}

/** The header `Stripe-Signature` (https://docs.stripe.com/webhooks/signature). */
export function signatureOf(payload: string, seconds: number, secret: string): string {
  const signature = createHmac("sha256", secret).update(`${seconds}.${payload}`).digest("hex");
  return `t=${seconds},v1=${signature}`;
}

async function post(url: string, payload: string, signature: string): Promise<boolean> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8", "stripe-signature": signature },
      body: payload,
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
