import { setTimeout as pause } from "node:timers/promises";
import type { CheckoutAPI, Config } from "@adyen/api-library";
import type { GatewayQuestion } from "../gateway.ts";
import { loadAdyen } from "./adyen-package.ts";

/** Calls that Adyen refused for the moment, or that were cut, are sent so often in all, under the same key. */
const TRIES = 3;
/** The pause before the first repetition, in milliseconds; the second is twice as long. */
const RETRY_MS = 150;
/** What Adyen answers while it works on the same key, in the older form of its API. */
const IN_PROGRESS = "704";

/** Where Adyen is, and who asks. */
export type AdyenAccount = {
  readonly merchantAccount: string;
  /** With a user name it is that user's password, else an API key. */
  readonly password: string;
  readonly username?: string;
  readonly live: boolean;
  /** Of the addresses that Adyen gives a company for real payments: `1797a841fbb37ca7-AdyenDemo`. */
  readonly livePrefix: string;
  /** Instead of Adyen's own address. */
  readonly apiBase?: string;
};

/** The two parts of Adyen's package that move money. */
export type AdyenApis = Pick<CheckoutAPI, "PaymentsApi" | "ModificationsApi">;

/** An answer that is none: a refusal of the request, with Adyen's code, or a failure. */
export class AdyenError extends Error {
  /** Of HTTP. */
  readonly status: number;
  readonly code: string | undefined;
  /** The same call may go well in a moment. */
  readonly passing: boolean;

  constructor(status: number, code: string | undefined, message: string, passing: boolean) {
    super(message);
    this.status = status;
    this.code = code;
    this.passing = passing;
  }
}

/** The account that a store's settings describe; undefined while something of it is missing. */
export function accountOf(
  settings: GatewayQuestion["settings"],
  apiBase: string | undefined,
): AdyenAccount | undefined {
  const text = (name: string): string => (typeof settings[name] === "string" ? settings[name].trim() : "");
  const account = { merchantAccount: text("merchant_account"), password: text("password") };
  const live = settings.test === false;
  const livePrefix = text("live_prefix");
  if (Object.values(account).includes("") || (live && livePrefix === "")) return undefined;
  // Without its calls nobody would ever learn what became of a capture or a refund.
  if (hmacKeysOf(settings).length === 0) return undefined;
  const username = text("username");
  return {
    ...account,
    ...(username !== "" && { username }),
    live,
    livePrefix,
    ...(apiBase !== undefined && { apiBase }),
  };
}

/** The keys that Adyen's calls may be signed with, several in a row with commas: hexadecimal, 32 bytes each. */
export function hmacKeysOf(settings: GatewayQuestion["settings"]): readonly string[] {
  const { webhook_secret: secret } = settings;
  if (typeof secret !== "string") return [];
  // Anything else would be taken for a shorter key, or for none.
  return secret
    .split(",")
    .map((key) => key.trim())
    .filter((key) => /^[0-9a-f]{64}$/i.test(key));
}

/**
 * Sends one call. The deadline ends also what is on its way; a call that Adyen refused for the moment, or whose
 * connection was cut, is sent again as long as there is time, which its idempotency key makes harmless.
 * @throws AdyenError, or whatever cut the connection
 */
export async function callAdyen<Value>(
  account: AdyenAccount,
  { signal }: Pick<GatewayQuestion, "signal">,
  send: (apis: AdyenApis) => Promise<Value>,
): Promise<Value> {
  const apis = apisOf(account, signal);
  for (let tries = 1; ; tries += 1) {
    signal.throwIfAborted();
    try {
      return await send(apis);
    } catch (error) {
      const passing = !(error instanceof AdyenError) || error.passing;
      if (tries === TRIES || signal.aborted || !passing) throw error;
      await pause(RETRY_MS * tries, undefined, { signal });
    }
  }
}

function apisOf(account: AdyenAccount, signal: AbortSignal): AdyenApis {
  const { live, livePrefix, username, password, apiBase } = account;
  const { AdyenClient, PaymentsApi, ModificationsApi } = loadAdyen();
  const config = {
    environment: live ? "LIVE" : "TEST",
    ...(username === undefined ? { apiKey: password } : { username, password }),
    ...(live && { liveEndpointUrlPrefix: livePrefix }),
  } as Config;
  const adyen = new AdyenClient(config, {
    request: (endpoint, body, _config, _isApiKeyRequired, { idempotencyKey } = {}) =>
      post(addressOf(endpoint, apiBase), String(body), headersOf(account, idempotencyKey), signal),
  });
  return { PaymentsApi: new PaymentsApi(adyen), ModificationsApi: new ModificationsApi(adyen) };
}

function addressOf(endpoint: string, apiBase: string | undefined): string {
  return apiBase === undefined ? endpoint : endpoint.replace(/^https:\/\/[^/]+/, apiBase.replace(/\/$/, ""));
}

function headersOf(
  { username, password }: AdyenAccount,
  idempotencyKey: string | undefined,
): Record<string, string> {
  const basic = Buffer.from(`${username}:${password}`).toString("base64");
  return {
    "content-type": "application/json",
    ...(username === undefined ? { "x-api-key": password } : { authorization: `Basic ${basic}` }),
    ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
  };
}

/** In place of the package's own, which can neither be ended nor speak to a stand-in without TLS. */
async function post(
  address: string,
  body: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<string> {
  const answer = await fetch(address, { method: "POST", headers, body, signal, redirect: "error" });
  const text = await answer.text();
  if (answer.ok) return text;
  const { errorCode, message } = refusalIn(text);
  const passing =
    answer.status === 429 ||
    answer.status >= 500 ||
    answer.headers.get("transient-error") === "true" ||
    errorCode === IN_PROGRESS;
  throw new AdyenError(answer.status, errorCode, message ?? `Adyen answers ${answer.status}`, passing);
}

function refusalIn(text: string): { readonly errorCode?: string; readonly message?: string } {
  try {
    const { errorCode, message } = JSON.parse(text) as { errorCode?: unknown; message?: unknown };
    return {
      ...(typeof errorCode === "string" && { errorCode }),
      ...(typeof message === "string" && { message }),
    };
  } catch {
    return {};
  }
}
