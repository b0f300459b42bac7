import { randomUUID } from "node:crypto";
import type { Route } from "../../src/http/route.ts";
import { address, type Owner, type World } from "./world.ts";

export type Request = { readonly method: string; readonly path: string; readonly body?: unknown };

/** A route by its method and path, `GET /v2/carts`. */
export const nameOf = (route: Pick<Route, "method" | "path">): string => `${route.method} ${route.path}`;

/**
 * A request for a route that everything is right with, about something of the owner's that was made for it. Whoever adds
 * a route with a body adds one here.
 */
export async function newRequest(world: World, route: Route, owner: Owner): Promise<Request> {
  const ids = await newIds(world, route, owner);
  const path = route.path.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const id = ids[name];
    if (id === undefined) throw new Error(`test/rules/requests.ts has no :${name} for ${nameOf(route)}`);
    return id;
  });
  const make = bodies[nameOf(route)];
  if (route.body && !make) throw new Error(`test/rules/requests.ts has no body for ${nameOf(route)}`);
  const body = make && (await make(world, owner));
  return { method: route.method, path, ...(body !== undefined && { body }) };
}

type Ids = Record<string, string>;

/** Ids for a path, by the names of its parameters. */
async function newIds(world: World, { path, method }: Route, owner: Owner): Promise<Ids> {
  const has = (name: string): boolean => path.includes(`/:${name}`);
  const ids: Ids = {};
  if (has("cartId")) {
    const cart = await world.newCart(owner);
    Object.assign(ids, cart, { code: "NONE" });
    if (path.includes("/taxes")) ids.taxId = await world.newTax(cart);
    if (path.includes("/custom-discounts")) ids.discountId = await newDiscount(world, path, cart);
    if (path.includes("/shipping-groups")) ids.groupId = await newGroup(world, `/v2/carts/${cart.cartId}`);
  }
  if (has("orderId")) ids.orderId = await world.newOrder(owner);
  if (path.startsWith("/v2/orders/") && has("groupId")) {
    ids.groupId = await newGroup(world, `/v2/orders/${ids.orderId}`);
  }
  if (path.startsWith("/v2/orders/") && has("transactionId")) {
    ids.transactionId = await world.newTransaction(ids.orderId as string);
    if (path.endsWith("/refund")) {
      await world.shop("POST", `/v2/orders/${ids.orderId}/transactions/${ids.transactionId}/capture`);
    }
  }
  if (has("productId")) {
    const counted = !(nameOf({ method, path }) === "POST /v2/inventories/:productId");
    ids.productId = await world.newProduct(counted ? {} : { manage_stock: false, stock: undefined });
    if (path.startsWith("/v2/inventories") && has("transactionId")) {
      const movements = await world.shop("GET", `/v2/inventories/${ids.productId}/transactions`);
      ids.transactionId = movements.data[0].id;
    }
  }
  if (has("customerId") || path.startsWith("/v2/customers/:ownerId")) {
    // Deleting takes a customer of its own.
    const target =
      method === "DELETE" && has("customerId") ? await world.newCustomer() : world.people.customer;
    Object.assign(ids, { customerId: target.id, ownerId: target.id });
    if (has("addressId")) ids.addressId = await world.newAddress("customer");
  }
  if (path.startsWith("/v2/accounts/:ownerId")) {
    ids.ownerId = world.people.account.id;
    if (has("addressId")) ids.addressId = await world.newAddress("account");
  }
  if (has("accountId")) {
    ids.accountId =
      method === "DELETE" && path.endsWith(":accountId") ? await world.newAccount() : world.people.account.id;
    if (has("membershipId")) {
      const member = await world.newMember();
      const list = `/v2/accounts/${ids.accountId}/account-memberships`;
      const added = await world.shop("POST", list, {
        type: "account_membership",
        account_member_id: member.memberId,
      });
      ids.membershipId = added.data.id;
    }
  }
  if (has("promotionId")) {
    const isRule = path.startsWith("/v2/rule-promotions");
    const list = isRule ? "/v2/rule-promotions" : "/v2/promotions";
    ids.promotionId = (await world.shop("POST", list, isRule ? rulePromotion() : promotion())).data.id;
    const codes = { type: "promotion_codes", codes: [{ code: newCode(), uses: 5 }] };
    await world.shop("POST", `${list}/${ids.promotionId}/codes`, codes);
    Object.assign(ids, { code: codes.codes[0]?.code, jobId: "none" });
  }
  if (has("memberId")) ids.memberId = world.people.account.memberId;
  if (has("currencyId")) ids.currencyId = await currencyId(world);
  if (has("flowId")) ids.flowId = await flowId(world, method === "DELETE" ? "cart_items" : "orders");
  if (has("fieldId")) ids.fieldId = await newField(world);
  if (path.startsWith("/v2/gateways")) ids.slug = "manual";
  if (path.startsWith("/v2/flows/:slug")) ids.slug = "orders";
  if (has("entryId")) ids.entryId = await world.newOrder(owner);
  if (has("location")) ids.location = "somewhere";
  if (has("hierarchyId")) ids.hierarchyId = (await world.shop("GET", "/catalog/hierarchies")).data[0].id;
  if (has("nodeId")) ids.nodeId = (await world.shop("GET", "/catalog/nodes")).data[0].id;
  if (has("fileId")) ids.fileId = await fileId(world);
  if (has("storeId")) ids.storeId = "x";
  return ids;
}

