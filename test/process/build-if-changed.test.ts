import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, inject, test } from "vitest";

const { hasChanged, noteBuilt }: Record<"hasChanged" | "noteBuilt", (root: string) => boolean> = await import(
  new URL("../../tools/build-if-changed.mjs", import.meta.url).href
);
const HOUR = 3600;
let root: string;
const now = () => Date.now() / 1000;
const write = async (name: string, time: number) => {
  await writeFile(join(root, name), name);
  await utimes(join(root, name), time, time);
};
const longAgo = (name: string) => utimes(join(root, name), now() - HOUR, now() - HOUR);

beforeEach(async () => {
  root = await mkdtemp(join(inject("testRunDirectory"), "build-"));
  for (const directory of ["dist", "src", "src/domain"]) await mkdir(join(root, directory));
  for (const name of ["tsconfig.json", "tsconfig.build.json", "package-lock.json", "src/domain/cart.ts"]) {
    await write(name, now() - HOUR);
  }
  for (const directory of ["src", "src/domain"]) await longAgo(directory);
});

test("nothing was built yet", () => {
  expect(hasChanged(root)).toBe(true);
});

test("what was built and left alone is not built again", () => {
  noteBuilt(root);
  expect(hasChanged(root)).toBe(false);
});

test.each(["src/domain/cart.ts", "tsconfig.build.json", "package-lock.json"])(
  "%s was changed",
  async (name) => {
    noteBuilt(root);
    await write(name, now() + HOUR);
    expect(hasChanged(root)).toBe(true);
  },
);

test("a file was taken away", async () => {
  noteBuilt(root);
  await longAgo("dist/.built");
  await utimes(join(root, "src/domain/cart.ts"), now() - 2 * HOUR, now() - 2 * HOUR);
  await rm(join(root, "src/domain/cart.ts"));
  expect(hasChanged(root)).toBe(true);
});
