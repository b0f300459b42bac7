import Type, { type TSchema } from "typebox";
import { mailLinks } from "../../mail/compose-mail.ts";
import { mailLabels } from "../../mail/labels.ts";
import { type MailKind, mailDefaults, mailKinds } from "../../mail/mail-kinds.ts";
import { defaultLinks } from "../../mail/mail-settings.ts";
import { placeholders } from "../../mail/template.ts";
import type { Deps } from "../../operations/deps.ts";
import { isMailOn, type MailSettings, wordsOf } from "../../operations/mail-settings.ts";
import type { NotedMail } from "../../operations/ports/mails.ts";

const text = Type.String();
const kind = Type.Enum(mailKinds);
const moment = Type.String({ format: "date-time" });
const record = (names: readonly string[], of: TSchema) =>
  Type.Object(Object.fromEntries(names.map((name) => [name, of])));
const nullable = (of: TSchema) => Type.Union([of, Type.Null()]);

const kindAnswer = Type.Object({
  kind,
  about: text,
  to: Type.Enum(["customer", "staff"]),
  enabled: Type.Boolean(),
  subject: text,
  heading: text,
  intro: text,
  closing: text,
});

export const settingsAnswer = Type.Object({
  sending: Type.Boolean({ description: "Whether the engine was told how to send mail" }),
  from: nullable(text),
  storefront_url: nullable(text),
  footer: text,
  language: text,
  reply_to: nullable(text),
  staff_addresses: Type.Array(text),
  labels: record(Object.keys(mailLabels), text),
  links: record(mailLinks, nullable(text)),
  kinds: Type.Array(kindAnswer),
  placeholders: Type.Record(Type.String(), text),
});

export const previewAnswer = Type.Object({
  to: Type.Object({ name: text, address: text }),
  subject: text,
  text,
  html: text,
});

export const noteAnswer = Type.Object({
  id: text,
  kind,
  status: Type.Enum(["waiting", "sending", "sent", "failed", "dropped"]),
  subject_id: text,
  event_id: text,
  recipient: nullable(text),
  attempts: Type.Integer({ minimum: 0 }),
  reason: nullable(text),
  can_retry: Type.Boolean(),
  next_try_at: nullable(moment),
  expires_at: moment,
  created_at: moment,
  updated_at: moment,
});

export const notesAnswer = Type.Object({
  messages: Type.Array(noteAnswer),
  count: Type.Integer({ minimum: 0 }),
  limit: Type.Integer(),
  offset: Type.Integer(),
});

/** What is decided about mails, with what comes along where nothing is. */
export function renderSettings({ mail }: Pick<Deps, "mail">, settings: MailSettings) {
  const {
    footer = "",
    language = "en",
    replyTo = null,
    staffAddresses = [],
    labels = {},
    links = {},
  } = settings.common;
  const from = mail.post?.from;
  return {
    sending: from !== undefined,
    from: from ? (from.name === undefined ? from.address : `${from.name} <${from.address}>`) : null,
    storefront_url: mail.storefrontUrl ?? null,
    footer,
    language,
    reply_to: replyTo,
    staff_addresses: staffAddresses,
    labels: { ...mailLabels, ...labels },
    links: Object.fromEntries(mailLinks.map((name) => [name, links[name] ?? defaultLinks[name] ?? null])),
    kinds: mailKinds.map((one) => renderKind(settings, one)),
    placeholders,
  };
}

function renderKind(settings: MailSettings, name: MailKind) {
  const { about, to } = mailDefaults[name];
  return { kind: name, about, to, enabled: isMailOn(settings, name), ...wordsOf(settings, name) };
}

/** What became of a mail. */
export function renderNote(mail: NotedMail) {
  return {
    id: mail.id,
    kind: mail.kind,
    status: mail.status,
    subject_id: mail.subjectId,
    event_id: mail.eventId,
    recipient: mail.recipient ?? null,
    attempts: mail.attempts,
    reason: mail.reason ?? null,
    can_retry: mail.canRetry,
    next_try_at: mail.dueAt ?? null,
    expires_at: mail.expiresAt,
    created_at: mail.createdAt,
    updated_at: mail.updatedAt,
  };
}
