import type { Context } from "../operations/context.ts";
import type { Deps } from "../operations/deps.ts";
import type { Access, Reply, Route } from "./route.ts";
import type { InvalidMember } from "./validation.ts";

/** What a dialect looks at to know who asks. */
export type Caller = { header(name: string): string | undefined; readonly access: Access };

/** What can be wrong before or around a route, for which a dialect has its own words. */
export type EdgeProblem =
  | "not_found"
  | "malformed_json"
  | "unsupported_media_type"
  | "too_large"
  | "nul_character"
  | "card_number"
  | "bad_request"
  | "key_invalid"
  | "key_mismatch"
  | "key_running"
  | "unavailable"
  | "internal";

/** One of the wire APIs: its routes, and how it says what goes wrong. */
export type Dialect = {
  readonly name: string;
  /** First segments of the paths that it answers, also with 404. */
  readonly prefixes: readonly string[];
  readonly routes: readonly Route[];
  /** A cookie may say who asks, so that only pages of known origins may. */
  readonly usesCookies?: true;
  /** Who asks; a reply when they may not. */
  identify(deps: Deps, caller: Caller): Promise<{ context: Context } | { refusal: Reply }>;
  /** Brings the oddities of known clients into the one form that the routes describe. */
  normalizeBody(body: unknown): unknown;
  /** Repairs a body that known clients send although it is no JSON; undefined when it is none of those. */
  repairJson(text: string): string | undefined;
  invalid(members: readonly InvalidMember[]): Reply;
  /** The last touch to a refusal, whoever made it, for dialects whose services do not all write errors alike. */
  finishRefusal?(url: string, refusal: Reply): Reply;
  problem(problem: EdgeProblem, requestId: string): Reply;
};
