import { chmod, cp, mkdir, readdir, readFile, realpath, rm, stat } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { openEmbeddedPostgres } from "../../src/storage/embedded/embedded-postgres.ts";
import {
  asSuperuser,
  binariesOf,
  installProgram,
  isRoot,
  listedLinks,
  nobody,
  openHere,
  query,
  serverPid,
  startOpener,
  testDirectory,
} from "./openers.ts";

let program: string;
beforeAll(async () => {
  program = await testDirectory();
  await installProgram(program);
});

/** Who a process runs as. */
async function ownerOf(pid: number): Promise<number> {
  return (await stat(`/proc/${pid}`)).uid;
}

/** A program as it is after an install that ran no scripts. */
async function programWithoutLinks(): Promise<string> {
  const copy = path.join(await testDirectory(), "program");
  await cp(program, copy, { recursive: true, verbatimSymlinks: true });
  for (const link of await listedLinks()) await rm(path.join(binariesOf(copy), link), { force: true });
  return copy;
}

test("libraries whose links an install without scripts left out are linked at the first start", async () => {
  const copy = await programWithoutLinks();
  const dataDirectory = await testDirectory();
  const opener = await startOpener(copy);
  expect(await opener.open({ dataDirectory })).toMatchObject({ how: "created" });
  expect(await opener.close()).toEqual({ closed: true });
  await opener.end();
  for (const link of await listedLinks()) {
    const file = path.join(binariesOf(copy), link);
    expect((await realpath(file)).startsWith(path.join(binariesOf(copy), "lib"))).toBe(true);
  }
  expect(await readdir(dataDirectory)).not.toContain("binaries");
});

