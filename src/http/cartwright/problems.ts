import type { EdgeProblem } from "../dialect.ts";
import type { Reply } from "../route.ts";
import type { InvalidMember } from "../validation.ts";

/** An error in our own form, problem details of RFC 9457. `type` is a word that programs may compare. */
export function problem(status: number, type: string, detail: string, members: object = {}): Reply {
  return {
    status,
    body: { type, title: titles[status] ?? "Refused", status, detail, ...members },
    headers: { "content-type": "application/problem+json; charset=utf-8" },
  };
}

const titles: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  413: "Payload Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

/** A body that does not fit its schema; `errors` names every member that is wrong. */
export function invalidBody(members: readonly InvalidMember[]): Reply {
  const errors = members.map(({ path, keyword, expected }) => ({
    path,
    rule: keyword,
    ...(expected !== undefined && { expected }),
  }));
  return problem(
    400,
    "invalid",
    `Not as it must be: ${errors.map(({ path }) => path || "the body").join(", ")}`,
    {
      errors,
    },
  );
}

/** What is wrong around a route, in the same form. */
export function edgeProblem(kind: EdgeProblem, requestId: string): Reply {
  const [status, detail] = edges[kind];
  const reply = problem(status, kind, detail, kind === "internal" ? { request_id: requestId } : {});
  if (status !== 503 && kind !== "key_running") return reply;
  return { ...reply, headers: { ...reply.headers, "retry-after": "1" } };
}

const edges: Record<EdgeProblem, [status: number, detail: string]> = {
  not_found: [404, "There is nothing at this address"],
  malformed_json: [400, "The body is not valid JSON"],
  unsupported_media_type: [415, "Send JSON with the content type application/json"],
  too_large: [413, "The body is larger than 1 MiB"],
  card_number: [400, "Card numbers are not accepted here: send a token of the payment gateway"],
  nul_character: [400, "The NUL character (\\u0000) is not accepted in texts"],
  bad_request: [400, "The request could not be understood"],
  key_invalid: [400, "An idempotency key has 1 to 255 visible ASCII characters"],
  key_mismatch: [422, "This idempotency key was used for another request"],
  key_running: [409, "A request with this idempotency key is still running"],
  unavailable: [503, "The database cannot be reached just now, try again in a moment"],
  internal: [500, "Something went wrong on our side; the log has it under this request id"],
};
