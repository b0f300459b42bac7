import type { Server } from "node:http";
import fastifyCors from "@fastify/cors";
import fastifyFormbody from "@fastify/formbody";
import fastifyStatic from "@fastify/static";
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import type { Logger } from "pino";
import type { Deps } from "../operations/deps.ts";
import { holdsCardNumber } from "./card-number.ts";
import { type CredentialedOrigins, mayAskWithCookies } from "./cors-origins.ts";
import type { Dialect, EdgeProblem } from "./dialect.ts";
import { plainPaths, withoutSchemas } from "./framework.ts";
import { answerGateway } from "./gateway-webhooks.ts";
import { runOnce } from "./idempotency.ts";
import type { Metrics } from "./metrics.ts";
import type { Call, Reply, Route } from "./route.ts";
import { validatorOf } from "./validation.ts";

export type ServerOptions = {
  readonly deps: Deps;
  readonly dialects: readonly Dialect[];
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Version that the API reference names. */
  readonly version: string;
  /** Whose pages may use, from a browser, the dialects that know callers by a cookie. */
  readonly corsOrigins: CredentialedOrigins;
  /** Folder whose files are served under /images/. */
  readonly imageDirectory: string;
  /** Where requests come from. It belongs to the caller, who closes it and passes requests to `routing`. */
  readonly server: Server;
  /** Readiness: schema, workers and database are there, and the server is not draining. */
  isReady(): Promise<boolean>;
  /** The database cannot be reached just now. */
  isUnavailable(error: unknown): boolean;
};

/** Largest body of a request, in bytes. */
export const MAX_BODY_BYTES = 1_048_576;

/** What answers requests, ready to do so: the one file that knows the web framework. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: options.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger for every request costs more than the few lines that are logged.
    childLoggerFactory: (logger) => logger,
    bodyLimit: MAX_BODY_BYTES,
    routerOptions: { ...plainPaths, maxParamLength: 512 },
    schemaController: withoutSchemas,
    requestIdHeader: false,
    genReqId: () => options.deps.newId(),
    serverFactory: () => options.server,
    frameworkErrors: (_error, request, reply) => {
      send(options, reply, problemOf(options, request.url, "bad_request", request.id));
    },
  });
  await app.register(fastifyCors, corsForAll);
  await app.register(fastifyFormbody);
  checkForms(app);
  parseJsonBodies(app, options);
  serveReference(app, options);
  await app.register(fastifyStatic, {
    root: options.imageDirectory,
    prefix: "/images/",
    immutable: true,
    maxAge: "1h",
    index: false,
  });
  serveHealth(app, options);
  await app.register((scope) => serveGateways(scope, options));
  for (const dialect of options.dialects) {
    const cors = corsOf(dialect, options);
    if (cors) addNowhere(app, dialect, cors);
    for (const route of dialect.routes) addRoute(app, dialect, route, options, cors);
  }

  const thrown = logFailures(app, options.log);
  app.setNotFoundHandler((request, reply) => {
    send(options, reply, problemOf(options, request.url, "not_found", request.id));
  });
  app.setErrorHandler((error: Error & { code?: string; statusCode?: number }, request, reply) => {
    const problem = edgeProblemOf(error, options);
    if (problem === "internal" || problem === "unavailable") thrown.set(request, error);
    send(options, reply, problemOf(options, request.url, problem, request.id));
  });
  await app.ready();
  return app;
}

/** What pages of other origins may do, whatever their origin. */
const corsForAll = {
  methods: ["GET", "POST", "PUT", "DELETE", "OPTIONS"],
  exposedHeaders: ["etag", "idempotency-key", "idempotency-replayed", "retry-after"],
  maxAge: 86_400,
  origin: true,
};

/** Where a token says who asks, pages of any origin may; where a cookie does, only those that the merchant named. */
function corsOf(dialect: Dialect, { corsOrigins }: ServerOptions) {
  if (!dialect.usesCookies) return undefined;
  return {
    credentials: true,
    origin: (origin: string | undefined, allow: (error: null, allowed: boolean) => void) =>
      allow(null, origin !== undefined && mayAskWithCookies(origin, corsOrigins)),
  };
}

type Cors = ReturnType<typeof corsOf>;

/** What a dialect that names its own origins has no route for, so that its preflights and refusals follow them too. */
function addNowhere(app: FastifyInstance, { prefixes }: Dialect, cors: NonNullable<Cors>): void {
  for (const url of prefixes.flatMap((prefix) => [`/${prefix}`, `/${prefix}/*`])) {
    app.route({
      method: ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
      url,
      config: { cors },
      handler: (_request, reply) => reply.callNotFound(),
    });
  }
}

/**
 * Logs one line for every request that is not answered as asked: bugs as errors, outages as warnings, refusals as
 * information. It names the route and not the path, which may hold anything. The map takes what a request threw.
 */
