import { expect, test } from "vitest";
import { retryPauses } from "./retry-pauses.ts";

const at = (seconds: number): string =>
  new Date(Date.parse("2026-03-01T12:00:00.000Z") + seconds * 1000).toISOString();

test("pauses double with every failure, up to ten minutes", () => {
  const pauses = retryPauses();
  expect(pauses.standing("a", at(0), at(0))).toBe("fresh");
  let now = 0;
  for (const pause of [5, 10, 20, 40, 80, 160, 320, 600, 600]) {
    pauses.failed("a", at(0), at(now));
    expect(pauses.standing("a", at(0), at(now + pause - 1))).toBe("later");
    now += pause;
    expect(pauses.standing("a", at(0), at(now))).toBe("again");
  }
  expect(pauses.standing("b", at(0), at(0))).toBe("fresh");
});

test("news ends a pause, and what went well or is gone is forgotten", () => {
  const pauses = retryPauses();
  for (const key of ["a", "b", "c"]) pauses.failed(key, at(0), at(0));
  expect(pauses.standing("a", at(1), at(1))).toBe("fresh");
  pauses.forget("b");
  expect(pauses.standing("b", at(0), at(0))).toBe("fresh");
  pauses.keepOnly(new Set(["a"]));
  expect(pauses.standing("c", at(0), at(0))).toBe("fresh");
  expect(pauses.standing("a", at(0), at(0))).toBe("later");
});
