import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { inject } from "vitest";
import { type Config, readConfig } from "../src/config.ts";
import type { Surroundings } from "../src/core.ts";
import { type Engine, startEngine } from "../src/engine.ts";
import { startTestDatabase, type TestDatabase } from "./embedded-database.ts";

export type TestEngine = {
  readonly engine: Engine;
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** URL of the database, for a second engine on it or for looking at rows. */
  readonly databaseUrl: string;
  /** Asks with the shop's token, or with an implicit one; answers the status and the parsed body. */
  ask(method: string, path: string, body?: unknown, options?: AskOptions): Promise<Answer>;
  close(): Promise<void>;
};

export type AskOptions = {
  /** `shop` (client credentials) unless said otherwise; `none` sends no token. */
  readonly as?: "shop" | "shopper" | "none";
  readonly headers?: Readonly<Record<string, string>>;
};

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type Answer = { readonly status: number; readonly body: any; readonly headers: Headers };

/**
 * A whole engine in this process on a database of its own, with the demo store unless `CARTWRIGHT_SEED` says otherwise.
 * With `databaseUrl` it is one more engine on that database.
 */
export async function startTestEngine(
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly databaseUrl?: string;
    readonly surroundings?: Partial<Surroundings>;
  } = {},
): Promise<TestEngine> {
  const server = options.databaseUrl === undefined ? await startTestDatabase() : undefined;
  const databaseUrl = options.databaseUrl ?? (await newDatabaseUrl(server));
  const dataDirectory = await mkdtemp(join(inject("testRunDirectory"), "engine-"));
  const clientId = "test-client";
  const clientSecret = "test-secret";
  const config: Config = readConfig({
    PORT: "0",
    DATABASE_URL: databaseUrl,
    CARTWRIGHT_DATA_DIR: dataDirectory,
    CARTWRIGHT_SECRET: "a secret that all test engines share",
    CARTWRIGHT_SEED: "demo",
    CARTWRIGHT_CLIENT_ID: clientId,
    CARTWRIGHT_CLIENT_SECRET: clientSecret,
    CARTWRIGHT_POOL_SIZE: "8",
    CARTWRIGHT_DRAIN_MS: "0",
    // Nobody listens there: no test calls a gateway itself.
    CARTWRIGHT_STRIPE_API_BASE: "http://127.0.0.1:9",
    CARTWRIGHT_BRAINTREE_API_BASE: "http://127.0.0.1:9",
    CARTWRIGHT_ADYEN_API_BASE: "http://127.0.0.1:9",
    CARTWRIGHT_PAYPAL_API_BASE: "http://127.0.0.1:9",
    LOG_LEVEL: "silent",
    ...options.env,
  });
  const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  const engine = await startEngine(config, { log, ...options.surroundings });
  const tokens = new Map<string, string>();

  const tokenFor = async (kind: "shop" | "shopper"): Promise<string> => {
    const present = tokens.get(kind);
    if (present !== undefined) return present;
    const grant = kind === "shop" ? "client_credentials" : "implicit";
    const form = { grant_type: grant, client_id: clientId, client_secret: clientSecret };
    const answer = await fetch(`${engine.url}/oauth/access_token`, {
      method: "POST",
      body: new URLSearchParams(form),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    tokens.set(kind, token);
    return token;
  };

  return {
    engine,
    url: engine.url,
    clientId,
    clientSecret,
    databaseUrl,
    async ask(method, path, body, { as = "shop", headers = {} } = {}) {
      const answer = await fetch(`${engine.url}${path}`, {
        method,
        headers: {
          ...(as !== "none" && { authorization: `Bearer ${await tokenFor(as)}` }),
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        body: text === "" ? undefined : JSON.parse(text),
        headers: answer.headers,
      };
    },
    async close() {
      await engine.close();
      await server?.close();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

async function newDatabaseUrl(server: TestDatabase | undefined): Promise<string> {
  if (!server) throw new Error("There is neither a database nor a server to make one on");
  return server.url((await server.createDatabase()).database);
}

/** A cart reference that nobody else uses. */
export function newReference(): string {
  return randomUUID().replaceAll("-", "");
}

/** Waits until something holds, looking again every few milliseconds; fails after `timeoutMs`. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 10_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error("What was waited for did not come about");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
