import { setTimeout as pause } from "node:timers/promises";
import { itemBody } from "./journey.mjs";

/** How often a buyer repeats a request that did not come to an end, under the same key. */
const TRIES = 6;
const PAUSE_MS = 40;
/** A bench gives up on an engine that does not answer. */
const ANSWER_WITHIN_MS = 60_000;

const address = {
  first_name: "Ada",
  last_name: "Byron",
  line_1: "12 Long Lane",
  city: "Springfield",
  region: "IL",
  postcode: "62701",
  country: "US",
};
const checkoutBody = JSON.stringify({
  data: { customer: { name: "Ada Byron", email: "ada@example.com" }, billing_address: address },
});

/** What buyers do, in hundredths. */
export const usualMix = {
  /** Cards that are declined, and cards whose owners are asked who they are. */
  declined: 5,
  asked: 15,
  /** Of those who are asked: who fail, and who never come back. */
  failed: 20,
  gone: 10,
  /** Payments that are only authorized, and what becomes of those. */
  authorized: 50,
  captured: 75,
  released: 15,
  /** Captured payments of which a part is given back, and then all. */
  refunded: 60,
  refundedInFull: 25,
};

/**
 * A buyer who pays with cards and, like a careful client, repeats what was not answered under the same key, and takes
 * no answer for no answer.
 * @param site.answerable resolves when there is somebody to ask: before something new is begun (`true`), or repeated
 * @param site.note is told what was asked (`asked`) and what was answered as done (`acknowledged`)
 */
export function cardBuyer({
  connection,
  shop,
  simulator,
  productIds,
  random,
  note,
  answerable,
  mix = usualMix,
}) {
  const chance = (percent) => random() * 100 < percent;

  /** Undefined when nobody gave a definite answer. */
  const insist = async (path, headers, body) => {
    const keyed = [...headers, "idempotency-key", crypto.randomUUID()];
    await answerable?.(true);
    for (let tries = 1; tries <= TRIES; tries += 1) {
      if (tries > 1) await answerable?.(false);
      const answer = await within(connection.send("POST", path, keyed, body)).catch((error) => {
        if (!answerable) throw error;
      });
      if (answer && answer.status !== 409 && answer.status !== 503) {
        if (answer.status >= 500) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
        return answer;
      }
      if (answer) note.waits += 1;
      await pause(PAUSE_MS);
    }
    note.givenUp += 1;
    return undefined;
  };
  /** One operation on money; true when it is done. */
  const operate = async (orderId, paymentId, action, body = {}) => {
    note.asked += 1;
    const path = `/v2/orders/${orderId}/transactions/${paymentId}/${action}`;
    const answer = await insist(path, shop.shopHeaders, JSON.stringify({ data: body }));
    const type = { capture: "capture", refund: "refund", cancel: "void" }[action];
    const done =
      answer?.status === 200 && isDone(answer.json.data, type === "void" ? "cancelled" : "complete");
    if (done) note.acknowledged.push({ orderId, type });
    return done;
  };

  /** From an empty cart to a captured, refunded, released or declined payment. */
  return async function buy() {
    const cart = `/v2/carts/${crypto.randomUUID()}`;
    const productId = productIds[Math.floor(random() * productIds.length)];
    const added = await insist(`${cart}/items`, shop.shopperHeaders, itemBody(productId));
    if (added?.status !== 201) return;
    const placed = await insist(`${cart}/checkout`, shop.shopperHeaders, checkoutBody);
    if (placed?.status !== 201) return;
    const orderId = placed.id;
    note.acknowledged.push({ orderId, type: "checkout" });

    const asked = chance(mix.asked);
    const card = asked ? "threeDSecure2Required" : chance(mix.declined) ? "chargeDeclined" : "visa";
    const method = chance(mix.authorized) ? "authorize" : "purchase";
    note.asked += 1;
    const body = JSON.stringify({ data: { gateway: "stripe", method, payment: `pm_card_${card}` } });
    const paid = await insist(`/v2/orders/${orderId}/payments`, shop.shopperHeaders, body);
    if (paid?.status !== 201) return;
    let { id: paymentId, reference, ...payment } = paid.json.data;
    if (asked && reference !== "" && payment.status === "pending") {
      if (chance(mix.gone)) return;
      await simulator.authenticate(reference, !chance(mix.failed)).catch(notAskedAnyMore);
      const path = `/v2/orders/${orderId}/transactions/${paymentId}/confirm`;
      const confirmed = await insist(path, shop.shopperHeaders, "{}");
      if (confirmed?.status !== 200) return;
      payment = confirmed.json.data;
    }
    if (!isDone(payment)) return;
    note.acknowledged.push({ orderId, type: method });
    if (method === "authorize") {
      if (chance(mix.released)) await operate(orderId, paymentId, "cancel");
      else if (chance(mix.captured)) await operate(orderId, paymentId, "capture");
      else return;
    }
    if (chance(mix.refunded)) {
      await operate(orderId, paymentId, "refund", { amount: 100 });
      await operate(orderId, paymentId, "refund", { amount: 250 });
      const left = payment.amount - 350;
      if (chance(mix.refundedInFull)) await operate(orderId, paymentId, "refund", { amount: left });
    }
  };
}

/** What buyers have asked for and were told, over a whole run. */
export function newNote() {
  return { asked: 0, waits: 0, givenUp: 0, acknowledged: [] };
}

const isDone = ({ status, payment_details: open }, as = "complete") => status === as && open === undefined;

function notAskedAnyMore(error) {
  // Somebody has closed the payment meanwhile: the page says so.
  if (error?.body?.code !== "payment_intent_unexpected_state") throw error;
}

function within(answer) {
  const abort = new AbortController();
  const late = pause(ANSWER_WITHIN_MS, undefined, { signal: abort.signal }).then(
    () => Promise.reject(new Error("no answer within a minute")),
    () => undefined,
  );
  return Promise.race([answer, late]).finally(() => abort.abort());
}
