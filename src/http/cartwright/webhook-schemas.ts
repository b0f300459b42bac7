import Type from "typebox";
import { TYPE_PATTERN } from "../../domain/webhooks/endpoint.ts";

const type = Type.String({ pattern: TYPE_PATTERN, maxLength: 100 });
const members = {
  url: Type.String({ minLength: 1, maxLength: 2048 }),
  description: Type.Optional(Type.String({ maxLength: 1000 })),
  enabled: Type.Optional(Type.Boolean()),
  types: Type.Optional(Type.Array(type, { minItems: 1, maxItems: 100 })),
};

/** A new endpoint. */
export const newEndpoint = Type.Object(members, { additionalProperties: false });
/** What may be changed of one. */
export const endpointChange = Type.Object(
  { ...members, url: Type.Optional(members.url) },
  { additionalProperties: false },
);

const moment = Type.String({ format: "date-time" });

/** How long an old secret is good beside a new one; a day when nothing is said. */
export const rotateBody = Type.Object(
  { overlap_hours: Type.Optional(Type.Number({ minimum: 0, maximum: 168 })) },
  { additionalProperties: false },
);
export const rotatedAnswer = Type.Object({ secret: Type.String(), old_secret_until: Type.String() });

/** Which deliveries are made once more. */
export const replayBody = Type.Object(
  {
    since: moment,
    until: Type.Optional(moment),
    which: Type.Optional(Type.Enum(["failed", "all"])),
  },
  { additionalProperties: false },
);

const endpointMembers = {
  id: Type.String(),
  url: Type.String(),
  description: Type.String(),
  enabled: Type.Boolean(),
  types: Type.Array(Type.String()),
  created_at: Type.String(),
  updated_at: Type.String(),
};

export const endpointAnswer = Type.Object(endpointMembers);
/** With the secret, which is shown this once. */
export const newEndpointAnswer = Type.Object({ ...endpointMembers, secret: Type.String() });
export const endpointsAnswer = Type.Object({
  data: Type.Array(endpointAnswer),
  /** All types that there are. */
  types: Type.Array(Type.String()),
});

/** The types of events. */
export const typesAnswer = Type.Object({
  data: Type.Array(
    Type.Object({
      type: Type.String(),
      summary: Type.String(),
      /** What each member of the data is. */
      data: Type.Record(Type.String(), Type.String()),
      /** Any of these among the types of an endpoint. */
      asked_for_by: Type.Array(Type.String()),
    }),
  ),
});

const attempt = Type.Object({
  at: Type.String(),
  duration_ms: Type.Integer(),
  status: Type.Optional(Type.Integer()),
  error: Type.Optional(Type.String()),
  answer: Type.Optional(Type.String()),
});

const delivery = Type.Object({
  id: Type.String(),
  event_id: Type.String(),
  type: Type.String(),
  status: Type.Enum(["pending", "delivered", "failed"]),
  tries: Type.Integer(),
  next_try_at: Type.Union([Type.String(), Type.Null()]),
  created_at: Type.String(),
  body: Type.Object({
    id: Type.String(),
    type: Type.String(),
    timestamp: Type.String(),
    subject: Type.String(),
    sequence: Type.Integer(),
    data: Type.Record(Type.String(), Type.Unknown()),
  }),
  attempts: Type.Array(attempt),
});

export const deliveriesAnswer = Type.Object({
  data: Type.Array(delivery),
  /** What to send as `before` for the next page; null on the last one. */
  next: Type.Union([Type.Integer(), Type.Null()]),
});

export const replayedAnswer = Type.Object({ deliveries: Type.Integer({ minimum: 0 }) });
