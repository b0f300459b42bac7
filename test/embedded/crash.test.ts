import { spawn } from "node:child_process";
import { readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { Client } from "pg";
import { beforeAll, expect, test } from "vitest";
import type { Connection } from "../../src/storage/embedded/connection.ts";
import {
  asSuperuser,
  installProgram,
  isRoot,
  openHere,
  query,
  serverPid,
  startOpener,
  testDirectory,
  waitUntil,
} from "./openers.ts";

let program: string;
beforeAll(async () => {
  program = await testDirectory();
  await installProgram(program);
});

/** Inserts numbers until the connection breaks, and notes those whose insert was acknowledged. */
async function write(
  connection: Connection,
  numbers: Iterator<number>,
  acknowledged: number[],
): Promise<void> {
  const client = new Client(connection);
  client.on("error", () => {});
  await client.connect();
  try {
    for (;;) {
      const number = numbers.next().value;
      await client.query("insert into acknowledged (number) values ($1)", [number]);
      acknowledged.push(number);
    }
  } catch {
    client.end().catch(() => {});
  }
}

function* counting(): Generator<number, never> {
  for (let number = 0; ; number++) yield number;
}

test("N4 kill -9 of engine and database under writes loses nothing that was acknowledged (5 rounds)", async () => {
  const dataDirectory = await testDirectory();
  const cluster = path.join(dataDirectory, "postgres");
  const acknowledged: number[] = [];
  const numbers = counting();
  for (let round = 1; round <= 5; round++) {
    const engine = await startOpener(program);
    const { how, connection } = await engine.open({ dataDirectory });
    expect(how).toBe(round === 1 ? "created" : "started");
    await query(connection!, "create table if not exists acknowledged (number int primary key)");
    const before = acknowledged.length;
    const writers = [1, 2, 3, 4].map(() => write(connection!, numbers, acknowledged));
    await waitUntil(() => acknowledged.length > before + 200);
    engine.process.kill("SIGKILL");
    process.kill(await serverPid(cluster), "SIGKILL");
    await Promise.all(writers);
    await engine.end();

    const next = await openHere(dataDirectory);
    expect(next.how).toBe("started");
    const found = new Set(
      (await query(next.connection, "select number from acknowledged")).map((row) => row.number),
    );
    expect(acknowledged.filter((number) => !found.has(number))).toEqual([]);
    await next.close();
  }
  expect(acknowledged.length).toBeGreaterThan(1000);
});

test("N4 a stale postmaster.pid whose number belongs to another process by now does not stop the next start", async () => {
  const dataDirectory = await testDirectory();
  const cluster = path.join(dataDirectory, "postgres");
  const engine = await startOpener(program);
  const { connection } = await engine.open({ dataDirectory });
  await query(connection!, "create table things as select 7 as number");
  const file = path.join(cluster, "postmaster.pid");
  const lines = (await readFile(file, "utf8")).split("\n");
  engine.process.kill("SIGKILL");
  const pid = await serverPid(cluster);
  process.kill(pid, "SIGKILL");
  await waitUntil(async () => (await serverPid(cluster)) === 0);

  // Of the same user as the server: PostgreSQL itself sees through the others.
  const { uid, gid } = await stat(cluster);
  const stranger = spawn("sleep", ["600"], { ...(isRoot ? { uid, gid } : {}), stdio: "ignore" });
  await writeFile(file, [String(stranger.pid), ...lines.slice(1)].join("\n"));
  const next = await openHere(dataDirectory);
  expect(next.how).toBe("started");
  expect(await query(next.connection, "select number from things")).toEqual([{ number: 7 }]);
  await next.close();
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  stranger.kill("SIGKILL");
});

test.each([
  ["empty", ""],
  ["broken off", "9999999\n"],
])("a left-over postmaster.pid that is %s does not stop the next start", async (_, text) => {
  const dataDirectory = await testDirectory();
  await (await openHere(dataDirectory)).close();
  await writeFile(path.join(dataDirectory, "postgres", "postmaster.pid"), text);
  const next = await openHere(dataDirectory);
  expect(next.how).toBe("started");
  await next.close();
});

test("two processes that find a killed database at once: one starts it, the other attaches (5 rounds)", async () => {
  const dataDirectory = await testDirectory();
  const cluster = path.join(dataDirectory, "postgres");
  await (await openHere(dataDirectory)).close();
  for (let round = 0; round < 5; round++) {
    const victim = await startOpener(program);
    await victim.open({ dataDirectory });
    victim.process.kill("SIGKILL");
    process.kill(await serverPid(cluster), "SIGKILL");
    const openers = await Promise.all([startOpener(program), startOpener(program)]);
    const answers = await Promise.all(openers.map((opener) => opener.open({ dataDirectory })));
    expect(answers.map((answer) => answer.how ?? answer).sort()).toEqual(["attached", "started"]);
    for (const opener of openers) expect(await opener.close()).toEqual({ closed: true });
    for (const opener of openers) await opener.end();
    expect(await serverPid(cluster)).toBe(0);
  }
});

test.each(["the server", "one of its connections"])(
  "when %s is killed the process lives on, gets its database back at the same address, and still holds it",
  async (victim) => {
    const dataDirectory = await testDirectory();
    const cluster = path.join(dataDirectory, "postgres");
    const warnings: string[] = [];
    const messages: string[] = [];
    const engine = await openHere(dataDirectory, {
      info: (_, message) => void messages.push(message),
      warn: (_, message) => void warnings.push(message),
    });
    const [row] = await query(asSuperuser(engine.connection), "select pg_backend_pid() as pid");
    expect(row).toEqual({ pid: expect.any(Number) });
    if (victim === "the server") process.kill(await serverPid(cluster), "SIGKILL");
    else {
      const client = new Client(engine.connection);
      client.on("error", () => {});
      await client.connect();
      const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
      process.kill(rows[0]!.pid, "SIGKILL");
    }
    await waitUntil(() => messages.length === 2);
    expect(warnings).toEqual(["Embedded PostgreSQL went away; joining or starting it again"]);
    expect(await query(engine.connection, "select 1 as one")).toEqual([{ one: 1 }]);

    const command = await openHere(dataDirectory);
    expect(command.how).toBe("attached");
    await command.close();
    expect(await query(engine.connection, "select 1 as one")).toEqual([{ one: 1 }]);
    await engine.close();
    expect(await serverPid(cluster)).toBe(0);
  },
);

test.each(["the server", "one of its connections"])(
  "closing just after %s was killed neither fails nor leaves a server running",
  async (victim) => {
    const dataDirectory = await testDirectory();
    const cluster = path.join(dataDirectory, "postgres");
    const engine = await openHere(dataDirectory);
    const client = new Client(engine.connection);
    client.on("error", () => {});
    await client.connect();
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    process.kill(victim === "the server" ? await serverPid(cluster) : rows[0]!.pid, "SIGKILL");
    await engine.close();
    expect(await serverPid(cluster)).toBe(0);
  },
);
