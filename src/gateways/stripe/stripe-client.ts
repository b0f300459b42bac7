import { setTimeout as pause } from "node:timers/promises";
import type { Stripe } from "stripe";
import type { GatewayCall } from "../gateway.ts";

/** Calls of Stripe that were refused for the moment, or cut, are sent so often in all, under the same key. */
const TRIES = 3;
/** The pause before the first repetition, in milliseconds; the second is twice as long. */
const RETRY_MS = 150;

// Loaded with the first payment: it is big, and many stores never need it.
let loaded: Promise<typeof Stripe> | undefined;

/** The official package, once it is needed. */
export async function loadStripe(): Promise<typeof Stripe> {
  loaded ??= import("stripe").then((module) => module.default);
  return loaded;
}

/** Where Stripe is, and who asks. */
export type StripeAccount = {
  readonly apiKey: string;
  readonly apiBase?: string;
  /** For whom, `acct_…`: an account that is connected with the key's own. */
  readonly account?: string;
};

/**
 * Sends one call. The deadline of the call ends also what is on its way; a call that Stripe refused for the moment, or
 * whose connection was cut, is sent again as long as there is time, which its idempotency key makes harmless.
 * @param send gets the client and the number of milliseconds that are left
 */
export async function callStripe<Value>(
  { apiKey, apiBase, account }: StripeAccount,
  { signal }: Pick<GatewayCall, "signal">,
  deadlineMs: number,
  send: (client: Stripe) => Promise<Value>,
): Promise<Value> {
  const StripeClient = await loadStripe();
  const client = new StripeClient(apiKey, {
    ...(apiBase !== undefined && placeOf(apiBase)),
    ...(account !== undefined && { stripeAccount: account }),
    // Repeating is done here, where the deadline is known.
    maxNetworkRetries: 0,
    timeout: deadlineMs,
    telemetry: false,
    httpClient: StripeClient.createFetchHttpClient(endingWith(signal)),
  });
  for (let tries = 1; ; tries += 1) {
    try {
      return await send(client);
    } catch (error) {
      if (tries === TRIES || signal.aborted || !mayPass(error)) throw error;
      await pause(RETRY_MS * tries, undefined, { signal });
    }
  }
}

/** Whether the same call may go well in a moment: no answer came, or Stripe was busy, with this call or in general. */
function mayPass(error: unknown): boolean {
  const { type, code } = error as { type?: string; code?: string };
  return (
    type === "StripeConnectionError" ||
    type === "StripeRateLimitError" ||
    code === "idempotency_key_in_use" ||
    code === "lock_timeout"
  );
}

function endingWith(signal: AbortSignal): typeof fetch {
  return (input, init) =>
    fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, signal]) : signal });
}

function placeOf(apiBase: string): { host: string; port: string; protocol: "http" | "https" } {
  const { hostname, port, protocol } = new URL(apiBase);
  const secure = protocol === "https:";
  return {
    host: hostname,
    port: port === "" ? (secure ? "443" : "80") : port,
    protocol: secure ? "https" : "http",
  };
}
