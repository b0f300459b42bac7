import { expect, test } from "vitest";
import { nextTry, TRIED_FOR_MS } from "./retry-schedule.ts";

const since = "2026-01-02T00:00:00.000Z";

test("the pauses grow, and all together they are about three days", () => {
  const pauses: number[] = [];
  let now = since;
  for (let tries = 1; ; tries += 1) {
    const next = nextTry(tries, since, now);
    if (next === undefined) break;
    pauses.push(Date.parse(next) - Date.parse(now));
    now = next;
  }
  expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
  expect(pauses[0]).toBe(5_000);
  const hours = pauses.reduce((sum, pause) => sum + pause, 0) / 3_600_000;
  expect(hours).toBeGreaterThan(46);
  expect(hours).toBeLessThanOrEqual(TRIED_FOR_MS / 3_600_000);
});

test("what had to wait for others is given up with its first failure, when it is old enough", () => {
  expect(nextTry(1, since, "2026-01-05T00:00:00.000Z")).toBeUndefined();
  expect(nextTry(1, since, "2026-01-04T23:59:00.000Z")).toBe("2026-01-04T23:59:05.000Z");
});
