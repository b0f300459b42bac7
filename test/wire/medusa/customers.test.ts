import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { wireId } from "../../../src/http/medusa/ids.ts";
import { clientNames, medusaClient } from "./clients.ts";
import { useMedusa } from "./harness.ts";

const wire = useMedusa();

let people = 0;
const newEmail = () => {
  people += 1;
  return `person-${people}@example.com`;
};
const address = {
  first_name: "Ada",
  last_name: "Byron",
  address_1: "1 Long Lane",
  city: "Bonn",
  country_code: "DE",
  postal_code: "53111",
};

/** Registers somebody; `headers` are those of a token of theirs. */
async function register(members: Readonly<Record<string, unknown>> = {}) {
  const email = newEmail();
  const body = { email, password: "secret1", first_name: "Ada", last_name: "Byron", ...members };
  const { status, body: answer, headers: answered } = await wire.ask("POST", "/store/customers", body);
  expect(status, JSON.stringify(answer)).toBe(200);
  const { body: token } = await wire.ask("POST", "/store/auth/token", { email, password: "secret1" });
  const cookie = (answered.get("set-cookie") ?? "").split(";")[0] as string;
  const headers = { authorization: `Bearer ${token.access_token}` };
  return { email, customer: answer.customer, cookie, headers };
}

/** The events of one subject, as whoever sends mail sees them. */
async function eventsOf(id: string, type: string) {
  const { deps } = wire.engine.engine.core;
  const events = await deps.storage.events.of(wire.engine.engine.storeId, id);
  return events.filter((event) => event.type === type);
}

/** The engine's id behind one of the wire. */
const uuidOf = async (email: string): Promise<string> => {
  const { deps } = wire.engine.engine.core;
  return (await deps.storage.customers.findByEmail(wire.engine.engine.storeId, email))?.id ?? "";
};

describe("registering and signing in", () => {
  test("who registers is signed in by a cookie, and signs in by password and by token", async () => {
    const { email, customer, cookie, headers } = await register({ phone: "1" });
    expect(customer).toMatchObject({
      id: expect.stringMatching(/^cus_[0-9A-HJKMNP-TV-Z]{26}$/),
      email,
      first_name: "Ada",
      last_name: "Byron",
      phone: "1",
      has_account: true,
      metadata: null,
      billing_address: null,
      billing_address_id: null,
      shipping_addresses: [],
    });
    expect(JSON.stringify(customer)).not.toContain("password");
    const session = await wire.ask("GET", "/store/auth", undefined, { headers: { cookie } });
    expect(session.body.customer).toMatchObject({ id: customer.id, orders: [], shipping_addresses: [] });
    const signedIn = await wire.ask("POST", "/store/auth", {
      email: email.toUpperCase(),
      password: "secret1",
    });
    expect(signedIn.body.customer.id).toBe(customer.id);
    expect((await wire.ask("GET", "/store/customers/me", undefined, { headers })).body.customer).toEqual(
      customer,
    );
    const gone = await wire.ask("DELETE", "/store/auth", undefined, { headers: { cookie } });
    expect(gone).toMatchObject({ status: 200, body: "OK" });
    expect(gone.headers.get("set-cookie")).toContain("Max-Age=0");
  });

  test("what is wrong is told as the original tells it", async () => {
    const { email } = await register();
    expect(
      await wire.ask("POST", "/store/customers", { email: email.toUpperCase(), password: "x" }),
    ).toMatchObject({
      status: 422,
      body: {
        code: "invalid_request_error",
        type: "duplicate_error",
        message: "A customer with the given email already has an account. Log in instead",
      },
    });
    const bad = await wire.ask("POST", "/store/customers", { email: "bad", first_name: 3 });
    expect(bad.body.message).toBe(
      "first_name must be a string, email must be an email, password must be a string",
    );
    for (const path of ["/store/auth", "/store/auth/token"]) {
      const wrong = await wire.ask("POST", path, { email, password: "nope" });
      expect(wrong).toMatchObject({ status: 401, body: "Unauthorized" });
      const missing = await wire.ask("POST", path, { email });
      expect(missing).toMatchObject({ status: 400, body: { message: "password should not be empty" } });
    }
    for (const path of ["/store/auth", "/store/customers/me", "/store/customers/me/payment-methods"]) {
      expect(await wire.ask("GET", path)).toMatchObject({ status: 401, body: "Unauthorized" });
    }
    expect((await wire.ask("GET", `/store/auth/${email}`)).body).toEqual({ exists: true });
    expect((await wire.ask("GET", "/store/auth/nobody@example.com")).body).toEqual({ exists: false });
  });

  test("a customer who is gone has no session any more", async () => {
    const { email, headers } = await register();
    const id = await uuidOf(email);
    expect((await wire.engine.ask("DELETE", `/v2/customers/${id}`)).status).toBe(204);
    expect((await wire.ask("GET", "/store/customers/me", undefined, { headers })).status).toBe(401);
    expect((await wire.ask("GET", "/store/auth", undefined, { headers })).status).toBe(401);
  });

  test("the vendor's clients, new and old, register and sign in", async () => {
    for (const name of clientNames) {
      const client = await medusaClient(name, wire);
      const email = newEmail();
      const { customer } = await client.customers.create({
        email,
        password: "secret1",
        first_name: "Ada",
        last_name: "Byron",
      });
      expect(customer.email).toBe(email);
      expect((await client.auth.exists(email)).exists).toBe(true);
      expect((await client.auth.authenticate({ email, password: "secret1" })).customer.id).toBe(customer.id);
    }
  });
});

