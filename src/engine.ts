import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Config } from "./config.ts";
import { type Core, openCore, type Surroundings } from "./core.ts";
import { firstStart } from "./first-start.ts";
import { cartwrightDialect } from "./http/cartwright/dialect.ts";
import type { Dialect } from "./http/dialect.ts";
import { elasticPathDialect } from "./http/elasticpath/dialect.ts";
import { listen } from "./http/listener.ts";
import { measureMails } from "./http/measure-mails.ts";
import { measurePayments } from "./http/measure-payments.ts";
import { measureWebhooks } from "./http/measure-webhooks.ts";
import { medusaDialect } from "./http/medusa/dialect.ts";
import { wireId } from "./http/medusa/ids.ts";
import { createMetrics, type Metrics } from "./http/metrics.ts";
import { readiness } from "./http/readiness.ts";
import { createServer } from "./http/server.ts";
import { MAIL_CONSUMER } from "./operations/collect-mails.ts";
import type { Deps } from "./operations/deps.ts";
import { packageRoot, packageVersion } from "./package-files.ts";
import { isUnavailable, type OpenDatabase } from "./storage/postgres/database.ts";
import { requireSchema } from "./storage/postgres/migrate.ts";
import { startWorker } from "./worker/worker.ts";

/** The wire APIs that the engine speaks. */
export const dialects: readonly Dialect[] = [elasticPathDialect, medusaDialect, cartwrightDialect];

/** A running engine. */
export type Engine = {
  /** Where it listens, `http://127.0.0.1:9000`. */
  readonly url: string;
  readonly storeId: string;
  readonly clientId: string;
  /** The default key's secret, when it was made by this start; it is not kept in clear. */
  readonly newClientSecret: string | undefined;
  /** The first staff user's password, when it was made by this start; it is not kept in clear. */
  readonly newAdminPassword: string | undefined;
  /** What a Medusa storefront sends as `x-publishable-api-key`. */
  readonly publishableKey: string;
  /** The store's cards go to the simulator of Stripe that comes along, as the demo store's do. */
  readonly cardsAreSimulated: boolean;
  readonly core: Core;
  readonly app: FastifyInstance;
  /** Takes no new requests, lets those under way finish, and closes everything. */
  close(): Promise<void>;
};

/**
 * Starts everything: port, database, store, server, background work.
 * @throws ListenError when the port cannot be used, before anything else is touched; what `openCore` throws
 */
export async function startEngine(config: Config, surroundings: Surroundings): Promise<Engine> {
  const { log } = surroundings;
  const listener = await listen(config.port, config.host);
  let core: Core | undefined;
  try {
    core = await openCore(config, surroundings);
    const { deps, database, migrations } = core;
    const { store, key, sales } = await firstStart(core, config);
    const gateways = await deps.storage.gatewaySettings.all(store.storeId);
    const cardsAreSimulated =
      config.stripeApiBase === undefined &&
      gateways.some(({ enabled, settings }) => enabled && settings.simulated === true);
    const metrics = createMetrics();
    measureDatabase(metrics, database);
    measurePayments(metrics, deps);
    measureMails(metrics, deps);
    measureWebhooks(metrics, deps);
    await beginMail(deps);
    let ready = false;
    const schemaIsThere = readiness(async () => {
      await requireSchema(database, migrations);
      return true;
    });
    const app = await createServer({
      deps,
      dialects,
      log,
      metrics,
      version: await packageVersion(),
      corsOrigins: config.corsOrigins,
      imageDirectory: join(packageRoot, "demo", "images"),
      server: listener.server,
      isReady: async () => ready && (await schemaIsThere()) && ready,
      isUnavailable,
    });
    const worker = startWorker(deps, log, isUnavailable, surroundings.background);
    ready = true;
    core.simulator.announce(`${listener.url}/webhooks/stripe`);
    listener.serve((request, response) => app.routing(request, response));

    const opened = core;
    const stop = async (): Promise<void> => {
      ready = false;
      const working = worker.stop();
      const cutOff = await listener.drain(config.drainMs);
      if (cutOff > 0) log.warn({ requests: cutOff }, "requests that did not come to an end were cut off");
      await app.close();
      await working;
      await opened.close();
    };
    let stopped: Promise<void> | undefined;
    return {
      url: listener.url,
      storeId: store.storeId,
      clientId: key.clientId,
      newClientSecret: key.secret,
      newAdminPassword: sales.newAdminPassword,
      publishableKey: wireId("pk", sales.publishableKeyId),
      cardsAreSimulated,
      core,
      app,
      close() {
        stopped ??= stop();
        return stopped;
      },
    };
  } catch (error) {
    await listener.destroy();
    await core?.close();
    throw error;
  }
}

/** What happens from the first request on is told by mail, and nothing from before. */
async function beginMail({ mail, storage }: Deps): Promise<void> {
  if (!mail.post) return;
  for (const storeId of await storage.stores.ids()) await storage.outbox.begin(storeId, MAIL_CONSUMER);
}

function measureDatabase(metrics: Metrics, database: OpenDatabase): void {
  metrics.gauge(
    "cartwright_database_connections",
    "Open connections to the database",
    () => database.pool.totalCount,
  );
  metrics.gauge(
    "cartwright_database_waiting",
    "Requests that wait for a connection",
    () => database.pool.waitingCount,
  );
  metrics.gauge("cartwright_database_statements_total", "Statements sent to the database", () =>
    database.statementCount(),
  );
}
