import { createSigner } from "fast-jwt";
import { describe, expect, test } from "vitest";
import { newReference } from "../../engine.ts";
import { newProduct, rejection, type Sdk, sdkNames, useWire } from "./harness.ts";
import { signedInCustomer } from "./shoppers.ts";

// What a refusal costs: the SDKs answer 401 with a new token and try four times, and leave 403 alone.
const secret = "a secret for tokens that have run out";
const wire = useWire({ env: { CARTWRIGHT_SECRET: secret } });

const asked = async (work: () => Promise<unknown>): Promise<string[]> =>
  (await wire.during(work)).map(({ method, url }) => `${method} ${url.split("?")[0]}`);

const token = "POST /oauth/access_token";

/** A token of the engine's own that ran out a minute ago. */
function expiredToken(): string {
  const { engine, clientId } = wire.engine;
  const sign = createSigner({ key: secret, algorithm: "HS256" });
  const claims = { use: "access", kind: "implicit", store: engine.storeId, sub: clientId };
  const runOut = sign({ ...claims, exp: Math.floor(Date.now() / 1000) - 60 });
  // But for its time it is as good as any.
  expect(engine.core.deps.tokens.verify(sign({ ...claims, exp: inAnHour() }))).toMatchObject(claims);
  return runOut;
}

/** Puts a token where the SDK keeps its own. */
function keep(client: Sdk, access_token: string, expires: number): void {
  const storage = client.storage as unknown as { set(key: string, value: string): void };
  const credentials = { client_id: wire.engine.clientId, access_token, expires };
  for (const key of ["moltinCredentials", "epCredentials"]) storage.set(key, JSON.stringify(credentials));
}

const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;

describe.each(sdkNames)("%s", (name) => {
  const shopper = async (): Promise<Sdk> => {
    const client = wire.sdk(name, "shopper");
    await client.Currencies.All();
    return client;
  };

  test.each([
    ["the shop's settings", (client: Sdk) => client.Settings.All()],
    ["all orders", (client: Sdk) => client.Orders.All()],
    ["all carts", (client: Sdk) => client.Cart().GetCartsList()],
    ["all customers", (client: Sdk) => client.Customers.All()],
    ["the gateways", (client: Sdk) => client.Gateways.All()],
    ["a new product", (client: Sdk) => client.Products.Create({ name: "N" })],
    ["a tax", (client: Sdk) => client.Cart(newReference()).AddItemTax("x", { rate: 0.1 })],
    ["a capture", (client: Sdk) => client.Transactions.Capture({ order: "o", transaction: "t" })],
    ["a shipment", (client: Sdk) => client.Orders.Update("o", { shipping: "fulfilled" })],
    ["a wrong password", (client: Sdk) => client.Customers.Token("nobody@example.com", "wrong password")],
    ["a customer's token that is none", (client: Sdk) => client.Orders.All("none")],
  ])("asks once for what it may not have: %s", async (_what, call) => {
    const client = await shopper();
    const requests = await asked(async () => {
      const { errors } = await rejection(call(client));
      expect(String(errors[0]?.status)).toBe("403");
    });
    expect(requests).toHaveLength(1);
  });

  test("asks once for another customer's cart", async () => {
    const [ada, eve] = [await signedInCustomer(wire), await signedInCustomer(wire)];
    const client = await shopper();
    const { data } = await client.Cart().CreateCart({ name: "Hers" }, ada.token);
    const requests = await asked(async () => {
      const { errors } = await rejection(client.Cart(data.id).UpdateCart({ name: "Mine" }, eve.token));
      expect(errors).toEqual([
        {
          status: 403,
          title: "Forbidden",
          detail: "Customer does not have the required permissions to fulfill this request",
        },
      ]);
    });
    expect(requests).toHaveLength(1);
  });

  test("gets a new token when its own has run out on the server, and goes on", async () => {
    const client = wire.sdk(name, "shopper");
    const { id } = await newProduct(wire);
    keep(client, expiredToken(), inAnHour());
    const cart = newReference();
    const items = `/v2/carts/${cart}/items`;
    const requests = await asked(async () => {
      expect((await client.Cart(cart).AddProduct(id, 1)).data).toHaveLength(1);
    });
    expect(requests).toEqual([`POST ${items}`, token, `POST ${items}`]);
    const refused = wire.answers.at(-3);
    expect([refused?.status, refused?.body]).toEqual([
      401,
      { errors: [{ status: 401, title: "Unable to validate access token" }] },
    ]);
    expect((await client.Cart(cart).Items()).data).toMatchObject([{ quantity: 1 }]);
  });

  test("gets a new token first when its own is past `expires`, which counts seconds", async () => {
    const client = wire.sdk(name, "shopper");
    keep(client, expiredToken(), Math.floor(Date.now() / 1000) - 1);
    expect(await asked(() => client.Currencies.All())).toEqual([token, "GET /v2/currencies"]);
    expect(await asked(() => client.Currencies.All())).toEqual(["GET /v2/currencies"]);
  });

  test("gives up after four tries when no token helps", async () => {
    const nonsense = { access_token: "nonsense", expires: inAnHour() };
    const client = wire.sdk(name, "shopper", { custom_authenticator: async () => nonsense });
    const requests = await asked(async () => {
      const { errors } = await rejection(client.Currencies.All());
      expect(errors).toEqual([{ status: 401, title: "Unable to validate access token" }]);
    });
    expect(requests).toEqual(Array(4).fill("GET /v2/currencies"));
  });

  test("is told that its client id or secret is wrong", async () => {
    const wrong = wire.sdk(name, "shop", { secret: "wrong" });
    const { errors } = await rejection(wrong.Currencies.All());
    expect(errors).toMatchObject([{ status: "401", title: "Unauthorized" }]);
    const form = { grant_type: "password", client_id: wire.engine.clientId };
    const other = await wire.fetch(`${wire.engine.url}/oauth/access_token`, {
      method: "POST",
      body: new URLSearchParams(form),
    });
    expect(await other.json()).toMatchObject({ errors: [{ status: "400", title: "Bad Request" }] });
  });

  test("fetches two tokens for two calls at once, and both work", async () => {
    const client = wire.sdk(name, "shopper");
    const requests = await asked(() => Promise.all([client.Currencies.All(), client.Products.All()]));
    expect(requests.filter((request) => request === token)).toHaveLength(2);
  });

  test("takes a token that was asked for with JSON", async () => {
    const { clientId, clientSecret, url } = wire.engine;
    const answer = await wire.fetch(`${url}/oauth/access_token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
      }),
    });
    const { access_token, expires } = (await answer.json()) as { access_token: string; expires: number };
    const client = wire.sdk(name, "shopper");
    keep(client, access_token, expires);
    expect((await client.Settings.All()).data.type).toBe("settings");
  });
});
