import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { Surroundings } from "../../../src/core.ts";
import { type Answer, startTestEngine, type TestEngine } from "../../engine.ts";
import { type OpenApiDocument, openApi } from "../elasticpath/openapi-document.ts";

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
};

/**
 * Starts one engine for the test file, empty and with the providers that tests direct unless `env` says otherwise. After
 * each test every answer must have been of a documented status and must fit its schema.
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

  const judged: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const response = await fetch(request);
    const path = (new URL(request.url).pathname.replace(/(.)\/$/, "$1") || "/") as string;
    if (request.method === "OPTIONS" || !/^\/(store|admin)\//.test(path)) return response;
    const text = await response.clone().text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
    const operation = own.find(request.method, path);
    const problems = !operation
      ? response.status === 404
        ? []
        : ["the path is not documented"]
      : operation.statuses.includes(String(response.status))
        ? operation.problems(String(response.status), isJson ? JSON.parse(text) : text || undefined)
        : ["the status is not documented"];
    if (problems.length > 0) {
      complaints.push([`${request.method} ${path} -> ${response.status}`, ...problems, text].join("\n  "));
    }
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
  };
}
