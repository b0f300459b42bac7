import { defineConfig } from "vitest/config";
import { summaryReporter } from "./test/summary-reporter.ts";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    reporters: ["default", summaryReporter],
    globalSetup: ["test/global-setup.ts"],
    // Nothing here takes long; on a machine that does much else, everything does.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Loading the engine and the vendors' SDKs anew for each file took half of the time. Nothing in the engine lives
    // outside an engine that a file has started, so files can share what is loaded.
    isolate: false,
    // Two cores are enough for everything here; more workers only make each other slow.
    maxWorkers: 3,
  },
});
