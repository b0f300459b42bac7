import type { ErrorBody } from "./objects.ts";

/** A request that is answered with an error, in Stripe's form. */
export class RefusedRequest extends Error {
  readonly status: number;
  readonly body: ErrorBody;

  constructor(status: number, body: ErrorBody) {
    super(body.message);
    this.name = "RefusedRequest";
    this.status = status;
    this.body = body;
  }
}

/** A request that makes no sense, or makes none in the state that things are in. */
export function invalid(message: string, extra: Pick<ErrorBody, "code" | "param"> = {}): RefusedRequest {
  return new RefusedRequest(400, { type: "invalid_request_error", message, ...extra });
}

export function missing(what: string, id: string, param = "id"): RefusedRequest {
  return new RefusedRequest(404, {
    type: "invalid_request_error",
    code: "resource_missing",
    message: `No such ${what}: '${id}'`,
    param,
  });
}
