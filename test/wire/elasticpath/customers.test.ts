import { randomUUID } from "node:crypto";
import { Writable } from "node:stream";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { type Answer, type AskOptions, waitUntil } from "../../engine.ts";
import { useWire } from "./harness.ts";

const password = "correct horse battery";
let logged = "";
const destination = new Writable({
  write(chunk, _encoding, done) {
    logged += String(chunk);
    done();
  },
});
const wire = useWire({
  env: { CARTWRIGHT_SEED: "none" },
  surroundings: { log: pino({ level: "trace" }, destination) },
});
const { ask } = wire;

const newEmail = () => `${randomUUID()}@example.com`;

type SignedIn = { readonly id: string; readonly email: string; readonly as: AskOptions };

/** A customer who has just registered, and what their requests carry. */
async function aSignedInCustomer(members: object = {}): Promise<SignedIn> {
  const email = newEmail();
  const data = { type: "customer", name: "Ada", email, password, ...members };
  const created = await ask("POST", "/v2/customers", { data }, { as: "shopper" });
  expect(created.status).toBe(201);
  const signedIn = await signIn(email, password);
  expect(signedIn.status).toBe(201);
  const headers = { "x-moltin-customer-token": signedIn.body.data.token };
  return { id: created.body.data.id, email, as: { as: "shopper", headers } };
}

function signIn(email: unknown, given: unknown): Promise<Answer> {
  const data = { type: "token", email, password: given };
  return ask("POST", "/v2/customers/tokens", { data }, { as: "shopper" });
}

const emailTaken = {
  errors: [{ status: 409, title: "Duplicate email", detail: "Customer exists with email address" }],
};
const notYours = {
  errors: [
    {
      status: 403,
      title: "Forbidden",
      detail: "Customer does not have the required permissions to fulfill this request",
    },
  ],
};

describe("a customer", () => {
  test("registers, signs in and changes itself with the vendor's SDK, and deletes itself", async () => {
    const shopper = wire.sdk("@moltin/sdk", "shopper");
    const email = newEmail();
    const created = await shopper.Customers.Create({ type: "customer", name: "Ada", email, password });
    const { id } = created.data;
    expect(created.data).toMatchObject({ type: "customer", name: "Ada", email, password: true });

    const { data: signedIn } = await shopper.Customers.TokenViaPassword(email, password);
    expect(signedIn).toMatchObject({ type: "token", customer_id: id });
    expect(signedIn.expires * 1000 - Date.now()).toBeGreaterThan(23 * 3_600_000);
    expect(signedIn.expires * 1000 - Date.now()).toBeLessThanOrEqual(24 * 3_600_000);

    const { token } = signedIn;
    expect((await shopper.Customers.Get(id, token)).data).toEqual(created.data);
    const renamed = await shopper.Customers.Update(id, { type: "customer", name: "Augusta" }, token);
    expect(renamed.data).toMatchObject({ id, name: "Augusta", email, password: true });
    const as: AskOptions = { as: "shopper", headers: { "x-moltin-customer-token": token } };
    expect((await ask("DELETE", `/v2/customers/${id}`, undefined, as)).status).toBe(204);
    await expect(shopper.Customers.Get(id, token)).rejects.toMatchObject({
      errors: [{ status: 404, title: "Not Found", detail: "customer not found" }],
    });
  });

  test("without a password is none who can sign in", async () => {
    const email = newEmail();
    const created = await ask("POST", "/v2/customers", { data: { name: "Ada", email } });
    expect(created.body.data.password).toBe(false);
    expect((await signIn(email, "")).status).toBe(403);
    const path = `/v2/customers/${created.body.data.id}`;
    expect((await ask("PUT", path, { data: { password } })).body.data.password).toBe(true);
    expect((await signIn(email, password)).status).toBe(201);
  });

  test("has an e-mail address that nobody else has, whatever its case", async () => {
    const { id, email } = await aSignedInCustomer();
    const again = await ask("POST", "/v2/customers", { data: { name: "Eve", email: email.toUpperCase() } });
    expect([again.status, again.body]).toEqual([409, emailTaken]);
    const eve = await aSignedInCustomer();
    const taken = await ask("PUT", `/v2/customers/${eve.id}`, { data: { email } }, eve.as);
    expect([taken.status, taken.body]).toEqual([409, emailTaken]);
    expect((await signIn(email.toUpperCase(), password)).body.data.customer_id).toBe(id);
  });

  test("changes its e-mail address and password, and the old ones no longer work", async () => {
    const { id, email, as } = await aSignedInCustomer({ external_ref: "crm-1" });
    const next = { email: newEmail(), password: "staple gun, stapled" };
    const changed = await ask("PUT", `/v2/customers/${id}`, { data: next }, as);
    expect(changed.body.data).toMatchObject({ id, name: "Ada", email: next.email, external_ref: "crm-1" });
    expect((await signIn(email, password)).status).toBe(403);
    expect((await signIn(next.email, password)).status).toBe(403);
    expect((await signIn(next.email, next.password)).status).toBe(201);
    const cleared = await ask("PUT", `/v2/customers/${id}`, { data: { external_ref: null } }, as);
    expect(cleared.body.data).not.toHaveProperty("external_ref");
    expect(cleared.body.data.email).toBe(next.email);
  });

  test("O2 cannot set what is not its to set", async () => {
    const { id, email, as } = await aSignedInCustomer();
    const forged = {
      id: randomUUID(),
      passwordHash: "x",
      password_hash: "x",
      store_id: "other",
      meta: { timestamps: { created_at: "2001-01-01T00:00:00Z" } },
      createdAt: "2001-01-01T00:00:00Z",
    };
    const before = (await ask("GET", `/v2/customers/${id}`)).body.data;
    const changed = await ask("PUT", `/v2/customers/${id}`, { data: forged }, as);
    expect(changed.status).toBe(200);
    const after = (await ask("GET", `/v2/customers/${id}`)).body.data;
    expect({ ...after, meta: null }).toEqual({ ...before, meta: null });
    expect(after.meta.timestamps.created_at).toBe(before.meta.timestamps.created_at);
    expect((await signIn(email, password)).status).toBe(201);
  });

  test.each([
    ["no name", { name: undefined }, "data.name", "required"],
    ["an empty name", { name: "" }, "data.name", "string_gte"],
    ["a name that is too long", { name: "A".repeat(256) }, "data.name", "string_lte"],
    ["no e-mail address", { email: "ada..b@example.com" }, "data.email", "format"],
    ["a short password", { password: "1234567" }, "data.password", "string_gte"],
    ["a very long password", { password: "p".repeat(257) }, "data.password", "string_lte"],
    ["a number as password", { password: 12345678 }, "data.password", "invalid_type"],
    ["a very long reference", { external_ref: "r".repeat(2049) }, "data.external_ref", "string_lte"],
    ["another type", { type: "person" }, "data.type", "enum"],
  ])("is refused with %s", async (_what, members, source, title) => {
    const data = { type: "customer", name: "Ada", email: newEmail(), ...members };
    const refused = await ask("POST", "/v2/customers", { data });
    expect(refused.status).toBe(400);
    expect(refused.body.errors).toMatchObject([{ status: 400, source, title }]);
  });
});