function logFailures(app: FastifyInstance, logger: Logger): WeakMap<FastifyRequest, Error> {
  const thrown = new WeakMap<FastifyRequest, Error>();
  app.addHook("onResponse", (request, reply, done) => {
    done();
    const status = reply.statusCode;
    const route = request.routeOptions.url ?? "none";
    // Probes ask every second, and their answer is in the log already: what the engine is not ready for.
    if (status < 400 || route === "/health/ready") return;
    const log = logger.child({ reqId: request.id });
    const line = { method: request.method, route, status, ms: Math.round(reply.elapsedTime) };
    const err = thrown.get(request);
    if (status === 503) log.warn({ ...line, err }, "request not served");
    else if (status >= 500) log.error({ ...line, err }, "request failed");
    else log.info(line, "request refused");
  });
  return thrown;
}

function addRoute(
  app: FastifyInstance,
  dialect: Dialect,
  route: Route,
  options: ServerOptions,
  cors: Cors,
): void {
  const validate = route.body && validatorOf(route.body);
  const measure = options.metrics.ofRoute(dialect.name, route.method, route.path);
  app.route({
    method: route.method,
    url: route.path,
    ...(cors && { config: { cors } }),
    handler: async (request, reply) => {
      const done = measure();
      const header = (name: string): string | undefined => {
        const value = request.headers[name];
        return Array.isArray(value) ? value[0] : value;
      };
      const identified = await dialect.identify(options.deps, { header, access: route.access });
      if ("refusal" in identified) {
        done(identified.refusal.status);
        return send(options, reply, identified.refusal);
      }
      const { context } = identified;
      // No column can hold a NUL, so nothing has such a name.
      if (request.url.includes("%00") && Object.values(request.params as object).some(holdsNul)) {
        const nowhere = dialect.problem("not_found", request.id);
        done(nowhere.status);
        return send(options, reply, nowhere);
      }

      const sent = dialect.normalizeBody(request.body);
      // Where every member may be missing, so may the body.
      const body = sent === undefined && validate && !route.bodyOptional ? {} : sent;
      if (validate && !(route.bodyOptional && body === undefined)) {
        const invalid = validate(body ?? {});
        if (invalid.length > 0) {
          const refusal = dialect.invalid(invalid);
          done(refusal.status);
          return send(options, reply, refusal);
        }
      }

      const [path, rawQuery] = splitUrl(request.url);
      const newCall = (deps: Deps, attemptId: string): Call => ({
        deps,
        context,
        params: request.params as Record<string, string>,
        rawQuery,
        body,
        header,
        baseUrl: `${request.protocol}://${request.host}`,
        path,
        ip: request.ip,
        attemptId,
      });
      const call = newCall(options.deps, options.deps.newId());
      const key = header("idempotency-key");
      const keyed = key !== undefined && route.method !== "GET" && route.idempotency !== "none";
      const outcome = keyed
        ? await runOnce(route, call, key, options.deps, newCall)
        : { reply: await route.handle(call) };
      const answer =
        "reply" in outcome ? outcome.reply : problemOf(options, request.url, outcome.problem, request.id);
      done(answer.status);
      return send(options, reply, answer);
    },
  });
}

function send(options: ServerOptions, reply: FastifyReply, given: Reply): FastifyReply {
  const { url } = reply.request;
  const answer = given.status < 400 ? given : (dialectOf(options, url)?.finishRefusal?.(url, given) ?? given);
  reply.code(answer.status);
  if (answer.body !== undefined) reply.header("content-type", "application/json; charset=utf-8");
  if (answer.headers) reply.headers(answer.headers);
  if (answer.text !== undefined)
    return reply.header("content-type", "text/plain; charset=utf-8").send(answer.text);
  if (answer.body === undefined) return reply.send();
  return reply.send(JSON.stringify(answer.body));
}

function parseJsonBodies(app: FastifyInstance, options: ServerOptions): void {
  app.removeContentTypeParser("application/json");
  const parse = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, text, done) => {
    const source = text as string;
    // Clients name the type also when they send nothing.
    if (source.trim() === "") return done(null, undefined);
    // No column can hold it, and nobody means it.
    if (/(?<!\\)(?:\\\\)*\\u0000/.test(source)) return done(edgeError("nul_character"));
    if (holdsCardNumber(source)) return done(edgeError("card_number"));
    if (hasLoneSurrogate(source)) return done(edgeError("malformed_json"));
    parse(request, source, (error, body) => {
      if (!error) return done(null, body);
      const repaired = dialectOf(options, request.url)?.repairJson(source);
      if (repaired === undefined) return done(edgeError("malformed_json"));
      parse(request, repaired, (still, repairedBody) =>
        still ? done(edgeError("malformed_json")) : done(null, repairedBody),
      );
    });
  });
}

