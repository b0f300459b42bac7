import { setTimeout as pause } from "node:timers/promises";
import { startSimulator, takeCards, WEBHOOK_SECRET } from "./card-site.mjs";
import { openDatabase } from "./database.mjs";
import { startDatabaseForwarder } from "./database-forwarder.mjs";
import { startForwarder } from "./forwarder.mjs";
import { machineFacts } from "./machine.mjs";
import { freePort, newPlace, startServer } from "./server.mjs";
import { openShop } from "./shop.mjs";

/**
 * An engine that can be killed and started again at one address, with somebody between it and its database, between it
 * and its gateway, and between its gateway and it, who sees everything that passes. `work` gets it.
 */
export async function withCrashingEngine(options, name, work) {
  const place = await newPlace(options, name);
  place.env.CARTWRIGHT_SEED = "none";
  const port = await freePort();
  const closers = [];
  const closeLater = (thing, close = () => thing.close()) => {
    closers.unshift(close);
    return thing;
  };
  let watcher;
  const watch = (source) => (moment, what) => watcher?.(source, moment, what) ?? false;
  try {
    closers.push(() => place.remove());
    const simulator = closeLater(await startSimulator(place));
    const gateway = closeLater(await startForwarder(() => simulator.url, watch("gateway")));
    place.env.CARTWRIGHT_STRIPE_API_BASE = gateway.url;
    await (await startServer(place, { name: "first-start" })).stop();
    // From here on the embedded database is kept by us, and the engines reach it like any other.
    const database = closeLater(await openDatabase(place));
    const machine = machineFacts(place.directory, database.version, database.embedded);
    const { host, port: databasePort, user } = database.connection;
    const server = database.embedded
      ? { path: `${host}/.s.PGSQL.${databasePort}` }
      : { host: new URL(place.databaseUrl).hostname, port: new URL(place.databaseUrl).port || 5432 };
    const between = closeLater(await startDatabaseForwarder(server, watch("database")));
    const url = new URL(place.databaseUrl ?? `postgres://${user}@localhost/${database.connection.database}`);
    url.hostname = "127.0.0.1";
    url.port = String(between.port);
    const webhooks = closeLater(await startForwarder(() => `http://127.0.0.1:${port}`, watch("webhook")));

    const start = () => startServer(place, { port, env: { DATABASE_URL: url.href } });
    const engine = { current: await start() };
    closeLater(engine, () => engine.current.stop());
    const shop = closeLater(await openShop(engine.current.url));
    await takeCards(shop);
    const callEngine = () =>
      simulator.setWebhooks({ url: `${webhooks.url}/webhooks/stripe`, secret: WEBHOOK_SECRET });
    callEngine();
    const result = await work({
      simulator,
      database,
      shop,
      engine,
      /** Lets `watch(source, moment, what)` see what passes; it answers true when it is to be lost. */
      setWatcher(given) {
        watcher = given;
      },
      async start() {
        engine.current = await start();
        return engine.current.readyMs;
      },
      /** Waits until no call to the gateway is on its way any more. */
      async gatewayQuiet() {
        while (gateway.underWay() > 0) await pause(2);
      },
    });
    return { machine, ...result };
  } finally {
    watcher = undefined;
    for (const close of closers) await close();
  }
}
