import pg from "pg";
import { expect, test } from "vitest";
import { loggedError } from "./log.ts";

test("of a database's error neither rows nor values are logged", () => {
  const error = Object.assign(new pg.DatabaseError("new row violates check constraint", 1, "error"), {
    code: "23514",
    constraint: "stock_counts_hold",
    detail: "Failing row contains (ada@example.com, $argon2id$v=19$secret)",
    where: "COPY customer, line 1: ada@example.com",
  });
  const logged = loggedError(error);
  expect(logged).toMatchObject({
    type: "DatabaseError",
    message: "new row violates check constraint",
    code: "23514",
    constraint: "stock_counts_hold",
  });
  expect(JSON.stringify(logged)).not.toMatch(/ada|argon/);
});

test.each(["4242424242424242", "4242 4242 4242 4242", "4242-4242-4242-4242", "378282246310005"])(
  "what may be a card's number is not logged: %s",
  (number) => {
    const logged = loggedError(new Error(`invalid value "${number}"`, { cause: new Error(number) }));
    expect(logged.message).toBe('invalid value "[number hidden]"');
    expect(JSON.stringify(logged)).not.toContain(number);
  },
);

test("other numbers are, and what is no error too", () => {
  const text =
    "at 2026-11-21T05:42:25.528Z, order 6f9619ff-8b86-d011-b42d-00c04fc964ff, 99999999999 pieces, port 5432";
  expect(loggedError(new Error(text)).message).toBe(text);
  expect(loggedError("text")).toEqual({ type: "string", message: "text" });
});
