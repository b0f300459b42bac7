import { spawnSync } from "node:child_process";
import { chmod, readdir } from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestDatabase, type TestDatabase } from "../embedded-database.ts";
import { waitUntil } from "../engine.ts";
import {
  type Environment,
  freePort,
  newDirectory,
  program,
  runCommand,
  runProgram,
  startProgram,
  takenPort,
} from "./program.ts";

const nobody = { uid: 65_534, gid: 65_534 };
/** Root may write everywhere, so its test runs as somebody else, where that user gets at Node and this checkout. */
const somebody = process.getuid?.() === 0 ? nobody : {};
const somebodyRuns =
  spawnSync(process.execPath, ["--check", program], { ...somebody, cwd: "/" }).status === 0;

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

/** That it ends with 1, says the text and nothing else: no stack of calls, no help. */
async function expectRefusal(
  args: readonly string[],
  env: Environment,
  text: string | RegExp,
): Promise<void> {
  const { code, stdout, stderr } = await runCommand(args, env);
  expect(stderr).toMatch(text);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe("");
  expect(code).toBe(1);
}

describe("the command line", () => {
  test("every command has --help, and the program's names them all and every variable", async () => {
    const { stdout, code } = await runCommand(["--help"]);
    expect(code).toBe(0);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map((match) => match[1] as string);
    expect(commands).toEqual(
      expect.arrayContaining(["start", "migrate", "seed", "keys", "doctor", "reconcile", "simulate"]),
    );
    expect(stdout).toMatch(/PORT .*HOST .*DATABASE_URL .*CARTWRIGHT_DATA_DIR .*CARTWRIGHT_SEED .*LOG_LEVEL/s);
    const helps = await Promise.all(
      commands.filter((name) => name !== "help").map((name) => runCommand([name, "--help"])),
    );
    for (const help of helps) {
      expect(help.code).toBe(0);
      expect(help.stdout).toMatch(/^Usage: cartwright [a-z]+.*--json/s);
    }
  });

  test.each([
    [["foo"], "unknown command 'foo'"],
    [["start", "now"], "too many arguments"],
    [["keys", "--make"], "unknown option '--make'"],
    [["keys", "--remove"], "argument missing"],
  ])("%j is refused in a line", async (args, text) => {
    await expectRefusal(args, {}, new RegExp(`^error: .*${text}.*\n.*--help`));
  });

  test("without a command it says what there is", async () => {
    const { code, stderr } = await runCommand([]);
    expect(stderr).toMatch(/^Usage: cartwright/);
    expect(code).toBe(1);
  });
});

describe("the simulator alone", () => {
  test("listens where it is told, keeps its books in a file and ends cleanly", async () => {
    const port = await freePort();
    const file = path.join(await newDirectory(), "books.jsonl");
    const pay = async (url: string) => {
      const answer = await fetch(`${url}/v1/payment_intents`, {
        method: "POST",
        headers: { authorization: "Bearer sk_test_1", "content-type": "application/x-www-form-urlencoded" },
        body: "amount=500&currency=usd&confirm=true&payment_method=pm_card_visa",
      });
      expect(await answer.json()).toMatchObject({ status: "succeeded", amount_received: 500 });
    };
    for (const references of [1, 2]) {
      const run = runProgram(["simulate", "--json", "--port", String(port), "--file", file]);
      await waitUntil(() => run.stdout().includes("\n}"), 30_000);
      const { url } = JSON.parse(run.stdout());
      expect(url).toBe(`http://127.0.0.1:${port}`);
      await pay(url);
      const books = (await (await fetch(`${url}/simulator/ledger`)).json()) as { references: object[] };
      expect(books.references).toHaveLength(references);
      run.process.kill("SIGTERM");
      expect(await run.ended).toBe(0);
    }
  });

  test("says in a sentence what keeps it from running", async () => {
    const taken = await takenPort();
    await expectRefusal(
      ["simulate", "--port", String(taken.port)],
      {},
      `Port ${taken.port} of 127.0.0.1 is in use`,
    );
    await taken.free();
    await expectRefusal(["simulate", "--port", "many"], {}, /whole number from 0 to 65535/);
    await expectRefusal(["simulate", "--webhooks", "http://127.0.0.1:1"], {}, /belong together/);
  });
});

