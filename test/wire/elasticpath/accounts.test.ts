import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Answer, AskOptions } from "../../engine.ts";
import { useWire } from "./harness.ts";

const password = "correct horse battery";
const use = "account_management_authentication_token";
const wire = useWire({ env: { CARTWRIGHT_SEED: "none" } });
const { ask } = wire;

const tokens = (data: object, options: AskOptions = { as: "shopper" }): Promise<Answer> =>
  ask("POST", "/v2/account-members/tokens", { data: { type: use, ...data } }, options);

const withToken = (token: string): AskOptions => ({
  as: "shopper",
  headers: { "ep-account-management-authentication-token": token },
});

type Member = {
  readonly memberId: string;
  readonly accountId: string;
  readonly username: string;
  readonly token: string;
  readonly as: AskOptions;
};

/** Somebody who has just signed up, and what their requests carry. */
async function aMember(name = "Ada"): Promise<Member> {
  const username = `user-${randomUUID()}`;
  const signUp = {
    authentication_mechanism: "self_signup",
    name,
    email: "ada@example.com",
    username,
    password,
  };
  const { status, body } = await tokens(signUp);
  expect(status).toBe(201);
  const [{ account_id: accountId, token }] = body.data;
  return { memberId: body.meta.account_member_id, accountId, username, token, as: withToken(token) };
}

async function anAccount(members: object = {}): Promise<string> {
  const created = await ask("POST", "/v2/accounts", { data: { type: "account", name: "Acme", ...members } });
  expect(created.status).toBe(201);
  return created.body.data.id;
}

async function join(accountId: string, memberId: string): Promise<string> {
  const data = { type: "account_membership", account_member_id: memberId };
  const created = await ask("POST", `/v2/accounts/${accountId}/account-memberships`, { data });
  expect(created.status).toBe(201);
  return created.body.data.id;
}

const forbidden = {
  errors: [
    {
      status: "403",
      title: "Forbidden",
      detail: "Account does not have the required permissions to fulfill this request",
    },
  ],
};

describe("accounts", () => {
  test("are created, found, changed and deleted with the vendor's SDK", async () => {
    const { Accounts } = wire.sdk("@moltin/sdk", "shop");
    const name = `Acme ${randomUUID()}`;
    const created = await Accounts.Create({ type: "account", name, legal_name: "Acme Ltd" });
    const { id } = created.data;
    expect(created.data).toMatchObject({ type: "account", name, legal_name: "Acme Ltd", relationships: {} });
    expect(created.data).not.toHaveProperty("registration_id");
    expect((await Accounts.Get(id)).data).toEqual(created.data);
    expect((await Accounts.Filter({ eq: { name } }).All()).data).toEqual([created.data]);
    const changed = await Accounts.Update(id, { type: "account", external_ref: "crm" });
    expect(changed.data).toMatchObject({ name, legal_name: "Acme Ltd", external_ref: "crm" });
    await Accounts.Delete(id);
    await expect(Accounts.Get(id)).rejects.toMatchObject({
      errors: [{ status: "404", title: "Not Found", detail: "account not found" }],
    });
  });

  test("stand below a parent that is chosen once", async () => {
    const top = await anAccount();
    const middle = await anAccount({ parent_id: top });
    const bottom = await anAccount({ parent_id: middle });
    const other = await anAccount();
    const changed = await ask("PUT", `/v2/accounts/${bottom}`, { data: { name: "Bolt", parent_id: other } });
    expect(changed.body.data).toMatchObject({
      name: "Bolt",
      parent_id: middle,
      relationships: {
        parent: { data: { id: middle, type: "account" } },
        ancestors: [{ data: { id: top, type: "account" } }, { data: { id: middle, type: "account" } }],
      },
    });
    const orphan = await ask("POST", "/v2/accounts", { data: { name: "Bolt", parent_id: randomUUID() } });
    expect([orphan.status, orphan.body.errors[0].status]).toEqual([404, "404"]);
    expect((await ask("DELETE", `/v2/accounts/${middle}`)).status).toBe(204);
    const left = await ask("GET", `/v2/accounts/${bottom}`);
    expect(left.body.data).not.toHaveProperty("parent_id");
    expect(left.body.data.relationships).toEqual({});
  });

  test("have a registration id of their own", async () => {
    const registration_id = randomUUID();
    await anAccount({ registration_id });
    const id = await anAccount();
    for (const refused of [
      await ask("POST", "/v2/accounts", { data: { name: "Bolt", registration_id } }),
      await ask("PUT", `/v2/accounts/${id}`, { data: { registration_id } }),
    ]) {
      expect(refused.status).toBe(409);
      expect(refused.body.errors).toMatchObject([{ status: "409", meta: { value: registration_id } }]);
    }
    const given = await ask("PUT", `/v2/accounts/${id}`, { data: { registration_id: randomUUID() } });
    expect(given.status).toBe(200);
    const cleared = await ask("PUT", `/v2/accounts/${id}`, { data: { registration_id: null } });
    expect(cleared.body.data).not.toHaveProperty("registration_id");
  });
});

