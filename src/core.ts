import { createHmac, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { hash, verify } from "@node-rs/argon2";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { calculatedFulfilment } from "./fulfilment/calculated.ts";
import type { FulfilmentProvider } from "./fulfilment/fulfilment-provider.ts";
import { manualFulfilment } from "./fulfilment/manual.ts";
import { adyenGateway } from "./gateways/adyen/adyen.ts";
import { braintreeGateway } from "./gateways/braintree/braintree.ts";
import { directedGateway } from "./gateways/directed.ts";
import type { Gateway } from "./gateways/gateway.ts";
import { manualGateway } from "./gateways/manual.ts";
import { paypalGateway } from "./gateways/paypal/paypal.ts";
import { stripeGateways } from "./gateways/stripe/stripe.ts";
import { systemGateway } from "./gateways/system.ts";
import { wireId } from "./http/medusa/ids.ts";
import { toldEvent } from "./http/medusa/told-event.ts";
import { toldMembers, toldTypes } from "./http/medusa/told-types.ts";
import { newHookSecret, sendHook } from "./http/send-hook.ts";
import { signedTokens } from "./http/signed-tokens.ts";
import { smtpMailer } from "./mail/smtp.ts";
import { createBell } from "./operations/bell.ts";
import type { Deps } from "./operations/deps.ts";
import { packageRoot } from "./package-files.ts";
import { type SharedSimulator, sharedSimulator } from "./simulator/shared-simulator.ts";
import { openEmbeddedPostgres } from "./storage/embedded/embedded-postgres.ts";
import { type OpenDatabase, openDatabase } from "./storage/postgres/database.ts";
import {
  type Migration,
  migrate,
  readMigrations,
  requireSchema,
  SchemaOutdatedError,
} from "./storage/postgres/migrate.ts";
import { secretBox } from "./storage/postgres/secret-box.ts";
import { createStorage } from "./storage/postgres/storage.ts";
import { storeCache } from "./storage/postgres/store-cache.ts";
import { checkServer, explained } from "./storage/postgres/unusable-database.ts";
import { secretIn } from "./storage/secret-file.ts";
import type { WorkerPace } from "./worker/worker.ts";

/** What may come from outside in place of the real thing, so that everything can be simulated. */
export type Surroundings = {
  readonly log: Logger;
  readonly gateways?: readonly Gateway[];
  readonly fulfilmentProviders?: readonly FulfilmentProvider[];
  readonly now?: () => string;
  readonly newId?: () => string;
  /** How the worker goes about its work, where that is not as usual. */
  readonly background?: Partial<WorkerPace>;
};

/** The engine without a server: what commands work with. */
export type Core = {
  readonly deps: Deps;
  readonly database: OpenDatabase;
  /** Where the cards of the demo store go; it is started by the first payment. */
  readonly simulator: SharedSimulator;
  /** The database lives in the data directory. */
  readonly embedded: boolean;
  /** Those of this program, in order. */
  readonly migrations: readonly Migration[];
  close(): Promise<void>;
};

/**
 * Opens the database. Its schema is brought up to date (`migrate`), or only looked at (`require`).
 * @throws EmbeddedPostgresError, UnusableDatabaseError, SchemaTooNewError, MigrationFailedError, SchemaOutdatedError,
 *   SecretFileError: their messages are for whoever runs the engine
 */
export async function openCore(
  config: Config,
  surroundings: Surroundings,
  schema: "migrate" | "require" = "migrate",
): Promise<Core> {
  const { log } = surroundings;
  const { databaseUrl } = config;
  // A look at a database that is not there makes none.
  if (schema === "require" && databaseUrl === undefined && !existsSync(config.dataDirectory)) {
    throw new SchemaOutdatedError(
      `There is no database in ${config.dataDirectory} yet. Start the engine once, or set CARTWRIGHT_DATA_DIR to where ` +
        "it is.",
    );
  }
  const server =
    databaseUrl === undefined
      ? await openEmbeddedPostgres({ dataDirectory: config.dataDirectory, log })
      : undefined;
  const database = openDatabase({
    connection: server?.connection ?? { connectionString: databaseUrl as string },
    maxConnections: config.poolSize,
    onError: (error) => log.warn({ err: error }, "a database connection was lost"),
  });
  const simulator = sharedSimulator(config.dataDirectory, log);
  const post = config.mail && { mailer: smtpMailer(config.mail.smtp), from: config.mail.from };
  const close = async (): Promise<void> => {
    await simulator.close();
    post?.mailer.close();
    await database.close();
    await server?.close();
  };
  try {
    const migrations = await readMigrations(join(packageRoot, "migrations"));
    if (databaseUrl !== undefined) await checkServer(database, databaseUrl);
    if (schema === "require") await requireSchema(database, migrations);
    else
      await migrate(database, migrations, ({ version, name }) =>
        log.info({ version, name }, "schema migrated"),
      );
    const secret = config.secret ?? (await secretIn(config.dataDirectory));
    const newId = surroundings.newId ?? randomUUID;
    const deps: Deps = {
      storage: createStorage(
        database,
        { configs: storeCache(), setups: storeCache() },
        newId,
        secretBox(secret),
      ),
      gateways: new Map(
        [
          manualGateway,
          systemGateway,
          ...stripeGateways((settings) =>
            settings.simulated === true && config.stripeApiBase === undefined
              ? simulator.url(String(settings.webhook_secret ?? ""))
              : config.stripeApiBase,
          ),
          adyenGateway(config.adyenApiBase === undefined ? {} : { apiBase: config.adyenApiBase }),
          braintreeGateway(config.braintreeApiBase === undefined ? {} : { apiBase: config.braintreeApiBase }),
          paypalGateway({
            slug: "paypal_express_checkout",
            name: "PayPal Express Checkout",
            ...(config.paypalApiBase !== undefined && { apiBase: config.paypalApiBase }),
          }),
          ...(config.testProviders ? [directedGateway()] : []),
          ...(surroundings.gateways ?? []),
        ].map((gateway) => [gateway.slug, gateway]),
      ),
      fulfilmentProviders: new Map(
        [
          manualFulfilment,
          ...(config.testProviders ? [calculatedFulfilment] : []),
          ...(surroundings.fulfilmentProviders ?? []),
        ].map((provider) => [provider.slug, provider]),
      ),
      mail: {
        ...(post && { post }),
        ...(config.storefrontUrl !== undefined && { storefrontUrl: config.storefrontUrl }),
        orderId: ({ id, region }) => (region ? wireId("order", id) : id),
        editId: (id) => wireId("oe", id),
      },
      paymentSessions: config.paymentSessions,
      ordersById: config.ordersById,
      bell: createBell(),
      hooks: {
        plain: config.plainWebhooks,
        told: toldEvent,
        types: toldTypes,
        members: toldMembers,
        send: sendHook,
        newSecret: newHookSecret,
      },
      now: surroundings.now ?? (() => new Date().toISOString()),
      newId,
      passwords: {
        hash: (password) => hash(password),
        matches: (password, hashed) => verify(hashed, password),
      },
      tokens: signedTokens(secret),
      fingerprint: (text) => createHmac("sha256", secret).update(text).digest("base64url"),
      pause: async (milliseconds) => {
        await pause(Math.random() * milliseconds);
      },
    };
    return { deps, database, simulator, embedded: server !== undefined, migrations, close };
  } catch (error) {
    await close();
    throw databaseUrl === undefined ? error : explained(error, databaseUrl);
  }
}
