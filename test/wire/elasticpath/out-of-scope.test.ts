import { describe, expect, test } from "vitest";
import { newReference } from "../../engine.ts";
import { newProduct, rejection, type Sdk, sdkNames, useWire } from "./harness.ts";
import { placedOrder } from "./purchases.ts";

// What this version does not offer is refused at once and in the dialect's own form: no crash, no hang, no page of HTML.
const wire = useWire();

type Ids = { readonly cart: string; readonly order: string; readonly product: string };

const card = {
  gateway: "braintree",
  method: "purchase",
  payment: "a-nonce",
  options: { payment_method_nonce: true },
};
const element = {
  gateway: "elastic_path_payments_stripe",
  method: "purchase",
  options: { automatic_payment_methods: { enabled: true } },
};

const calls: readonly [what: string, call: (shop: Sdk, ids: Ids) => Promise<unknown>][] = [
  ["Orders.Payment with a card token", (shop, { order }) => shop.Orders.Payment(order, card)],
  ["Orders.Payment with the payment element", (shop, { order }) => shop.Orders.Payment(order, element)],
  ["RulePromotions.Create", (shop) => shop.RulePromotions.Create({ name: "R", enabled: true, rule_set: {} })],
  ["RulePromotions.AddCodes", (shop) => shop.RulePromotions.AddCodes("r1", [{ code: "B" }])],
  ["Integrations.Create", (shop) => shop.Integrations.Create({ name: "I", observes: ["order.paid"] })],
  ["Integrations.GetLogs", (shop) => shop.Integrations.GetLogs("i1")],
  ["PCM.All", (shop) => shop.PCM.All()],
  ["PCM.Create", (shop) => shop.PCM.Create({ attributes: { name: "N", sku: "S" } })],
  [
    "PriceBooks.Prices.Create",
    (shop) => shop.PriceBooks.Prices.Create({ pricebookId: "pb", body: { sku: "S" } }),
  ],
  ["Catalogs.Create", (shop) => shop.Catalogs.Create({ attributes: { name: "c" } })],
  ["Catalogs.Releases.Create", (shop) => shop.Catalogs.Releases.Create({ catalogId: "c1" })],
  ["Hierarchies.All", (shop) => shop.Hierarchies.All()],
  ["Brands.All", (shop) => shop.Brands.All()],
  ["Categories.All", (shop) => shop.Categories.All()],
  ["Collections.All", (shop) => shop.Collections.All()],
  [
    "Products.CreateRelationships",
    (shop, { product }) => shop.Products.CreateRelationships(product, "category", "c1"),
  ],
  ["Subscriptions.All", (shop) => shop.Subscriptions.All()],
  ["Jobs.All", (shop) => shop.Jobs.All()],
];

describe.each(sdkNames)("%s", (name) => {
  let ids: Ids | undefined;

  async function something(shop: Sdk): Promise<Ids> {
    const product = await newProduct(wire);
    const cart = newReference();
    await shop.Cart(cart).AddProduct(product.id);
    return { cart, order: (await placedOrder(wire)).id, product: product.id };
  }

  test.each(calls)("refuses %s", async (_what, call) => {
    const shop = wire.sdk(name, "shop");
    ids ??= await something(shop);
    const answers = await wire.during(async () => {
      const { errors } = await rejection(call(shop, ids as Ids));
      expect(errors[0]).toMatchObject({ title: expect.any(String), status: expect.anything() });
      expect([400, 403, 404, 422]).toContain(Number(errors[0]?.status));
    });
    expect(answers.filter(({ url }) => url !== "/oauth/access_token")).toHaveLength(1);
    wire.takeUndocumented();
  });

  test("lists orders and carts with the includes of what is not offered, and leaves them out", async () => {
    const shop = wire.sdk(name, "shop");
    const { cart, order } = await something(shop);
    const one = await shop.Orders.With(["promotions", "account", "product"]).Get(order);
    expect(one).not.toHaveProperty("included");
    const items = await shop.Cart(cart).With(["promotions"]).Items();
    expect(items).not.toHaveProperty("included");
  });

  test("refuses subscription items, and gateways that are not there", async () => {
    const shop = wire.sdk(name, "shop");
    const { cart, product } = await something(shop);
    const item = { type: "subscription_item", id: product, quantity: 1 };
    const body = { data: { ...item, subscription_configuration: { plan: "p", pricing_option: "o" } } };
    expect((await wire.ask("POST", `/v2/carts/${cart}/items`, body)).status).toBe(422);
    const { errors } = await rejection(shop.Gateways.Update("cyber_source", { enabled: true }));
    expect(errors).toMatchObject([{ status: 422 }]);
  });
});

test.each([
  ["POST", "/v2/carts/c1/payments"],
  ["PUT", "/v2/carts/c1/payments/pi_1"],
  ["POST", "/v2/orders/o1/confirm"],
  ["POST", "/v2/orders"],
  ["DELETE", "/v2/orders/o1"],
  ["PATCH", "/v2/carts/c1"],
  ["GET", "/v2/nothing"],
  ["GET", "/v2"],
  ["GET", "/catalog/nothing"],
  ["GET", "/pcm/products"],
])("%s %s is not there, says so in JSON, and asks for no token to say it", async (method, path) => {
  for (const as of ["shop", "shopper", "none"] as const) {
    const { status, body, headers } = await wire.ask(method, path, undefined, { as });
    expect(status).toBe(404);
    expect(headers.get("content-type")).toMatch(/^application\/json/);
    expect(body.errors).toMatchObject([{ status: 404, title: "Not Found" }]);
  }
  wire.takeUndocumented();
});
