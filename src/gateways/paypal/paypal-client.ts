import { setTimeout as pause } from "node:timers/promises";
import type { Client, OAuthToken, OrdersController, PaymentsController } from "@paypal/paypal-server-sdk";
import type { GatewayQuestion } from "../gateway.ts";
import { isBusy, isTokenRefused, PayPalError } from "./paypal-outcome.ts";

/** Calls of PayPal that were refused for the moment, or cut, are sent so often in all, under the same request id. */
const TRIES = 3;
/** The pause before the first repetition, in milliseconds; the second is twice as long. */
const RETRY_MS = 150;
/** A token that is good for less than so many seconds is replaced. */
const TOKEN_MARGIN_S = 60;

/** Asks for all of what a call made, and not only for its id. */
export const prefer = "return=representation";

type Sdk = typeof import("@paypal/paypal-server-sdk");

// Loaded with the first payment: it is big, and many stores never need it.
let loaded: Promise<Sdk> | undefined;

/** Tokens by whom they are for; PayPal lets a token be used for hours and limits how often one is asked for. */
const tokens = new Map<string, OAuthToken>();

/** Who asks, and where. */
export type PayPalAccount = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** PayPal's sandbox, where no money moves. */
  readonly test: boolean;
  /** In place of PayPal's own address. */
  readonly apiBase?: string;
};

/** The parts of the official package that take calls. */
export type PayPal = {
  readonly orders: OrdersController;
  readonly payments: PaymentsController;
  /** A call that the package has no function for, as text both ways. */
  ask(method: "GET" | "POST", path: string, body?: string): Promise<string>;
};

/** Sends a call with the store's credentials, and for the merchant that it acts for. */
export type AskPayPal = <Value>(
  question: GatewayQuestion,
  send: (paypal: PayPal, assertion: { paypalAuthAssertion?: string }) => Promise<Value>,
) => Promise<Value>;

/**
 * Sends one call. The deadline of the call ends also what is on its way; a call that PayPal refused for the moment, or
 * whose connection was cut, is sent again as long as there is time, which its request id makes harmless.
 * @param send gets the client, and sends every call that it repeats with the same request id
 * @throws PayPalError for an answer that is no success, and whatever keeps an answer from coming
 */
export async function callPayPal<Value>(
  account: PayPalAccount,
  { signal }: Pick<GatewayQuestion, "signal">,
  send: (paypal: PayPal) => Promise<Value>,
): Promise<Value> {
  loaded ??= import("@paypal/paypal-server-sdk");
  const sdk = await loaded;
  for (let tries = 1; ; tries += 1) {
    try {
      return await send(connect(sdk, account, signal));
    } catch (error) {
      // A token that was withdrawn is forgotten, and the next try asks for one.
      const forgotten = isTokenRefused(error) && tokens.delete(ownerOf(account));
      if (tries === TRIES || signal.aborted || !(forgotten || isBusy(error))) throw bare(error);
      if (!forgotten) await pause(RETRY_MS * tries, undefined, { signal });
    }
  }
}

/** The package's errors carry the whole request, with the token or the shop's credentials: they must not get about. */
function bare(error: unknown): unknown {
  const { statusCode, result, body } = error as Partial<PayPalError> & { readonly body?: unknown };
  return statusCode === undefined ? error : new PayPalError(statusCode, result ?? problemIn(body));
}

/** The package reads the bodies of errors that it expects; of the others it leaves them as they came. */
function problemIn(body: unknown): PayPalError["result"] {
  try {
    const problem = JSON.parse(String(body)) as unknown;
    return typeof problem === "object" && problem !== null ? problem : undefined;
  } catch {
    return undefined;
  }
}

function connect(sdk: Sdk, account: PayPalAccount, signal: AbortSignal): PayPal {
  const known = tokens.get(ownerOf(account));
  const client = new sdk.Client({
    environment: account.test ? sdk.Environment.Sandbox : sdk.Environment.Production,
    clientCredentialsAuthCredentials: {
      oAuthClientId: account.clientId,
      oAuthClientSecret: account.clientSecret,
      oAuthClockSkew: TOKEN_MARGIN_S,
      ...(known && { oAuthToken: known }),
      oAuthOnTokenUpdate: (token) => void tokens.set(ownerOf(account), token),
    },
    unstable_httpClientOptions: { adapter: transport(account.apiBase, signal) },
  });
  return {
    orders: new sdk.OrdersController(client),
    payments: new sdk.PaymentsController(client),
    ask: (method, path, body) => ask(client, method, path, body),
  };
}

async function ask(client: Client, method: "GET" | "POST", path: string, body?: string): Promise<string> {
  const request = client.getRequestBuilderFactory()(method, path);
  request.header("Content-Type", "application/json");
  if (body !== undefined) request.text(body);
  request.authenticate([{ oauth2: true }]);
  return (await request.callAsText()).body as string;
}

function ownerOf({ clientId, clientSecret, test, apiBase }: PayPalAccount): string {
  return JSON.stringify([clientId, clientSecret, test, apiBase]);
}

/** What the package hands to whoever carries its calls, and takes back, as far as that is used here. */
type SentRequest = {
  readonly method?: string;
  readonly url?: string;
  readonly data?: string;
  readonly headers: { toJSON(): Record<string, string> };
};

/** Carries the package's calls: it knows two addresses only, and does not end all of its calls at the deadline. */
function transport(apiBase: string | undefined, signal: AbortSignal) {
  return async (request: SentRequest) => {
    const { origin, pathname, search } = new URL(request.url ?? "");
    const answer = await fetch(
      `${apiBase === undefined ? origin : new URL(apiBase).origin}${pathname}${search}`,
      {
        // In capitals: of PATCH nobody else makes them.
        method: (request.method ?? "GET").toUpperCase(),
        headers: request.headers.toJSON(),
        ...(request.data !== undefined && { body: request.data }),
        redirect: "error",
        signal,
      },
    );
    return {
      data: await answer.text(),
      status: answer.status,
      statusText: answer.statusText,
      headers: Object.fromEntries(answer.headers),
      config: request,
    };
  };
}