/** What must not be in JSON must not be in a form either. A parser of forms cannot refuse, so this is asked after it. */
function checkForms(app: FastifyInstance): void {
  app.addHook("preValidation", (request, _reply, done) => {
    const type = request.headers["content-type"] ?? "";
    const { body } = request;
    if (!/^application\/x-www-form-urlencoded\b/i.test(type) || !body || Buffer.isBuffer(body)) return done();
    const texts = Object.entries(body).flat(2).map(String);
    if (texts.some(holdsCardNumber)) return done(edgeError("card_number"));
    done(texts.some(holdsNul) ? edgeError("nul_character") : undefined);
  });
}

/** Half a character, written as an escape: JSON lets it pass, but it is no text. */
function hasLoneSurrogate(source: string): boolean {
  if (!/\\u[dD][89a-fA-F]/.test(source)) return false;
  const escapes = source
    .replace(/\\\\/g, "")
    .replace(/\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}/g, "");
  return /\\u[dD][89a-fA-F]/.test(escapes);
}

type EdgeError = Error & { edgeProblem: EdgeProblem };

function edgeError(problem: EdgeProblem): EdgeError {
  return Object.assign(new Error(problem), { edgeProblem: problem });
}

function edgeProblemOf(
  error: Error & { code?: string; statusCode?: number },
  options: ServerOptions,
): EdgeProblem {
  if ("edgeProblem" in error) return (error as EdgeError).edgeProblem;
  if (options.isUnavailable(error)) return "unavailable";
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE") return "too_large";
  if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return "unsupported_media_type";
  if (error.statusCode !== undefined && error.statusCode < 500) return "bad_request";
  return "internal";
}

function problemOf(options: ServerOptions, url: string, problem: EdgeProblem, requestId: string): Reply {
  const dialect = dialectOf(options, url) ?? options.dialects[0];
  return dialect ? dialect.problem(problem, requestId) : { status: 500 };
}

function dialectOf(options: Pick<ServerOptions, "dialects">, url: string): Dialect | undefined {
  const first = url.split(/[/?]/).find((segment) => segment !== "") ?? "";
  return options.dialects.find((dialect) => dialect.prefixes.includes(first));
}

function holdsNul(value: unknown): boolean {
  return typeof value === "string" && value.includes("\0");
}

function splitUrl(url: string): [path: string, rawQuery: string] {
  const at = url.indexOf("?");
  return at < 0 ? [url, ""] : [url.slice(0, at), url.slice(at + 1)];
}

/** The API reference is read by few, and takes as much memory as all routes: it is made when somebody asks for it. */
function serveReference(app: FastifyInstance, options: ServerOptions): void {
  const refuse = (problem: EdgeProblem, request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    send(options, reply, problemOf(options, request.url, problem, request.id));
  const create = async (): Promise<FastifyInstance> => {
    const { createReference } = await import("./reference.ts");
    return createReference({
      dialects: options.dialects,
      version: options.version,
      notFound: (request, reply) => refuse("not_found", request, reply),
      failed(error, request, reply) {
        const problem = edgeProblemOf(error, options);
        if (problem === "internal") options.log.error({ err: error }, "the API reference cannot be shown");
        return refuse(problem, request, reply);
      },
    });
  };
  let reference: Promise<FastifyInstance> | undefined;
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reference ??= create();
    const { routing } = await reference;
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    routing(request.raw, reply.raw);
  };
  app.get("/docs", answer);
  app.get("/docs/*", answer);
}

/** What gateways call: their bodies stay as they came, because the signature is over every byte. */
async function serveGateways(scope: FastifyInstance, options: ServerOptions): Promise<void> {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  const answer = (path: string, request: FastifyRequest): Promise<Reply> =>
    answerGateway(
      options.deps,
      path,
      Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      (name) => {
        const value = request.headers[name];
        return Array.isArray(value) ? value[0] : value;
      },
    );
  const hidden = { schema: { hide: true } };
  scope.post("/webhooks/:gateway", hidden, async (request, reply) =>
    send(options, reply, await answer((request.params as { gateway: string }).gateway, request)),
  );
  // Where plug-ins of Medusa v1 have them.
  for (const gateway of ["stripe", "paypal"]) {
    scope.post(`/${gateway}/hooks`, hidden, async (request, reply) =>
      send(options, reply, await answer(gateway, request)),
    );
  }
}

function serveHealth(app: FastifyInstance, options: ServerOptions): void {
  const hidden = { schema: { hide: true } };
  app.get("/", hidden, async (_request, reply) => reply.redirect("/docs/"));
  app.get("/health", hidden, async (_request, reply) =>
    reply.header("content-type", "text/plain; charset=utf-8").send("OK"),
  );
  app.get("/health/live", hidden, async () => ({ status: "ok" }));
  app.get("/health/ready", hidden, async (_request: FastifyRequest, reply) => {
    if (await options.isReady()) return { status: "ok" };
    return reply.code(503).header("retry-after", "1").send({ status: "unavailable" });
  });
  app.get("/metrics", hidden, async (_request, reply) => {
    const { type, text } = await options.metrics.render();
    return reply.header("content-type", type).send(text);
  });
}
