import { isEmail } from "../domain/email.ts";
import { composeMail, type MailAbout } from "../mail/compose-mail.ts";
import type { Mail } from "../mail/mail.ts";
import { type MailKind, mailDefaults } from "../mail/mail-kinds.ts";
import type { OutgoingMail, SendOutcome } from "../mail/mailer.ts";
import { headerText, maskedAddress, withoutSecrets } from "../mail/safe-text.ts";
import type { StoreConfig } from "./context.ts";
import type { Deps } from "./deps.ts";
import { mailAbout } from "./mail-about.ts";
import type { MailDesk } from "./mail-desk.ts";
import { isMailOn, type MailSettings, mailStyle, readMailSettings } from "./mail-settings.ts";
import type { ClaimedMail, MailSettlement } from "./ports/mails.ts";
import { severalAtOnce } from "./several-at-once.ts";

/** Mails that are looked up at once. */
const BATCH = 50;
/** Mails that are on their way to the server at the same time: as many a crash may send once more. */
const AT_ONCE = 4;
/** How long a mail may take, in milliseconds, and when it is taken for lost with the engine that sent it. */
const PATIENCE_MS = 60_000;
const LEASE_MS = 180_000;
/** The pause after the first failure, in milliseconds; each further one is twice as long, up to the longest. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 4 * 3_600_000;

export type SendOptions = {
  /** Ends what is being sent; it is tried again later. */
  readonly signal: AbortSignal;
  isOver(): boolean;
  /** A mail will not be sent any more, or failed for a reason of ours; the fields hold no addresses. */
  onFailure(fields: object): void;
};

/**
 * Sends the mails of a store that are due. While the server is asked nothing is held but a row's promise that nobody else
 * sends the mail; an engine that dies in that moment leaves it to be sent once more, under the same message id.
 * @returns what is wrong with the server, when it is of no use to go on
 */
export async function sendMails(
  deps: Deps,
  store: StoreConfig,
  { signal, isOver, onFailure }: SendOptions,
): Promise<{ readonly serverProblem?: string }> {
  const { post } = deps.mail;
  if (!post) return {};
  const { storeId } = store;
  let serverProblem: string | undefined;
  const isDone = (): boolean => isOver() || serverProblem !== undefined;
  while (!isDone()) {
    const due = await deps.storage.mails.due(storeId, deps.now(), BATCH);
    if (due.length === 0) break;
    const settings = await readMailSettings(deps, storeId);
    await severalAtOnce(due, AT_ONCE, isDone, async (seen) => {
      const until = later(deps.now(), LEASE_MS);
      const mail = await deps.storage.mails.claim(storeId, seen, deps.now(), until);
      if (!mail) return;
      const { settlement, problem } = await settled(deps, post, store, settings, mail, signal);
      if (problem !== undefined) serverProblem = problem;
      await deps.storage.mails.settle(storeId, mail, settlement, deps.now());
      if (settlement.status === "failed") {
        const { id, kind, subjectId } = mail;
        onFailure({ mailId: id, kind, subjectId, reason: settlement.reason });
      }
    });
    if (due.length < BATCH) break;
  }
  return serverProblem === undefined ? {} : { serverProblem };
}

/** The message id of a mail, made of what it tells of: mail programs show those with the same id once. */
export function messageIdOf({ eventId, kind }: Pick<ClaimedMail, "eventId" | "kind">, from: string): string {
  const unsafe = /[^A-Za-z0-9.-]/g;
  return `<${eventId.replace(unsafe, "")}.${kind.replaceAll("_", "-")}@${from.slice(from.lastIndexOf("@") + 1)}>`;
}

type Settled = { readonly settlement: MailSettlement; readonly problem?: string };

