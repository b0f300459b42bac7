import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lastLines, limitServerLog, logLimitBytes, openServerLog } from "./server-log.ts";

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "cartwright-log-"));
  file = path.join(directory, "postgres.log");
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("a log within its limit is appended to, and only new lines are quoted", async () => {
  await writeFile(file, "old\n");
  const { handle, from } = await openServerLog(file, undefined);
  await handle.write("new\n\nnewer\n");
  await handle.close();
  expect(await lastLines(file, from)).toBe("new\nnewer");
  expect(await lastLines(file, 0, 2)).toBe("new\nnewer");
  expect(await lastLines(path.join(directory, "missing"))).toBe("");
});

test("a log beyond its limit starts again, with one older beside it", async () => {
  await writeFile(file, "x".repeat(logLimitBytes + 1));
  const { handle, from } = await openServerLog(file, undefined);
  expect(from).toBe(0);
  await handle.write("line\n");
  await limitServerLog(file);
  expect(await readFile(file, "utf8")).toBe("line\n");

  await appendFile(file, "y".repeat(logLimitBytes));
  await limitServerLog(file);
  await handle.write("after\n");
  await handle.close();
  expect(await readFile(file, "utf8")).toBe("after\n");
  expect((await readFile(`${file}.1`, "utf8")).startsWith("line\nyyy")).toBe(true);
});