describe("signing in", () => {
  const invalid = { errors: [{ status: 403, title: "Forbidden", detail: "invalid credentials" }] };

  test("is refused alike for a wrong password and an unknown e-mail address", async () => {
    const { email } = await aSignedInCustomer();
    const wrong = await signIn(email, "wrong horse battery");
    const unknown = await signIn(newEmail(), password);
    expect([wrong.status, wrong.body]).toEqual([403, invalid]);
    expect([unknown.status, unknown.body]).toEqual([403, invalid]);
  });

  test("needs both, and no other mechanism", async () => {
    const missing = await ask("POST", "/v2/customers/tokens", { data: { type: "token" } }, { as: "shopper" });
    expect(missing.body.errors.map((error: { source: string }) => error.source)).toEqual([
      "data.email",
      "data.password",
    ]);
    const oidc = { type: "token", authentication_mechanism: "oidc", oauth_authorization_code: "c" };
    const refused = await ask("POST", "/v2/customers/tokens", { data: oidc }, { as: "shopper" });
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0].detail).toContain("oidc");
  });

  test("gives an answer that nobody may keep", async () => {
    const { email } = await aSignedInCustomer();
    const answer = await signIn(email, password);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });
});

describe("O1 who may see and change a customer", () => {
  const routes = (id: string): [string, string, object?][] => [
    ["GET", `/v2/customers/${id}`],
    ["PUT", `/v2/customers/${id}`, { data: { name: "Mallory" } }],
    ["DELETE", `/v2/customers/${id}`],
    ["GET", `/v2/customers/${id}/addresses`],
    ["POST", `/v2/customers/${id}/addresses`, { data: address }],
    ["GET", `/v2/customers/${id}/addresses/any`],
    ["PUT", `/v2/customers/${id}/addresses/any`, { data: { city: "Mallory" } }],
    ["DELETE", `/v2/customers/${id}/addresses/any`],
  ];

  test("nobody without a token, nobody with an implicit token alone", async () => {
    const { id } = await aSignedInCustomer();
    for (const [method, path, body] of routes(id)) {
      expect((await ask(method, path, body, { as: "none" })).status).toBe(401);
      expect((await ask(method, path, body, { as: "shopper" })).status).toBe(403);
    }
  });

  test("no other customer, whether there is such a customer or not", async () => {
    const ada = await aSignedInCustomer();
    const eve = await aSignedInCustomer();
    for (const id of [ada.id, randomUUID(), "nobody"]) {
      for (const [method, path, body] of routes(id)) {
        const refused = await ask(method, path, body, eve.as);
        expect([refused.status, refused.body]).toEqual([403, notYours]);
      }
    }
    expect((await ask("GET", `/v2/customers/${ada.id}`, undefined, ada.as)).body.data.name).toBe("Ada");
  });

  test("no made-up token", async () => {
    const ada = await aSignedInCustomer();
    const token = ada.as.headers?.["x-moltin-customer-token"] as string;
    const headers = { "x-moltin-customer-token": `${token.slice(0, -4)}AAAA` };
    for (const [method, path, body] of routes(ada.id)) {
      expect((await ask(method, path, body, { as: "shopper", headers })).status).toBe(403);
    }
  });

  test("the shop sees all, and only the shop lists them", async () => {
    const ada = await aSignedInCustomer();
    expect((await ask("GET", `/v2/customers/${ada.id}`)).status).toBe(200);
    expect((await ask("GET", "/v2/customers", undefined, ada.as)).status).toBe(403);
    const shop = wire.sdk("@moltin/sdk", "shop");
    const found = await shop.Customers.Filter({ eq: { email: ada.email.toUpperCase() } }).All();
    expect(found.data.map((row: { id: string }) => row.id)).toEqual([ada.id]);
    expect(found.meta.results.total).toBe(1);
    const newest = await ask("GET", "/v2/customers?page[limit]=1");
    expect(newest.body.data[0].id).toBe(ada.id);
    expect(newest.body.links.next).toContain("page[offset]=1");
    for (const id of ["nobody", "%00", "%25%27%E2%82%AC", "a".repeat(500)]) {
      expect((await ask("DELETE", `/v2/customers/${id}`)).status).toBe(404);
    }
  });
});

