import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { Surroundings } from "../../../src/core.ts";
import { type Answer, startTestEngine, type TestEngine } from "../../engine.ts";
import { type OpenApiDocument, openApi } from "../elasticpath/openapi-document.ts";
import { unlikeOriginal } from "./observed-schemas.ts";

/** Who signs in at the back of test stores. */
export const admin = { email: "admin@test.local", password: "supersecret" } as const;

/** A live engine whose answers on this dialect's paths are judged by its own OpenAPI document. */
export type MedusaWire = {
  readonly engine: TestEngine;
  readonly url: string;
  /** Asks as a shopper, or as `admin`; a text answer is in `body` as it came. */
  ask(
    method: string,
    path: string,
    body?: unknown,
    options?: { readonly as?: "admin"; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<Answer>;
  /** Asks as one of the staff and wants 200; answers the body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  admin(method: string, path: string, body?: unknown): Promise<any>;
  /** For clients that can be given one. */
  readonly fetch: typeof fetch;
  /** For clients that cannot: judges an answer that came another way. */
  judge(answer: SeenAnswer): void;
};

/** An answer as a client saw it. */
export type SeenAnswer = {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  /** Parsed JSON, or text. */
  readonly body: unknown;
};

/**
 * Starts one engine for the test file, empty and with the providers that tests direct unless `env` says otherwise. After
 * each test every answer must have been of a documented status and must fit its schema, and where recordings of the
 * original are at hand, an answer of 200 must have its shape.
 */
export function useMedusa(
  env: Readonly<Record<string, string>> = {},
  surroundings: Partial<Surroundings> = {},
): MedusaWire {
  let engine: TestEngine;
  let own: ReturnType<typeof openApi>;
  let token: string | undefined;
  let complaints: string[] = [];

  beforeAll(async () => {
    engine = await startTestEngine({
      surroundings,
      env: {
        CARTWRIGHT_SEED: "none",
        CARTWRIGHT_TEST_PROVIDERS: "true",
        CARTWRIGHT_ADMIN_EMAIL: admin.email,
        CARTWRIGHT_ADMIN_PASSWORD: admin.password,
        ...env,
      },
    });
    own = openApi((await (await fetch(`${engine.url}/docs/json`)).json()) as OpenApiDocument);
  });
  afterAll(() => engine?.close());
  afterEach(() => {
    const taken = complaints;
    complaints = [];
    expect(taken).toEqual([]);
  });

  const judge: MedusaWire["judge"] = ({ method, url, status, body }) => {
    const { pathname, searchParams } = new URL(url);
    const path = pathname.replace(/(.)\/$/, "$1");
    if (method === "OPTIONS" || !/^\/(store|admin)\//.test(path)) return;
    const operation = own.find(method, path);
    if (!operation && status === 404) return;
    const problems = !operation
      ? ["the path is not documented"]
      : operation.statuses.includes(String(status))
        ? operation.problems(String(status), body === "" ? undefined : body)
        : ["the status is not documented"];
    // Whoever names members gets those only.
    if (operation && status === 200 && !searchParams.has("fields") && !searchParams.has("expand")) {
      problems.push(...unlikeOriginal(operation.name, body));
    }
    if (problems.length > 0) {
      complaints.push([`${method} ${path} -> ${status}`, ...problems, JSON.stringify(body)].join("\n  "));
    }
  };

  const judged: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const response = await fetch(request);
    const text = await response.clone().text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
    const { method, url } = request;
    judge({ method, url, status: response.status, body: isJson ? JSON.parse(text) : text });
    return response;
  };

  const ask: MedusaWire["ask"] = async (method, path, body, { as, headers = {} } = {}) => {
    if (as === "admin" && token === undefined) {
      const signedIn = await ask("POST", "/admin/auth/token", admin);
      token = String(signedIn.body.access_token);
    }
    const response = await judged(`${engine.url}${path}`, {
      method,
      headers: {
        ...(as === "admin" && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
    return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
  };

  return {
    get engine() {
      return engine;
    },
    get url() {
      return engine.url;
    },
    ask,
    async admin(method, path, body) {
      const answer = await ask(method, path, body, { as: "admin" });
      if (answer.status !== 200) {
        throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      }
      return answer.body;
    },
    fetch: judged,
    judge,
  };
}
