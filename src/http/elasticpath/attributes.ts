import type { FieldDefinition } from "../../domain/custom-fields/field.ts";
import { type Reply, type Route, route } from "../route.ts";
import { refused } from "./errors.ts";
import { attributesAnswer } from "./flow-schemas.ts";
import { isExtensible } from "./flows.ts";
import { commonErrors } from "./schemas.ts";

/** The routes that name the custom fields of a resource. */
export const attributeRoutes: readonly Route[] = [
  ...(["carts", "orders", "customers", "products"] as const).map((resource) =>
    route({
      method: "GET",
      path: `/v2/${resource}/attributes`,
      access: "token",
      tag: "Fields",
      summary: `Name the custom fields of ${resource}`,
      responses: { 200: attributesAnswer, ...commonErrors },
      async handle({ context }) {
        return attributesReply(resource, context.store.customFields[resource]);
      },
    }),
  ),
  route({
    method: "GET",
    path: "/v2/flows/:slug/attributes",
    access: "token",
    tag: "Fields",
    summary: "Name the custom fields of a resource",
    responses: { 200: attributesAnswer, ...commonErrors },
    async handle({ context, params }) {
      const slug = params.slug as string;
      if (!isExtensible(slug)) return refused({ type: "flow_not_found", flow: slug });
      return attributesReply(slug, context.store.customFields[slug]);
    },
  }),
];

function attributesReply(entity: string, fields: readonly FieldDefinition[] = []): Reply {
  return { status: 200, body: { data: fields.map(renderAttribute), meta: { entity, version: "v2" } } };
}

function renderAttribute({ name, slug, type, required, description, rules }: FieldDefinition) {
  const list = rules.find((rule) => rule.type === "enum");
  return {
    label: name,
    value: slug,
    type,
    required,
    ...(description !== "" && { description }),
    ...(list && { options: list.options }),
    validation_rules: rules,
  };
}
