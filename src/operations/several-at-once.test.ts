import { expect, test } from "vitest";
import { severalAtOnce } from "./several-at-once.ts";

const never = (): boolean => false;
/** Lets everything go on that can. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("so many at the same time and no more, in their order", async () => {
  const begun: number[] = [];
  const ends = new Map<number, () => void>();
  const all = severalAtOnce([1, 2, 3, 4], 2, never, (item) => {
    begun.push(item);
    return new Promise((resolve) => ends.set(item, resolve));
  });
  await settle();
  expect(begun).toEqual([1, 2]);
  ends.get(2)?.();
  await settle();
  expect(begun).toEqual([1, 2, 3]);
  ends.get(3)?.();
  await settle();
  ends.get(1)?.();
  ends.get(4)?.();
  expect(await all).toBe(4);
});

test("nothing is begun once it is over, and what was begun ends", async () => {
  const ended: number[] = [];
  let over = false;
  const begun = await severalAtOnce(
    [1, 2, 3],
    1,
    () => over,
    async (item) => {
      over = item === 2;
      await settle();
      ended.push(item);
    },
  );
  expect(begun).toBe(2);
  expect(ended).toEqual([1, 2]);
});

test("after an error nothing is begun, what is under way ends, and the error is told", async () => {
  const ended: number[] = [];
  const all = severalAtOnce([1, 2, 3], 2, never, async (item) => {
    if (item === 1) throw new Error("no");
    await settle();
    ended.push(item);
  });
  await expect(all).rejects.toThrow("no");
  expect(ended).toEqual([2]);
});
