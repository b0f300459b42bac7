import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { newDirectory, program, startProgram } from "./program.ts";

test("N5 one command on an empty directory, without a database server, and the first order is paid for and sent", async () => {
  const engine = await startProgram({ CARTWRIGHT_DATA_DIR: await newDirectory() });
  const root = path.join(path.dirname(program), "..");
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(root, "examples/first-purchase.mjs")],
    {
      env: {
        PATH: process.env.PATH,
        CARTWRIGHT_CLIENT_ID: engine.clientId,
        CARTWRIGHT_CLIENT_SECRET: engine.clientSecret,
        CARTWRIGHT_HOST: new URL(engine.url).host,
      },
    },
  );
  expect(stdout).toContain("It is complete, paid and fulfilled");
  engine.process.kill("SIGTERM");
  expect(await engine.ended).toBe(0);
});
