import { afterAll, beforeAll, expect, test } from "vitest";
import { elasticPathDialect } from "../../src/http/elasticpath/dialect.ts";
import { startTestEngine, type TestEngine } from "../engine.ts";
import { nameOf, newRequest } from "./requests.ts";
import { buildWorld, type World } from "./world.ts";

let engine: TestEngine;
let world: World;
beforeAll(async () => {
  engine = await startTestEngine();
  world = await buildWorld(engine);
});
afterAll(() => engine.close());

const keyed = elasticPathDialect.routes.filter(
  ({ method, idempotency }) => method !== "GET" && idempotency !== "none",
);

test("A9 every route that changes something replays the answer of the first, whatever it was", async () => {
  expect(keyed.length).toBeGreaterThan(50);
  const findings: string[] = [];
  for (const [index, route] of keyed.entries()) {
    const { method, path, body } = await newRequest(world, route, "customer");
    const headers = { "idempotency-key": `key-${index}` };
    const first = await world.ask("shop", method, path, body, headers);
    const before = await world.snapshot();
    const again = await world.ask("shop", method, path, body, headers);
    const same =
      again.status === first.status &&
      JSON.stringify(again.body) === JSON.stringify(first.body) &&
      again.headers.get("idempotency-replayed") === "true";
    if (!same) findings.push(`${nameOf(route)}: ${first.status} became ${again.status}`);
    const after = await world.snapshot();
    const changed = Object.keys(after).filter((table) => after[table] !== before[table]);
    if (changed.length > 0) findings.push(`${nameOf(route)}: the repeat changed ${changed}`);
    const other = await world.ask("shop", method, `${path}?another=request`, body, headers);
    if (other.status !== 422) findings.push(`${nameOf(route)}: another request was answered ${other.status}`);
  }
  expect(findings).toEqual([]);
});

test("A9 the same key is free for every other route", async () => {
  const findings: string[] = [];
  for (const route of keyed) {
    const { method, path, body } = await newRequest(world, route, "account");
    const answer = await world.ask("shop", method, path, body, { "idempotency-key": "one-for-all" });
    if (answer.status === 409 || answer.headers.get("idempotency-replayed") !== null)
      findings.push(nameOf(route));
  }
  expect(findings).toEqual([]);
});
