import { createHmac, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { GatewayFault } from "./conformance.ts";
import { type PayPalBooks, PayPalRefusal, payPalBooks } from "./paypal-books.ts";

// A stand-in of PayPal's API: tokens, orders, payments, webhooks, and everything that goes wrong on the way.

/** `finish` captures or authorizes an order that was approved. */
export type PayPalOperation =
  | "token"
  | "create"
  | "read"
  | "patch"
  | "finish"
  | "capture"
  | "refund"
  | "void"
  | "verify"
  | "events";

export type PayPalServer = {
  readonly url: string;
  readonly books: PayPalBooks;
  readonly credentials: { readonly client_id: string; readonly client_secret: string };
  /** Requests that came, as `POST /v2/checkout/orders`, and what was sent with them. */
  readonly requests: { readonly name: string; readonly headers: IncomingMessage["headers"] }[];
  /** The same request id with another body, and whatever else a shop should never do. */
  readonly complaints: string[];
  /** Lets every call of an operation go wrong, until `heal`; `times` only so often. */
  break(operation: PayPalOperation, fault: GatewayFault, times?: number): void;
  slow(operation: PayPalOperation, delayMs: number): void;
  /** Asked of every call that changes something, what goes wrong with it. */
  setChaos(fault: ((operation: PayPalOperation) => GatewayFault | undefined) | undefined): void;
  heal(): void;
  /** Tokens that were given out are not good any more. */
  revokeTokens(): void;
  /** Where events are sent, and for which webhook they are signed; undefined: nowhere. */
  setWebhook(hook: { readonly url: string; readonly id: string } | undefined): void;
  /** The headers of a call that PayPal makes, for a body of its own. */
  sign(body: string, webhookId: string): Record<string, string>;
  /** Waits until no call of a webhook is on its way. */
  idle(): Promise<void>;
  close(): Promise<void>;
};

type Told = { readonly id: string; readonly create_time: string };
type Reply = { readonly status: number; readonly body?: unknown; readonly location?: string };

const WEBHOOK = '"webhook_event":';
const PAGE = 2;

export async function startPayPalServer(): Promise<PayPalServer> {
  const credentials = { client_id: "shop-client", client_secret: "shop-secret-1234567890" };
  const signingSecret = randomUUID();
  const faults = new Map<PayPalOperation, { fault?: GatewayFault; times: number; delayMs: number }>();
  const answered = new Map<string, { body: string; render?: () => unknown }>();
  const events: Told[] = [];
  const requests: PayPalServer["requests"] = [];
  const complaints: string[] = [];
  const onTheirWay = new Set<Promise<unknown>>();
  let tokens = new Set<string>();
  let chaos: ((operation: PayPalOperation) => GatewayFault | undefined) | undefined;
  let hook: { readonly url: string; readonly id: string } | undefined;
  let url = "";

  const digest = (parts: readonly string[]): string =>
    createHmac("sha256", signingSecret).update(parts.join("|")).digest("base64");
  const sign = (body: string, webhookId: string): Record<string, string> => {
    const id = randomUUID();
    const time = new Date().toISOString();
    return {
      "paypal-transmission-id": id,
      "paypal-transmission-time": time,
      "paypal-transmission-sig": digest([id, time, webhookId, body]),
      "paypal-cert-url": `${url}/v1/notifications/certs/CERT-1`,
      "paypal-auth-algo": "SHA256withRSA",
    };
  };
  const tell = (type: string, resource: object): void => {
    const event = {
      id: `WH-${randomUUID()}`,
      create_time: new Date().toISOString(),
      event_type: type,
      resource: structuredClone(resource),
    };
    events.push(event);
    if (!hook) return;
    // With spaces, as PayPal writes it: nobody gets the same bytes by parsing and writing it again.
    const body = JSON.stringify(event, undefined, 1);
    const headers = { "content-type": "application/json", ...sign(body, hook.id) };
    const sent = fetch(hook.url, { method: "POST", headers, body }).catch(() => undefined);
    onTheirWay.add(sent);
    void sent.finally(() => onTheirWay.delete(sent));
  };
  const books = payPalBooks(tell, () => url);

  const verify = (text: string): Reply => {
    const at = text.indexOf(WEBHOOK);
    const event = text.slice(at + WEBHOOK.length, -1);
    const asked = JSON.parse(text);
    const expected = digest([asked.transmission_id, asked.transmission_time, asked.webhook_id, event]);
    const genuine = expected === asked.transmission_sig;
    return { status: 200, body: { verification_status: genuine ? "SUCCESS" : "FAILURE" } };
  };
  const listed = (query: URLSearchParams): Reply => {
    const since = Date.parse(query.get("start_time") ?? "");
    const from = Number(query.get("from") ?? 0);
    const all = events.filter(({ create_time }) => Date.parse(create_time) >= since);
    const next = new URLSearchParams({
      start_time: query.get("start_time") ?? "",
      from: String(from + PAGE),
    });
    const links =
      from + PAGE < all.length
        ? [{ rel: "next", href: `${url}/v1/notifications/webhooks-events?${next}` }]
        : [];
    return { status: 200, body: { events: all.slice(from, from + PAGE), count: PAGE, links } };
  };

  /** Carries out what changes something; what is answered when the same request comes again is its latest state. */
  const perform = (operation: PayPalOperation, path: string, text: string): (() => unknown) => {
    const [, , , collection, id = "", action] = path.split("/");
    const body = text === "" ? {} : JSON.parse(text);
    if (operation === "create" || operation === "finish") {
      const done =
        operation === "create"
          ? books.create(body)
          : books.finish(id, action === "capture" ? "CAPTURE" : "AUTHORIZE");
      return () => books.show(done);
    }
    const made =
      operation === "capture"
        ? books.capture(id, body)
        : operation === "refund"
          ? books.refund(id, body)
          : undefined;
    if (operation === "void") books.release(id);
    if (collection === "orders") books.patch(id, body);
    return () => made;
  };

  const answer = async (request: IncomingMessage, text: string): Promise<Reply> => {
    const { pathname, searchParams } = new URL(request.url ?? "/", url);
    const operation = operationOf(request.method ?? "", pathname);
    if (operation === undefined) throw new PayPalRefusal("RESOURCE_NOT_FOUND", 404);
    const fault = faults.get(operation);
    if (operation === "token") {
      const basic = `Basic ${btoa(`${credentials.client_id}:${credentials.client_secret}`)}`;
      if (request.headers.authorization !== basic) return { status: 401, body: { error: "invalid_client" } };
      const token = randomUUID();
      tokens.add(token);
      return { status: 200, body: { access_token: token, token_type: "Bearer", expires_in: 32_400 } };
    }
    if (!tokens.has(request.headers.authorization?.replace("Bearer ", "") ?? "")) {
      throw new PayPalRefusal("AUTHENTICATION_FAILURE", 401);
    }
    if (operation === "verify") return verify(text);
    if (operation === "events") return listed(searchParams);
    if (operation === "read") {
      const id = pathname.split("/")[4] ?? "";
      const isCapture = pathname.includes("/captures/");
      return { status: 200, body: isCapture ? books.showCapture(id) : books.show(books.order(id)) };
    }
    const key = request.headers["paypal-request-id"];
    const known = key === undefined ? undefined : answered.get(`${pathname} ${key}`);
    if (known && known.body !== text) {
      complaints.push(`${pathname} again with ${text} instead of ${known.body}`);
      throw new PayPalRefusal("DUPLICATE_REQUEST_ID");
    }
    if (known && !known.render) throw new PayPalRefusal("PREVIOUS_REQUEST_IN_PROGRESS");
    if (known?.render) return { status: 200, body: known.render() };
    const entry: { body: string; render?: () => unknown } = { body: text };
    if (key !== undefined) answered.set(`${pathname} ${key}`, entry);
    try {
      if (fault) await pause(fault.delayMs);
      entry.render = perform(operation, pathname, text);
      const body = entry.render();
      return body === undefined ? { status: 204 } : { status: 201, body };
    } catch (error) {
      answered.delete(`${pathname} ${key}`);
      throw error;
    }
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { pathname, searchParams } = new URL(request.url ?? "/", url);
    requests.push({ name: `${request.method} ${pathname}`, headers: request.headers });
    if (pathname === "/checkoutnow") return send(response, approvePage(books, searchParams));
    const operation = operationOf(request.method ?? "", pathname);
    const found = operation && faults.get(operation);
    const changes = operation !== undefined && !["token", "read", "verify", "events"].includes(operation);
    const random = changes ? chaos?.(operation) : undefined;
    const fault = found && found.times > 0 ? found.fault : random;
    if (found) found.times -= 1;
    if (fault === "lost_before") return void request.socket.destroy();
    if (fault === "failed_before") return send(response, problem("INTERNAL_SERVER_ERROR", 500));
    if (fault === "busy") return send(response, problem("RATE_LIMIT_REACHED", 429));
    let reply: Reply;
    try {
      reply = await answer(request, Buffer.concat(chunks).toString());
    } catch (error) {
      if (!(error instanceof PayPalRefusal)) throw error;
      reply = problem(error.issue, error.status);
    }
    if (fault === "lost_after") return void request.socket.destroy();
    send(response, fault === "failed_after" ? problem("INTERNAL_SERVER_ERROR", 500) : reply);
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      complaints.push(String(error));
      request.socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    books,
    credentials,
    requests,
    complaints,
    break: (operation, fault, times = Number.POSITIVE_INFINITY) =>
      faults.set(operation, { fault, times, delayMs: 0 }),
    slow: (operation, delayMs) => faults.set(operation, { times: Number.POSITIVE_INFINITY, delayMs }),
    setChaos: (fault) => {
      chaos = fault;
    },
    heal: () => faults.clear(),
    revokeTokens: () => {
      tokens = new Set();
    },
    setWebhook: (to) => {
      hook = to;
    },
    sign,
    async idle() {
      while (onTheirWay.size > 0) await Promise.all(onTheirWay);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function operationOf(method: string, path: string): PayPalOperation | undefined {
  const name = `${method} ${path}`;
  const found = table.find(([pattern]) => pattern.test(name));
  return found?.[1];
}

const table: readonly (readonly [pattern: RegExp, operation: PayPalOperation])[] = [
  [/^POST \/v1\/oauth2\/token$/, "token"],
  [/^POST \/v2\/checkout\/orders$/, "create"],
  [/^GET \/v2\/checkout\/orders\/\w+$/, "read"],
  [/^PATCH \/v2\/checkout\/orders\/\w+$/, "patch"],
  [/^POST \/v2\/checkout\/orders\/\w+\/(capture|authorize)$/, "finish"],
  [/^POST \/v2\/payments\/authorizations\/\w+\/capture$/, "capture"],
  [/^POST \/v2\/payments\/authorizations\/\w+\/void$/, "void"],
  [/^POST \/v2\/payments\/captures\/\w+\/refund$/, "refund"],
  [/^GET \/v2\/payments\/captures\/\w+$/, "read"],
  [/^POST \/v1\/notifications\/verify-webhook-signature$/, "verify"],
  [/^GET \/v1\/notifications\/webhooks-events$/, "events"],
];

/** PayPal's page: looking at it approves, with `&with=bad` by a means of payment that is no good. */
function approvePage(books: PayPalBooks, query: URLSearchParams): Reply {
  const id = query.get("token") ?? "";
  const { body } = books.approve(id, { declines: query.get("with") === "bad" });
  const back = body.application_context.return_url;
  return back === undefined
    ? { status: 200, body: "Thank you" }
    : { status: 302, location: `${back}?token=${id}` };
}

function problem(issue: string, status: number): Reply {
  const body = {
    name: status === 422 ? "UNPROCESSABLE_ENTITY" : issue,
    message: "It could not be done.",
    debug_id: "d1",
    details: [{ issue, description: `PayPal says ${issue.toLowerCase().replaceAll("_", " ")}.` }],
  };
  return { status, body };
}

function send(response: ServerResponse, { status, body, location }: Reply): void {
  response.writeHead(status, {
    "content-type": "application/json",
    ...(location !== undefined && { location }),
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
