// Builds before a start, but only what was changed since the last build: to ask the compiler takes as long as the start.
import { execFileSync } from "node:child_process";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Whether something that goes into a build is newer than the last one, or was taken away since; true without one.
 * @param root the directory of the package
 */
export function hasChanged(root) {
  const built = timeOf(join(root, "dist", ".built"));
  const sources = ["tsconfig.json", "tsconfig.build.json", "package-lock.json"].map((name) =>
    join(root, name),
  );
  return (
    built === undefined || [...sources, ...allWithin(join(root, "src"))].some((path) => timeOf(path) > built)
  );
}

/** Notes that the build is of now. */
export function noteBuilt(root) {
  writeFileSync(join(root, "dist", ".built"), "");
}

/** A directory, whose own time tells of names that came and went, and all that is in it. */
function allWithin(directory) {
  const entries = readdirSync(directory, { withFileTypes: true });
  return [
    directory,
    ...entries.flatMap((entry) => {
      const path = join(directory, entry.name);
      return entry.isDirectory() ? allWithin(path) : [path];
    }),
  ];
}

function timeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  if (process.argv.includes("--always") || hasChanged(root)) {
    execFileSync(
      process.execPath,
      [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"],
      {
        cwd: root,
        stdio: "inherit",
      },
    );
    noteBuilt(root);
  }
}
