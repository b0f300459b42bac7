import qs from "qs";
import Type, { type TSchema } from "typebox";
import type { Reply, Route } from "../route.ts";
import { type Choosable, choosable } from "./choosable-members.ts";
import { readQuery } from "./query.ts";
import { error } from "./schemas.ts";
import { readShown, type Shown, type ShownParameters } from "./shown-members.ts";

/**
 * The route, which shows of its answer what the request names by `expand` and `fields`, where `choosable-members.ts`
 * lists it. Whatever is wrong with the query is refused before anything is done.
 */
export function choosingMembers(route: Route): Route {
  const members = choosable[`${route.method} ${route.path}`];
  if (!members) return route;
  const query = [...new Set([...(route.query ?? []), "expand", "fields"])];
  const schema = Type.Object({
    ...Object.fromEntries(query.map((name) => [name, Type.Optional(Type.Unknown())])),
    ...selection,
  });
  return {
    ...route,
    query,
    responses: {
      ...{ 400: error, ...route.responses },
      200: withMembersMissing(route.responses[200], members),
    },
    async handle(call) {
      const read = members.looksAtQuery
        ? { query: qs.parse(call.rawQuery) as ShownParameters }
        : readQuery<ShownParameters>(call, schema);
      if ("refusal" in read) return read.refusal;
      const { expand, fields } = read.query;
      const asked = {
        ...(typeof expand === "string" && { expand }),
        ...(typeof fields === "string" && { fields }),
      };
      const chosen = readShown(asked, members);
      if ("refusal" in chosen) return chosen.refusal;
      const reply = await route.handle(call);
      return reply.status === 200 && Object.keys(asked).length > 0
        ? picked(reply, members.of, chosen.shown)
        : reply;
    },
  };
}

const word = Type.Optional(Type.String({ maxLength: 2048 }));
const selection = { expand: word, fields: word };

function picked(reply: Reply, of: string, shown: Shown): Reply {
  const body = reply.body as Readonly<
    Record<string, { readonly id: string } | readonly { readonly id: string }[]>
  >;
  const value = body[of];
  if (value === undefined) return reply;
  const some = Array.isArray(value) ? value.map(shown.pick) : shown.pick(value as { readonly id: string });
  return { ...reply, body: { ...body, [of]: some } };
}

/** The schema of an answer in which all but the ids may be missing from what is chosen of. */
function withMembersMissing(answer: TSchema | null | undefined, { of }: Choosable): TSchema {
  const { properties } = answer as unknown as { readonly properties: Readonly<Record<string, TSchema>> };
  const value = properties[of] as TSchema & { readonly items?: TSchema };
  const some = value.items ? { ...value, items: onlyId(value.items) } : onlyId(value);
  return { ...answer, properties: { ...properties, [of]: some } } as TSchema;
}

const onlyId = (schema: TSchema): TSchema => ({ ...schema, required: ["id"] }) as TSchema;
