import pg from "pg";
import { expect, test } from "vitest";
import { explained, UnusableDatabaseError } from "./unusable-database.ts";

const url = "postgres://me:Kn0ck@db.example.com:6543/shop?sslmode=require";

function answered(message: string, code: string): Error {
  return Object.assign(new pg.DatabaseError(message, message.length, "error"), { code });
}

function system(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

test.each([
  [answered('password authentication failed for user "me"', "28P01"), "Check user and password"],
  [answered('no pg_hba.conf entry for host "10.0.0.1"', "28000"), "pg_hba.conf"],
  [answered('database "shop" does not exist', "3D000"), "Create it"],
  [answered("permission denied for schema public", "42501"), "grant it create"],
  [answered("sorry, too many clients already", "53300"), "CARTWRIGHT_POOL_SIZE"],
  [answered("cannot execute INSERT in a read-only transaction", "25006"), "primary server"],
  [answered("the database system is starting up", "57P03"), "Start again in a moment"],
  [system("connect ECONNREFUSED 10.0.0.9:6543", "ECONNREFUSED"), "Is the server running"],
  [system("connect ENOENT /var/run/.s.PGSQL.5432", "ENOENT"), "socket's folder"],
  [system("ENOENT: no such file or directory, open '/ca.pem'", "ENOENT"), "sslrootcert"],
  [system("getaddrinfo ENOTFOUND db.example.com", "ENOTFOUND"), "percent-encoded"],
  [system("self-signed certificate", "DEPTH_ZERO_SELF_SIGNED_CERT"), "sslmode"],
  [new Error("The server does not support SSL connections"), "sslmode"],
  [new Error("timeout expired"), "firewall"],
  [new Error("Connection terminated unexpectedly"), "a PostgreSQL server?"],
  [new Error("SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string"), "have the password"],
])("%s", (error, advice) => {
  const told = explained(error, url) as Error;
  expect(told).toBeInstanceOf(UnusableDatabaseError);
  expect(told.message).toMatch(/^The database at me@db\.example\.com:6543\/shop cannot be used: /);
  expect(told.message).toContain(error.message);
  expect(told.message).toContain(advice);
  expect(told.message).not.toContain("Kn0ck");
});

test("an error that sums up others is told in the words of the first", () => {
  const both = new AggregateError([
    system("connect ECONNREFUSED ::1:5432", "ECONNREFUSED"),
    system("connect ECONNREFUSED 127.0.0.1:5432", "ECONNREFUSED"),
  ]);
  expect((explained(both, url) as Error).message).toContain(
    "connect ECONNREFUSED ::1:5432. Is the server running",
  );
});

test("what nobody can mend, and what is explained already, stays as it is", () => {
  for (const error of [new Error("x is undefined"), answered("syntax error", "42601"), "no error"]) {
    expect(explained(error, url)).toBe(error);
  }
  const told = explained(system("connect ECONNREFUSED", "ECONNREFUSED"), url);
  expect(explained(told, url)).toBe(told);
});

test("a socket is named by its folder", () => {
  const told = explained(
    answered("no", "3D000"),
    "postgres://me:Kn0ck@localhost/shop?host=%2Frun%2Fpg",
  ) as Error;
  expect(told.message).toContain("me@/run/pg/shop");
});
