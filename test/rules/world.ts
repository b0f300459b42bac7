import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { hashOfSecret } from "../../src/http/elasticpath/access-token.ts";
import { defaultSettings } from "../../src/operations/context.ts";
import { type Answer, newReference, type TestEngine } from "../engine.ts";

/** Everybody who may ask: without a token, with an implicit one, signed in, from another store, and the shop itself. */
export const callers = [
  "nobody",
  "shopper",
  "customer",
  "other customer",
  "account",
  "other account",
  "other store",
  "shop",
] as const;
export type Caller = (typeof callers)[number];

/** Whose things are asked for: those of the caller `customer`, or those of the caller `account`. */
export type Owner = "customer" | "account";

/** Stands in every name, e-mail and address that only the owner and the shop may see. */
export const HIDDEN = "for-no-other-eyes";

/** A person of the store that the tests look at. */
export type Person = { readonly id: string; readonly memberId: string; readonly headers: Headers };
type Headers = Readonly<Record<string, string>>;

/** A store with its shoppers, and a second store beside it; the makers make what a request is about. */
export type World = {
  readonly people: Readonly<Record<Exclude<Caller, "nobody" | "shopper" | "other store" | "shop">, Person>>;
  readonly otherStoreId: string;
  ask(caller: Caller, method: string, path: string, body?: unknown, headers?: Headers): Promise<Answer>;
  newProduct(members?: Readonly<Record<string, unknown>>): Promise<string>;
  /** A cart of the owner with one item in it. */
  newCart(owner: Owner): Promise<{ cartId: string; itemId: string }>;
  newTax(cart: { cartId: string; itemId: string }): Promise<string>;
  newOrder(owner: Owner): Promise<string>;
  /** An authorization of an order. */
  newTransaction(orderId: string): Promise<string>;
  newAddress(owner: Owner): Promise<string>;
  /** An account that nobody belongs to. */
  newAccount(): Promise<string>;
  /** Somebody who has signed up. */
  newMember(): Promise<{ accountId: string; memberId: string; headers: Headers }>;
  /** A customer with a password, and the token of one who has signed in. */
  newCustomer(): Promise<Person>;
  /** As the shop; fails when it is refused. */
  shop(method: string, path: string, data?: unknown): Promise<Answer["body"]>;
  /** One digest over every row of the first store in every table. */
  snapshot(): Promise<Readonly<Record<string, string>>>;
};

export const address = {
  first_name: HIDDEN,
  last_name: "Byron",
  line_1: `1 ${HIDDEN} Lane`,
  county: "Kent",
  postcode: "90210",
  country: "US",
  region: "CA",
};

const password = "correct horse battery";

