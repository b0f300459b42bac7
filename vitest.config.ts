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
    // Two cores are enough for everything here; more workers only make each other slow.
    maxWorkers: 3,
  },
});
