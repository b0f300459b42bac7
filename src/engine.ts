import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { hash, verify } from "@node-rs/argon2";
import { createSigner, createVerifier } from "fast-jwt";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import type { Gateway } from "./gateways/gateway.ts";
import { manualGateway } from "./gateways/manual.ts";
import type { Dialect } from "./http/dialect.ts";
import { hashOfSecret } from "./http/elasticpath/access-token.ts";
import { elasticPathDialect } from "./http/elasticpath/dialect.ts";
import { createMetrics } from "./http/metrics.ts";
import { createServer } from "./http/server.ts";
import { engineContext, firstStore } from "./operations/create-store.ts";
import type { Deps } from "./operations/deps.ts";
import { type Seed, seedStore } from "./operations/seed-store.ts";
import { openEmbeddedPostgres } from "./storage/embedded/embedded-postgres.ts";
import { isUnavailable, type OpenDatabase, openDatabase } from "./storage/postgres/database.ts";
import { migrate, pendingMigrations, readMigrations } from "./storage/postgres/migrate.ts";
import { createStorage } from "./storage/postgres/storage.ts";
import { storeCache } from "./storage/postgres/store-cache.ts";
import { startWorker } from "./worker/worker.ts";

const packageRoot = fileURLToPath(new URL("..", import.meta.url));

/** The wire APIs that the engine speaks. */
export const dialects: readonly Dialect[] = [elasticPathDialect];

/** What may come from outside in place of the real thing, so that everything can be simulated. */
export type Surroundings = {
  readonly log: Logger;
  readonly gateways?: readonly Gateway[];
  readonly now?: () => string;
  readonly newId?: () => string;
};

/** The engine without a server: what commands work with. */
export type Core = {
  readonly deps: Deps;
  readonly database: OpenDatabase;
  /** The database lives in the data directory, and nothing was in it. */
  readonly embedded: boolean;
  close(): Promise<void>;
};

