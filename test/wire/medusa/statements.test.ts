import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEngine, type TestEngine } from "../../engine.ts";
import { aProduct, aShop, type Shop } from "./a-shop.ts";
import { useMedusa } from "./harness.ts";

const wire = useMedusa();
let shop: Shop;
let variants: string[];
/** Another process at the same database: what a process has changed just now, it reads anew for a while. */
let counted: TestEngine;
beforeAll(async () => {
  shop = await aShop(wire, { pieces: 10_000 });
  variants = [];
  for (let made = 0; made < 20; made += 1) {
    variants.push((await aProduct(wire, `Thing ${made}`, 10_000)).variantId);
  }
  const env = { CARTWRIGHT_SEED: "none", CARTWRIGHT_TEST_PROVIDERS: "true" };
  counted = await startTestEngine({ databaseUrl: wire.engine.databaseUrl, env });
});
afterAll(() => counted?.close());

const ask = (method: string, path: string, body?: object) => counted.ask(method, path, body, { as: "none" });

/** The fewest statements that one of these steps took: caches are read anew once a second. */
async function statementsOf(
  paths: readonly string[],
  step: (path: string) => readonly [string, string, object?],
) {
  const { database } = counted.engine.core;
  let least = Number.POSITIVE_INFINITY;
  for (const path of paths) {
    const before = database.statementCount();
    const [method, where, body] = step(path);
    const answer = await ask(method, where, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    least = Math.min(least, database.statementCount() - before);
  }
  return least;
}

async function purchaseOf(lines: readonly string[]): Promise<Record<string, number>> {
  const items = lines.map((variant_id) => ({ variant_id, quantity: 1 }));
  const paths: string[] = [];
  for (let made = 0; made < 5; made += 1) {
    const { body } = await ask("POST", "/store/carts", { region_id: shop.regionId, items });
    paths.push(`/store/carts/${body.cart.id}`);
  }
  const line = { variant_id: shop.variantId, quantity: 1 };
  return {
    add: await statementsOf(paths, (path) => ["POST", `${path}/line-items`, line]),
    email: await statementsOf(paths, (path) => ["POST", path, { email: "ada@example.com" }]),
    shipping: await statementsOf(paths, (path) => [
      "POST",
      `${path}/shipping-methods`,
      { option_id: shop.optionId },
    ]),
    sessions: await statementsOf(paths, (path) => ["POST", `${path}/payment-sessions`]),
    select: await statementsOf(paths, (path) => [
      "POST",
      `${path}/payment-session`,
      { provider_id: "manual" },
    ]),
    look: await statementsOf(paths, (path) => ["GET", path]),
    complete: await statementsOf(paths, (path) => ["POST", `${path}/complete`]),
  };
}

test("M1 every step of a purchase needs as many statements for twenty lines as for one", async () => {
  const one = await purchaseOf(variants.slice(0, 1));
  expect(await purchaseOf(variants)).toEqual(one);
  expect(one).toEqual({ add: 2, email: 3, shipping: 2, sessions: 3, select: 2, look: 1, complete: 3 });
});