describe("one customer in both APIs", () => {
  const epSignIn = (email: string, password: string) =>
    wire.engine.ask("POST", "/v2/customers/tokens", { data: { type: "token", email, password } });

  test("who registers here signs in there", async () => {
    const { email } = await register();
    const signedIn = await epSignIn(email, "secret1");
    expect(signedIn.status).toBe(201);
    const { body } = await wire.engine.ask("GET", `/v2/customers/${signedIn.body.data.customer_id}`);
    expect(body.data).toMatchObject({ name: "Ada Byron", email });
  });

  test("who registers there signs in here, and a change of the name is seen on both sides", async () => {
    const email = newEmail();
    const data = { type: "customer", name: "Augusta Ada Byron", email, password: "a long secret" };
    const { body } = await wire.engine.ask("POST", "/v2/customers", { data });
    const signedIn = await wire.ask("POST", "/store/auth/token", { email, password: "a long secret" });
    const headers = { authorization: `Bearer ${signedIn.body.access_token}` };
    const me = await wire.ask("GET", "/store/customers/me", undefined, { headers });
    expect(me.body.customer).toMatchObject({
      first_name: "Augusta Ada",
      last_name: "Byron",
      has_account: true,
    });
    await wire.ask("POST", "/store/customers/me", { last_name: "King" }, { headers });
    const there = await wire.engine.ask("GET", `/v2/customers/${body.data.id}`);
    expect(there.body.data.name).toBe("Augusta Ada King");
    await wire.engine.ask("PUT", `/v2/customers/${body.data.id}`, {
      data: { type: "customer", name: "Ada Lovelace" },
    });
    const again = await wire.ask("GET", "/store/customers/me", undefined, { headers });
    expect(again.body.customer).toMatchObject({ first_name: "Ada", last_name: "Lovelace" });
  });

  test("an address of one API is one of the other", async () => {
    const { email, headers } = await register();
    const added = await wire.ask("POST", "/store/customers/me/addresses", { address }, { headers });
    const [shown] = added.body.customer.shipping_addresses;
    expect(shown).toMatchObject({
      ...address,
      country_code: "de",
      company: null,
      province: null,
      metadata: null,
    });
    const path = `/v2/customers/${await uuidOf(email)}/addresses`;
    const { body } = await wire.engine.ask("GET", path);
    expect(body.data).toMatchObject([
      { line_1: "1 Long Lane", city: "Bonn", country: "DE", postcode: "53111" },
    ]);
    const theirs = { ...body.data[0], county: "Rhineland", instructions: "Ring twice" };
    for (const member of ["id", "links", "meta", "relationships"]) delete theirs[member];
    const changed = await wire.engine.ask("PUT", `${path}/${body.data[0].id}`, { data: theirs });
    expect(changed.status, JSON.stringify(changed.body)).toBe(200);
    const mine = await wire.ask(
      "POST",
      `/store/customers/me/addresses/${shown.id}`,
      { city: "Köln" },
      { headers },
    );
    expect(mine.body.customer.shipping_addresses).toMatchObject([{ city: "Köln", province: "Rhineland" }]);
    const { body: last } = await wire.engine.ask("GET", path);
    expect(last.data).toMatchObject([{ city: "Köln", county: "Rhineland", instructions: "Ring twice" }]);
  });
});