describe("a wrong environment", () => {
  test("is told in one list, and nothing is started", async () => {
    const directory = path.join(await newDirectory(), "data");
    const { code, stdout, stderr } = await runCommand(["start"], {
      PORT: "70000",
      DATABASE_URL: "mysql://me@localhost/shop",
      CARTWRIGHT_DATA_DIR: directory,
      CARTWRIGHT_SEED: "everything",
      CARTWRIGHT_CLIENT_SECRET: "has spaces",
      CARTWRIGHT_SECRET: "short",
      CARTWRIGHT_POOL_SIZE: "many",
      LOG_LEVEL: "loud",
    });
    const [title, ...problems] = stderr.trimEnd().split("\n");
    expect(title).toBe("The configuration is not valid:");
    expect(problems.map((line) => /^ {2}- (\w+)/.exec(line)?.[1]).sort()).toEqual([
      "CARTWRIGHT_CLIENT_ID",
      "CARTWRIGHT_CLIENT_SECRET",
      "CARTWRIGHT_POOL_SIZE",
      "CARTWRIGHT_SECRET",
      "CARTWRIGHT_SEED",
      "DATABASE_URL",
      "LOG_LEVEL",
      "PORT",
    ]);
    expect(stderr).not.toContain("has spaces");
    expect([code, stdout]).toEqual([1, ""]);
    await expect(readdir(directory)).rejects.toThrow("ENOENT");
  });

  test("a port in use is told before anything is made", async () => {
    const taken = await takenPort();
    const directory = path.join(await newDirectory(), "data");
    const env = { PORT: String(taken.port), CARTWRIGHT_DATA_DIR: directory };
    await expectRefusal(["start"], env, `Port ${taken.port} of localhost is in use`);
    await taken.free();
    await expect(readdir(directory)).rejects.toThrow("ENOENT");
  });

  test("an address of another machine", async () => {
    const env = { ...(await newDatabase()), HOST: "192.0.2.1", PORT: "0" };
    await expectRefusal(["start"], env, /^HOST is 192\.0\.2\.1, which is no address of this machine/);
  });

  test.runIf(somebodyRuns)("a data directory that the user may not write to", async () => {
    const directory = await newDirectory();
    await chmod(directory, 0o555);
    const env = { CARTWRIGHT_DATA_DIR: path.join(directory, "data"), PORT: "0" };
    const refused = await runCommand(["start"], env, somebody);
    expect(refused.stderr).toMatch(
      /^The data directory .*\/data cannot be used: EACCES.*Set CARTWRIGHT_DATA_DIR/,
    );
    expect(refused.code).toBe(1);
    await chmod(directory, 0o711);
  });

  test("a data directory that is a file, also where it would hold the secret only", async () => {
    const env = { ...(await newDatabase()), CARTWRIGHT_DATA_DIR: import.meta.filename };
    await expectRefusal(
      ["migrate"],
      env,
      /^The secret that signs tokens cannot be kept in .*Set CARTWRIGHT_SECRET/,
    );
    const embedded = { CARTWRIGHT_DATA_DIR: import.meta.filename, PORT: "0" };
    await expectRefusal(["start"], embedded, /^The data directory .* cannot be used: .*CARTWRIGHT_DATA_DIR/);
  });
});

describe("a database that cannot be used", () => {
  const password = "Kn0ck-kn0ck";

  test("nobody listens", async () => {
    const env = { DATABASE_URL: `postgres://me:${password}@localhost:1/shop`, PORT: "0" };
    await expectRefusal(
      ["start"],
      env,
      /^The database at me@localhost:1\/shop cannot be used: connect ECONNREFUSED/,
    );
  });

  test("the host is not known", async () => {
    const env = { DATABASE_URL: `postgres://me:${password}@nowhere.invalid/shop` };
    await expectRefusal(
      ["doctor"],
      env,
      /cannot be used: getaddrinfo .*nowhere\.invalid\. Is the host right\?/,
    );
  });

  test("the database is not there", async () => {
    const env = { ...(await newDatabase()), DATABASE_URL: database.url("no_such_database") };
    await expectRefusal(["migrate"], env, /database "no_such_database" does not exist\. Create it/);
  });

  test("the user is not there", async () => {
    const url = database.url("postgres").replace(/:\/\/[^@]*@/, `://stranger:${password}@`);
    const env = { ...(await newDatabase()), DATABASE_URL: url };
    await expectRefusal(
      ["start"],
      { ...env, PORT: "0" },
      /role "stranger" does not exist\. Check user and password/,
    );
  });

  test("no message tells the password", async () => {
    for (const url of [
      `postgres://me:${password}@localhost:1/shop`,
      `postgres://me:${password}#@localhost/shop`,
    ]) {
      const { code, stderr } = await runCommand(["start"], { DATABASE_URL: url, PORT: "0" });
      expect(code).toBe(1);
      expect(stderr).not.toContain("Kn0ck");
    }
  });
});

