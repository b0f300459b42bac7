import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aShop, readyCart } from "../wire/medusa/a-shop.ts";
import { clientNames, medusaClient } from "../wire/medusa/clients.ts";
import { admin, useMedusa } from "../wire/medusa/harness.ts";
import { mailsTo as mailsOf, openPostOffice, quiet } from "./post-office.ts";

const { inbox, env, surroundings } = await openPostOffice();
const wire = useMedusa(env, surroundings);
afterAll(() => inbox.close());
const mailsTo = (email: string, count = 1) => mailsOf(wire.engine, inbox, email, count);

describe.each(clientNames)("a customer's new password with %s", (name) => {
  test("is asked for, its mail arrives, and the token in it is good for one", async () => {
    const client = await medusaClient(name, wire);
    const email = `reset-${name.replace(/\W/g, "")}@example.com`;
    await client.customers.create({ first_name: "Ada", last_name: "B", email, password: "the old one" });
    await client.customers.generatePasswordToken({ email });
    const [mail, ...more] = await mailsTo(email);
    expect(more).toEqual([]);
    expect(mail?.text).toContain("Hello Ada,");
    const [link = ""] = mail?.text.match(/https:\/\/\S+/) ?? [];
    const url = new URL(link);
    expect(url.origin + url.pathname).toBe("https://shop.example/en/account/reset-password");
    expect(url.searchParams.get("email")).toBe(email);
    expect(mail?.html).toContain(link.replaceAll("&", "&amp;"));
    const reset = { email, token: url.searchParams.get("token"), password: "the new one" };
    const { customer } = await client.customers.resetPassword(reset);
    expect(customer.email).toBe(email);
    expect((await client.auth.authenticate({ email, password: "the new one" })).customer.email).toBe(email);
    await expect(client.customers.resetPassword(reset)).rejects.toMatchObject({ response: { status: 401 } });
  });
});

test("who registers is welcomed where the shop wants that, and who only buys is not", async () => {
  await wire.engine.ask("PUT", "/cartwright/mail/kinds/customer_welcome", { enabled: true });
  const [here, there, guest] = ["here@example.com", "there@example.com", "visitor@example.com"];
  await wire.ask("POST", "/store/customers", { email: here, password: "s", first_name: "A", last_name: "B" });
  const data = { type: "customer", name: "Ada", email: there, password: "a long secret" };
  await wire.engine.ask("POST", "/v2/customers", { data });
  const shop = await aShop(wire, { name: "Welcome", country: "fr" });
  await wire.ask("POST", `${await readyCart(wire, shop, { email: guest })}/complete`);
  for (const email of [here, there, guest]) await mailsTo(email);
  expect(inbox.find(here).map(({ text }) => text.includes(`sign in with ${here}`))).toEqual([true]);
  expect(inbox.find(there)).toHaveLength(1);
  expect(inbox.find(guest).map(({ subject }) => subject.replace(/#\d+/, "N"))).toEqual(["Your order N"]);
  await wire.engine.ask("PUT", "/cartwright/mail/kinds/customer_welcome", {});
});

test("nobody is written to who is no customer", async () => {
  await wire.ask("POST", "/store/customers/password-token", { email: "nobody@example.com" });
  await quiet(wire.engine);
  expect(inbox.find("nobody@example.com")).toEqual([]);
});

test("one of the staff gets a token for a new password, and no link where nobody said where it leads", async () => {
  const ask = { email: admin.email };
  await wire.ask("POST", "/admin/users/password-token", ask);
  const [mail] = await mailsTo(admin.email);
  const [, token] = /Your token:\n(\S+)/.exec(mail?.text ?? "") ?? [];
  expect(mail?.text).not.toContain("https://");
  expect(mail?.html).toContain(token);
  const reset = await wire.ask("POST", "/admin/users/reset-password", {
    ...ask,
    token,
    password: admin.password,
  });
  expect(reset.status).toBe(200);
});

describe("orders that were bought as a guest", () => {
  let path: string;
  beforeAll(async () => {
    path = await readyCart(wire, await aShop(wire), { email: "guest@example.com" });
  });

  test("become a customer's by the mail to the address they were bought with", async () => {
    const { body } = await wire.ask("POST", `${path}/complete`);
    const email = "claimer@example.com";
    await wire.ask("POST", "/store/customers", {
      email,
      password: "secret1",
      first_name: "A",
      last_name: "B",
    });
    const { body: signedIn } = await wire.ask("POST", "/store/auth/token", { email, password: "secret1" });
    const headers = { authorization: `Bearer ${signedIn.access_token}` };
    const order_ids = [body.data.id];
    await wire.ask("POST", "/store/orders/batch/customer/token", { order_ids }, { headers });
    const mails = await mailsTo("guest@example.com", 2);
    const mail = mails.find(({ subject }) => subject.includes("yours"));
    expect(mail?.text).toContain(`#${body.data.display_id}`);
    const [link = ""] = mail?.text.match(/https:\/\/\S+/) ?? [];
    const token = new URL(link).searchParams.get("token");
    const confirmed = await wire.ask("POST", "/store/orders/customer/confirm", { token }, { headers });
    expect(confirmed.status).toBe(200);
    const mine = await wire.ask("GET", "/store/customers/me/orders", undefined, { headers });
    expect(mine.body.orders.map(({ id }: { id: string }) => id)).toEqual(order_ids);
  });
});

test("nothing that was sent with a token is kept", async () => {
  await quiet(wire.engine);
  const { core } = wire.engine.engine;
  const { rows } = await core.database.pool.query("select payload from mail where kind like '%password%'");
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter(({ payload }) => payload !== null)).toEqual([]);
});
