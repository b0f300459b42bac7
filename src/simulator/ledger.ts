import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import type { Charge, Intent, PaymentMethod, Refund, SimulatedEvent } from "./objects.ts";

export type StoredObject = Intent | Charge | Refund | PaymentMethod | SimulatedEvent;

/** What was answered to the first request with an idempotency key. */
export type KeyRecord = {
  /** Account and key. */
  readonly key: string;
  /** Method, path and parameters, hashed. */
  readonly request: string;
  readonly status: number;
  readonly body: unknown;
};

/** Everything that one request changed: all of it is there after a crash, or nothing. */
export type LedgerLine = {
  /** Milliseconds since 1970, by the simulator's clock. */
  readonly at: number;
  /** `create`, `capture`, … */
  readonly operation: string;
  /** The objects as they are from now on. */
  readonly put?: readonly StoredObject[];
  readonly key?: KeyRecord;
  /** How far the simulator's clock is ahead of the real one, in milliseconds. */
  readonly ahead?: number;
};

/** What the lines of a ledger come to. */
export type Books = {
  readonly intents: Map<string, Intent>;
  readonly charges: Map<string, Charge>;
  readonly refunds: Map<string, Refund>;
  readonly methods: Map<string, PaymentMethod>;
  /** Oldest first. */
  readonly events: SimulatedEvent[];
  readonly keys: Map<string, KeyRecord>;
  ahead: number;
};

export type Ledger = {
  readonly books: Books;
  /** Books a line at once and answers when it is on the disk. */
  append(line: LedgerLine): Promise<void>;
  close(): Promise<void>;
};

/**
 * Opens a ledger, or makes one: a file to which lines of JSON are only ever appended, each flushed to the disk before
 * anybody hears of it. A last line that a crash has cut off is dropped. Without a file it is kept in memory.
 */
export async function openLedger(file: string | undefined): Promise<Ledger> {
  const books: Books = {
    intents: new Map(),
    charges: new Map(),
    refunds: new Map(),
    methods: new Map(),
    events: [],
    keys: new Map(),
    ahead: 0,
  };
  if (file === undefined) {
    return { books, append: async (line) => book(books, line), close: async () => undefined };
  }
  const handle = await open(file, "a+", 0o600);
  await readLines(handle, books);
  // The name of a new file is on the disk only when its folder is.
  const folder = await open(dirname(file), "r");
  await folder.sync().finally(() => folder.close());

  let waiting: string[] = [];
  let flushing: Promise<void> | undefined;
  const flush = async (): Promise<void> => {
    const text = waiting.join("");
    waiting = [];
    await handle.appendFile(text);
    await handle.datasync();
  };
  return {
    books,
    async append(line) {
      book(books, line);
      waiting.push(`${JSON.stringify(line)}\n`);
      // Lines that come while one is being flushed go together in the next flush.
      const before = flushing;
      if (before) await before;
      if (waiting.length > 0) {
        flushing = flush().finally(() => {
          flushing = undefined;
        });
      }
      await flushing;
    },
    async close() {
      await flushing;
      await handle.close();
    },
  };
}

function book(books: Books, line: LedgerLine): void {
  for (const object of line.put ?? []) {
    if (object.object === "payment_intent") books.intents.set(object.id, object);
    else if (object.object === "charge") books.charges.set(object.id, object);
    else if (object.object === "refund") books.refunds.set(object.id, object);
    else if (object.object === "payment_method") books.methods.set(object.id, object);
    else books.events.push(object);
  }
  if (line.key) books.keys.set(line.key.key, line.key);
  if (line.ahead !== undefined) books.ahead = line.ahead;
}

async function readLines(handle: FileHandle, books: Books): Promise<void> {
  const text = (await handle.readFile()).toString("utf8");
  const end = text.lastIndexOf("\n") + 1;
  for (const line of text.slice(0, end).split("\n")) {
    if (line !== "") book(books, JSON.parse(line) as LedgerLine);
  }
  if (end < text.length) await handle.truncate(Buffer.byteLength(text.slice(0, end)));
}
