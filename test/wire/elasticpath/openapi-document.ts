import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/** As much of an OpenAPI document as the tests look at. */
export type OpenApiDocument = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components?: { readonly responses?: Readonly<Record<string, OpenApiResponse>> };
};
type OpenApiOperation = { readonly responses: Readonly<Record<string, OpenApiResponse>> };
type OpenApiResponse = {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
};

/** One operation of a document, found by a request. */
export type FoundOperation = {
  /** `POST /v2/carts/{cartId}/items` */
  readonly name: string;
  /** The statuses that it documents. */
  readonly statuses: readonly string[];
  /** What is wrong with a body under that documented status; undefined stands for no body. */
  problems(status: string, body: unknown): string[];
};

/**
 * Finds operations by method and path, and judges bodies by their schemas.
 *
 * @param prefix stands before the paths of the document, where its server's URL carries a part of them
 */
export function openApi(document: OpenApiDocument, prefix = "") {
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  ajv.addSchema(document, "document");
  const templates = Object.keys(document.paths).map((template) => {
    const pattern = `${prefix}${template}`.split(/\{[^}]*\}/).map(escaped);
    return { template, parameters: pattern.length - 1, matcher: new RegExp(`^${pattern.join("[^/]+")}$`) };
  });
  // Of two templates that match, the one with fewer parameters is meant.
  templates.sort((a, b) => a.parameters - b.parameters);
  const validators = new Map<string, ValidateFunction | undefined>();

  const validatorOf = (template: string, method: string, status: string): ValidateFunction | undefined => {
    const key = `${method} ${template} ${status}`;
    if (validators.has(key)) return validators.get(key);
    let pointer = ["paths", template, method, "responses", status];
    let response = document.paths[template]?.[method]?.responses[status];
    if (response?.$ref) {
      pointer = response.$ref.slice(2).split("/");
      response = document.components?.responses?.[pointer.at(-1) as string];
    }
    const { schema } = response?.content?.["application/json"] ?? {};
    const $ref = `document#/${[...pointer, "content", "application/json", "schema"].map(pointed).join("/")}`;
    const validate = schema && ajv.compile({ $ref });
    validators.set(key, validate);
    return validate;
  };

  return {
    find(method: string, path: string): FoundOperation | undefined {
      const verb = method.toLowerCase();
      const match = templates.find(
        ({ template, matcher }) => matcher.test(path) && document.paths[template]?.[verb] !== undefined,
      );
      if (!match) return undefined;
      const { template } = match;
      return {
        name: `${method} ${prefix}${template}`,
        statuses: Object.keys(document.paths[template]?.[verb]?.responses ?? {}),
        problems(status, body) {
          const validate = validatorOf(template, verb, status);
          if (!validate) return body === undefined ? [] : ["there should be no body"];
          if (body === undefined) return acceptsNothing(validate) ? [] : ["there is no body"];
          if (validate(body)) return [];
          return (validate.errors ?? []).map(
            ({ instancePath, message, params }) =>
              `${instancePath || "/"} ${message} ${JSON.stringify(params)}`,
          );
        },
      };
    },
  };
}

/** `type: "null"` is how a document here says that there is no body. */
const acceptsNothing = (validate: ValidateFunction): boolean => validate(null) === true;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const pointed = (part: string): string =>
  encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));
