import { expect } from "vitest";
import { elasticPathDialect } from "../../../src/http/elasticpath/dialect.ts";
import { validatorOf } from "../../../src/http/validation.ts";
import type { Answer, AskOptions, TestEngine } from "../../engine.ts";

/** Asks, and expects the answer to be what the route's description says of it. */
export async function askDescribed(
  engine: TestEngine,
  method: string,
  path: string,
  body?: unknown,
  options?: AskOptions,
): Promise<Answer> {
  const answer = await engine.ask(method, path, body, options);
  const route = routeOf(method, path);
  const schema = route?.responses[answer.status];
  if (schema === null) expect(answer.body).toBeUndefined();
  else if (schema === undefined) expect.fail(`${method} ${path} does not describe ${answer.status}`);
  else expect(validatorOf(schema)(answer.body)).toEqual([]);
  return answer;
}

/** The route of a request; of two that match, the one with fewer parameters. */
function routeOf(method: string, path: string) {
  const segments = (path.split("?")[0] as string).split("/");
  const parameters = (pattern: string) => pattern.split(":").length;
  return elasticPathDialect.routes
    .filter((route) => route.method === method)
    .filter(({ path: pattern }) => {
      const parts = pattern.split("/");
      return (
        parts.length === segments.length &&
        parts.every((part, at) => part.startsWith(":") || part === segments[at])
      );
    })
    .sort((a, b) => parameters(a.path) - parameters(b.path))[0];
}
