import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEngine, type TestEngine, waitUntil } from "../engine.ts";
import { decline, fakeGateway } from "../fake-gateway.ts";
import { type Inbox, openInbox } from "./inbox.ts";
import { mailEnvironment, mailsTo, movableClock, notes, quiet } from "./post-office.ts";

// What is not to be told, or not any more.

const gateway = fakeGateway({ slug: "fake" });
const clock = movableClock();
const HOUR = 3_600_000;
let inbox: Inbox;
let engine: TestEngine;

const everyMs = 10;
const logged: string[] = [];
beforeAll(async () => {
  inbox = await openInbox();
  engine = await startTestEngine({
    env: { CARTWRIGHT_SEED: "none", ...mailEnvironment(inbox.url) },
    surroundings: {
      log: pino({ level: "trace" }, { write: (line: string) => void logged.push(line) }),
      gateways: [gateway],
      now: clock.now,
      background: { everyMs },
    },
  });
  await engine.ask("PUT", "/v2/gateways/fake", { data: { type: "gateway", enabled: true } });
  await engine.ask("PUT", "/cartwright/mail/kinds/payment_failed", { enabled: true });
});
afterAll(async () => {
  await engine.close();
  await inbox.close();
});

async function placed(email: string, at = engine): Promise<string> {
  const cart = email.replace(/\W/g, "");
  const item = { type: "custom_item", name: "Thing", quantity: 1, price: { amount: 1999 } };
  await at.ask("POST", `/v2/carts/${cart}/items`, { data: item });
  const billing_address = {
    first_name: "Ada",
    last_name: "Byron",
    line_1: "1 Long Lane",
    postcode: "90210",
    county: "CA",
    country: "US",
  };
  const customer = { name: "Ada Byron", email };
  const { body } = await at.ask("POST", `/v2/carts/${cart}/checkout`, {
    data: { customer, billing_address },
  });
  return body.data.id;
}

async function pay(
  orderId: string,
  method = "purchase",
  at = engine,
): Promise<{ status: number; id: string }> {
  const data = { gateway: "fake", method, payment: "token" };
  const { status, body } = await at.ask("POST", `/v2/orders/${orderId}/payments`, { data });
  return { status, id: body.data?.id };
}

const subjectsTo = (email: string) =>
  inbox.find(email).map(({ subject }) => subject.replace(/order .*?( |$)/, "order N$1"));

test("A7 a payment that failed is told of after a while, unless another has paid by then", async () => {
  const unpaid = await placed("unpaid@example.com");
  const paid = await placed("paid@example.com");
  for (const id of [unpaid, paid]) {
    gateway.script(decline);
    expect((await pay(id)).status).toBeGreaterThanOrEqual(400);
  }
  expect((await pay(paid)).status).toBe(201);
  await waitUntil(() => inbox.find("paid@example.com").length === 1);
  expect(inbox.find("unpaid@example.com")).toEqual([]);
  clock.forward(HOUR / 2);
  const [mail] = await mailsTo(engine, inbox, "unpaid@example.com", 1);
  expect(mail?.subject).toContain("not paid yet");
  expect(mail?.text).toContain("$19.99");
  expect(subjectsTo("paid@example.com")).toEqual(["Your order N"]);
});

test("A7 a payment that fails after another has paid is not told of", async () => {
  const email = "succeeded@example.com";
  const order = await placed(email);
  const { id } = await pay(order, "authorize");
  gateway.script(decline);
  await engine.ask("POST", `/v2/orders/${order}/transactions/${id}/capture`, {});
  await mailsTo(engine, inbox, email, 1);
  clock.forward(HOUR);
  await quiet(engine);
  expect(subjectsTo(email)).toEqual(["Your order N"]);
});

test("nobody hears that an order is cancelled that they were never told of", async () => {
  const email = "nothing@example.com";
  const order = await placed(email);
  await engine.ask("PUT", `/v2/orders/${order}`, { data: { type: "order", status: "cancelled" } });
  await quiet(engine);
  expect((await notes(engine, `subject_id=${order}`))[0]).toMatchObject({ status: "dropped" });
  expect(inbox.find(email)).toEqual([]);
});

test("an order that is sent as a whole is told of with all its pieces", async () => {
  const email = "whole@example.com";
  const order = await placed(email);
  await pay(order);
  await engine.ask("PUT", `/v2/orders/${order}`, { data: { type: "order", shipping: "fulfilled" } });
  const mails = await mailsTo(engine, inbox, email, 2);
  const mail = mails.find(({ subject }) => subject.includes("on its way"));
  expect(mail?.text).toContain("1 × Thing");
});

test("an order of long ago is not confirmed when it is captured after mail was set up", async () => {
  const silent = await startTestEngine({
    env: { CARTWRIGHT_SEED: "none" },
    surroundings: { gateways: [gateway], now: clock.now },
  });
  try {
    await silent.ask("PUT", "/v2/gateways/fake", { data: { type: "gateway", enabled: true } });
    const email = "longago@example.com";
    const order = await placed(email, silent);
    const { id } = await pay(order, "authorize", silent);
    clock.forward(HOUR);
    const speaking = await startTestEngine({
      databaseUrl: silent.databaseUrl,
      env: { CARTWRIGHT_SEED: "none", ...mailEnvironment(inbox.url) },
      surroundings: { gateways: [gateway], now: clock.now, background: { everyMs } },
    });
    await speaking.ask("POST", `/v2/orders/${order}/transactions/${id}/capture`, {});
    await mailsTo(speaking, inbox, email, 1);
    expect(subjectsTo(email)).toEqual(["Payment received for order N"]);
    await speaking.close();
  } finally {
    await silent.close();
  }
});

test("what a shop has switched off is not sent, also what is in line", async () => {
  inbox.answers.to = () => 450;
  const email = "off@example.com";
  const order = await placed(email);
  await pay(order);
  await waitUntil(
    async () => (await notes(engine, `subject_id=${order}`))[0]?.reason?.includes("450") ?? false,
  );
  await engine.ask("PUT", "/cartwright/mail/kinds/order_placed", { enabled: false });
  delete inbox.answers.to;
  clock.forward(HOUR);
  await quiet(engine);
  expect(inbox.find(email)).toEqual([]);
  await engine.ask("PUT", "/cartwright/mail/kinds/order_placed", {});
});

test("what waits and what failed is in the metrics", async () => {
  inbox.answers.to = (address) => (address.startsWith("gone") ? 550 : 450);
  for (const email of ["gone@example.com", "wait@example.com"]) await pay(await placed(email));
  const metric = async (name: string) => {
    const text = await (await fetch(`${engine.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (.*)$`, "m").exec(text)?.[1]);
  };
  await waitUntil(async () => (await metric("cartwright_mails_failed")) === 1);
  await waitUntil(async () => (await metric("cartwright_mails_pending")) === 1);
  expect(await metric("cartwright_mails_pending_seconds")).toBeGreaterThanOrEqual(0);
});

test("the log tells of mails that were not sent, without addresses", async () => {
  await waitUntil(() => logged.some((line) => line.includes("a mail was not sent")));
  const lines = logged.filter((line) => line.includes("mail"));
  expect(lines.filter((line) => line.includes("550"))).toHaveLength(1);
  expect(lines.filter((line) => line.includes("example.com"))).toEqual([]);
});