describe("signing up", () => {
  test("makes a member and an account of its name, with the vendor's SDK", async () => {
    const { AccountMembers } = wire.sdk("@moltin/sdk", "shopper");
    const username = `user-${randomUUID()}`;
    const signUp = {
      type: use,
      authentication_mechanism: "self_signup",
      name: "Ada Byron",
      email: "ada@example.com",
      username,
      password,
    };
    const answer = await AccountMembers.GenerateAccountToken(signUp);
    expect(answer.data).toMatchObject([{ type: use, account_name: "Ada Byron" }]);
    const memberId = answer.meta.account_member_id;
    const [{ expires }] = answer.data;
    expect(Date.parse(expires) - Date.now()).toBeGreaterThan(23 * 3_600_000);
    expect(Date.parse(expires) - Date.now()).toBeLessThanOrEqual(24 * 3_600_000);
    const shop = wire.sdk("@moltin/sdk", "shop");
    const found = await shop.AccountMembers.Get(memberId);
    expect(found.data).toMatchObject({ type: "account_member", name: "Ada Byron", email: "ada@example.com" });
    expect(Object.keys(found.data).sort()).toEqual(["email", "id", "links", "meta", "name", "type"]);
  });

  test("is refused for a user name that is taken, and leaves nothing behind", async () => {
    const { username } = await aMember();
    const name = `Eve ${randomUUID()}`;
    const signUp = { authentication_mechanism: "self_signup", name, email: "eve@example.com", password };
    const refused = await tokens({ ...signUp, username: username.toUpperCase() });
    expect([refused.status, refused.body.errors[0].status]).toEqual([422, "422"]);
    const accounts = await ask("GET", `/v2/accounts?filter=eq(name,${encodeURIComponent(name)})`);
    expect(accounts.body.data).toEqual([]);
    const members = await ask("GET", `/v2/account-members?filter=eq(name,${encodeURIComponent(name)})`);
    expect(members.body.data).toEqual([]);
  });

  test("names what is missing or too short", async () => {
    const refused = await tokens({ authentication_mechanism: "self_signup", name: "Ada", password: "short" });
    expect(refused.body.errors.map((error: { source: string; title: string }) => error)).toMatchObject([
      { source: "data.email", title: "required" },
      { source: "data.username", title: "required" },
      { source: "data.password", title: "string_gte" },
    ]);
  });
});

