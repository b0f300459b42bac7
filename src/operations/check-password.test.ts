import { expect, test } from "vitest";
import { passwordFits } from "./check-password.ts";

/** Password hashing that keeps a list of what it was asked to do. */
function recordedPasswords() {
  const work: string[] = [];
  const passwords = {
    async hash(password: string) {
      work.push("hashed");
      return `hash of ${password}`;
    },
    async matches(password: string, hash: string) {
      work.push("hashed");
      return hash === `hash of ${password}`;
    },
  };
  return { deps: { passwords }, work };
}

test("only the right password fits", async () => {
  const { deps } = recordedPasswords();
  expect(await passwordFits(deps, "right", "hash of right")).toBe(true);
  expect(await passwordFits(deps, "wrong", "hash of right")).toBe(false);
  expect(await passwordFits(deps, "right", undefined)).toBe(false);
});

test("as much is computed for somebody unknown as for somebody known", async () => {
  for (const hash of ["hash of right", "hash of another", undefined]) {
    const { deps, work } = recordedPasswords();
    await passwordFits(deps, "right", hash);
    expect(work).toEqual(["hashed"]);
  }
});
