import type { Reporter } from "vitest/node";

/**
 * Ends the output with one line that says how the tests went. A file that cannot be run, and an error that belongs to
 * no test, count as failed ones.
 */
export const summaryReporter: Reporter = {
  onTestRunEnd(modules, unhandledErrors) {
    let passed = 0;
    let failed = unhandledErrors.length;
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      const broken = tests.filter((test) => test.result().state === "failed").length;
      passed += tests.filter((test) => test.result().state === "passed").length;
      failed += broken === 0 && module.state() === "failed" ? 1 : broken;
    }
    // After the summary of the reporter before this one.
    process.once("exit", () => console.log(`${passed} passed, ${failed} failed`));
  },
};
