import { setFlagsFromString } from "node:v8";

/**
 * Keeps the engine's memory near what is alive in it. V8 lets a heap grow to several times that before it collects, on a
 * machine with much memory even more, which a shop on a small one pays for; decisions/0009 has the figures. Flags on the
 * command line of Node (`NODE_OPTIONS`) bound the heap as before. Must run before much has been allocated.
 */
export function keepHeapSmall(): void {
  // A major collection when the old generation has grown by 60 %; the young one stays as small as it begins.
  setFlagsFromString("--heap-growing-percent=60");
  setFlagsFromString("--semi-space-growth-factor=1");
}
