import { beforeAll, expect, test } from "vitest";
import { examineStore } from "../../../src/operations/examine-store.ts";
import { type Json, mutationsOf } from "../mutations.ts";
import { admin, useMedusa } from "./harness.ts";
import { type ValidRequest, validRequests } from "./valid-requests.ts";

/** How many mutated requests are sent; MUTATIONS=10000 for the long run. */
const COUNT = Number(process.env.MUTATIONS ?? 1000);
/** The run is repeated exactly with the seed that it printed. */
const SEED = Number(process.env.MUTATIONS_SEED ?? Date.now() % 1_000_000);
const { random, pick, mutated, mutatedText, mutatedPath } = mutationsOf(SEED);

const wire = useMedusa();
let adminToken: string;
beforeAll(async () => {
  adminToken = (await wire.ask("POST", "/admin/auth/token", admin)).body.access_token;
});

const oddQueries = [
  "limit=-1",
  "limit=abc",
  "limit=99999999999",
  "offset=99999999999999999999",
  "offset=1e3",
  "limit=1&limit=2",
  "limit[]=1",
  "limit[a][b]=1",
  "created_at[gt]=never",
  "created_at[gt]=%00",
  "created_at=2020-01-01",
  "updated_at[lt]=999999-01-01",
  "id[0]=a&id[1]=b",
  "id[]=",
  "id[a]=b",
  "id=prod_ZZZZZZZZZZZZZZZZZZZZZZZZZZ",
  "q=%25_%5C",
  "q=%00",
  `q=${"x".repeat(5000)}`,
  "order=;drop%20table%20orders",
  "order=-",
  "order=__proto__",
  "expand=,,,",
  `expand=${"items.".repeat(400)}`,
  "fields=__proto__,constructor",
  "fields=",
  "__proto__[x]=1",
  "constructor[prototype][x]=1",
  "region_id=x",
  "region_id[]=x",
  "currency_code=xxxx",
  "cart_id=cart_x",
  "status[0]=nothing",
  "is_giftcard=maybe",
  "collection_id[0][x]=1",
  "title=%F0%9F%92%A5",
  "display_id=abc&email=x",
  "display_id=99999999999999999999&email=a@b.c",
  "ids=%00",
  "%",
  "%zz=%zz",
  "&&==&",
  "[[[]]]=1",
  "a[b[c]=1",
];

/** The forms of a refusal: `{ type, message }`, and the plain words that clients know. */
function refusalProblem(status: number, type: string | null, text: string): string | undefined {
  if (status >= 500) return "not the caller's fault";
  if (status === 401 && text === "Unauthorized") return undefined;
  // Of a look-up of orders that finds none.
  if (status === 404 && text === "Not Found") return undefined;
  if (!type?.startsWith("application/json")) return `neither JSON nor a plain word: ${type}`;
  const body = JSON.parse(text) as { type?: unknown; message?: unknown; errors?: unknown };
  if (status === 409 && Array.isArray(body.errors) && typeof body.message === "string") return undefined;
  if (typeof body.message !== "string" || body.message === "") return "no message";
  return typeof body.type === "string" ? undefined : "no type";
}

test("what is mutated is valid before it is", async () => {
  const { requests, customerToken } = await validRequests(wire);
  const refused: string[] = [];
  for (const request of requests) {
    const { status, text } = await send(request, request.path, bodyText(request.body), customerToken);
    if (status >= 400) refused.push(`${request.path} -> ${status} ${text}`);
  }
  // Their tokens are in mails only.
  expect(refused).toEqual([
    expect.stringContaining("/store/customers/password-reset -> 401"),
    expect.stringContaining("/store/orders/customer/confirm -> 400"),
    expect.stringContaining("/admin/users/reset-password -> 401"),
  ]);
});

test(`${COUNT} random mutations of valid requests get a 4xx in the dialect's form or a valid answer, and nothing is half-written`, async () => {
  console.log(`mutations: MUTATIONS_SEED=${SEED}`);
  let templates: readonly ValidRequest[] = [];
  let token = "";
  const problems: string[] = [];
  let refused = 0;
  for (let sent = 0; sent < COUNT; sent += 1) {
    if (sent % 400 === 0) ({ requests: templates, customerToken: token } = await validRequests(wire));
    const template = pick(templates);
    const way = random();
    const hasQuery = template.path.includes("?") ? "&" : "?";
    const path =
      way < 0.12
        ? mutatedPath(template.path)
        : template.method === "GET" || way < 0.16
          ? template.path + hasQuery + pick(oddQueries)
          : template.path;
    const whole = template.body as Json;
    const body =
      template.body === undefined
        ? undefined
        : way > 0.9
          ? mutatedText(JSON.stringify(whole))
          : bodyText(mutated(whole));
    const odd = random() < 0.1 ? pick(oddHeaders) : {};
    const what = `${template.method} ${path.slice(0, 300)} ${body?.slice(0, 700)} ${JSON.stringify(odd)}`;
    const answer = await send(template, path, body, token, odd).catch((error) => {
      throw new Error(`${what}: ${error}`);
    });
    if (answer.status < 400) continue;
    refused += 1;
    const problem = refusalProblem(answer.status, answer.type, answer.text);
    if (problem !== undefined) problems.push(`${what} -> ${answer.status} ${answer.text}: ${problem}`);
  }
  expect(problems).toEqual([]);
  expect(refused).toBeGreaterThan(COUNT / 4);
  expect(await examineStore(wire.engine.engine.core.deps, wire.engine.engine.storeId)).toEqual([]);
  const { orders } = await wire.admin("GET", "/admin/orders?limit=100");
  expect(orders.length).toBeGreaterThan(2);
  for (const { id } of orders) {
    const { order } = await wire.admin("GET", `/admin/orders/${id}`);
    const sum = order.subtotal + order.shipping_total + order.tax_total - order.discount_total;
    expect(order.total).toBe(sum - order.gift_card_total);
    expect(order.refunded_total).toBeLessThanOrEqual(order.paid_total);
  }
});

const oddHeaders: readonly Readonly<Record<string, string>>[] = [
  { "idempotency-key": "k" },
  { "idempotency-key": "a b" },
  { "idempotency-key": "k".repeat(300) },
  { "x-publishable-api-key": "pk_x" },
  { "x-publishable-api-key": "" },
  { authorization: "" },
  { authorization: "Bearer a.b.c" },
  { authorization: "Basic YTpi" },
  { cookie: "connect.sid=s%3Aabc.def" },
  { "x-medusa-access-token": "x" },
  { "content-type": "text/plain" },
  { "content-type": "application/x-www-form-urlencoded" },
  { "content-type": "application/json; charset=utf-16" },
  { next: "[object Object]" },
];

function bodyText(body: unknown): string | undefined {
  return body === undefined ? undefined : JSON.stringify(body);
}

async function send(
  { method, as }: ValidRequest,
  path: string,
  body: string | undefined,
  customerToken: string,
  odd: Readonly<Record<string, string>> = {},
) {
  const answer = await fetch(`${wire.url}${path}`, {
    method,
    headers: {
      ...(as === "admin" && { authorization: `Bearer ${adminToken}` }),
      ...(as === "customer" && { authorization: `Bearer ${customerToken}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...odd,
    },
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(30_000),
  });
  return { status: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
}
