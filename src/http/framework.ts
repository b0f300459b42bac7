import type { FastifyServerOptions } from "fastify";

/** Paths with a slash too many are the same paths. */
export const plainPaths = { ignoreDuplicateSlashes: true, ignoreTrailingSlash: true } as const;

/**
 * The web framework compiles no schemas, and does not load what would: bodies are checked by the routes' own validators,
 * and answers are made by us and sent as they are.
 */
export const withoutSchemas = {
  compilersFactory: {
    buildValidator: () => () => () => true,
    buildSerializer: () => () => (data: unknown) => JSON.stringify(data),
  },
  // The framework's type knows validators that Ajv made, and no others.
} as unknown as NonNullable<FastifyServerOptions["schemaController"]>;
