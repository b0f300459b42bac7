import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

test("what test files share says nothing to the runner when it is loaded: it is loaded once for many files", () => {
  const shared = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => join(root, file));
  expect(shared.length).toBeGreaterThan(30);
  const hooks = /^(before|after)(Each|All)\(/m;
  expect(
    shared.filter((file) => hooks.test(readFileSync(file, "utf8"))).map((file) => relative(root, file)),
  ).toEqual([]);
});
