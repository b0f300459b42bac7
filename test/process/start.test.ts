import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestDatabase, type TestDatabase } from "../embedded-database.ts";
import { waitUntil } from "../engine.ts";
import { shopperToken, shopToken } from "./buyers.ts";
import { hold, theirTables } from "./held.ts";
import { freePort, newDirectory, runCommand, runProgram, started, startProgram } from "./program.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.close());

async function newDatabase() {
  return {
    DATABASE_URL: database.url((await database.createDatabase()).database),
    CARTWRIGHT_DATA_DIR: await newDirectory(),
  };
}

/** The status of an answer, or undefined when there is none. */
async function statusOf(url: string, init?: RequestInit): Promise<number | undefined> {
  return fetch(url, init).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.status;
    },
    () => undefined,
  );
}

test("a start tells address, keys and a first request that works", async () => {
  const run = runProgram(["start"], { ...(await newDatabase()), CARTWRIGHT_SEED: "demo", PORT: "0" });
  await waitUntil(() => run.stdout().includes("Bearer"), 30_000);
  const printed = run.stdout();
  const url = /Cartwright listens on (http:\/\/127\.0\.0\.1:\d+)\n/.exec(printed)?.[1] as string;
  const clientId = /client id +(\S+)\n/.exec(printed)?.[1] as string;
  const secret = /client secret +([0-9a-f]{60})\n/.exec(printed)?.[1] as string;
  expect(await shopToken({ url, clientId }, secret)).toEqual(expect.any(String));
  const first = printed.slice(printed.indexOf("TOKEN="));
  const { stdout } = await promisify(execFile)("sh", ["-c", first]);
  expect(JSON.parse(stdout).data.length).toBeGreaterThan(10);
});

test("N3 live at once, ready when everything is up, and from then on nothing fails", async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { ...(await newDatabase()), CARTWRIGHT_SEED: "demo", PORT: String(port) };
  const held = await hold({ connectionString: env.DATABASE_URL }, theirTables);
  const run = runProgram(["start", "--json"], {
    ...env,
    CARTWRIGHT_CLIENT_ID: "us",
    CARTWRIGHT_CLIENT_SECRET: "hush",
  });
  await held.waiting(1);
  expect(await statusOf(`${url}/health/live`)).toBe(200);
  expect(await statusOf(`${url}/health/ready`)).toBe(503);
  // What comes before the engine is ready is not refused; it waits.
  const early = shopperToken({ url, clientId: "us" });
  const seen: (number | undefined)[] = [];
  const ready = waitUntil(async () => {
    seen.push(await statusOf(`${url}/health/ready`));
    return seen.at(-1) === 200;
  }, 30_000);
  await held.letGo("rollback");
  await ready;
  expect(seen.slice(0, -1).filter((status) => status !== 503)).toEqual([]);

  const headers = { authorization: `Bearer ${await early}` };
  const paths = ["/health/ready", "/v2/products", "/v2/currencies", "/health/live"];
  const hammer = async (): Promise<(number | undefined)[]> => {
    const statuses: (number | undefined)[] = [];
    for (let round = 0; round < 20; round += 1) {
      for (const path of paths) statuses.push(await statusOf(`${url}${path}`, { headers }));
    }
    return statuses;
  };
  const statuses = (await Promise.all([hammer(), hammer(), hammer()])).flat();
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  await started(run);
});

test("N2 four processes start at once on an empty database: one makes everything, all come up", async () => {
  const env = { ...(await newDatabase()), CARTWRIGHT_SEED: "demo" };
  const engines = await Promise.all([1, 2, 3, 4].map(() => startProgram(env)));
  const migrated = engines.flatMap((engine) => engine.log().filter(({ msg }) => msg === "schema migrated"));
  expect(migrated.map(({ version }) => version).sort()).toEqual(
    [...new Set(migrated.map(({ version }) => version))].sort(),
  );
  expect(new Set(engines.map(({ clientId }) => clientId)).size).toBe(1);
  const secrets = engines.flatMap(({ clientSecret }) => clientSecret ?? []);
  expect(secrets).toHaveLength(1);
  // A token of one is good for all.
  const bearer = await shopToken(engines[0]!, secrets[0] as string);
  for (const { url } of engines) {
    expect(await statusOf(`${url}/v2/settings`, { headers: { authorization: `Bearer ${bearer}` } })).toBe(
      200,
    );
  }
  const { stdout } = await runCommand(["seed", "--json"], env);
  expect(JSON.parse(stdout).products).toBe(0);
  for (const engine of engines) engine.process.kill("SIGTERM");
  expect(await Promise.all(engines.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
});

test("what waits for an engine that does not come up is cut off", async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { ...(await newDatabase()), PORT: String(port) };
  const held = await hold({ connectionString: env.DATABASE_URL }, theirTables);
  const run = runProgram(["start"], env);
  await held.waiting(1);
  const early = statusOf(`${url}/v2/products`);
  expect(await statusOf(`${url}/health/live`)).toBe(200);
  // The program meets a table of somebody else, and does not know what to do with it.
  await held.letGo("commit");
  expect(await run.ended).toBe(1);
  expect(await early).toBeUndefined();
});
