import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitUntil } from "../engine.ts";
import { type Buyers, complaints, shopperToken, shopToken, startBuyers, stockUp } from "./buyers.ts";
import { type Environment, newDirectory, runCommand, type Started, startProgram } from "./program.ts";

const sku = "WF-PITCHER";
const keys = { CARTWRIGHT_CLIENT_ID: "us", CARTWRIGHT_CLIENT_SECRET: "hush" };

let prepared: string;
let stopPreparing: () => Promise<void>;
afterAll(() => stopPreparing());
beforeAll(async () => {
  prepared = await newDirectory();
  const env = { CARTWRIGHT_DATA_DIR: prepared, ...keys };
  const engine = await startProgram(env, (stop) => {
    stopPreparing = stop;
  });
  await stockUp(engine, await shopToken(engine, "hush"), sku);
  engine.process.kill("SIGTERM");
  expect(await engine.ended).toBe(0);
});

/** A data directory with a demo store whose pitchers never run out. */
async function newShop(): Promise<Environment & { readonly CARTWRIGHT_DATA_DIR: string }> {
  const directory = await newDirectory();
  // Node's own copy gives everything to us, and the database belongs to another user when root runs this.
  await promisify(execFile)("cp", ["-a", `${prepared}/.`, directory]);
  return { CARTWRIGHT_DATA_DIR: directory, ...keys };
}

/** The process of a data directory's database, or undefined when none runs. */
async function databaseProcess(directory: string): Promise<number | undefined> {
  const file = path.join(directory, "postgres", "postmaster.pid");
  const text = await readFile(file, "utf8").catch(() => "");
  return text === "" ? undefined : Number.parseInt(text, 10);
}

async function crowd(engine: Started, count = 4): Promise<Buyers> {
  return startBuyers(engine, await shopperToken(engine), { count, sku, goesOn: () => true });
}

/** That all these orders are paid for, and the numbers agree. */
async function expectKept(engine: Started, orders: readonly string[], env: Environment): Promise<void> {
  const headers = { authorization: `Bearer ${await shopToken(engine, "hush")}` };
  const unpaid: string[] = [];
  for (const id of orders) {
    const answer = await fetch(`${engine.url}/v2/orders/${id}`, { headers });
    const { data } = (await answer.json()) as { data?: { payment: string } };
    if (data?.payment !== "paid") unpaid.push(id);
  }
  expect(unpaid).toEqual([]);
  const { stdout, code } = await runCommand(["doctor", "--json"], env);
  expect(JSON.parse(stdout)).toMatchObject({ findings: [] });
  expect(code).toBe(0);
}

test("N4 kill -9 of the engine under load: the next one attaches, and everything acknowledged is there", async () => {
  const env = await newShop();
  const acknowledged: string[] = [];
  for (let round = 1; round <= 2; round += 1) {
    const engine = await startProgram(env);
    const buyers = await crowd(engine);
    await waitUntil(() => buyers.paid.length > 15, 30_000);
    engine.process.kill("SIGKILL");
    expect(await engine.ended).toBe("SIGKILL");
    await buyers.stop();
    acknowledged.push(...buyers.paid);
  }
  const engine = await startProgram(env);
  expect(engine.log()[0]).toMatchObject({ msg: "Embedded PostgreSQL attached" });
  await expectKept(engine, acknowledged, env);
  engine.process.kill("SIGTERM");
  expect(await engine.ended).toBe(0);
  expect(await databaseProcess(env.CARTWRIGHT_DATA_DIR)).toBeUndefined();
});

test("N4 kill -9 of the database under load: 503 meanwhile, and it goes on by itself with all that was acknowledged", async () => {
  const env = await newShop();
  const engine = await startProgram(env);
  const buyers = await crowd(engine);
  for (let round = 1; round <= 2; round += 1) {
    const before = buyers.paid.length;
    await waitUntil(() => buyers.paid.length > before + 15, 30_000);
    const refused = buyers.outcomes.filter((outcome) => "status" in outcome && outcome.status === 503).length;
    process.kill((await databaseProcess(env.CARTWRIGHT_DATA_DIR)) as number, "SIGKILL");
    await waitUntil(
      () =>
        buyers.outcomes.filter((outcome) => "status" in outcome && outcome.status === 503).length > refused,
    );
  }
  const before = buyers.paid.length;
  await waitUntil(() => buyers.paid.length > before + 15, 30_000);
  await buyers.stop();
  expect(complaints(buyers.outcomes)).toEqual([]);
  expect((await fetch(`${engine.url}/health/ready`)).status).toBe(200);
  await expectKept(engine, buyers.paid, env);
  engine.process.kill("SIGTERM");
  expect(await engine.ended).toBe(0);
  expect(await databaseProcess(env.CARTWRIGHT_DATA_DIR)).toBeUndefined();
});

test("two engines on one data directory: whoever stops first leaves the other its database", async () => {
  const env = await newShop();
  const [first, second] = await Promise.all([startProgram(env), startProgram(env)]);
  const buyers = await crowd(second, 2);
  await waitUntil(() => buyers.paid.length > 3, 30_000);
  first.process.kill("SIGTERM");
  expect(await first.ended).toBe(0);
  expect(first.log().map(({ msg }) => msg)).toContain("Embedded PostgreSQL left running");
  const { length } = buyers.paid;
  await waitUntil(() => buyers.paid.length > length + 3);
  await buyers.stop();
  expect(complaints(buyers.outcomes)).toEqual([]);
  await expectKept(second, buyers.paid, env);
  second.process.kill("SIGTERM");
  expect(await second.ended).toBe(0);
  expect(await databaseProcess(env.CARTWRIGHT_DATA_DIR)).toBeUndefined();
});

test("N2 three processes that start at once on an empty data directory come up with one store and one secret", async () => {
  const env = { CARTWRIGHT_DATA_DIR: path.join(await newDirectory(), "data"), CARTWRIGHT_SEED: "none" };
  const engines = await Promise.all([1, 2, 3].map(() => startProgram(env)));
  expect(new Set(engines.map(({ clientId }) => clientId)).size).toBe(1);
  const secrets = engines.flatMap(({ clientSecret }) => clientSecret ?? []);
  expect(secrets).toHaveLength(1);
  const authorization = `Bearer ${await shopToken(engines[0]!, secrets[0] as string)}`;
  for (const { url } of engines) {
    expect((await fetch(`${url}/v2/settings`, { headers: { authorization } })).status).toBe(200);
  }
  for (const engine of engines) engine.process.kill("SIGINT");
  expect(await Promise.all(engines.map(({ ended }) => ended))).toEqual([0, 0, 0]);
  expect(await databaseProcess(env.CARTWRIGHT_DATA_DIR)).toBeUndefined();
  expect(await readdir(env.CARTWRIGHT_DATA_DIR)).not.toContain("starting.lock");
});
