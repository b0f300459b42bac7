import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEngine, type TestEngine } from "./engine.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());

test("the README's first purchase is the example, and the example buys something", async () => {
  const example = await readFile(`${root}examples/first-purchase.mjs`, "utf8");
  const readme = await readFile(`${root}README.md`, "utf8");
  expect(readme).toContain(`\`\`\`js\n${example}\`\`\``);

  const { stdout } = await promisify(execFile)(process.execPath, [`${root}examples/first-purchase.mjs`], {
    cwd: root,
    env: {
      ...process.env,
      CARTWRIGHT_CLIENT_ID: engine.clientId,
      CARTWRIGHT_CLIENT_SECRET: engine.clientSecret,
      CARTWRIGHT_HOST: new URL(engine.url).host,
    },
  });
  expect(stdout).toMatch(/Order [0-9a-f-]{36} over \$\d+\.\d\d is incomplete/);
  expect(stdout).toContain("It is complete, paid and fulfilled");
});

test("the README's purchase with Medusa's client is the example, and the example buys something", async () => {
  const example = await readFile(`${root}examples/first-storefront-purchase.mjs`, "utf8");
  const readme = await readFile(`${root}README.md`, "utf8");
  expect(readme).toContain(`\`\`\`js\n${example}\`\`\``);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [`${root}examples/first-storefront-purchase.mjs`],
    { cwd: root, env: { ...process.env, CARTWRIGHT_URL: engine.url } },
  );
  expect(stdout).toMatch(/The cart is an order, number \d+: \d+\.\d\d eur/);
  expect(stdout).toContain("It is pending, its payment awaiting, and not_fulfilled");
});

test("the README names every variable and every command", async () => {
  const readme = await readFile(`${root}README.md`, "utf8");
  const config = await readFile(`${root}src/config.ts`, "utf8");
  const variables = [...config.matchAll(/"((?:CARTWRIGHT_)?[A-Z]+(?:_[A-Z]+)*)"/g)].map(
    (match) => match[1] as string,
  );
  expect(variables.length).toBeGreaterThan(8);
  for (const variable of variables) expect(readme).toContain(variable);
  const commands = await readFile(`${root}src/cli/main.ts`, "utf8");
  const names = [...commands.matchAll(/(\w+)Command\(\),/g)].map((match) => match[1] as string);
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) expect(readme).toContain(`npx cartwright ${name}`);
});
