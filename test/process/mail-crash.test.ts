import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEngine, type TestEngine, waitUntil } from "../engine.ts";
import { headerOf, type Inbox, openInbox } from "../mail/inbox.ts";
import { mailEnvironment, movableClock, newCustomer, quiet, welcomeCustomers } from "../mail/post-office.ts";
import { startProgram } from "./program.ts";

let inbox: Inbox;
let idle: TestEngine;
const clock = movableClock();
const background = { everyMs: 3_600_000 };

beforeAll(async () => {
  inbox = await openInbox();
  const env = { CARTWRIGHT_SEED: "none", ...mailEnvironment(inbox.url) };
  idle = await startTestEngine({ env, surroundings: { background } });
  await welcomeCustomers(idle);
});
afterAll(async () => {
  await idle.close();
  await inbox.close();
});

test("an engine that is killed between sending a mail and noting it: no mail is lost, those on their way come once more at most", async () => {
  const env = {
    DATABASE_URL: idle.databaseUrl,
    CARTWRIGHT_SECRET: "a secret that all test engines share",
    CARTWRIGHT_SEED: "none",
    LOG_LEVEL: "silent",
    ...mailEnvironment(inbox.url),
  };
  const emails = Array.from({ length: 12 }, () => `${randomUUID()}@example.com`);
  for (const email of emails) await newCustomer(idle, email);
  const program = await startProgram(env);
  let taken = 0;
  // The fifth is taken, and nobody hears of it any more.
  inbox.answers.data = async () => {
    taken += 1;
    if (taken < 5) return undefined;
    program.process.kill("SIGKILL");
    await program.ended;
    return undefined;
  };
  expect(await program.ended).toBe("SIGKILL");
  await waitUntil(() => inbox.sessions() === 0);
  delete inbox.answers.data;
  const before = inbox.mails.length;
  expect(before).toBeLessThan(emails.length);

  clock.forward(240_000);
  const next = await startTestEngine({
    databaseUrl: idle.databaseUrl,
    env: { CARTWRIGHT_SEED: "none", ...mailEnvironment(inbox.url) },
    surroundings: { now: clock.now, background: { everyMs: 10 } },
  });
  await quiet(next);
  await next.close();
  const ids = new Map(
    emails.map((email) => [email, inbox.find(email).map((mail) => headerOf(mail.headers, "message-id"))]),
  );
  expect([...ids.values()].filter((sent) => sent.length === 0)).toEqual([]);
  expect([...ids.values()].filter((sent) => sent.length > 2 || new Set(sent).size !== 1)).toEqual([]);
  expect([...ids.values()].filter((sent) => sent.length === 2).length).toBeLessThanOrEqual(4);
  expect([...ids.values()].filter((sent) => sent.length === 2).length).toBeGreaterThan(0);
});
