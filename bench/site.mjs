import { openDatabase } from "./database.mjs";
import { machineFacts } from "./machine.mjs";
import { countStatements, reportProfile } from "./profile.mjs";
import { newPlace, startServer } from "./server.mjs";
import { openShop } from "./shop.mjs";

/**
 * Runs `work` against so many engines on one database, and ends them afterwards. `work` gets the engines, the shop's
 * side of the first of them, a look at the database and the machine's facts. With `counting` the embedded server counts
 * its statements. `prepare(place)` comes before the first start, and may change the environment of the engines.
 */
export async function withEngines(options, name, how, work) {
  const { processes = 1, nodeFlags = [], counting, prepare } = how;
  const place = await newPlace(options, name);
  await prepare?.(place);
  const flags = [...nodeFlags];
  if (options.profile)
    flags.push("--cpu-prof", "--cpu-prof-interval=200", `--cpu-prof-dir=${place.directory}`);
  const engines = [];
  let database;
  let shop;
  try {
    // What a first start has changed about the store is read anew with every request for a while; a second one is calm.
    await (await startServer(place, { name: "first-start" })).stop();
    for (let index = 0; index < processes; index += 1) {
      engines.push(await startServer(place, { name: `engine-${index + 1}`, nodeFlags: flags }));
    }
    database = await openDatabase(place);
    if (options.profile || counting) {
      const restarted = await countStatements({ place, database, engines, nodeFlags: flags });
      if (restarted) {
        engines.splice(0, engines.length, ...restarted.engines);
        database = restarted.database;
      }
    }
    shop = await openShop(engines[0].url);
    const machine = machineFacts(place.directory, database.version, database.embedded);
    const result = await work({ place, engines, shop, database, machine });
    if (options.profile) await reportProfile({ name, place, database, engines });
    return { machine, ...result };
  } finally {
    await shop?.close();
    await database?.close();
    await Promise.all(engines.map((engine) => engine.stop()));
    await place.remove();
  }
}
