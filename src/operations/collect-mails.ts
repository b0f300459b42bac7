import type { MailKind } from "../mail/mail-kinds.ts";
import type { Deps } from "./deps.ts";
import { isMailOn, type MailSettings, readMailSettings } from "./mail-settings.ts";
import { mailOfEvent } from "./mails-of-event.ts";
import type { NewMail } from "./ports/mails.ts";

/** As whom mail reads what happened. */
export const MAIL_CONSUMER = "mail";
/** Events that are read at once. */
const BATCH = 200;
/** How long others wait for a reader that has died, in milliseconds. */
const LEASE_MS = 30_000;

/**
 * Puts the mails in line that what happened leads to. What is read and what is put in line are one transaction, so no
 * event is lost, and none counts twice.
 * @returns whether there was anything
 */
export async function collectMails(deps: Deps, storeId: string): Promise<boolean> {
  const { outbox } = deps.storage;
  const now = deps.now();
  const claim = await outbox.claim(storeId, MAIL_CONSUMER, { now, leaseMs: LEASE_MS, limit: BATCH });
  const last = claim?.events.at(-1);
  if (!claim || !last) return false;
  const settings = await readMailSettings(deps, storeId);
  const mails = claim.events.flatMap((event) => {
    const mail = mailOfEvent(event, now);
    const mails = mail && isWanted(settings, mail.kind) ? [mail] : [];
    return [...mails, ...mailsToStaff(settings, mail)].map((one) => ({ ...one, id: deps.newId() }));
  });
  return deps.storage.transaction(async (storage) => {
    if (!(await storage.outbox.advance(storeId, MAIL_CONSUMER, claim.token, last.seq))) return false;
    await storage.mails.add(storeId, mails);
    return true;
  });
}

/** What customers are told as a confirmation, each of the staff who wants to know is told as a new order. */
function mailsToStaff(settings: MailSettings, mail: Omit<NewMail, "id"> | undefined): Omit<NewMail, "id">[] {
  if (mail?.kind !== "order_placed" || !isMailOn(settings, "staff_order_placed")) return [];
  return (settings.common.staffAddresses ?? []).map((to) => ({
    ...mail,
    kind: "staff_order_placed",
    about: `${mail.about} ${to}`,
    payload: { ...mail.payload, to },
  }));
}

/** The confirmation of an order is where its gift cards are noticed, so it is in line for them too. */
function isWanted(settings: MailSettings, kind: MailKind): boolean {
  return isMailOn(settings, kind) || (kind === "order_placed" && isMailOn(settings, "gift_card"));
}