const address = {
  type: "address",
  name: "Home",
  first_name: "Ada",
  last_name: "Byron",
  line_1: "1 Main Street",
  postcode: "92867",
  county: "Orange",
  country: "US",
};

describe("a customer's addresses", () => {
  test("are kept, changed and deleted with the vendor's SDK", async () => {
    const { id: customer, as } = await aSignedInCustomer();
    const token = as.headers?.["x-moltin-customer-token"] as string;
    const { CustomerAddresses: addresses } = wire.sdk("@moltin/sdk", "shopper");
    const created = await addresses.Create({ customer, body: address, token });
    const { id } = created.data;
    expect(created.data).toMatchObject({
      ...address,
      line_2: "",
      region: "",
      instructions: "",
      links: { self: `${wire.engine.url}/v2/customers/${customer}/addresses/${id}` },
      relationships: { customer: { id: customer, type: "customer" } },
    });
    expect((await addresses.Get({ customer, address: id, token })).data).toEqual(created.data);
    const changes = { line_2: "Rear", name: "Work" };
    const changed = await addresses.Update({ customer, address: id, body: changes, token });
    expect(changed.data).toMatchObject({ ...address, line_2: "Rear", name: "Work" });
    expect((await addresses.All({ customer, token })).data).toEqual([changed.data]);
    await addresses.Delete({ customer, address: id, token });
    expect((await addresses.All({ customer, token })).data).toEqual([]);
    const gone = await ask("GET", `/v2/customers/${customer}/addresses/${id}`, undefined, as);
    expect([gone.status, gone.body.errors[0].detail]).toEqual([404, "address not found"]);
  });

  test("have the members that the store asks for; a region stands for a county", async () => {
    const { id, as } = await aSignedInCustomer();
    const path = `/v2/customers/${id}/addresses`;
    const bare = await ask("POST", path, { data: { type: "address", line_1: " ", city: null } }, as);
    expect(bare.status).toBe(400);
    expect(bare.body.errors).toEqual(
      ["first_name", "last_name", "line_1", "county", "postcode", "country"].map((member) => ({
        status: 400,
        title: "required",
        source: `data.${member}`,
        detail: `data.${member} is required`,
      })),
    );
    const { county, ...without } = address;
    const created = await ask("POST", path, { data: { ...without, region: "CA", line_2: null } }, as);
    expect([created.status, created.body.data.region, created.body.data.line_2]).toEqual([201, "CA", ""]);
    const one = `${path}/${created.body.data.id}`;
    const emptied = await ask("PUT", one, { data: { region: "" } }, as);
    expect(emptied.body.errors).toMatchObject([{ title: "required", source: "data.county" }]);
    expect((await ask("PUT", one, { data: { region: "", county } }, as)).body.data.county).toBe(county);
    const long = await ask("PUT", one, { data: { city: "c".repeat(256) } }, as);
    expect(long.body.errors).toMatchObject([{ title: "string_lte", source: "data.city" }]);
  });

  test("are as many as the store allows, and go with the customer", async () => {
    const { id, email, as } = await aSignedInCustomer();
    const path = `/v2/customers/${id}/addresses`;
    for (let count = 0; count < 25; count += 1) {
      expect((await ask("POST", path, { data: address }, as)).status).toBe(201);
    }
    const refused = await ask("POST", path, { data: address }, as);
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0].detail).toBe("Customer cannot have more than 25 addresses");
    const second = await ask("GET", `${path}?page[limit]=20&page[offset]=20`, undefined, as);
    expect([second.body.data.length, second.body.meta.results.total]).toEqual([5, 25]);
    expect((await ask("DELETE", `/v2/customers/${id}`, undefined, as)).status).toBe(204);
    for (const caller of [as, undefined]) {
      expect((await ask("GET", path, undefined, caller)).status).toBe(404);
      expect((await ask("POST", path, { data: address }, caller)).status).toBe(404);
    }
    expect((await signIn(email, password)).status).toBe(403);
  });

  test("O1 are found through their own customer only", async () => {
    const ada = await aSignedInCustomer();
    const eve = await aSignedInCustomer();
    const created = await ask("POST", `/v2/customers/${ada.id}/addresses`, { data: address }, ada.as);
    const stolen = `/v2/customers/${eve.id}/addresses/${created.body.data.id}`;
    expect((await ask("GET", stolen, undefined, eve.as)).status).toBe(404);
    expect((await ask("PUT", stolen, { data: { city: "Mallory" } }, eve.as)).status).toBe(404);
    expect((await ask("DELETE", stolen, undefined, eve.as)).status).toBe(404);
  });
});