describe("commands on a database", () => {
  test("those that look find nothing where nothing is, and make nothing", async () => {
    const env = await newDatabase();
    for (const command of ["doctor", "keys", "reconcile"]) {
      await expectRefusal([command], env, "There is no Cartwright in this database yet");
    }
    const embedded = { CARTWRIGHT_DATA_DIR: path.join(await newDirectory(), "data") };
    await expectRefusal(["doctor"], embedded, "There is no database in ");
    await expect(readdir(embedded.CARTWRIGHT_DATA_DIR)).rejects.toThrow("ENOENT");
  });

  test("each reports in words, and with --json as JSON", async () => {
    const env = await newDatabase();
    // In words and as JSON by turns: a process takes its time.
    const say = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await runCommand(args, env);
      expect([code, stderr]).toEqual([0, ""]);
      return stdout;
    };
    const json = async (...args: string[]) => JSON.parse(await say(...args, "--json"));

    expect(await json("migrate")).toEqual({
      schema: { version: expect.any(Number), name: expect.any(String) },
    });
    await expectRefusal(["keys"], env, "There is no store yet");
    expect(await json("seed")).toEqual({ products: expect.any(Number), skipped: 0 });
    const made = await json("keys", "--new", "for the shop");
    expect(made).toEqual({ client_id: expect.any(String), client_secret: expect.any(String) });
    expect(await json("keys")).toMatchObject([{ client_id: made.client_id, name: "for the shop" }]);
    expect(await say("keys")).toContain(`${made.client_id}  for the shop`);
    expect(await json("keys", "--remove", made.client_id)).toEqual({ removed: made.client_id });
    await expectRefusal(["keys", "--remove", made.client_id], env, /^There is no key /);
    expect(await say("doctor")).toBe("Stock, movements and orders agree.\n");
    expect(await json("reconcile")).toEqual({
      pending: 0,
      completed: 0,
      failed: 0,
      unknown: 0,
      changed: 0,
      unreachable: 0,
      stuck: 0,
    });
  });

  test("a store that a command made is given the demo store at the next start, and never again", async () => {
    const env = { ...(await newDatabase()), CARTWRIGHT_SEED: "demo" };
    await runCommand(["keys", "--new"], env);
    const client = new pg.Client({ connectionString: env.DATABASE_URL as string });
    await client.connect();
    const products = async () => (await client.query("select count(*)::int from product")).rows[0].count;
    const startAndStop = async () => {
      const engine = await startProgram(env);
      engine.process.kill("SIGTERM");
      expect(await engine.ended).toBe(0);
    };
    await startAndStop();
    expect(await products()).toBeGreaterThan(10);
    await client.query("delete from product where sku <> 'WF-BOWL'");
    await startAndStop();
    expect(await products()).toBe(1);
    await client.end();
  });

  test("the doctor ends with 1 when something differs", async () => {
    const env = await newDatabase();
    await runCommand(["seed"], env);
    const client = new pg.Client({ connectionString: env.DATABASE_URL as string });
    await client.connect();
    await client.query(
      "update stock set total = total + 1 where (store_id, product_id) in (select store_id, product_id from stock limit 1)",
    );
    await client.end();
    const { code, stdout } = await runCommand(["doctor", "--json"], env);
    expect(JSON.parse(stdout).findings).toHaveLength(1);
    expect(code).toBe(1);
  });
});