describe("signing in", () => {
  test("gives a token for each account of the member, page by page", async () => {
    const { memberId, username, accountId } = await aMember();
    const other = await anAccount({ name: "Bolt" });
    await join(other, memberId);
    const credentials = { authentication_mechanism: "password", username, password };
    const signedIn = await tokens({ ...credentials, password_profile_id: randomUUID() });
    expect(signedIn.status).toBe(201);
    expect(signedIn.headers.get("cache-control")).toBe("no-store");
    expect(signedIn.body.data).toMatchObject([
      { account_id: accountId, account_name: "Ada" },
      { account_id: other, account_name: "Bolt" },
    ]);
    expect(signedIn.body.meta).toMatchObject({ account_member_id: memberId, results: { total: 2 } });
    const path = "/v2/account-members/tokens?page[limit]=1&page[offset]=1&filter=eq(name,x)";
    const second = await ask("POST", path, { data: { type: use, ...credentials } }, { as: "shopper" });
    expect(second.body.data).toMatchObject([{ account_id: other }]);
  });

  test("is refused alike for a wrong password and an unknown user name", async () => {
    const { username } = await aMember();
    const wrong = { authentication_mechanism: "password", username, password: "wrong horse battery" };
    const unknown = { authentication_mechanism: "password", username: randomUUID(), password };
    const invalid = { errors: [{ status: "403", title: "Forbidden", detail: "invalid credentials" }] };
    for (const credentials of [wrong, unknown]) {
      const refused = await tokens(credentials);
      expect([refused.status, refused.body]).toEqual([403, invalid]);
    }
  });

  test("is switched to the member's other accounts, also to one that came later", async () => {
    const { memberId, as } = await aMember();
    const later = await anAccount();
    await join(later, memberId);
    const switched = await tokens({ authentication_mechanism: use }, as);
    expect(switched.status).toBe(201);
    const token = switched.body.data.find(
      (entry: { account_id: string }) => entry.account_id === later,
    ).token;
    expect((await ask("GET", `/v2/accounts/${later}/addresses`, undefined, withToken(token))).status).toBe(
      200,
    );
    expect((await ask("GET", `/v2/accounts/${later}/addresses`, undefined, as)).status).toBe(403);
    expect((await tokens({ authentication_mechanism: use })).status).toBe(403);
  });

  test.each(["passwordless", "oidc"])("by %s is not offered", async (mechanism) => {
    const refused = await tokens({ authentication_mechanism: mechanism });
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0].detail).toContain(mechanism);
  });

  test("names what is missing", async () => {
    const refused = await tokens({ authentication_mechanism: "password" });
    const sources = refused.body.errors.map((error: { source: string }) => error.source);
    expect(sources).toEqual(["data.username", "data.password"]);
    expect((await tokens({})).body.errors).toMatchObject([{ source: "data.authentication_mechanism" }]);
    expect((await tokens({ authentication_mechanism: "magic" })).body.errors).toMatchObject([
      { title: "enum" },
    ]);
  });
});

describe("memberships", () => {
  test("are given, listed, changed and ended with the vendor's SDK", async () => {
    const { AccountMemberships } = wire.sdk("@moltin/sdk", "shop");
    const accountId = await anAccount();
    const ada = await aMember();
    const eve = await aMember("Eve");
    const path = `/v2/accounts/${accountId}/account-memberships`;
    const unassigned = async (): Promise<string[]> => {
      const listed = await ask("GET", `${path}/unassigned-account-members?page[limit]=100`);
      return listed.body.data.map((member: { id: string }) => member.id);
    };
    expect(await unassigned()).toEqual(expect.arrayContaining([ada.memberId, eve.memberId]));

    const body = { type: "account_membership", account_member_id: ada.memberId };
    const created = await AccountMemberships.Create(accountId, body);
    const { id } = created.data;
    expect(created.data.relationships.account_member.data.id).toBe(ada.memberId);
    expect(await unassigned()).not.toContain(ada.memberId);
    expect((await AccountMemberships.Get(accountId, id)).data).toEqual(created.data);
    const listed = await AccountMemberships.With("account_members").All(accountId);
    expect(listed.data).toEqual([created.data]);
    expect(listed).toMatchObject({ included: { account_members: [{ id: ada.memberId, name: "Ada" }] } });

    const again = await ask("POST", path, { data: body });
    expect([again.status, again.body.errors[0].status]).toEqual([409, "409"]);
    const changed = await ask("PUT", `${path}/${id}`, { data: { account_member_id: eve.memberId } });
    expect(changed.body.data).toMatchObject({ id, account_member_id: eve.memberId });
    const mine = await ask("GET", `/v2/account-members/${eve.memberId}/account-memberships`);
    expect(mine.body.data.map((row: { id: string }) => row.id)).toContain(id);
    await AccountMemberships.Delete(accountId, id);
    expect((await ask("GET", `${path}/${id}`)).status).toBe(404);
    expect((await ask("DELETE", `${path}/${id}`)).status).toBe(404);
  });

  test("need an account and a member", async () => {
    const { memberId } = await aMember();
    const accountId = await anAccount();
    const data = { account_member_id: memberId };
    expect((await ask("POST", "/v2/accounts/none/account-memberships", { data })).status).toBe(404);
    const nobody = { data: { account_member_id: "nobody" } };
    expect((await ask("POST", `/v2/accounts/${accountId}/account-memberships`, nobody)).status).toBe(404);
    expect((await ask("GET", "/v2/accounts/none/account-memberships")).status).toBe(404);
    expect((await ask("GET", "/v2/account-members/nobody/account-memberships")).status).toBe(404);
  });
});

