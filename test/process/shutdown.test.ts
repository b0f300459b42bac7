import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestDatabase, type TestDatabase } from "../embedded-database.ts";
import { newReference, waitUntil } from "../engine.ts";
import { complaints, shopperToken, shopToken, startBuyers, stockUp } from "./buyers.ts";
import { allCarts, hold, theirTables } from "./held.ts";
import { newDirectory, program, runProgram, type Started, startProgram } from "./program.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.close());

type Shop = { readonly engine: Started; readonly connection: pg.ClientConfig; readonly bearer: string };

async function startShop(): Promise<Shop> {
  const connection = await database.createDatabase();
  const engine = await startProgram({
    DATABASE_URL: database.url(connection.database),
    CARTWRIGHT_DATA_DIR: await newDirectory(),
    CARTWRIGHT_SEED: "demo",
    // Buyers on a busy machine are slow.
    CARTWRIGHT_DRAIN_MS: "5000",
  });
  return { engine, connection, bearer: await shopperToken(engine) };
}

function addItem({ engine, bearer }: Shop): Promise<Response> {
  return fetch(`${engine.url}/v2/carts/${newReference()}/items`, {
    method: "POST",
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
    body: JSON.stringify({ data: { type: "cart_item", sku: "WF-PITCHER", quantity: 1 } }),
  });
}

/** A connection of which the test sees every byte. */
async function open(url: string): Promise<{ socket: Socket; text(): string; readonly ended: Promise<void> }> {
  const { port } = new URL(url);
  const socket = connect(Number(port), "127.0.0.1");
  let text = "";
  socket.setEncoding("utf8").on("data", (part: string) => (text += part));
  socket.on("error", () => {});
  await new Promise((resolve) => socket.once("connect", resolve));
  return { socket, text: () => text, ended: new Promise((resolve) => socket.once("close", () => resolve())) };
}

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "N3 %s: what is under way is answered, nothing new is taken, and it ends with 0",
  async (signal) => {
    const shop = await startShop();
    const { engine } = shop;
    const held = await hold(shop.connection, allCarts);
    const slow = addItem(shop);
    await held.waiting(1);
    const kept = await open(engine.url);
    kept.socket.write("GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n");
    await waitUntil(() => kept.text().includes('{"status":"ok"}'));
    expect(kept.text()).not.toMatch(/^connection: close\r$/im);
    const silent = await open(engine.url);

    engine.process.kill(signal);
    await waitUntil(() => engine.log().some(({ msg }) => msg === "stopping"));
    // Nothing of it is lost while it drains, and its clients are told to leave.
    kept.socket.write("GET /health/ready HTTP/1.1\r\nhost: x\r\n\r\n");
    await kept.ended;
    expect(kept.text()).toMatch(/HTTP\/1\.1 503 .*\r\nconnection: close\r\n/is);
    // A second signal, as npm passes on what the terminal has sent already.
    engine.process.kill(signal);
    await waitUntil(
      async () => (await fetch(`${engine.url}/health/live`).catch(() => undefined)) === undefined,
    );
    await silent.ended;
    await held.letGo("commit");
    const answer = await slow;
    expect([answer.status, answer.headers.get("connection")]).toEqual([201, "close"]);
    expect(await engine.ended).toBe(0);
    expect(engine.log().filter(({ msg }) => msg === "stopping")).toHaveLength(1);
    expect(engine.log().at(-1)).toMatchObject({ msg: "stopped", level: 30 });
  },
);

test("N3 a crowd of buyers during SIGTERM: no request that was taken is lost, and what was paid is there", async () => {
  const shop = await startShop();
  const { engine, bearer } = shop;
  const merchant = await shopToken(engine, engine.clientSecret as string);
  await stockUp(engine, merchant, "WF-PITCHER");
  const gone = new Set(["ECONNREFUSED"]);
  const buyers = startBuyers(engine, bearer, {
    count: 8,
    sku: "WF-PITCHER",
    goesOn: (error) => !gone.has(error),
  });
  await waitUntil(() => buyers.paid.length > 20, 30_000);
  engine.process.kill("SIGTERM");
  expect(await engine.ended).toBe(0);
  await buyers.stop();
  const refused = buyers.outcomes.filter((outcome) => "error" in outcome && gone.has(outcome.error));
  expect(complaints(buyers.outcomes).filter((outcome) => !refused.includes(outcome))).toEqual([]);

  const client = new pg.Client(shop.connection);
  await client.connect();
  const { rows } = await client.query<{ id: string }>("select id from orders where payment = 'paid'");
  await client.end();
  expect(rows.map(({ id }) => id).sort()).toEqual([...buyers.paid].sort());
});

test("an engine that npm runs in a shell stops when npm is told to, which ends the shell only", async () => {
  const connection = await database.createDatabase();
  const shell = spawn("sh", ["-c", `"${process.execPath}" "${program}" start; true`], {
    env: {
      PATH: process.env.PATH,
      npm_lifecycle_event: "start",
      DATABASE_URL: database.url(connection.database),
      CARTWRIGHT_DATA_DIR: await newDirectory(),
      PORT: "0",
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  shell.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
  // Of everybody who holds its end of the pipe, the engine too.
  const gone = once(shell, "close");
  await waitUntil(() => log.includes('"ready"'), 30_000);
  shell.kill("SIGTERM");
  await gone;
  expect(log).toMatch(/"npm has ended".*"stopped"/s);
});

test("a signal during the start stops the engine as soon as it is there", async () => {
  const connection = await database.createDatabase();
  const held = await hold(connection, theirTables);
  const run = runProgram(["start"], {
    DATABASE_URL: database.url(connection.database),
    CARTWRIGHT_DATA_DIR: await newDirectory(),
    PORT: "0",
  });
  await held.waiting(1);
  run.process.kill("SIGTERM");
  await waitUntil(() => run.log().some(({ msg }) => msg === "stopping"));
  await held.letGo("rollback");
  expect(await run.ended).toBe(0);
  expect(run.log().at(-1)).toMatchObject({ msg: "stopped" });
});
