import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import type { BraintreeClient } from "braintree";
import type { GatewayQuestion } from "../gateway.ts";

/** Calls that Braintree refused for the moment are sent so often in all, under the same key. */
const TRIES = 3;
/** The pause before the first repetition, in milliseconds; the second is twice as long. */
const RETRY_MS = 150;

/** Where Braintree is, and who asks. */
export type BraintreeAccount = {
  readonly environment: "production" | "sandbox";
  readonly merchantId: string;
  readonly publicKey: string;
  readonly privateKey: string;
  /** Instead of the environment's own address. */
  readonly apiBase?: string;
};

/** The account that a store's settings describe; undefined while something of it is missing. */
export function accountOf(
  settings: GatewayQuestion["settings"],
  apiBase: string | undefined,
): BraintreeAccount | undefined {
  const text = (name: string): string => (typeof settings[name] === "string" ? settings[name].trim() : "");
  const environment = text("environment").toLowerCase() || "sandbox";
  const account = {
    merchantId: text("merchant_id"),
    publicKey: text("public_key"),
    privateKey: text("private_key"),
  };
  if (Object.values(account).includes("")) return undefined;
  if (environment !== "production" && environment !== "sandbox") return undefined;
  return { ...account, environment, ...(apiBase !== undefined && { apiBase }) };
}

/** Braintree's refusal of a call that may go well in a moment: nothing was done, or the same call is being done. */
export class BraintreeBusy extends Error {}

/**
 * Sends one call, or several that belong together. The deadline ends also what is on its way; a call that Braintree
 * refused for the moment is sent again as long as there is time. One that was cut is not: only asking tells whether it
 * was carried out.
 */
export async function callBraintree<Value>(
  account: BraintreeAccount,
  { signal }: Pick<GatewayQuestion, "signal">,
  deadlineMs: number,
  send: (client: BraintreeClient) => Promise<Value>,
): Promise<Value> {
  const { client, agent } = await clientOf(account);
  client.config.timeout = deadlineMs;
  const cut = (): void => agent.destroy();
  signal.addEventListener("abort", cut);
  try {
    for (let tries = 1; ; tries += 1) {
      signal.throwIfAborted();
      try {
        return await send(client);
      } catch (error) {
        const busy = error instanceof BraintreeBusy || typeOf(error) === "tooManyRequestsError";
        if (tries === TRIES || !busy) throw error;
        await pause(RETRY_MS * tries, undefined, { signal });
      }
    }
  } finally {
    signal.removeEventListener("abort", cut);
    agent.destroy();
  }
}

/** A client that is only to check signatures or to make them: it has connections to nobody. */
export async function braintreeClient(account: BraintreeAccount): Promise<BraintreeClient> {
  return (await clientOf(account)).client;
}

/** How the package names what went wrong, `notFoundError`. */
export function typeOf(error: unknown): string | undefined {
  const { type } = error as { type?: unknown };
  return typeof type === "string" ? type : undefined;
}

async function clientOf({ environment, apiBase, ...keys }: BraintreeAccount) {
  // Loaded with the first payment: many stores never need it.
  const { BraintreeGateway, Environment } = await import("braintree");
  const place = apiBase === undefined ? undefined : new URL(apiBase);
  const secure = place?.protocol !== "http:";
  const agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true });
  const port = place?.port || (secure ? "443" : "80");
  const client = new BraintreeGateway({
    ...keys,
    environment: place
      ? new Environment(place.hostname, port, place.origin, secure, place.hostname, port)
      : environment === "production"
        ? Environment.Production
        : Environment.Sandbox,
    customHttpAgent: agent,
  });
  return { client, agent };
}
