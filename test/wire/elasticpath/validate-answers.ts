import { type OpenApiDocument, openApi } from "./openapi-document.ts";
import { vendorSchemas } from "./vendor-schemas.ts";

/** One answer as it came over the wire. */
export type RecordedAnswer = {
  readonly method: string;
  /** Path and query, undecoded. */
  readonly url: string;
  readonly requestHeaders: Headers;
  /** The body of the request as text; undefined for none. */
  readonly requestBody: string | undefined;
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; undefined for no body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
};

export type AnswerLog = {
  /** A fetch for clients: what comes back through it is recorded and judged. */
  readonly fetch: typeof fetch;
  /** All answers so far, in the order in which they arrived. */
  readonly answers: RecordedAnswer[];
  /** What was wrong with answers since the last call, one entry for each. */
  takeComplaints(): string[];
  /** Answers of paths that the server does not document, since the last call. Whoever does not take them fails. */
  takeUndocumented(): RecordedAnswer[];
};

/**
 * Watches the answers of one server. Each must be of a documented path, method and status, and fit the schema in the
 * server's own OpenAPI document; where the vendor's documents are at hand, it must fit those too.
 */
export async function watchAnswers(baseUrl: string): Promise<AnswerLog> {
  const described = await fetch(`${baseUrl}/docs/json`);
  const own = openApi((await described.json()) as OpenApiDocument);
  const vendor = vendorSchemas();
  const answers: RecordedAnswer[] = [];
  let complaints: string[] = [];
  let undocumented: RecordedAnswer[] = [];

  const judge = (answer: RecordedAnswer, text: string): void => {
    const problems = problemsOf(answer);
    if (problems.length === 0) return;
    const shown = text.length > 1_000 ? `${text.slice(0, 1_000)} ...` : text;
    complaints.push([`${answer.method} ${answer.url} -> ${answer.status}`, ...problems, shown].join("\n  "));
  };

  const problemsOf = (answer: RecordedAnswer): readonly string[] => {
    const { method, url, status, body } = answer;
    const path = pathOf(url);
    const operation = own.find(method, path);
    if (!operation) {
      undocumented.push(answer);
      return status === 404 ? [] : ["the path is not documented, and the answer is not 404"];
    }
    if (!operation.statuses.includes(String(status))) return ["the status is not documented"];
    return [
      ...operation.problems(String(status), body),
      // The vendor has nothing to say about our own API.
      ...((path.startsWith("/cartwright/") ? undefined : vendor?.problems(method, path, status, body)) ?? []),
    ];
  };

  const record: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const requestBody = request.body ? await request.clone().text() : undefined;
    const response = await fetch(request);
    const text = await response.clone().text();
    const url = request.url.slice(new URL(request.url).origin.length);
    const { method, headers: requestHeaders } = request;
    const { status, headers } = response;
    if (method === "OPTIONS") return response;
    if (text !== "" && !/^application\/(problem\+)?json/.test(headers.get("content-type") ?? "")) {
      complaints.push(`${method} ${url} -> ${status}: the answer is not JSON`);
      return response;
    }
    const body = text === "" ? undefined : JSON.parse(text);
    const answer = { method, url, requestHeaders, requestBody, status, headers, body };
    answers.push(answer);
    judge(answer, text);
    return response;
  };

  return {
    fetch: record,
    answers,
    takeComplaints() {
      const taken = complaints;
      complaints = [];
      return taken;
    },
    takeUndocumented() {
      const taken = undocumented;
      undocumented = [];
      return taken;
    },
  };
}

/** The path of a URL as the router sees it: doubled slashes are one. */
function pathOf(url: string): string {
  return (url.split("?")[0] as string).replace(/\/{2,}/g, "/").replace(/(.)\/$/, "$1");
}
