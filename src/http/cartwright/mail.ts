import Type, { type Static } from "typebox";
import { mailLinks } from "../../mail/compose-mail.ts";
import { mailLabels } from "../../mail/labels.ts";
import { type MailKind, type MailWords, mailKinds, mailWords } from "../../mail/mail-kinds.ts";
import {
  readMailSettings,
  saveCommonMailSetting,
  saveMailKind,
  type TemplateInvalid,
} from "../../operations/mail-settings.ts";
import { type PreviewMail, previewMail, retryMail, sendTestMail } from "../../operations/preview-mail.ts";
import type { Call, Reply, Route } from "../route.ts";
import { route } from "../route.ts";
import { problemAnswer } from "./explanation.ts";
import {
  noteAnswer,
  notesAnswer,
  previewAnswer,
  renderNote,
  renderSettings,
  settingsAnswer,
} from "./mail-answers.ts";
import { problem } from "./problems.ts";

const tag = "Cartwright: mail";
const errors = { 400: problemAnswer, 401: problemAnswer, 403: problemAnswer, 404: problemAnswer };
const path = "/cartwright/mail";

const optional = (maxLength: number) => Type.Optional(Type.String({ maxLength }));
const words = {
  subject: optional(500),
  heading: optional(500),
  intro: optional(5000),
  closing: optional(5000),
} as const satisfies Record<keyof MailWords, unknown>;
const kindBody = Type.Object(
  { enabled: Type.Optional(Type.Boolean()), ...words },
  { additionalProperties: false, description: "What is left out is as it comes along" },
);
const ofEach = (names: readonly string[], maxLength: number) =>
  Type.Optional(
    Type.Object(Object.fromEntries(names.map((name) => [name, optional(maxLength)])), {
      additionalProperties: false,
    }),
  );
const commonBody = Type.Object(
  {
    footer: optional(2000),
    language: Type.Optional(Type.String({ pattern: "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", maxLength: 35 })),
    reply_to: Type.Optional(Type.String({ format: "email", maxLength: 254 })),
    staff_addresses: Type.Optional(
      Type.Array(Type.String({ format: "email", maxLength: 254 }), {
        maxItems: 20,
        uniqueItems: true,
        description: "Who is told of new orders",
      }),
    ),
    labels: ofEach(Object.keys(mailLabels), 200),
    links: ofEach(mailLinks, 1000),
  },
  { additionalProperties: false, description: "What is left out is as it comes along" },
);
const previewBody = Type.Object(
  {
    order_id: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: "As Elastic Path has it" }),
    ),
    ...words,
  },
  { additionalProperties: false },
);
const testBody = Type.Object(
  { to: Type.String({ format: "email", maxLength: 254 }), ...previewBody.properties },
  { additionalProperties: false },
);