if (isRoot) {
  describe("as root", () => {
    test("the server runs as an unprivileged user, whom the database belongs to", async () => {
      const dataDirectory = await testDirectory();
      const database = await openHere(dataDirectory);
      const cluster = path.join(dataDirectory, "postgres");
      const { uid } = await stat(cluster);
      expect(uid).not.toBe(0);
      expect(await ownerOf(await serverPid(cluster))).toBe(uid);
      await database.close();
    });

    test("an ordinary user has everything in place, and root joins and starts it as that user", async () => {
      const dataDirectory = path.join(await testDirectory(nobody), "data");
      const cluster = path.join(dataDirectory, "postgres");
      const opener = await startOpener(program, nobody);
      expect(await opener.open({ dataDirectory })).toMatchObject({
        how: "created",
        connection: { host: cluster },
      });
      expect(await ownerOf(await serverPid(cluster))).toBe(nobody.uid);
      const attached = await openHere(dataDirectory);
      expect(attached.how).toBe("attached");
      expect(await opener.close()).toEqual({ closed: true });
      await attached.close();
      expect(await serverPid(cluster)).toBe(0);

      await rm(path.join(dataDirectory, "postgres.log"));
      const started = await openHere(dataDirectory);
      expect(started.how).toBe("started");
      expect(await ownerOf(await serverPid(cluster))).toBe(nobody.uid);
      await started.close();
      // Root's start left nothing behind that is closed to the owner.
      expect(await opener.open({ dataDirectory })).toMatchObject({ how: "started" });
      expect(await opener.close()).toEqual({ closed: true });
      await opener.end();
      expect((await readdir(dataDirectory)).sort()).toEqual(["postgres", "postgres.log"]);
    });

    test("an ordinary user does not get at a database that root made, and is told why", async () => {
      const dataDirectory = await testDirectory();
      await chmod(dataDirectory, 0o755);
      const database = await openHere(dataDirectory);
      const opener = await startOpener(program, nobody);
      const refused = {
        refused: "EmbeddedPostgresError",
        message: expect.stringMatching(/cannot be opened by this user: EACCES.*as the user who made it/s),
      };
      expect(await opener.open({ dataDirectory })).toEqual(refused);
      await database.close();
      expect(await opener.open({ dataDirectory })).toEqual(refused);
      await opener.end();
    });

    test("an ordinary user who cannot write to the package gets a copy of its binaries when links are missing", async () => {
      const copy = await programWithoutLinks();
      const dataDirectory = await testDirectory(nobody);
      const opener = await startOpener(copy, nobody);
      expect(await opener.open({ dataDirectory })).toMatchObject({ how: "created" });
      expect(await opener.close()).toEqual({ closed: true });
      expect(await opener.open({ dataDirectory })).toMatchObject({ how: "started" });
      expect(await opener.close()).toEqual({ closed: true });
      await opener.end();
      expect(await readdir(path.join(dataDirectory, "binaries"))).toEqual([
        expect.stringMatching(/^postgresql-18\.[^/]*[0-9]$/),
      ]);
    });

    describe("in a closed home directory", () => {
      test("binaries and database go where the server's user gets in, and the home stays closed", async () => {
        const home = await testDirectory();
        await chmod(home, 0o700);
        await cp(program, path.join(home, "program"), { recursive: true, verbatimSymlinks: true });
        const dataDirectory = path.join(home, "shop", ".cartwright");
        const sharedDirectory = path.join(await testDirectory(), "lib", "cartwright");
        const opener = await startOpener(path.join(home, "program"));
        const created = await opener.open({ dataDirectory, sharedDirectory });
        expect(created.how).toBe("created");
        expect(created.logged?.map(({ message }) => message)).toEqual([
          expect.stringContaining("the database is kept elsewhere"),
          "Embedded PostgreSQL created",
        ]);
        await query(created.connection!, "create table things as select 7 as number");
        const [at] = await query(
          asSuperuser(created.connection!),
          "select current_setting('data_directory') as at",
        );
        expect(path.dirname(path.dirname(String(at?.at)))).toBe(sharedDirectory);
        expect((await opener.close()).closed).toBe(true);
        expect(await opener.open({ dataDirectory, sharedDirectory })).toMatchObject({ how: "started" });

        const [binaries, database] = (await readdir(sharedDirectory)).sort();
        expect(binaries).toMatch(/^postgresql-18/);
        expect(database).toMatch(/^shop-[0-9a-f]{12}$/);
        for (const shared of ["", binaries!, path.join(binaries!, "bin/postgres"), database!]) {
          const { uid, mode } = await stat(path.join(sharedDirectory, shared));
          expect([uid, mode & 0o022]).toEqual([0, 0]);
        }
        expect((await stat(home)).mode & 0o777).toBe(0o700);
        expect((await readdir(dataDirectory)).sort()).toEqual(["database-location.json", "postgres.log"]);

        // A copy of the folder must not work on the database of the original.
        const copy = path.join(home, "copy");
        await cp(dataDirectory, copy, { recursive: true });
        expect(await opener.open({ dataDirectory: copy, sharedDirectory })).toMatchObject({
          message: expect.stringContaining(`${copy} is a copy of ${dataDirectory}`),
        });
        await opener.close();

        // A folder that was moved takes its database along.
        await rm(dataDirectory, { recursive: true });
        const moved = await opener.open({ dataDirectory: copy, sharedDirectory });
        expect(moved.how).toBe("started");
        expect(await query(moved.connection!, "select number from things")).toEqual([{ number: 7 }]);
        await opener.close();

        // A folder that was removed does not get its old database back.
        expect(await opener.open({ dataDirectory, sharedDirectory })).toMatchObject({ how: "created" });
        await opener.close();

        const location = JSON.parse(await readFile(path.join(copy, "database-location.json"), "utf8"));
        await rm(location.home, { recursive: true });
        expect(await opener.open({ dataDirectory: copy, sharedDirectory })).toMatchObject({
          message: expect.stringMatching(/was kept in .* and is not there any more/),
        });
        await opener.end();
      });

      test("without a place that is open to the server's user, root is told what to do", async () => {
        const home = await testDirectory();
        await chmod(home, 0o700);
        const dataDirectory = path.join(home, "data");
        const sharedDirectory = path.join(home, "shared");
        await mkdir(sharedDirectory);
        const opened = openEmbeddedPostgres({
          dataDirectory,
          sharedDirectory,
          log: { info() {}, warn() {} },
        });
        await expect(opened).rejects.toThrow(/gets neither into .*Set CARTWRIGHT_DATA_DIR/s);
        expect(await readdir(dataDirectory)).toEqual([]);
      });
    });
  });
} else {
  console.log(
    "Not run, because they need root: the embedded database as root and in closed home directories.",
  );
}
