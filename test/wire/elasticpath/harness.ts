import {
  type ElasticPath,
  MemoryStorageFactory as EpMemory,
  gateway as epGateway,
} from "@elasticpath/js-sdk";
import { gateway, MemoryStorageFactory } from "@moltin/sdk";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type Answer, type AskOptions, startTestEngine, type TestEngine } from "../../engine.ts";
import { type AnswerLog, type RecordedAnswer, watchAnswers } from "./validate-answers.ts";

/** The vendor's two SDKs of today: one code base, published under two names. */
export const sdkNames = ["@moltin/sdk", "@elasticpath/js-sdk"] as const;
export type SdkName = (typeof sdkNames)[number];

/**
 * The methods of an SDK by name, and nothing about what they take and give: its own types promise answers that the
 * vendor never sends, and refuse arguments that it takes. What is sent and answered is what the tests look at.
 */
type Untyped<Part> = {
  // biome-ignore lint/suspicious/noExplicitAny: see above
  [Name in keyof Part]: Part[Name] extends (...parameters: any[]) => infer Given
    ? // biome-ignore lint/suspicious/noExplicitAny: see above
      (...parameters: any[]) => Given extends PromiseLike<any> ? Promise<any> : Untyped<Given>
    : Untyped<Part[Name]>;
};
export type Sdk = Untyped<ElasticPath>;

export type SdkOptions = {
  readonly currency?: string;
  readonly headers?: Record<string, string>;
  readonly custom_authenticator?: () => Promise<{ access_token: string; expires: number }>;
  /** In place of the right client secret. */
  readonly secret?: string;
  /** Milliseconds between tries; the SDK waits about a second, tests need not. */
  readonly retryDelay?: number;
};

/** A live engine whose every answer is judged, and clients of it. */
export type Wire = {
  readonly engine: TestEngine;
  readonly answers: readonly RecordedAnswer[];
  /** Asks the engine like `TestEngine.ask`, and has the answer judged. */
  ask(method: string, path: string, body?: unknown, options?: AskOptions): Promise<Answer>;
  /** For clients that can be given one. */
  readonly fetch: typeof fetch;
  /** One of the vendor's SDKs with the shop's credentials, or without them as a shopper's. */
  sdk(name: SdkName, as: "shop" | "shopper", options?: SdkOptions): Sdk;
  /** The answers that arrive while `work` runs. */
  during(work: () => Promise<unknown>): Promise<readonly RecordedAnswer[]>;
  /** The answers of undocumented paths since the last look; a test that asks for such must look. */
  takeUndocumented(): RecordedAnswer[];
};

/**
 * Starts one engine for the test file and stops it at the end. After each test every answer that the server gave must
 * have been of a documented path and status, and must fit the schemas.
 */
export function useWire(options: Parameters<typeof startTestEngine>[0] = {}): Wire {
  let engine: TestEngine;
  let log: AnswerLog;

  const { info, warn } = console;
  beforeAll(async () => {
    // The SDKs tell the console about every token that they fetch, and what they would rather have called.
    console.info = (first, ...rest) => String(first).startsWith("Token status:") || info(first, ...rest);
    console.warn = (first, ...rest) =>
      String(first).startsWith("DeprecationWarning:") || warn(first, ...rest);
    engine = await startTestEngine(options);
    log = await watchAnswers(engine.url);
  });
  afterAll(async () => {
    console.info = info;
    console.warn = warn;
    await engine?.close();
  });
  afterEach(() => {
    const undocumented = log.takeUndocumented().map(({ method, url }) => `${method} ${url}`);
    const complaints = log.takeComplaints();
    expect(complaints.join("\n"), "answers that are not as documented").toBe("");
    expect(undocumented, "paths that are not documented").toEqual([]);
  });

  const tokens = new Map<string, string>();
  const tokenOf = async (as: "shop" | "shopper"): Promise<string> => {
    const present = tokens.get(as);
    if (present !== undefined) return present;
    const form = new URLSearchParams({
      grant_type: as === "shop" ? "client_credentials" : "implicit",
      client_id: engine.clientId,
      ...(as === "shop" && { client_secret: engine.clientSecret }),
    });
    const answer = await log.fetch(`${engine.url}/oauth/access_token`, { method: "POST", body: form });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    tokens.set(as, token);
    return token;
  };

  return {
    get engine() {
      return engine;
    },
    get answers() {
      return log.answers;
    },
    get fetch() {
      return log.fetch;
    },
    async ask(method, path, body, { as = "shop", headers = {} } = {}) {
      const answer = await log.fetch(`${engine.url}${path}`, {
        method,
        headers: {
          ...(as !== "none" && { authorization: `Bearer ${await tokenOf(as)}` }),
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
    sdk(name, as, { retryDelay = 1, secret = engine.clientSecret, ...more } = {}) {
      const config = {
        client_id: engine.clientId,
        ...(as === "shop" && { client_secret: secret }),
        host: new URL(engine.url).host,
        protocol: "http",
        custom_fetch: log.fetch,
        retryDelay,
        retryJitter: 1,
        ...more,
      };
      return name === "@moltin/sdk"
        ? (gateway({ ...config, storage: new MemoryStorageFactory() }) as unknown as Sdk)
        : (epGateway({ ...config, storage: new EpMemory() }) as unknown as Sdk);
    },
    async during(work) {
      const before = log.answers.length;
      await work();
      return log.answers.slice(before);
    },
    takeUndocumented: () => log.takeUndocumented(),
  };
}

export type WireErrors = { readonly errors: readonly Readonly<Record<string, unknown>>[] };

/** The body that an SDK rejects with. */
export async function rejection(call: Promise<unknown>): Promise<WireErrors> {
  try {
    await call;
  } catch (error) {
    return error as WireErrors;
  }
  throw new Error("The call was not refused");
}

export const address = {
  first_name: "Ada",
  last_name: "Byron",
  line_1: "1 Long Lane",
  city: "Springfield",
  county: "Orange",
  region: "CA",
  postcode: "90210",
  country: "US",
} as const;

export const buyer = { name: "Ada Byron", email: "ada@example.com" } as const;

let made = 0;

/** Makes a product of the shop; its sku and slug are new. With `stock` its pieces are counted. */
export async function newProduct(
  wire: Wire,
  members: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly id: string; readonly sku: string; readonly name: string }> {
  made += 1;
  const sku = `SKU-${made}`;
  const data = {
    type: "product",
    name: `Product ${made}`,
    slug: `product-${made}`,
    sku,
    description: "A thing to sell",
    manage_stock: "stock" in members,
    price: [{ amount: 1000, currency: "USD", includes_tax: false }],
    status: "live",
    commodity_type: "physical",
    ...members,
  };
  const { status, body } = await wire.ask("POST", "/v2/products", { data });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.data;
}
