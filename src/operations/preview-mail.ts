import { fail, ok, type Result } from "../domain/result.ts";
import { composeMail } from "../mail/compose-mail.ts";
import type { Mail } from "../mail/mail.ts";
import type { MailKind, MailWords } from "../mail/mail-kinds.ts";
import type { OutgoingMail, SendOutcome } from "../mail/mailer.ts";
import { headerText } from "../mail/safe-text.ts";
import { sampleAbout, sampleOrder } from "../mail/sample-order.ts";
import { type Context, defaultCurrency } from "./context.ts";
import type { Deps } from "./deps.ts";
import { invalidWords, mailStyle, readMailSettings, type TemplateInvalid } from "./mail-settings.ts";
import type { RefusalOf } from "./refusal.ts";

/** How long whoever sends a test mail waits for the server, in milliseconds. */
const TEST_PATIENCE_MS = 30_000;

export type PreviewMail = {
  readonly kind: MailKind;
  /** The order that it is to be about; absent: one that was never made. */
  readonly orderId?: string;
  /** In place of the store's words. */
  readonly words?: Partial<MailWords>;
};

/** A mail as it would be sent. Tokens, codes and amounts that the order has none of are made up. */
export async function previewMail(
  deps: Deps,
  { store }: Context,
  { kind, orderId, words = {} }: PreviewMail,
): Promise<Result<Mail, TemplateInvalid | RefusalOf<"order_not_found">>> {
  const invalid = invalidWords(words, "");
  if (invalid) return fail(invalid);
  const order =
    orderId === undefined
      ? sampleOrder(defaultCurrency(store).code, deps.now())
      : await deps.storage.orders.load(store.storeId, orderId);
  if (!order || order.anonymized) return fail({ type: "order_not_found", orderId: orderId ?? "" });
  const settings = await readMailSettings(deps, store.storeId);
  return ok(composeMail(sampleAbout(kind, order), mailStyle(deps, store, settings, kind, words)));
}

/** Sends a preview to somebody, and waits for what the server says. */
export async function sendTestMail(
  deps: Deps,
  context: Context,
  { to, ...preview }: PreviewMail & { readonly to: string },
): Promise<
  Result<SendOutcome, TemplateInvalid | RefusalOf<"order_not_found"> | { type: "mail_not_set_up" }>
> {
  const { post } = deps.mail;
  if (!post) return fail({ type: "mail_not_set_up" });
  const composed = await previewMail(deps, context, preview);
  if (!composed.ok) return composed;
  const { common } = await readMailSettings(deps, context.store.storeId);
  const { address } = post.from;
  const outgoing: OutgoingMail = {
    from: { name: headerText(post.from.name ?? context.store.name), address },
    ...(common.replyTo !== undefined && { replyTo: common.replyTo }),
    mail: { ...composed.value, to: { name: "", address: to } },
    messageId: `<${deps.newId()}.test@${address.slice(address.lastIndexOf("@") + 1)}>`,
  };
  return ok(await post.mailer.send(outgoing, AbortSignal.timeout(TEST_PATIENCE_MS)));
}

/** How long a mail that is tried once more may take, in milliseconds: as long as at first. */
const LIFETIME_MS = 3 * 24 * 3_600_000;

/** Puts a mail that failed in line again; false when there is none, or it cannot be sent any more. */
export function retryMail(deps: Deps, { store }: Context, mailId: string): Promise<boolean> {
  const now = deps.now();
  const expiresAt = new Date(Date.parse(now) + LIFETIME_MS).toISOString();
  return deps.storage.mails.retry(store.storeId, mailId, now, expiresAt);
}
