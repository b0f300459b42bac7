import { defineConfig } from "vitest/config";
import { summaryReporter } from "./test/summary-reporter.ts";

/** The properties of money, prices and promotions, with many more random carts than a run of all tests has time for. */
export default defineConfig({
  test: {
    include: ["src/domain/**/*.property.test.ts"],
    reporters: ["verbose", summaryReporter],
    env: { PROPERTY_FACTOR: "40" },
    testTimeout: 3_600_000,
    maxWorkers: 2,
  },
});
