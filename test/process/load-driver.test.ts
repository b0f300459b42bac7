import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("the program does not bring Node's HTTP client along, which is there when it is asked for", async () => {
  const source = `
    const isLoaded = () => process.moduleLoadList.some((name) => /undici\\/undici$/.test(name));
    process.argv.push("cartwright", "--version");
    process.on("exit", () => {
      const before = isLoaded();
      const { status } = new Response("");
      console.log(JSON.stringify({ before, after: isLoaded(), status }));
    });
    await import("./bin/cartwright.js");`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", source], {
    cwd: root,
  });
  expect(JSON.parse(stdout.trim().split("\n").at(-1) as string)).toEqual({
    before: false,
    after: true,
    status: 200,
  });
});
