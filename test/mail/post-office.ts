import { randomUUID } from "node:crypto";
import { type TestEngine, waitUntil } from "../engine.ts";
import { type Inbox, openInbox, type ReceivedMail } from "./inbox.ts";

/** An inbox, and what an engine's environment says to send there, often. */
export async function openPostOffice() {
  const inbox = await openInbox();
  return { inbox, env: mailEnvironment(inbox.url), surroundings: { background: { everyMs: 20 } } };
}

/** An environment that says how mail is sent. */
export function mailEnvironment(url: string) {
  return {
    CARTWRIGHT_SMTP_URL: url,
    CARTWRIGHT_MAIL_FROM: "Test Shop <shop@shop.example>",
    CARTWRIGHT_STOREFRONT_URL: "https://shop.example/en/",
  };
}

/** Waits until everything that happened was read, and nothing is to be sent. */
export async function quiet({ engine: { storeId, core } }: TestEngine): Promise<void> {
  await waitUntil(async () => {
    const { rows } = await core.database.pool.query(
      `select 1 from event e join event_consumer c using (store_id)
        where store_id = $1 and consumer = 'mail' and e.seq > c.seq limit 1`,
      [storeId],
    );
    const { pending } = await core.deps.storage.mails.count(storeId);
    return rows.length === 0 && pending === 0;
  });
}

/** The mails to somebody, once there are so many and nothing more is in line. */
export async function mailsTo(
  engine: TestEngine,
  inbox: Inbox,
  email: string,
  count: number,
): Promise<ReceivedMail[]> {
  await waitUntil(() => inbox.find(email).length >= count);
  await quiet(engine);
  return inbox.find(email);
}

/** Makes a customer, of which a mail is sent when customers are welcomed. */
export async function newCustomer({ engine: { storeId, core } }: TestEngine, email: string): Promise<string> {
  const { storage } = core.deps;
  const id = randomUUID();
  const now = core.deps.now();
  const customer = { id, name: "Ada", email, passwordHash: "none", createdAt: now, updatedAt: now };
  await storage.customers.insert(storeId, customer);
  await storage.events.record(storeId, id, { type: "customer.created", payload: { id } }, now);
  return id;
}

/** Welcomes customers by mail from now on. */
export async function welcomeCustomers(engine: TestEngine): Promise<void> {
  const { status } = await engine.ask("PUT", "/cartwright/mail/kinds/customer_welcome", { enabled: true });
  if (status !== 200) throw new Error(`Customers are not welcomed: ${status}`);
}

/** What became of mails, by their statuses or as the shop sees them. */
export async function notes(engine: TestEngine, query = "") {
  const { body } = await engine.ask("GET", `/cartwright/mail/messages?limit=200&${query}`);
  return body.messages as readonly {
    readonly id: string;
    readonly kind: string;
    readonly status: string;
    readonly subject_id: string;
    readonly attempts: number;
    readonly reason: string | null;
    readonly recipient: string | null;
    readonly can_retry: boolean;
  }[];
}

/** A clock that tests put forward. */
export function movableClock() {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead).toISOString(),
    forward(milliseconds: number): void {
      ahead += milliseconds;
    },
  };
}

/** The amounts of a mail's text by the names before them: `{ Total: 3420 }` in minor units of two digits. */
export function amountsIn(text: string): Record<string, number> {
  const found = [...text.matchAll(/^(.+): (-?)\D*([\d,]+)\.(\d\d)\b.*$/gm)];
  return Object.fromEntries(
    found.map(([, name, minus, whole, cents]) => [
      name as string,
      Number(`${minus}${whole?.replaceAll(",", "")}${cents}`),
    ]),
  );
}