const address = {
  name: "Office",
  first_name: "Ada",
  last_name: "Byron",
  line_1: "1 Main Street",
  postcode: "92867",
  region: "CA",
  country: "US",
};

describe("an account's addresses", () => {
  test("are kept by its members with the vendor's SDK, up to the limit", async () => {
    const { accountId: account, token, as } = await aMember();
    const { AccountAddresses: addresses } = wire.sdk("@moltin/sdk", "shopper");
    const created = await addresses.Create({ account, body: address, token });
    expect(created.data).toMatchObject({
      ...address,
      relationships: { account: { id: account, type: "account" } },
    });
    const { id } = created.data;
    const changed = await addresses.Update({
      account,
      address: id,
      body: { city: "Orange" },
      token,
    });
    expect(changed.data).toMatchObject({ ...address, city: "Orange" });
    expect((await addresses.All({ account, token })).data).toEqual([changed.data]);
    expect((await addresses.Get({ account, address: id, token })).data).toEqual(changed.data);
    await addresses.Delete({ account, address: id, token });
    expect((await addresses.All({ account, token })).data).toEqual([]);
    const path = `/v2/accounts/${account}/addresses`;
    for (let count = 0; count < 25; count += 1) await ask("POST", path, { data: address }, as);
    const refused = await ask("POST", path, { data: address }, as);
    expect(refused.body.errors).toMatchObject([
      { status: "422", detail: "Account cannot have more than 25 addresses" },
    ]);
  });
});

