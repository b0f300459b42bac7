import { expect, test } from "vitest";
import { createRounds, type Round } from "./rounds.ts";

/** Lets everything go on that can. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Rounds that end when the test lets them. */
function held(atOnce: number) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const rounds = createRounds(({ job, storeId, gateway }) => {
    const name = `${job} ${storeId} ${gateway}`;
    begun.push(name);
    return new Promise((resolve) => ends.set(name, resolve));
  }, atOnce);
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.();
    await settle();
  };
  return { rounds, begun, end };
}
const events = (storeId: string, gateway: string): Round => ({ job: "events", storeId, gateway });

test("however often a round is wanted while it is under way, it is done once more", async () => {
  const { rounds, begun, end } = held(4);
  for (let ring = 0; ring < 100; ring += 1) rounds.wantAgain(events("store", "stripe"));
  expect(begun).toEqual(["events store stripe"]);
  await end("events store stripe");
  expect(begun).toEqual(["events store stripe", "events store stripe"]);
  await end("events store stripe");
  expect(begun).toHaveLength(2);
  await rounds.idle();
});

test("a round that may as well come later is not done twice", async () => {
  const { rounds, begun, end } = held(1);
  for (const store of ["a", "b", "a", "b"]) rounds.want(events(store, "stripe"));
  await end("events a stripe");
  await end("events b stripe");
  await rounds.idle();
  expect(begun).toEqual(["events a stripe", "events b stripe"]);
});

test("gateways and jobs wait for no other, stores for so many", async () => {
  const { rounds, begun, end } = held(2);
  for (const store of ["a", "b", "c"]) rounds.want(events(store, "slow"));
  rounds.want(events("c", "fast"));
  rounds.want({ ...events("c", "slow"), job: "payments" });
  expect(begun).toEqual(["events a slow", "events b slow", "events c fast", "payments c slow"]);
  await end("events b slow");
  expect(begun.at(-1)).toBe("events c slow");
});

test("it is idle when nothing waits any more", async () => {
  const { rounds, begun, end } = held(1);
  rounds.want(events("a", "stripe"));
  rounds.want(events("b", "stripe"));
  let idle = false;
  const waiting = rounds.idle().then(() => {
    idle = true;
  });
  await end("events a stripe");
  expect({ idle, begun }).toEqual({ idle: false, begun: ["events a stripe", "events b stripe"] });
  await end("events b stripe");
  await waiting;
});
