import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { beforeAll, expect, inject, test, vi } from "vitest";
import {
  asSuperuser,
  installProgram,
  type Opener,
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

test("N4 the first open creates a durable database on a private socket, the next starts it with what was written", async () => {
  const dataDirectory = path.join(await testDirectory(), "not", "there", "yet");
  const first = await openHere(dataDirectory);
  expect(first.how).toBe("created");
  const [settings] = await query(
    first.connection,
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit,
            current_setting('full_page_writes') as full_page_writes, current_setting('listen_addresses') as addresses,
            current_setting('server_encoding') as encoding, current_setting('timezone') as timezone,
            current_user as user, (select rolsuper from pg_roles where rolname = current_user) as superuser,
            current_database() as database, upper('é') as upper, 'a' < 'B' as by_letter`,
  );
  expect(settings).toEqual({
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    addresses: "",
    encoding: "UTF8",
    timezone: "UTC",
    user: "cartwright",
    superuser: false,
    database: "cartwright",
    upper: "É",
    by_letter: false,
  });
  expect((await stat(first.connection.host)).mode & 0o777).toBe(0o700);
  await query(first.connection, "create table things as select 7 as number");
  await first.close();

  const second = await openHere(dataDirectory);
  expect(second.how).toBe("started");
  expect(await query(second.connection, "select number from things")).toEqual([{ number: 7 }]);
  await second.close();
  expect((await readdir(dataDirectory)).sort()).toEqual(["postgres", "postgres.log"]);
  const log = await readFile(path.join(dataDirectory, "postgres.log"), "utf8");
  expect(log.match(/database system is shut down/g)).toHaveLength(2);
  expect(log).not.toMatch(/immediate shutdown|not properly shut down/);
});

test("a second opener attaches, and the last to leave stops the server", async () => {
  const dataDirectory = await testDirectory();
  const cluster = path.join(dataDirectory, "postgres");
  const engine = await openHere(dataDirectory);
  const pid = await serverPid(cluster);
  const command = await startOpener(program);
  const attached = await command.open({ dataDirectory });
  expect(attached).toMatchObject({ how: "attached", connection: engine.connection });

  await engine.close();
  expect(await serverPid(cluster)).toBe(pid);
  expect(await query(engine.connection, "select 1 as one")).toEqual([{ one: 1 }]);
  expect(await command.close()).toEqual({ closed: true });
  expect(await serverPid(cluster)).toBe(0);
  expect(await readdir(cluster)).not.toContain("postmaster.pid");
  await command.end();
});

test("closing twice is closing once", async () => {
  const dataDirectory = await testDirectory();
  const first = await openHere(dataDirectory);
  const second = await openHere(dataDirectory);
  await Promise.all([first.close(), first.close()]);
  await first.close();
  expect(await query(second.connection, "select 1 as one")).toEqual([{ one: 1 }]);
  await second.close();
});

test("N4 two processes that open one directory at once: one creates or starts, the other attaches (10 rounds)", async () => {
  const openers: [Opener, Opener] = [await startOpener(program), await startOpener(program)];
  const both = async (act: (opener: Opener) => Promise<object>) => Promise.all(openers.map(act));
  for (let round = 0; round < 10; round++) {
    const dataDirectory = await testDirectory();
    const first = await both((opener) => opener.open({ dataDirectory }));
    expect(first.map((answer) => ("how" in answer ? answer.how : answer)).sort()).toEqual([
      "attached",
      "created",
    ]);
    expect(await both((opener) => opener.close())).toEqual([{ closed: true }, { closed: true }]);
    expect(await serverPid(path.join(dataDirectory, "postgres"))).toBe(0);

    const second = await both((opener) => opener.open({ dataDirectory }));
    expect(second.map((answer) => ("how" in answer ? answer.how : answer)).sort()).toEqual([
      "attached",
      "started",
    ]);
    await both((opener) => opener.close());
    expect((await readdir(dataDirectory)).sort()).toEqual(["postgres", "postgres.log"]);
  }
  await both((opener) => opener.end().then(() => ({})));
});

test("openers that meet a server just being stopped start it again", async () => {
  const dataDirectory = await testDirectory();
  const cluster = path.join(dataDirectory, "postgres");
  const openers = await Promise.all([1, 2, 3].map(() => startOpener(program)));
  await Promise.all(
    openers.map(async (opener) => {
      for (let round = 0; round < 20; round++) {
        const { how, connection, ...refusal } = await opener.open({ dataDirectory });
        expect(refusal).toEqual({ logged: expect.anything() });
        expect(["created", "started", "attached"]).toContain(how);
        expect(await query(connection!, "select 1 as one")).toEqual([{ one: 1 }]);
        expect(await opener.close()).toEqual({ closed: true });
      }
    }),
  );
  expect(await serverPid(cluster)).toBe(0);
  for (const opener of openers) await opener.end();
});

test.each([
  ["kill -9", (pid: number) => process.kill(pid, "SIGKILL")],
  ["Ctrl-C in its terminal", (pid: number) => process.kill(-pid, "SIGINT")],
])(
  "the server survives %s of its engine, the next start attaches to it and stops it in the end",
  async (_, end) => {
    const dataDirectory = await testDirectory();
    const cluster = path.join(dataDirectory, "postgres");
    const engine = await startOpener(program);
    const { connection } = await engine.open({ dataDirectory });
    const pid = await serverPid(cluster);
    end(engine.process.pid!);
    await waitUntil(() => engine.process.exitCode !== null || engine.process.signalCode !== null);
    expect(await serverPid(cluster)).toBe(pid);

    const next = await openHere(dataDirectory);
    expect(next).toMatchObject({ how: "attached", connection });
    await next.close();
    expect(await serverPid(cluster)).toBe(0);
  },
);

test("what a killed first start left behind is cleared away", async () => {
  const dataDirectory = await testDirectory();
  await mkdir(path.join(dataDirectory, "postgres.new-abcdef", "base"), { recursive: true });
  await writeFile(path.join(dataDirectory, "postgres.new-abcdef", "PG_VERSION"), "18\n");
  // No process has this number: it is above the limit of Linux and of macOS.
  await writeFile(path.join(dataDirectory, "starting.lock"), `9999999 ${hostname()} x`);
  const database = await openHere(dataDirectory);
  expect(database.how).toBe("created");
  expect((await readdir(dataDirectory)).sort()).toEqual(["postgres", "postgres.log"]);
  await database.close();
});

test("a path too long for a socket puts the socket into a closed temporary directory, removed with the server", async () => {
  const dataDirectory = path.join(await testDirectory(), "long".repeat(30));
  vi.stubEnv("TMPDIR", inject("testRunDirectory"));
  const database = await openHere(dataDirectory);
  const { host } = database.connection;
  expect(path.dirname(host)).toBe(inject("testRunDirectory"));
  expect((await stat(host)).mode & 0o777).toBe(0o700);
  expect(
    await query(asSuperuser(database.connection), "select current_setting('data_directory') as at"),
  ).toEqual([{ at: path.join(dataDirectory, "postgres") }]);
  await database.close();
  await expect(stat(host)).rejects.toThrow("ENOENT");
  vi.unstubAllEnvs();
});
