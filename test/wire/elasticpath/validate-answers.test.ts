import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { watchAnswers } from "./validate-answers.ts";

// A server that says one thing in its document and another in its answers.
const thing = { type: "object", required: ["id"], properties: { id: { type: "string" } } };
const described = (schema: object) => ({ content: { "application/json": { schema } } });
const document = {
  paths: {
    "/things/{thingId}": { get: { responses: { 200: described(thing), 204: described({ type: "null" }) } } },
    "/things/special": { get: { responses: { 200: described({ type: "array" }) } } },
  },
};

let server: Server;
let baseUrl: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    const asked = new URL(request.url ?? "", "http://localhost");
    if (asked.pathname === "/docs/json") return response.end(JSON.stringify(document));
    response.statusCode = Number(asked.searchParams.get("status") ?? 200);
    response.setHeader("content-type", asked.searchParams.get("type") ?? "application/json");
    response.end(asked.searchParams.get("body") ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const path = (from: string, query: Record<string, string>) => `${from}?${new URLSearchParams(query)}`;

test.each([
  ["a fitting body", path("/things/1", { body: '{"id":"a","more":1}' }), []],
  ["a fitting body behind doubled slashes", path("//things//1", { body: '{"id":"a"}' }), []],
  ["no body where none is documented", path("/things/1", { status: "204" }), []],
  ["the path with fewer parameters", path("/things/special", { body: "[]" }), []],
  ["a missing member", path("/things/1", { body: "{}" }), ["/ must have required property 'id'"]],
  ["a member of another type", path("/things/1", { body: '{"id":1}' }), ["/id must be string"]],
  ["no body where one is documented", path("/things/1", {}), ["there is no body"]],
  [
    "a status that is not documented",
    path("/things/1", { status: "500", body: "{}" }),
    ["status is not documented"],
  ],
  ["an unknown path without 404", path("/nothing", { body: "{}" }), ["the path is not documented"]],
  ["an answer that is no JSON", path("/things/1", { body: "<p>", type: "text/html" }), ["is not JSON"]],
])("judges %s", async (_what, url, expected) => {
  const log = await watchAnswers(baseUrl);
  await log.fetch(`${baseUrl}${url}`);
  const complaints = log.takeComplaints();
  expect(complaints).toHaveLength(expected.length);
  for (const [at, words] of expected.entries()) expect(complaints[at]).toContain(words);
  expect(log.takeComplaints()).toEqual([]);
});

test("keeps answers of unknown paths for whoever expects them, and what was sent and answered", async () => {
  const log = await watchAnswers(baseUrl);
  const answer = await log.fetch(`${baseUrl}/nothing?status=404&body={}`, { method: "PUT", body: "sent" });
  expect(await answer.json()).toEqual({});
  expect(log.answers).toMatchObject([{ method: "PUT", status: 404, requestBody: "sent", body: {} }]);
  expect(log.takeComplaints()).toEqual([]);
  expect(log.takeUndocumented()).toHaveLength(1);
  expect(log.takeUndocumented()).toEqual([]);
});
