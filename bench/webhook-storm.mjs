import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { signatureOf } from "../dist/simulator/webhooks.js";
import { shuffled } from "./figures.mjs";
import { Connection } from "./http.mjs";

/** How many of a hundred events are lost, and of a hundred copies are signed with another secret or an old time. */
const LOST = 10;
const BAD_SIGNATURE = 5;
const OLD_TIMESTAMP = 5;
const MOST_COPIES = 5;
const SENDERS = 8;
/** Copies are shuffled among those of so many events. */
const SHUFFLED_AMONG = 200;
/** How old a call may not be, in seconds: the gateways say five minutes. */
const OLD_SECONDS = 3600;

/**
 * Takes the place of a gateway's own sender: it takes every event once, and sends one to five copies of each, in another
 * order, to the engines in turn; some never, some signed by somebody else, some as if they were old.
 * @param lostPercent events of a hundred of which no good copy is sent; of 100 nothing is sent at all
 */
export async function startStorm({ engines, secret, random, lostPercent = LOST }) {
  const counts = { events: 0, lost: 0, good: 0, bad: 0, old: 0 };
  let heard = 0;
  /** Answers by what was sent and the status: `bad 400`. */
  const answers = {};
  /** Events that went out in good order, type by id; ids of those that did not. */
  const told = new Map();
  const untold = new Set();
  let collected = [];
  const queue = [];

  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString("utf8");
    response.end("{}");
    heard += 1;
    collected.push(body);
    if (collected.length >= SHUFFLED_AMONG) spread();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");

  /** Decides what becomes of the events that were collected. */
  function spread() {
    const copies = collected.flatMap((body) => {
      const { id, type } = JSON.parse(body);
      const isLost = random() * 100 < lostPercent;
      counts.events += 1;
      if (isLost) counts.lost += 1;
      const kinds = Array.from({ length: 1 + Math.floor(random() * MOST_COPIES) }, () => {
        const roll = random() * 100;
        if (roll < BAD_SIGNATURE) return "bad";
        return roll < BAD_SIGNATURE + OLD_TIMESTAMP ? "old" : "good";
      }).filter((kind) => !isLost || (kind !== "good" && lostPercent < 100));
      if (kinds.includes("good")) told.set(id, type);
      else untold.add(id);
      return kinds.map((kind) => ({ kind, body }));
    });
    collected = [];
    queue.push(...shuffled(copies, random));
  }

  let closed = false;
  const senders = Array.from({ length: SENDERS }, async (_, index) => {
    const connection = new Connection(engines[index % engines.length].url);
    while (!closed || queue.length > 0) {
      const next = queue.shift();
      if (!next) {
        await pause(5);
        continue;
      }
      const { kind, body } = next;
      const seconds = Math.floor(Date.now() / 1000) - (kind === "old" ? OLD_SECONDS : 0);
      const signature = signatureOf(body, seconds, kind === "bad" ? "whsec_of_somebody_else" : secret);
      const headers = ["content-type", "application/json", "stripe-signature", signature];
      const { status } = await connection.send("POST", "/webhooks/stripe", headers, body);
      counts[kind] += 1;
      answers[`${kind} ${status}`] = (answers[`${kind} ${status}`] ?? 0) + 1;
    }
    await connection.close();
  });
  const sent = Promise.all(senders);
  // It is waited for at the end; until then a failure must not end the process.
  sent.catch(() => undefined);
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    counts,
    answers,
    /** Events so far. */
    heard: () => heard,
    told,
    untold,
    /** Sends what is left, and resolves when all of it was answered. */
    async end() {
      spread();
      closed = true;
      await sent;
      server.closeAllConnections();
      server.close();
    },
  };
}