export async function buildWorld(engine: TestEngine): Promise<World> {
  const { storage, now } = engine.engine.core.deps;
  const { storeId } = engine.engine;
  const otherStoreId = randomUUID();
  const other = { clientId: "other-client", secret: "other-secret" };
  await storage.stores.create({
    storeId: otherStoreId,
    name: "Other",
    settings: defaultSettings,
    createdAt: now(),
  });
  const [currency] = (await storage.stores.config(storeId))?.currencies ?? [];
  if (!currency) throw new Error("The store has no currency");
  await storage.stores.saveCurrency(otherStoreId, { ...currency, id: randomUUID(), isDefault: true });
  await storage.stores.addApiKey({
    storeId: otherStoreId,
    clientId: other.clientId,
    name: "other",
    secretHash: hashOfSecret(other.secret),
    createdAt: now(),
  });

  const bearer = async (form: Record<string, string>): Promise<Headers> => {
    const answer = await fetch(`${engine.url}/oauth/access_token`, {
      method: "POST",
      body: new URLSearchParams(form),
    });
    return { authorization: `Bearer ${((await answer.json()) as { access_token: string }).access_token}` };
  };
  const { clientId, clientSecret } = engine;
  const shopper = await bearer({ grant_type: "implicit", client_id: clientId });
  const keys: Record<string, Headers> = {
    nobody: {},
    shopper,
    shop: await bearer({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
    }),
    "other store": await bearer({
      grant_type: "client_credentials",
      client_id: other.clientId,
      client_secret: other.secret,
    }),
  };
  const send = (headers: Headers, method: string, path: string, body?: unknown): Promise<Answer> =>
    engine.ask(method, path, body, { as: "none", headers });
  const shop = async (method: string, path: string, data?: unknown): Promise<Answer["body"]> => {
    const { status, body } = await send(
      keys.shop as Headers,
      method,
      path,
      data === undefined ? undefined : { data },
    );
    expect(status, `${method} ${path}: ${JSON.stringify(body)}`).toBeLessThan(300);
    return body;
  };

  const newCustomer = async (): Promise<Person> => {
    const email = `${HIDDEN}-${randomUUID()}@example.com`;
    const { data } = await shop("POST", "/v2/customers", { type: "customer", name: HIDDEN, email, password });
    const signIn = { data: { type: "token", email, password } };
    const { body } = await send(shopper, "POST", "/v2/customers/tokens", signIn);
    const headers = { ...shopper, "x-moltin-customer-token": body.data.token };
    return { id: data.id, memberId: "", headers };
  };
  const newMember = async () => {
    const username = `${HIDDEN}-${randomUUID()}@example.com`;
    const data = {
      type: "account_management_authentication_token",
      authentication_mechanism: "self_signup",
      name: HIDDEN,
      email: username,
      username,
      password,
    };
    const { status, body } = await send(shopper, "POST", "/v2/account-members/tokens", { data });
    expect(status, JSON.stringify(body)).toBe(201);
    const headers = { ...shopper, "ep-account-management-authentication-token": body.data[0].token };
    return { accountId: body.data[0].account_id, memberId: body.meta.account_member_id, headers };
  };
  const asPerson = ({ accountId, memberId, headers }: Awaited<ReturnType<typeof newMember>>): Person => ({
    id: accountId,
    memberId,
    headers,
  });
  const people = {
    customer: await newCustomer(),
    "other customer": await newCustomer(),
    account: asPerson(await newMember()),
    "other account": asPerson(await newMember()),
  };
  for (const [name, person] of Object.entries(people)) keys[name] = person.headers;

  const world: World = {
    people,
    otherStoreId,
    shop,
    ask: (caller, method, path, body, headers) => send({ ...keys[caller], ...headers }, method, path, body),
    newCustomer,
    newMember,
    async newProduct(members = {}) {
      const sku = randomUUID();
      const price = [{ amount: 1000, currency: "USD", includes_tax: false }];
      const { data } = await shop("POST", "/v2/products", {
        type: "product",
        name: "Mug",
        slug: sku,
        sku,
        description: "A mug",
        manage_stock: true,
        stock: 100,
        price,
        status: "live",
        commodity_type: "physical",
        ...members,
      });
      return data.id;
    },
    async newCart(owner) {
      const { headers } = people[owner];
      const cartId = newReference();
      await send(headers, "POST", "/v2/carts", { data: { id: cartId, name: HIDDEN } });
      const item = { type: "cart_item", id: await world.newProduct(), quantity: 2 };
      const { status, body } = await send(headers, "POST", `/v2/carts/${cartId}/items`, { data: item });
      expect(status, JSON.stringify(body)).toBe(201);
      return { cartId, itemId: body.data[0].id };
    },
    async newTax({ cartId, itemId }) {
      const path = `/v2/carts/${cartId}/items/${itemId}/taxes`;
      return (await shop("POST", path, { type: "tax_item", rate: 0.1 })).data.id;
    },
    async newOrder(owner) {
      const { cartId } = await world.newCart(owner);
      const { id, headers } = people[owner];
      const contact = { name: HIDDEN, email: `${HIDDEN}@example.com` };
      const data = {
        ...(owner === "customer" ? { customer: { id } } : { contact }),
        billing_address: address,
      };
      const { status, body } = await send(headers, "POST", `/v2/carts/${cartId}/checkout`, { data });
      expect(status, JSON.stringify(body)).toBe(201);
      return body.data.id;
    },
    async newTransaction(orderId) {
      const payment = { gateway: "manual", method: "authorize" };
      return (await shop("POST", `/v2/orders/${orderId}/payments`, payment)).data.id;
    },
    async newAddress(owner) {
      const path = `/v2/${owner}s/${people[owner].id}/addresses`;
      return (await shop("POST", path, { type: "address", name: HIDDEN, ...address })).data.id;
    },
    newAccount: async () => (await shop("POST", "/v2/accounts", { type: "account", name: HIDDEN })).data.id,
    async snapshot() {
      const { pool } = engine.engine.core.database;
      const tables = await pool.query<{ name: string }>(
        `select c.table_name as name from information_schema.columns c
           join information_schema.tables t using (table_schema, table_name)
          where c.column_name = 'store_id' and t.table_type = 'BASE TABLE' order by 1`,
      );
      const digests: Record<string, string> = {};
      for (const { name } of tables.rows) {
        const { rows } = await pool.query<{ digest: string }>(
          `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest
             from "${name}" t where store_id = $1`,
          [storeId],
        );
        digests[name] = rows[0]?.digest ?? "";
      }
      return digests;
    },
  };
  return world;
}