const discount = () => ({
  type: "custom_discount",
  external_id: "E-1",
  discount_engine: "Engine",
  amount: -100,
  description: "A dollar off",
  discount_code: "DOLLAR",
});

/** A discount where the path has them, in a cart that takes them. */
async function newDiscount(
  world: World,
  path: string,
  { cartId, itemId }: { cartId: string; itemId: string },
): Promise<string> {
  const cart = `/v2/carts/${cartId}`;
  await world.shop("PUT", cart, { discount_settings: { custom_discounts_enabled: true } });
  const place = path.includes("/items/") ? `${cart}/items/${itemId}` : cart;
  return (await world.shop("POST", `${place}/custom-discounts`, discount())).data.id;
}

const group = () => ({
  type: "shipping_group",
  shipping_type: "express",
  address: { ...address, first_name: "Ada", line_1: "1 Long Lane" },
});

const newGroup = async (world: World, owner: string): Promise<string> =>
  (await world.shop("POST", `${owner}/shipping-groups`, { ...group(), address })).data.id;

const newCode = (): string => randomUUID().slice(0, 8);

const rulePromotion = () => ({
  type: "rule_promotion",
  name: "Spring",
  enabled: false,
  automatic: false,
  start: "2020-01-01",
  end: "2090-01-01",
  rule_set: { actions: [{ strategy: "cart_discount", args: ["percent", 10] }] },
});

const promotion = () => ({
  type: "promotion",
  name: "Spring",
  description: "A dollar off",
  enabled: true,
  automatic: false,
  promotion_type: "fixed_discount",
  schema: { currencies: [{ currency: "USD", amount: 100 }] },
  start: "2020-01-01T00:00:00Z",
  end: "2099-01-01T00:00:00Z",
});

const fileId = async (world: World): Promise<string> => (await world.shop("GET", "/v2/files")).data[0].id;

async function currencyId(world: World): Promise<string> {
  const { data } = await world.shop("GET", "/v2/currencies");
  return data.find((currency: { default: boolean }) => !currency.default).id;
}

async function flowId(world: World, slug: string): Promise<string> {
  const { data } = await world.shop("GET", "/v2/flows");
  const known = data.find((flow: { slug: string }) => flow.slug === slug);
  return (known ?? (await world.shop("POST", "/v2/flows", { type: "flow", name: slug, slug })).data).id;
}

async function fieldBody(world: World) {
  const flow = { data: { type: "flow", id: await flowId(world, "orders") } };
  const slug = `f${randomUUID().slice(0, 8)}`;
  return { type: "field", name: "Gift", slug, field_type: "string", relationships: { flow } };
}

const newField = async (world: World): Promise<string> =>
  (await world.shop("POST", "/v2/fields", await fieldBody(world))).data.id;

type Make = (world: World, owner: Owner) => unknown;

const ownersOf: Make = ({ people }, owner) => ({ data: [{ type: owner, id: people[owner].id }] });
const item: Make = async (world) => ({
  data: { type: "cart_item", id: await world.newProduct(), quantity: 1 },
});
const person = () => ({ data: { type: "customer", name: "Ada", email: `${randomUUID()}@example.com` } });
const productBody = () => ({
  data: {
    type: "product",
    name: "Mug",
    slug: randomUUID(),
    sku: randomUUID(),
    description: "A mug",
    manage_stock: false,
    price: [{ amount: 1000, currency: "USD", includes_tax: false }],
    status: "live",
    commodity_type: "physical",
  },
});
const imageBody: Make = async (world) => ({ data: { type: "main_image", id: await fileId(world) } });
const memberBody: Make = async (world) => ({
  data: { type: "account_membership", account_member_id: (await world.newMember()).memberId },
});
const guest = { name: "Ada", email: "ada@example.com" };
/** Currencies that the demo store has none of; each is used once in a store. */
const newCodes = ["SEK", "NOK", "DKK", "ISK"];
let codesUsed = 0;
const signIn = { email: "nobody@example.com", password: "wrong password" };

