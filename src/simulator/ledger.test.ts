import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLedger } from "./ledger.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ledger-"));
});
afterEach(() => rm(folder, { recursive: true }));

const key = (name: string) => ({ key: name, request: "r", status: 200, body: { id: name } });

test("what was appended is there after a restart, and a line that a crash cut off is not", async () => {
  const file = join(folder, "books.jsonl");
  const first = await openLedger(file);
  await Promise.all(
    ["a", "b", "c"].map((name) => first.append({ at: 1, operation: "create", key: key(name) })),
  );
  await first.append({ at: 2, operation: "clock", ahead: 5000 });
  await first.close();
  await appendFile(file, '{"at":3,"operation":"create","key":{"key":"d"');

  const second = await openLedger(file);
  expect([...second.books.keys.keys()]).toEqual(["a", "b", "c"]);
  expect(second.books.ahead).toBe(5000);
  await second.append({ at: 4, operation: "create", key: key("e") });
  await second.close();
  const third = await openLedger(file);
  expect([...third.books.keys.keys()]).toEqual(["a", "b", "c", "e"]);
  await third.close();
  expect((await readFile(file, "utf8")).trimEnd().split("\n")).toHaveLength(5);
});
