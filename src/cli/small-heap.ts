import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** What the young generation may grow to, in bytes, both of its halves together. */
const YOUNG_BYTES = 8 * 1_048_576;

/**
 * Keeps the engine's memory near what is alive in it. V8 lets a heap grow to several times that before it collects, on a
 * machine with much memory even more, which a shop on a small one pays for; decisions/0009 has the figures. Flags on the
 * command line of Node (`NODE_OPTIONS`) bound the heap as before. Must run before much has been allocated.
 */
export function keepHeapSmall(): void {
  // A major collection when the old generation has grown by 45 %.
  setFlagsFromString("--heap-growing-percent=45");
  boundYoungGeneration();
  // It grows and shrinks with what there is to do, by collections alone.
  new PerformanceObserver(boundYoungGeneration).observe({ entryTypes: ["gc"] });
}

/**
 * Lets the young generation grow to a size in which what a request needs dies, and no further. V8 takes a limit from its
 * command line only, but asks by which factor to grow each time.
 */
function boundYoungGeneration(): void {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  const mayGrow = young !== undefined && young.space_size < YOUNG_BYTES;
  setFlagsFromString(`--semi-space-growth-factor=${mayGrow ? 2 : 1}`);
}