/** What a store tells by mail, and what became of it. */
export const mailRoutes: readonly Route[] = [
  route({
    method: "GET",
    path,
    access: "shop",
    tag,
    summary: "Show what is told by mail, and in which words",
    responses: { 200: settingsAnswer, ...errors },
    async handle({ deps, context }) {
      const settings = await readMailSettings(deps, context.store.storeId);
      return { status: 200, body: renderSettings(deps, settings) };
    },
  }),
  route({
    method: "PUT",
    path,
    access: "shop",
    tag,
    summary:
      "Decide about all mails: language, labels, links, footer, where answers go, which of the staff is told of orders",
    body: commonBody,
    responses: { 200: settingsAnswer, ...errors },
    async handle({ deps, context, body }) {
      const { reply_to: replyTo, staff_addresses: staffAddresses, footer, language, labels, links } = body;
      const saved = await saveCommonMailSetting(deps, context, {
        ...(footer !== undefined && { footer }),
        ...(language !== undefined && { language }),
        ...(replyTo !== undefined && { replyTo }),
        ...(staffAddresses && { staffAddresses }),
        ...(labels && { labels }),
        ...(links && { links }),
      });
      return saved.ok ? { status: 200, body: renderSettings(deps, saved.value) } : invalid(saved.error);
    },
  }),
  route({
    method: "PUT",
    path: `${path}/kinds/:kind`,
    access: "shop",
    tag,
    summary: "Switch a kind of mail on or off, and choose its words",
    body: kindBody,
    responses: { 200: settingsAnswer, ...errors },
    async handle({ deps, context, params, body }) {
      const kind = kindOf(params);
      if (!kind) return noKind();
      const saved = await saveMailKind(deps, context, kind, {
        ...(body.enabled !== undefined && { isOn: body.enabled }),
        words: wordsIn(body),
      });
      return saved.ok ? { status: 200, body: renderSettings(deps, saved.value) } : invalid(saved.error);
    },
  }),
  route({
    method: "POST",
    path: `${path}/kinds/:kind/preview`,
    access: "shop",
    tag,
    summary: "Show a mail as it would be sent, about an order or with made-up data; nothing is sent or kept",
    body: previewBody,
    bodyOptional: true,
    responses: { 200: previewAnswer, ...errors },
    idempotency: "none",
    async handle(call) {
      const kind = kindOf(call.params);
      if (!kind) return noKind();
      const mail = await previewMail(call.deps, call.context, previewOf(kind, call.body));
      return mail.ok ? { status: 200, body: mail.value } : refused(mail.error);
    },
  }),
  route({
    method: "POST",
    path: `${path}/kinds/:kind/test`,
    access: "shop",
    tag,
    summary: "Send such a mail to an address, and say what the mail server answered",
    body: testBody,
    responses: {
      200: Type.Object({ sent: Type.Literal(true) }),
      ...errors,
      409: problemAnswer,
      502: problemAnswer,
    },
    idempotency: "none",
    async handle(call) {
      const kind = kindOf(call.params);
      if (!kind) return noKind();
      const { to } = call.body;
      const sent = await sendTestMail(call.deps, call.context, { ...previewOf(kind, call.body), to });
      if (!sent.ok) return refused(sent.error);
      if (sent.value.kind === "sent") return { status: 200, body: { sent: true } };
      return problem(502, "mail_refused", `The mail server did not take it: ${sent.value.reason}`);
    },
  }),
  route({
    method: "GET",
    path: `${path}/messages`,
    access: "shop",
    tag,
    summary: "List mails of the last 90 days, newest first, and what became of them",
    query: ["status", "kind", "subject_id", "limit", "offset"],
    responses: { 200: notesAnswer, ...errors },
    handle: listNotes,
  }),
  route({
    method: "POST",
    path: `${path}/messages/:messageId/retry`,
    access: "shop",
    tag,
    summary: "Try a mail once more that failed",
    responses: { 200: noteAnswer, ...errors, 409: problemAnswer },
    async handle({ deps, context, params }) {
      const id = params.messageId as string;
      const isInLine = await retryMail(deps, context, id);
      const mail = await deps.storage.mails.load(context.store.storeId, id);
      if (!mail) return problem(404, "mail_not_found", "There is no such mail");
      if (isInLine) return { status: 200, body: renderNote(mail) };
      return problem(409, "mail_not_retryable", `The mail cannot be tried again: it is ${mail.status}`);
    },
  }),
];

async function listNotes({ deps, context, rawQuery }: Call): Promise<Reply> {
  const query = new URLSearchParams(rawQuery);
  const limit = wholeNumber(query.get("limit"), 50, 1, 200);
  const offset = wholeNumber(query.get("offset"), 0, 0, 1_000_000);
  if (limit === undefined || offset === undefined) {
    return problem(400, "invalid", "Not as it must be: limit is 1 to 200, offset 0 or more");
  }
  const filter = ["status", "kind", "subject_id"].flatMap((field) => {
    const value = query.get(field);
    return value === null ? [] : [{ field, operator: "eq", values: [value.replaceAll("\0", "")] } as const];
  });
  const { rows, total } = await deps.storage.mails.list(context.store.storeId, {
    filter: filter.length === 0 ? [] : [filter],
    sort: { field: "created_at", descending: true },
    limit,
    offset,
  });
  return { status: 200, body: { messages: rows.map(renderNote), count: total, limit, offset } };
}

function wholeNumber(text: string | null, fallback: number, min: number, max: number): number | undefined {
  if (text === null) return fallback;
  const value = Number(text);
  return /^\d+$/.test(text) && value >= min && value <= max ? value : undefined;
}

function kindOf(params: Call["params"]): MailKind | undefined {
  return mailKinds.find((kind) => kind === params.kind);
}

function wordsIn(body: Partial<MailWords>): Partial<MailWords> {
  return Object.fromEntries(
    mailWords.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])),
  );
}

function previewOf(kind: MailKind, body: Static<typeof previewBody> | undefined): PreviewMail {
  const { order_id: orderId } = body ?? {};
  return { kind, words: wordsIn(body ?? {}), ...(orderId !== undefined && { orderId }) };
}

function noKind(): Reply {
  return problem(
    404,
    "mail_kind_not_found",
    `There is no such kind of mail; there are ${mailKinds.join(", ")}`,
  );
}

function invalid({ type, member, problem: what }: TemplateInvalid): Reply {
  return problem(400, type, `${member}: ${what}`, { member });
}

function refused(
  error: TemplateInvalid | { readonly type: "order_not_found" } | { readonly type: "mail_not_set_up" },
): Reply {
  switch (error.type) {
    case "template_invalid":
      return invalid(error);
    case "order_not_found":
      return problem(404, error.type, "There is no such order");
    case "mail_not_set_up":
      return problem(
        409,
        error.type,
        "The engine was not told how to send mail: set CARTWRIGHT_SMTP_URL and CARTWRIGHT_MAIL_FROM",
      );
  }
}
