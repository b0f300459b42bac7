import { journey, steps } from "../journey.mjs";
import { costliestStatements, resetStatements } from "../profile.mjs";
import { table } from "../report.mjs";
import { makeProducts, PLENTY } from "../shop.mjs";
import { withEngines } from "../site.mjs";
import { statementsOfSteps } from "./journeys.mjs";

export const statements = {
  name: "r12",
  title: "SQL statements of one completion, and which of them are sent twice",
  isDefault: true,
  run: (options) =>
    withEngines(options, "r12", { counting: true }, async ({ shop, database }) => {
      const products = await makeProducts(shop, 2, PLENTY);
      const pick = () => products;
      for (let turn = 0; turn < 5; turn += 1) await journey(shop.connection, shop, products);
      const plain = await statementsOfSteps(shop, pick);
      const keyed = await statementsOfSteps(shop, pick, true);
      const completion = (counts) => counts["check out"] + counts.authorize + counts.capture;
      const rows = [...steps, "journey"].map((step) => ({
        step,
        statements: plain[step],
        "with an idempotency key": keyed[step],
      }));
      rows.push({
        step: "completion (check out, authorize, capture)",
        statements: completion(plain),
        "with an idempotency key": completion(keyed),
      });
      console.log(table(rows));
      const twice = await sentTwice(shop, database, products);
      if (twice === undefined)
        console.log("\nRepeated statements are counted on the embedded database only.");
      else if (twice.length === 0) console.log("\nNo statement of a completion is sent twice.");
      else console.log(`\nSent more than once in a completion:\n${table(twice)}`);
      return { plain, keyed, twice };
    }),
};

/** Statements that one completion sends more than once; what the engine asks every second is not counted. */
async function sentTwice(shop, database, products) {
  if (!database.countsStatements) return undefined;
  let fewest;
  for (let turn = 0; turn < 5; turn += 1) {
    const recording = {
      requests: 0,
      async send(...request) {
        if (recording.requests === 3) await resetStatements(database);
        recording.requests += 1;
        return shop.connection.send(...request);
      },
    };
    await journey(recording, shop, products);
    const seen = await costliestStatements(database, 100);
    const repeated = seen
      .filter(({ calls }) => calls > 1)
      .map(({ calls, statement }) => ({ calls, statement }));
    if (fewest === undefined || repeated.length < fewest.length) fewest = repeated;
  }
  return fewest;
}
