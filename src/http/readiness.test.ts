import { expect, test } from "vitest";
import { readiness } from "./readiness.ts";

/** A look that the test answers. */
function scripted() {
  const pending: { resolve(answer: boolean): void; reject(error: Error): void }[] = [];
  let looks = 0;
  return {
    look: () => {
      looks += 1;
      return new Promise<boolean>((resolve, reject) => pending.push({ resolve, reject }));
    },
    answer: (answer: boolean) => pending.shift()?.resolve(answer),
    fail: () => pending.shift()?.reject(new Error("connect ECONNREFUSED")),
    looks: () => looks,
  };
}

test("probes that come together share one look, and later ones have their own", async () => {
  const script = scripted();
  const isReady = readiness(script.look);
  const probes = [isReady(), isReady(), isReady()];
  script.answer(true);
  expect(await Promise.all(probes)).toEqual([true, true, true]);
  expect(script.looks()).toBe(1);
  const next = isReady();
  script.answer(false);
  expect(await next).toBe(false);
});

test("a look that fails means no", async () => {
  const script = scripted();
  const probe = readiness(script.look)();
  script.fail();
  expect(await probe).toBe(false);
});

test("a look that takes long is answered by the one before it", async () => {
  const script = scripted();
  const isReady = readiness(script.look, 1);
  const first = isReady();
  script.fail();
  expect(await first).toBe(false);
  expect(await isReady()).toBe(false);
  script.answer(true);
  expect(await isReady()).toBe(true);
  expect(await isReady()).toBe(true);
});