describe("O1 who may see and change an account", () => {
  const reading = (accountId: string, memberId: string): [string, string, object?][] => [
    ["GET", `/v2/accounts/${accountId}`],
    ["GET", `/v2/accounts/${accountId}/account-memberships`],
    ["GET", `/v2/accounts/${accountId}/account-memberships/any`],
    ["GET", `/v2/account-members/${memberId}`],
    ["GET", `/v2/account-members/${memberId}/account-memberships`],
    ["GET", `/v2/accounts/${accountId}/addresses`],
    ["GET", `/v2/accounts/${accountId}/addresses/any`],
    ["POST", `/v2/accounts/${accountId}/addresses`, { data: address }],
    ["PUT", `/v2/accounts/${accountId}/addresses/any`, { data: { city: "Mallory" } }],
    ["DELETE", `/v2/accounts/${accountId}/addresses/any`],
  ];
  const theShops = (accountId: string, memberId: string): [string, string, object?][] => [
    ["POST", "/v2/accounts", { data: { name: "Mallory" } }],
    ["PUT", `/v2/accounts/${accountId}`, { data: { name: "Mallory" } }],
    ["DELETE", `/v2/accounts/${accountId}`],
    ["POST", `/v2/accounts/${accountId}/account-memberships`, { data: { account_member_id: memberId } }],
    ["PUT", `/v2/accounts/${accountId}/account-memberships/any`, { data: { account_member_id: memberId } }],
    ["DELETE", `/v2/accounts/${accountId}/account-memberships/any`],
    ["GET", `/v2/accounts/${accountId}/account-memberships/unassigned-account-members`],
  ];

  test("nobody without a token, with an implicit token alone, or as a customer", async () => {
    const { accountId, memberId } = await aMember();
    const email = `${randomUUID()}@example.com`;
    await ask("POST", "/v2/customers", { data: { name: "Ada", email, password } });
    const signedIn = await ask(
      "POST",
      "/v2/customers/tokens",
      { data: { email, password } },
      { as: "shopper" },
    );
    const headers = { "x-moltin-customer-token": signedIn.body.data.token };
    const lists: [string, string, object?][] = [
      ["GET", "/v2/accounts"],
      ["GET", "/v2/account-members"],
    ];
    const routes = [...lists, ...reading(accountId, memberId), ...theShops(accountId, memberId)];
    for (const [method, path, body] of routes) {
      expect((await ask(method, path, body, { as: "none" })).status).toBe(401);
      expect((await ask(method, path, body, { as: "shopper" })).status).toBe(403);
      const refused = await ask(method, path, body, { as: "shopper", headers });
      expect([403, 404]).toContain(refused.status);
    }
    expect((await ask("GET", `/v2/accounts/${accountId}`)).body.data.name).toBe("Ada");
  });

  test("no other account, and no member what is the shop's", async () => {
    const ada = await aMember();
    const eve = await aMember("Eve");
    for (const [method, path, body] of reading(ada.accountId, ada.memberId)) {
      const refused = await ask(method, path, body, eve.as);
      if (path.startsWith("/v2/account-members/")) expect(refused.status).toBe(404);
      else expect(refused.status).toBe(403);
    }
    for (const [method, path, body] of theShops(ada.accountId, ada.memberId)) {
      expect((await ask(method, path, body, eve.as)).status).toBe(403);
      expect((await ask(method, path, body, ada.as)).status).toBe(403);
    }
    const hidden = await ask("GET", `/v2/accounts/${ada.accountId}`, undefined, eve.as);
    expect(hidden.body).toEqual(forbidden);
    const mine = await ask("GET", "/v2/accounts", undefined, eve.as);
    expect(mine.body.data.map(({ id }: { id: string }) => id)).toEqual([eve.accountId]);
    const us = await ask("GET", "/v2/account-members", undefined, eve.as);
    expect(us.body.data.map(({ id }: { id: string }) => id)).toEqual([eve.memberId]);
    expect((await ask("GET", `/v2/account-members/${eve.memberId}`, undefined, eve.as)).status).toBe(200);
  });

  test("nobody any longer whose membership has ended, though the token still lives", async () => {
    const { accountId, memberId, as } = await aMember();
    const path = `/v2/accounts/${accountId}`;
    const memberships = await ask("GET", `${path}/account-memberships`, undefined, as);
    const membershipId = memberships.body.data[0].id;
    const one = `${path}/account-memberships/${membershipId}?include=account,account_member`;
    const found = await ask("GET", one, undefined, as);
    expect(found.body.included).toMatchObject({
      accounts: [{ id: accountId }],
      account_members: [{ id: memberId }],
    });
    expect((await ask("DELETE", `${path}/account-memberships/${membershipId}`)).status).toBe(204);
    expect((await ask("GET", path, undefined, as)).body).toEqual(forbidden);
    expect((await ask("GET", `${path}/addresses`, undefined, as)).status).toBe(403);
    expect((await ask("GET", "/v2/account-members", undefined, as)).status).toBe(403);
    expect((await ask("GET", "/v2/accounts", undefined, as)).body.data).toEqual([]);
    expect((await tokens({ authentication_mechanism: use }, as)).body.data).toEqual([]);
  });
});

test("no password and no hash of one is in an answer about members", async () => {
  const { memberId, accountId, as } = await aMember();
  for (const path of [
    `/v2/account-members/${memberId}`,
    "/v2/account-members",
    `/v2/accounts/${accountId}/account-memberships?include=account_member`,
  ]) {
    for (const caller of [as, undefined]) {
      const text = JSON.stringify((await ask("GET", path, undefined, caller)).body);
      expect(text).toContain(memberId);
      expect(text).not.toMatch(/argon2|password|horse/i);
    }
  }
});