/** Valid bodies, by method and path. */
const bodies: Readonly<Record<string, Make>> = {
  "POST /oauth/access_token": () => ({ grant_type: "implicit", client_id: "test-client" }),
  "POST /v2/carts": () => ({ data: { name: "Kitchen" } }),
  "PUT /v2/carts/:cartId": () => ({ data: { name: "Kitchen" } }),
  "POST /v2/carts/:cartId/relationships/customers": (world) => ownersOf(world, "customer"),
  "DELETE /v2/carts/:cartId/relationships/customers": (world) => ownersOf(world, "customer"),
  "POST /v2/carts/:cartId/relationships/accounts": (world) => ownersOf(world, "account"),
  "DELETE /v2/carts/:cartId/relationships/accounts": (world) => ownersOf(world, "account"),
  "POST /v2/carts/:cartId/items": item,
  "PUT /v2/carts/:cartId/items": () => ({ data: [{ id: "none", quantity: 1 }] }),
  "PUT /v2/carts/:cartId/items/:itemId": () => ({ data: { type: "cart_item", quantity: 3 } }),
  "POST /v2/carts/:cartId/items/:itemId/taxes": () => ({ data: { type: "tax_item", rate: 0.2 } }),
  "PUT /v2/carts/:cartId/items/:itemId/taxes/:taxId": () => ({ data: { type: "tax_item", rate: 0.2 } }),
  "POST /v2/carts/:cartId/taxes": () => ({
    data: [
      { type: "tax_item", rate: 0.2, relationships: { item: { data: { type: "cart_item", id: "none" } } } },
    ],
  }),
  "POST /v2/carts/:cartId/custom-discounts": () => ({ data: discount() }),
  "PUT /v2/carts/:cartId/custom-discounts/:discountId": () => ({ data: { amount: -50 } }),
  "POST /v2/carts/:cartId/items/:itemId/custom-discounts": () => ({ data: discount() }),
  "PUT /v2/carts/:cartId/items/:itemId/custom-discounts/:discountId": () => ({ data: { amount: -50 } }),
  "POST /v2/carts/:cartId/shipping-groups": () => ({ data: { ...group(), shipping_price: { base: 500 } } }),
  "PUT /v2/carts/:cartId/shipping-groups/:groupId": () => ({ data: { tracking_reference: "T-1" } }),
  "POST /v2/orders/:orderId/shipping-groups": () => ({ data: group() }),
  "PUT /v2/orders/:orderId/shipping-groups/:groupId": () => ({ data: { tracking_reference: "T-1" } }),
  "POST /v2/carts/:cartId/checkout": ({ people }, owner) => ({
    data: {
      customer: owner === "customer" ? { id: people.customer.id } : guest,
      contact: guest,
      billing_address: { ...address, first_name: "Ada", line_1: "1 Long Lane" },
    },
  }),
  "PUT /v2/orders/:orderId": () => ({ data: { type: "order", external_ref: "E-1" } }),
  "POST /v2/orders/anonymize": async (world, owner) => {
    const orderId = await world.newOrder(owner);
    await world.shop("PUT", `/v2/orders/${orderId}`, { type: "order", status: "cancelled" });
    return { data: { order_ids: [orderId] } };
  },
  "POST /v2/orders/:orderId/payments": () => ({ data: { gateway: "manual", method: "purchase" } }),
  "POST /v2/orders/:orderId/transactions/:transactionId/capture": () => ({ data: {} }),
  "POST /v2/orders/:orderId/transactions/:transactionId/refund": () => ({ data: { amount: 100 } }),
  "POST /v2/orders/:orderId/transactions/:transactionId/confirm": () => ({ data: {} }),
  "POST /v2/orders/:orderId/transactions/:transactionId/cancel": () => ({ data: { reason: "abandoned" } }),
  "POST /v2/accounts/:ownerId/addresses": () => ({ data: { type: "address", name: "Home", ...address } }),
  "PUT /v2/accounts/:ownerId/addresses/:addressId": () => ({ data: { city: "Leeds" } }),
  "POST /v2/customers/:ownerId/addresses": () => ({ data: { type: "address", name: "Home", ...address } }),
  "PUT /v2/customers/:ownerId/addresses/:addressId": () => ({ data: { city: "Leeds" } }),
  "POST /v2/accounts/:accountId/account-memberships": memberBody,
  "PUT /v2/accounts/:accountId/account-memberships/:membershipId": memberBody,
  "POST /v2/account-members/tokens": () => ({
    data: {
      type: "account_management_authentication_token",
      authentication_mechanism: "password",
      username: signIn.email,
      password: signIn.password,
    },
  }),
  "POST /v2/accounts": () => ({ data: { type: "account", name: "Acme" } }),
  "PUT /v2/accounts/:accountId": () => ({ data: { legal_name: "Acme Ltd" } }),
  "POST /v2/currencies": () => ({
    data: {
      type: "currency",
      code: newCodes[codesUsed++ % newCodes.length],
      exchange_rate: 1,
      format: "{price} kr",
      decimal_point: ",",
      thousand_separator: ".",
      decimal_places: 2,
      default: false,
      enabled: true,
    },
  }),
  "PUT /v2/currencies/:currencyId": () => ({ data: { exchange_rate: 2 } }),
  "POST /v2/customers": person,
  "POST /v2/customers/tokens": () => ({ data: { type: "token", ...signIn } }),
  "PUT /v2/customers/:customerId": () => ({ data: { type: "customer", external_ref: "E-2" } }),
  "PUT /v2/gateways/:slug": () => ({ data: { type: "gateway", enabled: true } }),
  "POST /v2/inventories/multiple": async (world) => ({ data: [{ id: await world.newProduct() }] }),
  "POST /v2/inventories": async (world) => ({
    data: {
      type: "stock",
      id: await world.newProduct({ manage_stock: false, stock: undefined }),
      quantity: 5,
    },
  }),
  "POST /v2/inventories/:productId": () => ({ data: { quantity: 5 } }),
  "PUT /v2/inventories/:productId": () => ({ data: { type: "stock" } }),
  "POST /v2/inventories/:productId/transactions": () => ({
    data: { type: "stock-transaction", action: "increment", quantity: 5 },
  }),
  "POST /catalog/products/:productId/configure": () => ({ data: { selected_options: {} } }),
  "POST /v2/products": productBody,
  "PUT /v2/products/:productId": () => ({ data: { type: "product", name: "Cup" } }),
  "POST /v2/products/:productId/relationships/main-image": imageBody,
  "PUT /v2/products/:productId/relationships/main-image": imageBody,
  "POST /v2/promotions": () => ({ data: promotion() }),
  "PUT /v2/promotions/:promotionId": () => ({ data: { type: "promotion", name: "Summer" } }),
  "POST /v2/promotions/:promotionId/codes": () => ({
    data: { type: "promotion_codes", codes: [{ code: newCode() }] },
  }),
  "DELETE /v2/promotions/:promotionId/codes": () => ({
    data: { type: "promotion_codes", codes: [{ code: newCode() }] },
  }),
  "POST /v2/rule-promotions": () => ({ data: rulePromotion() }),
  "PUT /v2/rule-promotions/:promotionId": () => ({ data: { type: "rule_promotion", name: "Summer" } }),
  "POST /v2/rule-promotions/:promotionId/codes": () => ({
    data: { type: "promotion_codes", codes: [{ code: newCode() }] },
  }),
  "DELETE /v2/rule-promotions/:promotionId/codes": () => ({
    data: { type: "promotion_codes", codes: [{ code: newCode() }] },
  }),
  "POST /v2/rule-promotions/usages/anonymize": () => ({ data: { usage_ids: [randomUUID()] } }),
  "POST /v2/promotions/usages/anonymize": () => ({ data: { usage_ids: [randomUUID()] } }),
  "PUT /v2/settings": () => ({ data: { type: "settings", page_length: 50 } }),
  "PUT /v2/settings/cart": () => ({ data: { type: "settings", cart_expiry_days: 8 } }),
  "PUT /v2/settings/cart/:storeId": () => ({ data: { type: "settings", cart_expiry_days: 8 } }),
  "POST /v2/flows": async (world) => {
    const { data } = await world.shop("GET", "/v2/flows");
    const taken = data.map((flow: { slug: string }) => flow.slug);
    const slug = ["carts", "customers", "products", "order_items"].find((free) => !taken.includes(free));
    return { data: { type: "flow", name: "More", slug } };
  },
  "PUT /v2/flows/:flowId": () => ({ data: { type: "flow", description: "More about orders" } }),
  "POST /v2/fields": async (world) => ({ data: await fieldBody(world) }),
  "PUT /v2/fields/:fieldId": () => ({ data: { type: "field", description: "More" } }),
  "PUT /v2/flows/:slug/entries/:entryId": () => ({ data: {} }),
};
