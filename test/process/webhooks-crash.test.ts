import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEngine, type TestEngine, waitUntil } from "../engine.ts";
import { type Receiver, startReceiver } from "../webhooks/receiver.ts";
import { shopperToken, shopToken, startBuyers, stockUp } from "./buyers.ts";
import { type Environment, startProgram } from "./program.ts";

const sku = "WF-PITCHER";
const keys = { CARTWRIGHT_CLIENT_ID: "test-client", CARTWRIGHT_CLIENT_SECRET: "test-secret" };

let receiver: Receiver;
let base: TestEngine;
/** Does nothing by itself, so that only the processes that are killed tell anything. */
const idle = { everyMs: 3_600_000, tellEveryMs: 3_600_000 };

beforeAll(async () => {
  receiver = await startReceiver();
  base = await startTestEngine({ surroundings: { background: idle } });
});
afterAll(async () => {
  await base.close();
  await receiver.close();
});

test("K1 orders, kills and lost answers: what an endpoint has got is what the database has", async () => {
  const env: Environment = {
    DATABASE_URL: base.databaseUrl,
    CARTWRIGHT_SECRET: "a secret that all test engines share",
    LOG_LEVEL: "silent",
    ...keys,
  };
  await stockUp(base, await shopToken(base, "test-secret"), sku);
  const client = new pg.Client({ connectionString: base.databaseUrl });
  await client.connect();
  const [before] = (await client.query("select coalesce(max(seq), 0) as seq from event")).rows;
  const made = await base.ask("POST", "/cartwright/webhook-endpoints", { url: receiver.url });
  expect(made.status).toBe(201);

  // Every fifth call is taken, and its answer lost.
  let count = 0;
  receiver.mood = () => (count++ % 5 === 4 ? "drop" : 200);
  const paid: string[] = [];
  for (let round = 1; round <= 3; round += 1) {
    const engine = await startProgram(env);
    const buyers = startBuyers(engine, await shopperToken(engine), { count: 4, sku, goesOn: () => true });
    const told = receiver.calls.length;
    await waitUntil(() => buyers.paid.length >= 15 && receiver.calls.length > told + 20, 60_000);
    engine.process.kill("SIGKILL");
    expect(await engine.ended).toBe("SIGKILL");
    await buyers.stop();
    paid.push(...buyers.paid);
  }

  let ahead = 0;
  const now = () => new Date(Date.now() + ahead).toISOString();
  const last = await startTestEngine({
    databaseUrl: base.databaseUrl,
    surroundings: { now, background: { everyMs: 100, tellEveryMs: 20 } },
  });
  const ids = () => new Set(receiver.calls.map(({ headers }) => headers["webhook-id"]));
  const wanted = async () => {
    const { rows } = await client.query("select id from event where seq > $1", [before.seq]);
    return new Set(rows.map(({ id }) => id as string));
  };
  await waitUntil(async () => {
    ahead += 30_000;
    const { rows } = await client.query("select 1 from webhook_delivery where status <> 'delivered' limit 1");
    return rows.length === 0 && ids().size >= (await wanted()).size;
  }, 90_000);
  expect(ids()).toEqual(await wanted());
  // An order that was answered as paid was told as placed and as paid.
  const toldOf = (type: string) =>
    new Set(receiver.taken.filter(({ body }) => body.type === type).map(({ body }) => body.data.uuid));
  expect(paid.length).toBeGreaterThanOrEqual(45);
  expect(paid.filter((id) => !toldOf("order.placed").has(id))).toEqual([]);
  expect(paid.filter((id) => !toldOf("order.paid").has(id))).toEqual([]);
  await client.end();
  await last.close();
});
