import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, startTestEngine, type TestEngine } from "../../engine.ts";
import { type Inbox, openInbox } from "../../mail/inbox.ts";
import { mailEnvironment } from "../../mail/post-office.ts";
import { type OpenApiDocument, openApi } from "../elasticpath/openapi-document.ts";

let engine: TestEngine;
let inbox: Inbox;
let document: ReturnType<typeof openApi>;

beforeAll(async () => {
  inbox = await openInbox();
  engine = await startTestEngine({ env: mailEnvironment(inbox.url) });
  document = openApi((await (await fetch(`${engine.url}/docs/json`)).json()) as OpenApiDocument);
});
afterAll(async () => {
  await engine.close();
  await inbox.close();
});

/** Asks as the shop; every answer must fit what the API reference says of it. */
async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await engine.ask(method, `/cartwright/mail${path}`, body);
  const operation = document.find(method, `/cartwright/mail${path.replace(/\?.*/, "")}`);
  if (operation) expect(operation.statuses).toContain(String(answer.status));
  expect(operation?.problems(String(answer.status), answer.body)).toEqual([]);
  return answer;
}

test("shows what is told by mail, and in which words", async () => {
  const { status, body } = await ask("GET", "");
  expect(status).toBe(200);
  expect(body).toMatchObject({
    sending: true,
    from: "Test Shop <shop@shop.example>",
    storefront_url: "https://shop.example/en",
    links: { order: "/order/confirmed/{{order.id}}", staff_password_reset: null },
  });
  const placed = body.kinds.find(({ kind }: { kind: string }) => kind === "order_placed");
  expect(placed).toMatchObject({ enabled: true, subject: "Your order {{order.number}}", to: "customer" });
  expect(JSON.stringify(body)).not.toMatch(/p@ss|p%40ss/);
});

test("words, links and labels of a shop's own are in its mails, and go again", async () => {
  const changed = await ask("PUT", "/kinds/order_placed", {
    subject: "Danke, {{customer.first_name}}!",
    intro: "Bestellung {{order.number}} <b>ist da</b>.\n\nSumme: {{order.total}}",
  });
  expect(changed.status).toBe(200);
  const all = await ask("PUT", "", {
    language: "de",
    footer: "{{store.name}}, Hauptstraße 1",
    reply_to: "hilfe@shop.example",
    labels: { total: "Gesamt" },
    links: { order: "https://other.example/o/{{order.number}}", shop: "" },
  });
  expect(all.body).toMatchObject({ language: "de", labels: { total: "Gesamt", tax: "Tax" } });
  const { body } = await ask("POST", "/kinds/order_placed/preview");
  expect(body.subject).toBe("Danke, Ada!");
  expect(body.text).toContain("Gesamt: ");
  expect(body.text).toContain("https://other.example/o/%231001");
  expect(body.text).toMatch(/-- \n.*, Hauptstraße 1\n$/);
  expect(body.html).toContain('<html lang="de">');
  expect(body.html).toContain("&lt;b&gt;ist da&lt;/b&gt;");
  // What is left out is as it comes along.
  await ask("PUT", "", {});
  await ask("PUT", "/kinds/order_placed", {});
  const { body: again } = await ask("POST", "/kinds/order_placed/preview", {});
  expect(again.subject).toBe("Your order #1001");
});

test("a preview is about an order that there is, in words that are tried out", async () => {
  const item = { type: "custom_item", name: "Thing", quantity: 1, price: { amount: 1999 } };
  await engine.ask("POST", "/v2/carts/preview/items", { data: item });
  const address = {
    first_name: "A",
    last_name: "B",
    line_1: "1",
    postcode: "90210",
    country: "US",
    county: "CA",
  };
  const customer = { name: "Ada", email: "ada@example.com" };
  const checkout = await engine.ask("POST", "/v2/carts/preview/checkout", {
    data: { customer, billing_address: address },
  });
  const order_id = checkout.body.data.id;
  const { body } = await ask("POST", "/kinds/order_shipped/preview", {
    order_id,
    subject: "{{order.total}}",
  });
  expect(body).toMatchObject({ subject: "$19.99", to: { name: "Ada", address: "ada@example.com" } });
  expect(body.text).toContain("1 × Thing");
  const none = await ask("POST", "/kinds/order_shipped/preview", { order_id: "nothing" });
  expect(none).toMatchObject({ status: 404, body: { type: "order_not_found" } });
});

test("a test mail goes out at once, and what the server says comes back", async () => {
  const sent = await ask("POST", "/kinds/gift_card/test", { to: "me@shop.example", heading: "Trial" });
  expect(sent).toMatchObject({ status: 200, body: { sent: true } });
  const [mail] = inbox.find("me@shop.example");
  expect(mail?.text).toContain("Trial");
  inbox.answers.to = () => 550;
  const refused = await ask("POST", "/kinds/gift_card/test", { to: "me@shop.example" });
  expect(refused).toMatchObject({ status: 502, body: { type: "mail_refused" } });
  expect(refused.body.detail).toContain("550");
});

describe("is refused:", () => {
  test.each([
    ["PUT", "/kinds/order_placed", { subject: "{{order.nmber}}" }, 400, "template_invalid"],
    ["PUT", "/kinds/order_placed", { subject: "{{#link}}" }, 400, "template_invalid"],
    ["PUT", "/kinds/order_placed", { subject: 7 }, 400, "invalid"],
    ["PUT", "/kinds/order_placed", { sbject: "x" }, 400, "invalid"],
    ["PUT", "/kinds/nothing", {}, 404, "mail_kind_not_found"],
    ["PUT", "", { links: { order: "javascript:alert(1)" } }, 400, "template_invalid"],
    ["PUT", "", { links: { order: "https://{{token}}/x" } }, 400, "template_invalid"],
    ["PUT", "", { footer: "{{> x}}" }, 400, "template_invalid"],
    ["PUT", "", { reply_to: "nobody\r\nBcc: x@example.com" }, 400, "invalid"],
    ["PUT", "", { language: 'en"><script>' }, 400, "invalid"],
    ["POST", "/kinds/order_placed/test", {}, 400, "invalid"],
    ["POST", "/kinds/order_placed/test", { to: "a@b.example\n" }, 400, "invalid"],
    ["POST", "/kinds/nothing/preview", {}, 404, "mail_kind_not_found"],
    ["GET", "/messages?limit=1000", undefined, 400, "invalid"],
    ["POST", "/messages/nothing/retry", undefined, 404, "mail_not_found"],
  ])("%s %s %j", async (method, path, body, status, type) => {
    expect(await ask(method, path, body)).toMatchObject({ status, body: { type } });
  });

  test("a shopper", async () => {
    for (const path of ["", "/messages"]) {
      const answer = await engine.ask("GET", `/cartwright/mail${path}`, undefined, { as: "shopper" });
      expect(answer.status).toBe(403);
    }
  });
});

test("an engine that was not told how to send mail shows previews, sends nothing and keeps nothing", async () => {
  const silent = await startTestEngine();
  try {
    expect((await silent.ask("GET", "/cartwright/mail")).body).toMatchObject({ sending: false, from: null });
    expect((await silent.ask("POST", "/cartwright/mail/kinds/order_placed/preview")).status).toBe(200);
    const test = await silent.ask("POST", "/cartwright/mail/kinds/order_placed/test", { to: "a@b.example" });
    expect(test).toMatchObject({ status: 409, body: { type: "mail_not_set_up" } });
    const { rows } = await silent.engine.core.database.pool.query(
      "select 1 from event_consumer where consumer = 'mail'",
    );
    expect(rows).toEqual([]);
  } finally {
    await silent.close();
  }
});