test("a repeat with the same idempotency key registers nobody twice and finds the first answer", async () => {
  const data = { name: "Ada", email: newEmail(), password };
  const options: AskOptions = { as: "shopper", headers: { "idempotency-key": randomUUID() } };
  const first = await ask("POST", "/v2/customers", { data }, options);
  const second = await ask("POST", "/v2/customers", { data }, options);
  expect(second.body).toEqual(first.body);
  const other: AskOptions = { as: "shopper", headers: { "idempotency-key": randomUUID() } };
  const third = await ask("POST", "/v2/customers", { data }, other);
  expect([third.status, third.body]).toEqual([409, emailTaken]);
});

test("no password and no hash of one is in an answer, in the log, or kept with idempotency keys", async () => {
  const secret = `secret ${randomUUID()}`;
  const email = newEmail();
  const answers: Answer[] = [];
  const tell = async (method: string, path: string, body?: unknown, options?: AskOptions) => {
    const answer = await ask(method, path, body, options);
    answers.push(answer);
    return answer;
  };
  const keyed: AskOptions = { as: "shopper", headers: { "idempotency-key": randomUUID() } };
  const created = await tell(
    "POST",
    "/v2/customers",
    { data: { name: "Ada", email, password: secret } },
    keyed,
  );
  const path = `/v2/customers/${created.body.data.id}`;
  await tell("POST", "/v2/customers", { data: { name: "Ada", email, password: secret } });
  await tell("POST", "/v2/customers", { data: { name: 1, email: secret, password: secret } });
  const signedIn = await tell("POST", "/v2/customers/tokens", { data: { email, password: secret } }, keyed);
  await tell("POST", "/v2/customers/tokens", { data: { email, password: `${secret}!` } });
  await tell("POST", "/v2/customers", `{"data":{"name":"Ada","password":"${secret}"`);
  await tell("GET", path);
  await tell("PUT", path, { data: { password: `${secret}2` } });
  await tell("GET", "/v2/customers");
  const { pool } = wire.engine.engine.core.database;
  const stored = await pool.query("select password_hash from customer where email = $1", [email]);
  const hash = stored.rows[0].password_hash as string;
  expect(hash).toMatch(/^\$argon2id\$/);
  await waitUntil(() => logged.length > 0);
  const keys = await pool.query("select * from idempotency_key");
  expect(keys.rows.length).toBeGreaterThan(0);
  const told = JSON.stringify([answers.map(({ body }) => body), logged, keys.rows]);
  expect(told).not.toContain(secret);
  expect(told).not.toContain("argon2");
  expect(JSON.stringify(keys.rows)).not.toContain(signedIn.body.data.token);
});