describe("the signed-in customer", () => {
  test("names, e-mail, phone, password and metadata change", async () => {
    const { email, headers } = await register();
    const changed = await wire.ask(
      "POST",
      "/store/customers/me",
      {
        first_name: "Anna",
        phone: "2",
        email: email.replace("person", "Renamed"),
        metadata: { a: 1 },
        password: "n",
      },
      { headers },
    );
    const lower = email.replace("person", "renamed");
    expect(changed.body.customer).toMatchObject({
      first_name: "Anna",
      last_name: "Byron",
      phone: "2",
      email: lower,
    });
    const more = await wire.ask(
      "POST",
      "/store/customers/me",
      { metadata: { b: 2 }, phone: null },
      { headers },
    );
    expect(more.body.customer).toMatchObject({ metadata: { a: 1, b: 2 }, phone: null });
    expect((await wire.ask("POST", "/store/auth", { email: lower, password: "n" })).status).toBe(200);
    const { email: taken } = await register();
    expect((await wire.ask("POST", "/store/customers/me", { email: taken }, { headers })).status).toBe(422);
  });

  test("a billing address is one of its own, or one of the address book", async () => {
    const { headers } = await register();
    const own = await wire.ask("POST", "/store/customers/me", { billing_address: address }, { headers });
    expect(own.body.customer.billing_address).toMatchObject({
      ...address,
      country_code: "de",
      customer_id: null,
    });
    expect(own.body.customer.billing_address_id).toBe(own.body.customer.billing_address.id);
    expect(own.body.customer.shipping_addresses).toEqual([]);
    const book = await wire.ask("POST", "/store/customers/me/addresses", { address }, { headers });
    const [{ id }] = book.body.customer.shipping_addresses;
    const chosen = await wire.ask("POST", "/store/customers/me", { billing_address: id }, { headers });
    expect(chosen.body.customer).toMatchObject({ billing_address_id: id, billing_address: { id } });
    const unknown = await wire.ask("POST", "/store/customers/me", { billing_address: "addr_x" }, { headers });
    expect(unknown).toMatchObject({ status: 400, body: { message: "Could not find address for customer" } });
    const odd = await wire.ask("POST", "/store/customers/me", { billing_address: { city: 1 } }, { headers });
    expect(odd.status).toBe(400);
    const gone = await wire.ask("DELETE", `/store/customers/me/addresses/${id}`, undefined, { headers });
    expect(gone.body.customer).toMatchObject({ billing_address_id: null, billing_address: null });
  });

  test("addresses are added once, changed in part and taken away", async () => {
    const { headers } = await register();
    const add = () => wire.ask("POST", "/store/customers/me/addresses", { address }, { headers });
    await add();
    const { body } = await add();
    expect(body.customer.shipping_addresses).toHaveLength(1);
    const [{ id }] = body.customer.shipping_addresses;
    const incomplete = await wire.ask(
      "POST",
      "/store/customers/me/addresses",
      { address: { first_name: "A" } },
      { headers },
    );
    expect(incomplete.body.message).toBe(
      "last_name must be a string, address_1 must be a string, city must be a string, " +
        "country_code must be a string, postal_code must be a string",
    );
    const other = await register();
    const theirs = await wire.ask(
      "POST",
      `/store/customers/me/addresses/${id}`,
      { city: "X" },
      { headers: other.headers },
    );
    expect(theirs).toMatchObject({ status: 400, body: { message: "Could not find address for customer" } });
    await wire.ask("DELETE", `/store/customers/me/addresses/${id}`, undefined, { headers: other.headers });
    const kept = await wire.ask("GET", "/store/customers/me", undefined, { headers });
    expect(kept.body.customer.shipping_addresses).toHaveLength(1);
    const gone = await wire.ask("DELETE", `/store/customers/me/addresses/${id}`, undefined, { headers });
    expect(gone.body.customer.shipping_addresses).toEqual([]);
    expect(
      (await wire.ask("DELETE", `/store/customers/me/addresses/${id}`, undefined, { headers })).status,
    ).toBe(200);
  });
});

