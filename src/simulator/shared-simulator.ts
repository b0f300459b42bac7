import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "pino";
import type { StripeSimulator } from "./server.ts";

/** One simulator for all processes that work on a data directory: the first that needs it starts it. */
export type SharedSimulator = {
  /**
   * Where it can be reached, `http://127.0.0.1:40123`.
   * @param webhookSecret what its webhooks are signed with
   */
  url(webhookSecret: string): Promise<string>;
  /** Where its webhooks go, from now on. */
  announce(webhookUrl: string): void;
  close(): Promise<void>;
};

/** How long a process waits for another one that is starting the simulator, in tries and milliseconds. */
const TRIES = 50;
const TRY_EVERY_MS = 100;

type Place = { readonly pid: number; readonly url?: string };

/** @param directory where the books are kept, and a note about who keeps them */
export function sharedSimulator(directory: string, log: Logger): SharedSimulator {
  const note = join(directory, "stripe-simulator.json");
  let own: StripeSimulator | undefined;
  let starting: Promise<string> | undefined;
  let known: string | undefined;
  let webhookUrl: string | undefined;
  let secret = "";

  const aim = (): void => {
    if (webhookUrl !== undefined && secret !== "") own?.setWebhooks({ url: webhookUrl, secret });
  };
  const start = async (): Promise<string> => {
    const { startStripeSimulator } = await import("./server.ts");
    own = await startStripeSimulator({ file: join(directory, "stripe-simulator.jsonl"), log });
    aim();
    await writeFile(`${note}.new`, JSON.stringify({ pid: process.pid, url: own.url } satisfies Place));
    await rename(`${note}.new`, note);
    log.warn(
      { url: own.url },
      "cards of the demo store go to a simulator: no bank hears of it, no money moves",
    );
    return own.url;
  };
  const joinOrStart = async (): Promise<string> => {
    await mkdir(directory, { recursive: true });
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const place = await readPlace(note);
      if (place?.url !== undefined && (await answers(place.url))) return place.url;
      if (place && isRunning(place.pid) && place.pid !== process.pid) {
        await pause(TRY_EVERY_MS);
        continue;
      }
      await rm(note, { force: true });
      if (await claim(note)) return start();
    }
    throw new Error("Another process keeps the payment simulator, and it does not answer");
  };
  return {
    async url(webhookSecret) {
      secret = webhookSecret;
      if (own) return own.url;
      if (known !== undefined && (await answers(known))) return known;
      starting ??= joinOrStart().finally(() => {
        starting = undefined;
      });
      known = await starting;
      return known;
    },
    announce(url) {
      webhookUrl = url;
      aim();
    },
    async close() {
      await starting?.catch(() => undefined);
      if (!own) return;
      await own.close();
      await rm(note, { force: true });
      own = undefined;
    },
  };
}

/** Whoever makes the note starts the simulator. */
async function claim(note: string): Promise<boolean> {
  const draft = `${note}.${process.pid}`;
  try {
    // It appears with its contents, so that nobody reads half of it.
    await writeFile(draft, JSON.stringify({ pid: process.pid } satisfies Place));
    await link(draft, note);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readPlace(note: string): Promise<Place | undefined> {
  try {
    return JSON.parse(await readFile(note, "utf8")) as Place;
  } catch {
    return undefined;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/simulator/alive`, { signal: AbortSignal.timeout(1000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}
