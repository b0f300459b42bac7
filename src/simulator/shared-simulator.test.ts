import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sharedSimulator } from "./shared-simulator.ts";

const log = pino({ level: "silent" });
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "shared-simulator-"));
});
afterEach(() => rm(directory, { recursive: true }));

test("everybody who works on a directory finds the same simulator, and the last note is not left behind", async () => {
  const first = sharedSimulator(directory, log);
  const second = sharedSimulator(directory, log);
  const [url, same] = await Promise.all([first.url("whsec_1"), first.url("whsec_1")]);
  expect(same).toBe(url);
  expect(await second.url("whsec_1")).toBe(url);
  await second.close();
  expect((await fetch(`${url}/simulator/alive`)).status).toBe(200);
  await first.close();
  expect(await readdir(directory)).toEqual(["stripe-simulator.jsonl"]);
  const third = await second.url("whsec_1");
  expect((await fetch(`${third}/simulator/alive`)).status).toBe(200);
  await second.close();
});

test("a note of a process that is gone, or of one that is not ours, holds nobody up", async () => {
  for (const note of [JSON.stringify({ pid: 2 ** 22 + 1, url: "http://127.0.0.1:1" }), "torn {"]) {
    await writeFile(join(directory, "stripe-simulator.json"), note);
    const simulator = sharedSimulator(directory, log);
    expect((await fetch(`${await simulator.url("")}/simulator/alive`)).status).toBe(200);
    await simulator.close();
  }
});