async function settled(
  deps: Deps,
  post: NonNullable<MailDesk["post"]>,
  store: StoreConfig,
  settings: MailSettings,
  mail: ClaimedMail,
  signal: AbortSignal,
): Promise<Settled> {
  let prepared: Awaited<ReturnType<typeof prepare>>;
  try {
    prepared = await prepare(deps, store, settings, mail);
  } catch (error) {
    // Whatever it is, the other mails go on; an outage of the database ends the round when this is to be noted.
    const reason = `it could not be written: ${withoutSecrets(error instanceof Error ? error.message : "")}`;
    return afterFailure({ kind: "later", reason, isServer: false }, mail, undefined, deps.now());
  }
  if ("settlement" in prepared) return prepared;
  const { to } = prepared.mail;
  const recipient = maskedAddress(to.address);
  const never = (reason: string): Settled =>
    afterFailure({ kind: "never", reason }, mail, recipient, deps.now());
  if (deps.now() >= mail.expiresAt) return never("it was too late to send it");
  if (!isEmail(to.address)) return never("nobody can have this address");
  const patience = patienceOf(signal);
  const outgoing: OutgoingMail = {
    from: { name: headerText(post.from.name ?? store.name), address: post.from.address },
    ...(settings.common.replyTo !== undefined && { replyTo: settings.common.replyTo }),
    mail: prepared.mail,
    messageId: messageIdOf(mail, post.from.address),
  };
  const outcome = await post.mailer.send(outgoing, patience.signal).finally(patience.end);
  return outcome.kind === "sent"
    ? { settlement: { status: "sent", recipient } }
    : afterFailure(outcome, mail, recipient, deps.now());
}

/** It is tried again after a pause, as long as that is of any use. A mail with a token cannot be tried again later on. */
function afterFailure(
  failure: Exclude<SendOutcome, { kind: "sent" }>,
  mail: ClaimedMail,
  recipient: string | undefined,
  now: string,
): Settled {
  const noted = { reason: failure.reason, ...(recipient !== undefined && { recipient }) };
  const problem = failure.kind === "later" && failure.isServer ? { problem: failure.reason } : {};
  const dueAt = later(now, Math.min(FIRST_PAUSE_MS * 2 ** mail.attempts, LONGEST_PAUSE_MS));
  return failure.kind === "later" && dueAt < mail.expiresAt
    ? { settlement: { ...noted, status: "waiting", dueAt }, ...problem }
    : { settlement: { ...noted, status: "failed", canRetry: !("token" in mail.payload) }, ...problem };
}

/** Ends with `signal`, or when a mail has had its time. (What Node makes of two signals stays in memory with the older one.) */
function patienceOf(signal: AbortSignal): { readonly signal: AbortSignal; end(): void } {
  const own = new AbortController();
  const abort = (): void => own.abort();
  const timer = setTimeout(abort, PATIENCE_MS);
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  return {
    signal: own.signal,
    end() {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    },
  };
}

/** The mail as it is to be sent, or what becomes of it without. */
async function prepare(
  deps: Deps,
  store: StoreConfig,
  settings: MailSettings,
  mail: ClaimedMail,
): Promise<Settled | { readonly mail: Mail }> {
  const drop = (reason: string): Settled => ({ settlement: { status: "dropped", reason } });
  const about = await mailAbout(deps, store.storeId, mail);
  if ("dropped" in about) return drop(about.dropped);
  if (about.kind === "order_placed" && isMailOn(settings, "gift_card"))
    await followUp(deps, store, mail, about);
  if (!isMailOn(settings, mail.kind)) return drop("this kind of mail is switched off");
  return { mail: composed(deps, store, settings, about) };
}

/** Gift cards are there when their order is confirmed, and are told of in a mail of their own that can be passed on. */
async function followUp(
  deps: Deps,
  { storeId }: StoreConfig,
  mail: ClaimedMail,
  about: MailAbout,
): Promise<void> {
  const order = "order" in about ? about.order : undefined;
  if (!order?.region?.lines.some(({ isGiftCard }) => isGiftCard)) return;
  const { attempts: _, ...rest } = mail;
  const next = { ...rest, id: deps.newId(), kind: "gift_card", about: order.id, dueAt: deps.now() } as const;
  await deps.storage.mails.add(storeId, [next]);
}

function composed(deps: Deps, store: StoreConfig, settings: MailSettings, about: MailAbout): Mail {
  const style = (words?: (typeof mailDefaults)[MailKind]["words"]) =>
    mailStyle(deps, store, settings, about.kind, words);
  try {
    return composeMail(about, style());
  } catch {
    // Words that were fine once and are not any more must not keep a mail from being sent.
    return composeMail(about, { ...style(mailDefaults[about.kind].words), footer: "", links: {} });
  }
}

function later(now: string, milliseconds: number): string {
  return new Date(Date.parse(now) + milliseconds).toISOString();
}
