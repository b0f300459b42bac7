import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestEngine, type TestEngine, waitUntil } from "../engine.ts";
import { headerOf, type Inbox, openInbox, type ReceivedMail } from "./inbox.ts";
import {
  mailEnvironment,
  mailsTo,
  movableClock,
  newCustomer,
  notes,
  quiet,
  welcomeCustomers,
} from "./post-office.ts";

let inbox: Inbox;
let first: TestEngine;
const clock = movableClock();
const DAY = 24 * 3_600_000;

/** An engine that sends what is due at once; `idle` never does. */
function anEngine(
  options: { readonly databaseUrl?: string; readonly url?: string; readonly isIdle?: true } = {},
): Promise<TestEngine> {
  const { databaseUrl, url = inbox.url, isIdle } = options;
  return startTestEngine({
    env: { CARTWRIGHT_SEED: "none", ...mailEnvironment(url) },
    ...(databaseUrl !== undefined && { databaseUrl }),
    surroundings: { now: clock.now, background: { everyMs: isIdle ? 3_600_000 : 10 } },
  });
}

beforeAll(async () => {
  inbox = await openInbox();
  first = await anEngine();
  await welcomeCustomers(first);
});
beforeEach(() => {
  delete inbox.answers.to;
  delete inbox.answers.data;
});
afterAll(async () => {
  await first.close();
  await inbox.close();
});

const noteOf = async (id: string) => (await notes(first, `subject_id=${id}`))[0];
const until = (id: string, status: string, attempts = 1) =>
  waitUntil(async () => {
    const note = await noteOf(id);
    return note?.status === status && note.attempts >= attempts;
  });

describe("a server that does not take a mail", () => {
  test("now gets it again after a pause, and the others of the meantime", async () => {
    let tries = 0;
    inbox.answers.data = ({ to }) => {
      if (to[0] !== "later@example.com") return undefined;
      tries += 1;
      return tries < 3 ? 451 : undefined;
    };
    const id = await newCustomer(first, "later@example.com");
    await until(id, "waiting");
    expect(await noteOf(id)).toMatchObject({ attempts: 1, recipient: "l…@example.com", can_retry: false });
    await newCustomer(first, "meanwhile@example.com");
    await waitUntil(() => inbox.find("meanwhile@example.com").length === 1);
    expect(tries).toBe(1);
    clock.forward(30_000);
    await until(id, "waiting", 2);
    clock.forward(60_000);
    await mailsTo(first, inbox, "later@example.com", 1);
    expect(await noteOf(id)).toMatchObject({ status: "sent", attempts: 3 });
  });

  test("ever is told of, holds nobody up, and may be asked again by hand", async () => {
    inbox.answers.to = (address) => (address === "gone@example.com" ? 550 : undefined);
    const id = await newCustomer(first, "gone@example.com");
    const others = ["one", "two", "three", "four", "five"].map((name) => `${name}@example.com`);
    for (const email of others) await newCustomer(first, email);
    for (const email of others) await mailsTo(first, inbox, email, 1);
    const note = await noteOf(id);
    expect(note).toMatchObject({
      status: "failed",
      attempts: 1,
      can_retry: true,
      recipient: "g…@example.com",
    });
    expect(note?.reason).toContain("550");
    expect(note?.reason).not.toContain("gone@example.com");
    inbox.answers.to = () => undefined;
    const again = await first.ask("POST", `/cartwright/mail/messages/${note?.id}/retry`);
    expect(again).toMatchObject({ status: 200, body: { status: "waiting" } });
    await mailsTo(first, inbox, "gone@example.com", 1);
    expect((await first.ask("POST", `/cartwright/mail/messages/${note?.id}/retry`)).status).toBe(409);
  });

  test("for three days has it given up", async () => {
    inbox.answers.to = (address) => (address === "never@example.com" ? 450 : undefined);
    const id = await newCustomer(first, "never@example.com");
    await until(id, "waiting");
    clock.forward(3 * DAY);
    await until(id, "failed");
    expect((await noteOf(id))?.reason).toMatch(/450|too late/);
    expect(inbox.find("never@example.com")).toEqual([]);
  });

  test.each([
    ["knows another password", () => inbox.url.replace("p%40ss", "wrong")],
    ["is not there", () => "smtp://127.0.0.1:9"],
  ])("because it %s has everything wait, and nothing is lost", async (why, url) => {
    const idle = await anEngine({ isIdle: true });
    await welcomeCustomers(idle);
    const { databaseUrl } = idle;
    const emails = ["a", "b", "c"].map((name) => `${name}-${why.replaceAll(" ", "-")}@example.com`);
    for (const email of emails) await newCustomer(idle, email);
    const wrong = await anEngine({ databaseUrl, url: url() });
    await waitUntil(async () => {
      const seen = await notes(wrong);
      return seen.length === 3 && seen.every(({ status, reason }) => status === "waiting" && reason !== null);
    });
    await wrong.close();
    clock.forward(600_000);
    const right = await anEngine({ databaseUrl });
    for (const email of emails) expect(await mailsTo(right, inbox, email, 1)).toHaveLength(1);
    await right.close();
    await idle.close();
  });
});

test("an engine stops without waiting for a server that says nothing, and the next one sends that mail", {
  timeout: 20_000,
}, async () => {
  const came: ReceivedMail[] = [];
  let hangs = true;
  inbox.answers.data = (mail) => {
    came.push(mail);
    return hangs ? new Promise(() => {}) : undefined;
  };
  const idle = await anEngine({ isIdle: true });
  await welcomeCustomers(idle);
  const { databaseUrl } = idle;
  const stopping = await anEngine({ databaseUrl });
  await newCustomer(stopping, "twice@example.com");
  await waitUntil(() => came.length === 1);
  await stopping.close();
  hangs = false;
  clock.forward(240_000);
  const next = await anEngine({ databaseUrl });
  await mailsTo(next, inbox, "twice@example.com", 1);
  expect(came.map(({ to }) => to[0])).toEqual(["twice@example.com", "twice@example.com"]);
  expect(new Set(came.map(({ headers }) => headerOf(headers, "message-id"))).size).toBe(1);
  await next.close();
  await idle.close();
});

test("A5 two engines on one database send each mail once", async () => {
  const second = await anEngine({ databaseUrl: first.databaseUrl });
  const emails = Array.from({ length: 60 }, (_, index) => `crowd-${index}@example.com`);
  await Promise.all(emails.map((email, index) => newCustomer(index % 2 === 0 ? first : second, email)));
  for (const email of emails) await waitUntil(() => inbox.find(email).length > 0);
  await quiet(second);
  await second.close();
  expect(emails.filter((email) => inbox.find(email).length !== 1)).toEqual([]);
});

test("what happened while no mail was sent is not told days later", async () => {
  const idle = await anEngine({ isIdle: true });
  await welcomeCustomers(idle);
  await newCustomer(idle, "old@example.com");
  clock.forward(2 * DAY);
  const later = await anEngine({ databaseUrl: idle.databaseUrl });
  await newCustomer(later, "new@example.com");
  await mailsTo(later, inbox, "new@example.com", 1);
  expect(inbox.find("old@example.com")).toEqual([]);
  await later.close();
  await idle.close();
});
