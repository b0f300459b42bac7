import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Seed } from "./operations/seed-store.ts";

/** The folder that holds package.json, `migrations` and `demo`, whether this runs from `src` or from `dist`. */
export const packageRoot = fileURLToPath(new URL("..", import.meta.url));

/** The version in package.json. */
export async function packageVersion(): Promise<string> {
  return JSON.parse(await readFile(join(packageRoot, "package.json"), "utf8")).version;
}

/** The demo store that comes with the package. */
export async function readDemoSeed(): Promise<Seed> {
  return JSON.parse(await readFile(join(packageRoot, "demo", "store.json"), "utf8")) as Seed;
}
