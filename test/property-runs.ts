/**
 * How many random cases a property is tried with: `usual`, or as many times more as `PROPERTY_FACTOR` says. The nightly
 * run (`npm run test:nightly`) sets it so high that each property of prices sees at least 100,000 carts.
 */
export function propertyRuns(usual: number): number {
  return usual * Number(process.env.PROPERTY_FACTOR ?? 1);
}
