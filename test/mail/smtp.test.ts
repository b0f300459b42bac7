import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import type { Mailer, OutgoingMail } from "../../src/mail/mailer.ts";
import { type SmtpServer, smtpMailer } from "../../src/mail/smtp.ts";
import { waitUntil } from "../engine.ts";
import { headerOf, type Inbox, openInbox } from "./inbox.ts";
import { mailEnvironment } from "./post-office.ts";

let inbox: Inbox;
let server: SmtpServer;
let mailer: Mailer;
const outgoing: OutgoingMail = {
  from: { name: "Shop", address: "shop@shop.example" },
  mail: {
    to: { name: "Ada", address: "ada@example.com" },
    subject: "Größe & <b>",
    text: "Grüße\n.\nEnde\n",
    html: "<p>Grüße</p>\n",
  },
  messageId: "<event.order-placed@shop.example>",
};

beforeAll(async () => {
  inbox = await openInbox();
  server = readConfig(mailEnvironment(inbox.url)).mail?.smtp as SmtpServer;
  mailer = smtpMailer(server);
});
beforeEach(() => {
  delete inbox.answers.to;
  delete inbox.answers.data;
});
afterAll(async () => {
  mailer.close();
  await inbox.close();
});

test("a mail arrives as it was written", async () => {
  expect(await mailer.check()).toBeUndefined();
  expect(await mailer.send(outgoing)).toEqual({ kind: "sent" });
  const [mail] = inbox.mails.splice(0);
  const { subject, text, html } = outgoing.mail;
  expect(mail).toMatchObject({ from: "shop@shop.example", to: ["ada@example.com"], subject });
  expect([mail?.text.trimEnd(), mail?.html.trimEnd()]).toEqual([text.trimEnd(), html.trimEnd()]);
  expect(headerOf(mail?.headers ?? [], "message-id")).toBe(outgoing.messageId);
  expect(headerOf(mail?.headers ?? [], "auto-submitted")).toBe("auto-generated");
});

test("nothing in a mail adds a header or a recipient, even where it was not made safe before", async () => {
  const evil = 'x\r\nBcc: victim@example.com\r\n\r\n"<script>, victim@example.com';
  const mail = { ...outgoing.mail, to: { name: evil, address: "ada@example.com" }, subject: evil };
  await mailer.send({ ...outgoing, mail, from: { name: evil, address: "shop@shop.example" } });
  const [got] = inbox.mails.splice(0);
  expect(got?.to).toEqual(["ada@example.com"]);
  expect(got?.headers.map(([name]) => name).sort()).toEqual(
    ["auto-submitted", "content-type", "date", "from", "message-id", "mime-version", "subject", "to"].sort(),
  );
});

test.each([
  ["to", 550, { kind: "never" }],
  ["to", 451, { kind: "later", isServer: false }],
  ["data", 554, { kind: "never" }],
  ["data", 452, { kind: "later", isServer: false }],
  ["data", 421, { kind: "later", isServer: true }],
] as const)(
  "what the server says at %s with %i is told, without the address",
  async (when, code, outcome) => {
    inbox.answers[when] = () => code;
    const told = await mailer.send(outgoing);
    expect(told).toMatchObject({ ...outcome, reason: expect.stringContaining(String(code)) });
    expect(JSON.stringify(told)).not.toContain("ada@example.com");
  },
);

test("a server that hangs is left when somebody says so", async () => {
  inbox.answers.data = () => new Promise(() => {});
  const patience = new AbortController();
  const sending = mailer.send(outgoing, patience.signal);
  await waitUntil(() => inbox.sessions() > 0);
  patience.abort();
  expect(await sending).toMatchObject({ kind: "later", isServer: false });
});

test.each([
  ["a wrong password", { password: "hush" }, /535/],
  ["a server that is not there", { port: 9 }, /ECONNREFUSED/],
  ["a server whose certificate is good for nothing", { requiresTls: true }, /certificate/],
])("%s is told as what keeps every mail waiting", async (_, more, reason) => {
  const other = smtpMailer({ ...server, ...more });
  const told = await other.send(outgoing);
  expect(told).toMatchObject({ kind: "later", isServer: true, reason: expect.stringMatching(reason) });
  expect(await other.check()).toMatch(reason);
  expect(JSON.stringify(told)).not.toMatch(/p@ss|hush/);
  other.close();
  expect(inbox.mails).toEqual([]);
});
