import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { withStartLock } from "./start-lock.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "cartwright-lock-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("one after the other, each with the answer of its own work", async () => {
  let inside = 0;
  const answers = await Promise.all(
    [1, 2, 3, 4].map((number) =>
      withStartLock(directory, async () => {
        inside++;
        expect(inside).toBe(1);
        await readdir(directory);
        await readdir(directory);
        expect(inside).toBe(1);
        inside--;
        return number;
      }),
    ),
  );
  expect(answers).toEqual([1, 2, 3, 4]);
  expect(await readdir(directory)).toEqual([]);
});

test("work that fails gives the lock back", async () => {
  await expect(withStartLock(directory, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await withStartLock(directory, async () => "yes")).toBe("yes");
});

// No process has this number: it is above the limit of Linux and of macOS.
const gone = `9999999 ${hostname()} a`;

test.each([
  ["a process of this host that is gone", gone, 600_000, 20],
  ["a holder on another host that does not touch it any more", `${process.pid} another-host a`, 500, 2],
  ["one that was killed before it wrote its name", "", 500, 2],
])("a lock left behind by %s is broken, by one of several", async (_, holder, staleAfterMs, rounds) => {
  for (let round = 0; round < rounds; round++) {
    await writeFile(path.join(directory, "starting.lock"), holder);
    let inside = 0;
    const work = async () => {
      inside++;
      expect(inside).toBe(1);
      await readdir(directory);
      inside--;
    };
    await Promise.all([1, 2, 3].map(() => withStartLock(directory, work, staleAfterMs)));
    expect(await readdir(directory)).toEqual([]);
  }
});

test("a lock whose breaker was killed is broken in the end", async () => {
  await writeFile(path.join(directory, "starting.lock"), gone);
  await writeFile(path.join(directory, "starting.lock.breaking"), "");
  expect(await withStartLock(directory, async () => "in", 100)).toBe("in");
  expect(await readdir(directory)).toEqual([]);
});

test("a lock that is touched is waited for, however long", async () => {
  let finished = false;
  let elapsedMs = 0;
  let second: Promise<void> | undefined;
  await withStartLock(directory, async () => {
    const waiter = async () => expect(finished).toBe(true);
    second = withStartLock(directory, waiter, 500, () => elapsedMs);
    for (let touch = 0; touch < 30; touch++) {
      await utimes(path.join(directory, "starting.lock"), touch, touch);
      elapsedMs += 100;
      await delay(20);
    }
    finished = true;
  });
  await second;
});

test("a directory that is not there is refused with what to do", async () => {
  const missing = path.join(directory, "missing");
  await expect(withStartLock(missing, async () => {})).rejects.toThrow(EmbeddedPostgresError);
});
