import type { Static, TSchema } from "typebox";
import type { Context } from "../operations/context.ts";
import type { Deps } from "../operations/deps.ts";

/** One request, parsed and allowed. */
export type Call<Body = unknown> = {
  readonly deps: Deps;
  readonly context: Context;
  /** Path parameters, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** What follows the "?", undecoded; empty without one. */
  readonly rawQuery: string;
  readonly body: Body;
  /** A header by its lower-case name. */
  header(name: string): string | undefined;
  /** Scheme and host as the client sees them, `http://localhost:9000`, without a trailing slash. */
  readonly baseUrl: string;
  /** Path of the request, without the query. */
  readonly path: string;
  /** Address that the connection comes from: the client's, or of the proxy in front of us. */
  readonly ip: string;
  /** An id that is the same whenever this request is repeated with its idempotency key, and new otherwise. */
  readonly attemptId: string;
};

/** An answer: `body` is sent as JSON, or `text` as plain text, or nothing when both are absent. */
export type Reply = {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/**
 * Who may call a route. `open` needs no token, `token` any valid one, `shopper` a signed-in customer or account (or the
 * shop itself), `shop` the merchant's own credentials; `sign_in` is `token` for whoever wants a new shopper token and may
 * send an old one along. What belongs to whom is the operation's question.
 */
export type Access = "open" | "token" | "sign_in" | "shopper" | "shop";

export type Route = {
  readonly method: Method;
  /** `/v2/carts/:cartId` */
  readonly path: string;
  readonly access: Access;
  /** Group in the API reference. */
  readonly tag: string;
  readonly summary: string;
  /** Query parameters that the API reference names. */
  readonly query?: readonly string[];
  /** JSON schema of the body; without one the body is not looked at. */
  readonly body?: TSchema;
  /** What the API reference shows as the body, where that says more than what is checked before the handler. */
  readonly shownBody?: TSchema;
  /** The body may be missing. */
  readonly bodyOptional?: boolean;
  /** JSON schemas of the answers by status; null for an answer without a body. */
  readonly responses: Readonly<Record<number, TSchema | null>>;
  /**
   * How an idempotency key is kept: in the transaction of the effect (the default of every method but GET), or in
   * steps around a call to a gateway (`phased`), or not at all (`none`).
   */
  readonly idempotency?: "transaction" | "phased" | "none";
  readonly handle: (call: Call) => Promise<Reply>;
};

type RouteSpec<Body extends TSchema> = Omit<Route, "body" | "handle"> & {
  readonly body?: Body;
  readonly handle: (call: Call<Static<Body>>) => Promise<Reply>;
};

/** A route whose handler knows the type of its body. */
export function route<Body extends TSchema>(spec: RouteSpec<Body>): Route {
  return spec as unknown as Route;
}