describe("a new password", () => {
  const ask = (email: string) => wire.ask("POST", "/store/customers/password-token", { email });
  const reset = (email: string, token: string, password = "another") =>
    wire.ask("POST", "/store/customers/password-reset", { email, token, password });

  test("the token of the event is good for one reset", async () => {
    const { email } = await register();
    expect((await ask(email)).status).toBe(204);
    const [event] = await eventsOf(await uuidOf(email), "customer.password_reset");
    expect(event?.payload).toMatchObject({ email, first_name: "Ada", last_name: "Byron" });
    const token = String(event?.payload.token);
    const done = await reset(email, token);
    expect(done).toMatchObject({ status: 200, body: { customer: { email } } });
    expect((await wire.ask("POST", "/store/auth", { email, password: "another" })).status).toBe(200);
    expect((await wire.ask("POST", "/store/auth", { email, password: "secret1" })).status).toBe(401);
    expect((await reset(email, token, "third")).status).toBe(401);
  });

  test("of two who use one token at once, one succeeds", async () => {
    const { email } = await register();
    await ask(email);
    const [event] = await eventsOf(await uuidOf(email), "customer.password_reset");
    const token = String(event?.payload.token);
    const both = await Promise.all([reset(email, token, "one"), reset(email, token, "two")]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  test("whether somebody is known is not told, and other tokens are refused", async () => {
    const { email, headers } = await register();
    expect((await ask("nobody@example.com")).status).toBe(204);
    const other = await register();
    await ask(other.email);
    const [event] = await eventsOf(await uuidOf(other.email), "customer.password_reset");
    const session = headers.authorization.replace("Bearer ", "");
    for (const token of ["abc", session, String(event?.payload.token)]) {
      expect(await reset(email, token)).toMatchObject({
        status: 401,
        body: { type: "unauthorized", message: "Invalid or expired password reset token" },
      });
    }
    expect((await reset("nobody@example.com", "abc")).status).toBe(401);
  });
});

describe("orders bought without an account", () => {
  test("L2 an order is the customer's once they prove that its e-mail address is theirs", async () => {
    const { email, customer, headers } = await register();
    const bought = newEmail();
    const product = await wire.engine.ask("POST", "/v2/products", {
      data: {
        type: "product",
        name: "A thing",
        slug: randomUUID(),
        sku: randomUUID(),
        description: "A thing",
        manage_stock: false,
        price: [{ amount: 1000, currency: "USD", includes_tax: false }],
        status: "live",
        commodity_type: "physical",
      },
    });
    const cart = randomUUID();
    await wire.engine.ask("POST", `/v2/carts/${cart}/items`, {
      data: { type: "cart_item", id: product.body.data.id, quantity: 1 },
    });
    const to = { first_name: "A", last_name: "B", line_1: "1", postcode: "1", county: "C", country: "US" };
    const order = await wire.engine.ask("POST", `/v2/carts/${cart}/checkout`, {
      data: { customer: { name: "A B", email: bought }, billing_address: to, shipping_address: to },
    });
    expect(order.status, JSON.stringify(order.body)).toBe(201);
    const orderId = order.body.data.id;
    const ids = { order_ids: [wireId("order", orderId), "order_x"] };
    const unsigned = await wire.ask("POST", "/store/orders/batch/customer/token", ids);
    expect(unsigned).toMatchObject({ status: 401, body: "Unauthorized" });
    const asked = await wire.ask("POST", "/store/orders/batch/customer/token", ids, { headers });
    expect(asked).toMatchObject({ status: 200, body: "OK" });
    const [event] = await eventsOf(await uuidOf(email), "order-update-token.created");
    expect(event?.payload).toMatchObject({ old_email: bought, orders: [orderId] });
    const of = () => wire.engine.ask("GET", `/v2/orders/${orderId}`);
    expect((await of()).body.data.customer.email).toBe(bought);
    const bad = await wire.ask("POST", "/store/orders/customer/confirm", { token: "abc" });
    expect(bad).toMatchObject({ status: 400, body: { message: "token must be a jwt string" } });
    const token = event?.payload.token;
    expect(await wire.ask("POST", "/store/orders/customer/confirm", { token })).toMatchObject({
      status: 200,
      body: "OK",
    });
    const claimed = await of();
    expect(claimed.body.data.customer.email).toBe(customer.email);
    expect(claimed.body.data.relationships.customer.data.id).toBe(await uuidOf(email));
    const mine = async (query = "") =>
      (await wire.ask("GET", `/store/customers/me/orders${query}`, undefined, { headers })).body;
    // Nobody has promised to pay for it yet.
    expect(await mine()).toEqual({ orders: [], count: 0, offset: 0, limit: 10 });
    const enabled = await wire.engine.ask("PUT", "/v2/gateways/manual", { data: { enabled: true } });
    expect(enabled.status, JSON.stringify(enabled.body)).toBe(200);
    const paid = await wire.engine.ask("POST", `/v2/orders/${orderId}/payments`, {
      data: { gateway: "manual", method: "authorize" },
    });
    expect(paid.status, JSON.stringify(paid.body)).toBe(201);
    const { orders, count } = await mine("?limit=5&status[]=pending");
    expect(count).toBe(1);
    expect(orders[0]).toMatchObject({
      id: wireId("order", orderId),
      payment_status: "awaiting",
      customer: { id: customer.id },
      items: [{ title: "A thing", total: 1000 }],
      total: 1000,
    });
    expect(await mine("?status[]=canceled")).toMatchObject({ count: 0 });
    expect(await mine("?cart_id=x")).toMatchObject({ count: 0 });
    expect((await mine("?fields=id,display_id&expand=items")).orders[0]).not.toHaveProperty("email");
    const session = await wire.ask("GET", "/store/auth", undefined, { headers });
    expect(session.body.customer.orders).toMatchObject([{ id: wireId("order", orderId), total: 1000 }]);
    const stranger = await register();
    const theirs = await wire.ask("GET", "/store/customers/me/orders", undefined, {
      headers: stranger.headers,
    });
    expect(theirs.body.count).toBe(0);
    // Once more changes nothing.
    expect((await wire.ask("POST", "/store/orders/customer/confirm", { token })).status).toBe(200);
  });
});

describe("the staff", () => {
  test("makes, finds, shows and changes customers, and sees guests", async () => {
    const email = newEmail();
    const created = await wire.ask(
      "POST",
      "/admin/customers",
      { email, first_name: "Grace", last_name: "Hopper", password: "p", metadata: { vip: true } },
      { as: "admin" },
    );
    expect(created.status).toBe(201);
    const { id } = created.body.customer;
    const { deps } = wire.engine.engine.core;
    const now = deps.now();
    await deps.storage.customers.guestOfEmail(wire.engine.engine.storeId, {
      id: deps.newId(),
      name: email,
      email,
      guest: true,
      createdAt: now,
      updatedAt: now,
    });
    const list = (query: string) => wire.admin("GET", `/admin/customers?q=${email}${query}`);
    expect(await list("")).toMatchObject({ count: 2, offset: 0, limit: 50 });
    expect((await list("&has_account=true")).customers).toMatchObject([{ id, has_account: true }]);
    expect((await list("&has_account=false")).customers).toMatchObject([
      { has_account: false, first_name: null },
    ]);
    expect(await list("&created_at[gt]=2090-01-01")).toMatchObject({ customers: [], count: 0 });
    expect((await wire.admin("GET", "/admin/customers?q=hopp&limit=1")).customers).toMatchObject([{ id }]);
    const shown = await wire.admin("GET", `/admin/customers/${id}`);
    expect(shown.customer).toMatchObject({ id, metadata: { vip: true }, shipping_addresses: [] });
    const changed = await wire.admin("POST", `/admin/customers/${id}`, {
      last_name: null,
      metadata: { vip: false },
    });
    expect(changed.customer).toMatchObject({
      first_name: "Grace",
      last_name: null,
      metadata: { vip: false },
    });
    for (const path of [
      "/admin/customers?foo=1",
      "/admin/customers?order=foo",
      "/admin/customers?created_at=x",
    ]) {
      expect((await wire.ask("GET", path, undefined, { as: "admin" })).status).toBe(400);
    }
    const unknown = await wire.ask("GET", "/admin/customers/cus_x", undefined, { as: "admin" });
    expect(unknown.body.message).toBe("Customer with id: cus_x was not found");
    expect((await wire.ask("GET", "/admin/customers")).status).toBe(401);
  });
});
