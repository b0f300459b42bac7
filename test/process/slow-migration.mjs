// Begins a migration of the database of a URL that takes an hour, with the program as it was built.
import { openDatabase } from "../../dist/storage/postgres/database.js";
import { migrate } from "../../dist/storage/postgres/migrate.js";

const database = openDatabase({
  connection: { connectionString: process.argv[2] },
  maxConnections: 1,
  onError() {},
});
const steps = [
  "create table one (id integer); insert into one values (1)",
  "create table two (id integer); insert into two values (2); select pg_sleep(3600)",
];
await migrate(
  database,
  steps.map((sql, index) => ({ version: index + 1, name: `step-${index + 1}`, breaking: false, sql })),
);
