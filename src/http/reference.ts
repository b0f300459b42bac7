import fastifySwagger from "@fastify/swagger";
import fastifySwaggerUi from "@fastify/swagger-ui";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Dialect } from "./dialect.ts";
import { plainPaths, withoutSchemas } from "./framework.ts";
import type { Route } from "./route.ts";

type ReferenceOptions = {
  readonly dialects: readonly Dialect[];
  /** Version that the reference names. */
  readonly version: string;
  /** Answers what is not a part of it. */
  notFound(request: FastifyRequest, reply: FastifyReply): FastifyReply;
  /** Answers what could not be understood, or went wrong. */
  failed(error: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply;
};

/**
 * What answers everything under /docs: a page about all routes, and the same as OpenAPI in JSON and YAML. It knows the
 * routes only to describe them; of itself it answers none.
 */
export async function createReference(options: ReferenceOptions): Promise<FastifyInstance> {
  const { dialects, version, notFound, failed } = options;
  const app = fastify({ routerOptions: plainPaths, schemaController: withoutSchemas });
  await app.register(fastifySwagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Cartwright",
        version,
        description:
          "Get a token from `/oauth/access_token` and send it as `Authorization: Bearer …`. Every route but GET honours " +
          "`Idempotency-Key`: a repeat with the same key gets the answer of the first.",
      },
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
      security: [{ bearer: [] }],
    },
  });
  // Everything the page needs is served from here; it asks nobody on the internet.
  await app.register(fastifySwaggerUi, {
    routePrefix: "/docs",
    uiConfig: { validatorUrl: null, deepLinking: true },
    theme: {
      title: "Cartwright API reference",
      css: [{ filename: "plain.css", content: ".topbar { display: none }" }],
    },
  });
  for (const dialect of dialects) {
    for (const route of dialect.routes) {
      app.route({
        method: route.method,
        url: route.path,
        schema: schemaOf(dialect, route),
        exposeHeadRoute: false,
        handler: (request, reply) => notFound(request, reply),
      });
    }
  }
  app.setNotFoundHandler((request, reply) => notFound(request, reply));
  app.setErrorHandler((error: Error, request, reply) => failed(error, request, reply));
  await app.ready();
  return app;
}

function schemaOf(dialect: Dialect, route: Route) {
  const names = [...route.path.matchAll(/:([A-Za-z]+)/g)].map((match) => match[1] as string);
  const params = Object.fromEntries(names.map((name) => [name, { type: "string" }]));
  const query = Object.fromEntries((route.query ?? []).map((name) => [name, { type: "string" }]));
  const responses = Object.entries(route.responses).map(([status, schema]) => [
    status,
    schema ?? { type: "null", description: "No body" },
  ]);
  return {
    tags: [route.tag],
    summary: route.summary,
    operationId: `${dialect.name}_${route.method.toLowerCase()}_${route.path.replace(/[^A-Za-z]+/g, "_")}`,
    ...(names.length > 0 && { params: { type: "object", properties: params } }),
    ...(route.query && { querystring: { type: "object", properties: query } }),
    ...((route.shownBody ?? route.body) && { body: route.shownBody ?? route.body }),
    response: Object.fromEntries(responses),
  };
}