/** Opens the database and brings its schema up to date. */
export async function openCore(config: Config, surroundings: Surroundings): Promise<Core> {
  const { log } = surroundings;
  const server =
    config.databaseUrl === undefined
      ? await openEmbeddedPostgres({ dataDirectory: config.dataDirectory, log })
      : undefined;
  const database = openDatabase({
    connection: server?.connection ?? { connectionString: config.databaseUrl as string },
    maxConnections: config.poolSize,
    onError: (error) => log.warn({ err: error }, "a database connection was lost"),
  });
  const close = async (): Promise<void> => {
    await database.close();
    await server?.close();
  };
  try {
    const migrations = await readMigrations(join(packageRoot, "migrations"));
    await migrate(database, migrations, ({ version, name }) =>
      log.info({ version, name }, "schema migrated"),
    );
    const secret = config.secret ?? (await generatedSecret(config.dataDirectory));
    const newId = surroundings.newId ?? randomUUID;
    const deps: Deps = {
      storage: createStorage(database, storeCache(), newId),
      gateways: new Map(
        [manualGateway, ...(surroundings.gateways ?? [])].map((gateway) => [gateway.slug, gateway]),
      ),
      now: surroundings.now ?? (() => new Date().toISOString()),
      newId,
      passwords: {
        hash: (password) => hash(password),
        matches: (password, hashed) => verify(hashed, password),
      },
      tokens: tokensWith(secret),
      fingerprint: (text) => createHmac("sha256", secret).update(text).digest("base64url"),
      pause: async (milliseconds) => {
        await pause(Math.random() * milliseconds);
      },
    };
    return { deps, database, embedded: server !== undefined, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A running engine. */
export type Engine = {
  /** Where it listens, `http://127.0.0.1:9000`. */
  readonly url: string;
  readonly storeId: string;
  readonly clientId: string;
  /** The default key's secret, when it was made by this start; it is not kept in clear. */
  readonly newClientSecret: string | undefined;
  readonly core: Core;
  readonly app: FastifyInstance;
  /** Takes no new requests, lets those under way finish, and closes everything. */
  close(): Promise<void>;
};

/** How long a draining engine still answers, in milliseconds, so that clients leave their connections in time. */
const DRAIN_MS = 300;

/** Starts everything: database, store, server, background work. */
export async function startEngine(config: Config, surroundings: Surroundings): Promise<Engine> {
  const { log } = surroundings;
  const core = await openCore(config, surroundings);
  try {
    const { deps, database } = core;
    const { store, created } = await firstStore(deps, "Cartwright");
    if (created && (config.seed ?? (core.embedded ? "demo" : "none")) === "demo") {
      await seedStore(deps, engineContext(store), await readDemoSeed());
    }
    const key = await ensureApiKey(deps, store.storeId, config);

    let ready = false;
    let draining = false;
    const metrics = createMetrics();
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
    const migrations = await readMigrations(join(packageRoot, "migrations"));
    const app = await createServer({
      deps,
      dialects,
      log,
      metrics,
      version: await packageVersion(),
      imageDirectory: join(packageRoot, "demo", "images"),
      isReady: async () => {
        if (!ready || draining) return false;
        const pending = await pendingMigrations(database, migrations).catch(() => undefined);
        return pending?.length === 0;
      },
      isDraining: () => draining,
      isUnavailable,
    });
    await app.listen({ port: config.port, host: config.host });
    const worker = startWorker(deps, log, isUnavailable);
    ready = true;
    return {
      url: addressOf(app),
      storeId: store.storeId,
      clientId: key.clientId,
      newClientSecret: key.secret,
      core,
      app,
      async close() {
        draining = true;
        await pause(DRAIN_MS);
        await app.close();
        await worker.stop();
        await core.close();
      },
    };
  } catch (error) {
    await core.close();
    throw error;
  }
}

/** The demo store that comes with the package. */
export async function readDemoSeed(): Promise<Seed> {
  return JSON.parse(await readFile(join(packageRoot, "demo", "store.json"), "utf8")) as Seed;
}

/** The version in package.json. */
export async function packageVersion(): Promise<string> {
  return JSON.parse(await readFile(join(packageRoot, "package.json"), "utf8")).version;
}

/** The store's default key pair: the configured one, the first that is there, or a new one. */
async function ensureApiKey(
  deps: Deps,
  storeId: string,
  config: Config,
): Promise<{ clientId: string; secret?: string }> {
  const { stores } = deps.storage;
  if (config.clientId !== undefined && config.clientSecret !== undefined) {
    const secretHash = hashOfSecret(config.clientSecret);
    const present = await stores.apiKey(config.clientId);
    if (present?.secretHash !== secretHash) {
      if (present) await stores.deleteApiKey(present.storeId, config.clientId);
      const createdAt = deps.now();
      await stores.addApiKey({
        storeId,
        clientId: config.clientId,
        name: "configured",
        secretHash,
        createdAt,
      });
    }
    return { clientId: config.clientId };
  }
  const [first] = await stores.apiKeys(storeId);
  return first ? { clientId: first.clientId } : createApiKey(deps, storeId, "default");
}

/** Makes a key pair; the secret is in the answer and nowhere else. */
export async function createApiKey(
  deps: Deps,
  storeId: string,
  name: string,
): Promise<{ clientId: string; secret: string }> {
  // Hexadecimal, so that neither ever looks like an option on a command line.
  const clientId = randomBytes(20).toString("hex");
  const secret = randomBytes(30).toString("hex");
  await deps.storage.stores.addApiKey({
    storeId,
    clientId,
    name,
    secretHash: hashOfSecret(secret),
    createdAt: deps.now(),
  });
  return { clientId, secret };
}

function tokensWith(secret: string): Deps["tokens"] {
  const verifyToken = createVerifier({ key: secret, algorithms: ["HS256"], cache: 1000, clockTolerance: 0 });
  return {
    sign: (claims, lifetimeSeconds) =>
      createSigner({ key: secret, algorithm: "HS256", expiresIn: lifetimeSeconds * 1000, jti: randomUUID() })(
        {
          ...claims,
        },
      ),
    verify(token) {
      try {
        return verifyToken(token);
      } catch {
        return undefined;
      }
    },
  };
}

/** The secret in the data directory, made at the first start; of several first starts one makes it. */
async function generatedSecret(dataDirectory: string): Promise<string> {
  const file = join(dataDirectory, "secret");
  await mkdir(dataDirectory, { recursive: true });
  try {
    await writeFile(file, randomBytes(32).toString("base64url"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const secret = (await readFile(file, "utf8")).trim();
    if (secret.length >= 32) return secret;
    // Another process has created the file and is just writing it.
    await pause(10);
  }
  throw new Error(`${file} is damaged: delete it, and everybody has to sign in again`);
}

function addressOf(app: FastifyInstance): string {
  const address = app.server.address();
  if (address === null || typeof address === "string")
    throw new Error("The server does not listen on a port");
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}
