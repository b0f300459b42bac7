import { defineConfig } from "vitest/config";
import { summaryReporter } from "./test/summary-reporter.ts";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    reporters: ["default", summaryReporter],
    globalSetup: ["test/global-setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores are enough for everything here; more workers only make each other slow.
    maxWorkers: 3,
  },
});
