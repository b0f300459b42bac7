import { Client } from "pg";
import { expect, test } from "vitest";
import { startTestDatabase } from "../embedded-database.ts";

test("the test database hands out fresh databases, by connection and by URL, and copies of one", async () => {
  const tests = await startTestDatabase();
  const other = await startTestDatabase();
  const first = await tests.createDatabase();
  const client = new Client(first);
  await client.connect();
  await client.query("create table things as select 1 as one");
  await client.end();

  const copy = await other.createDatabase(first.database);
  const byUrl = new Client(tests.url(copy.database));
  await byUrl.connect();
  expect(
    (await byUrl.query("select one, current_database() as name, current_user as role from things")).rows,
  ).toEqual([{ one: 1, name: copy.database, role: "cartwright" }]);
  await byUrl.end();

  const empty = new Client(await tests.createDatabase());
  await empty.connect();
  await expect(empty.query("select * from things")).rejects.toMatchObject({ code: "42P01" });
  await empty.end();

  await tests.close();
  const stillThere = new Client(copy);
  await stillThere.connect();
  expect((await stillThere.query("show fsync")).rows).toEqual([{ fsync: "off" }]);
  await stillThere.end();
  await other.close();
});
