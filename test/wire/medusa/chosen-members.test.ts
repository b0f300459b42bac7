import { beforeAll, expect, test } from "vitest";
import { aShop, readyCart, type Shop } from "./a-shop.ts";
import { useMedusa } from "./harness.ts";
import { originalQueries } from "./original-queries.ts";

// Requests choose by `expand` and `fields` what they are answered, wherever the original lets them.

const wire = useMedusa();
let shop: Shop;
let token: string;
let documented: Readonly<Record<string, { readonly parameters?: readonly { in: string; name: string }[] }>>;

beforeAll(async () => {
  shop = await aShop(wire, { pieces: 100 });
  const { paths } = (await (await fetch(`${wire.url}/docs/json`)).json()) as {
    paths: Record<string, object>;
  };
  documented = Object.fromEntries(
    Object.entries<object>(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => [
        `${method.toUpperCase()} ${shape(path)}`,
        operation,
      ]),
    ),
  );
});

const shape = (path: string): string => path.replace(/\{[^}]*\}/g, "{}");
const routes = Object.entries(originalQueries);
/** Those that choose members, with what may be chosen. */
const choosing = routes.filter(([, names]) => /\b(expand|fields)\b/.test(names)).map(([route]) => route);

test.each(routes)("%s documents what its query may say", (route, names) => {
  const [method, path = ""] = route.split(" ");
  const operation = documented[`${method} ${shape(path)}`];
  const known = (operation?.parameters ?? []).filter((one) => one.in === "query").map(({ name }) => name);
  expect(known).toEqual(expect.arrayContaining(names.split(" ")));
});

/** One request to a route that chooses: what its answer is about, and something related that `expand` may name. */
type Case = readonly [
  route: string,
  path: string,
  of: string,
  expand: string,
  body?: unknown,
  /** What `fields=id` leaves out; `updated_at` unless said otherwise. */
  left?: string,
];

test("every such route shows what is named and nothing else, and refuses what it does not know", async () => {
  const asked: string[] = [];
  for (const [route, path, of, expand, body, left = "updated_at"] of await cases()) {
    asked.push(route);
    const [method = "GET"] = route.split(" ");
    const own = /\/(customers\/me|payment-collections)/.test(path) && path.startsWith("/store");
    const signedIn = { headers: { authorization: `Bearer ${token}` } };
    const who = path.startsWith("/admin") ? ({ as: "admin" } as const) : own ? signedIn : {};
    const and = path.includes("?") ? "&" : "?";
    const odd = await wire.ask(method, `${path}${and}colour=red`, body, who);
    expect([route, odd.status, odd.body.message]).toEqual([route, 400, "property colour should not exist"]);
    const chosen = await wire.ask(method, `${path}${and}fields=id&expand=${expand}`, body, who);
    expect([route, chosen.status, chosen.status === 200 ? "" : chosen.body]).toEqual([route, 200, ""]);
    const rows = [chosen.body[of]].flat();
    expect([route, rows.length > 0]).toEqual([route, true]);
    for (const row of rows) {
      expect([route, Object.keys(row)]).toEqual([route, expect.arrayContaining(["id"])]);
      expect([route, row]).not.toEqual([route, expect.objectContaining({ [left]: expect.anything() })]);
      if (expand !== "") expect([route, Object.keys(row)]).toEqual([route, expect.arrayContaining([expand])]);
    }
  }
  expect([...new Set(asked)].sort()).toEqual([...choosing].sort());
});

/** Valid requests to all of them, in an order in which each can be answered. */
async function cases(): Promise<readonly Case[]> {
  const { admin } = wire;
  const { regionId, variantId, optionId } = shop;
  const person = { email: "chooser@example.com", password: "correct horse battery" };
  const names = { first_name: "Ada", last_name: "Byron" };
  const { customer } = (await wire.ask("POST", "/store/customers", { ...person, ...names })).body;
  token = (await wire.ask("POST", "/store/auth/token", person)).body.access_token;
  const { customer_group: group } = await admin("POST", "/admin/customer-groups", { name: "Some" });

  const placed = async () => {
    const items = [{ variant_id: variantId, quantity: 3 }];
    const cart = await readyCart(wire, shop, { provider: "manual", items });
    await wire.ask("POST", `${cart}/shipping-methods`, { option_id: optionId });
    await wire.ask("POST", `${cart}/payment-sessions`);
    await wire.ask("POST", `${cart}/payment-session`, { provider_id: "manual" });
    return (await wire.ask("POST", `${cart}/complete`)).body.data;
  };
  const order = await placed();
  const gone = await placed();
  const other = await placed();
  await admin("POST", `/admin/orders/${other.id}`, { customer_id: customer.id });
  const item = { item_id: order.items[0].id, quantity: 1 };
  const { order_edit: edit } = await admin("POST", "/admin/order-edits", { order_id: other.id });
  const more = { variant_id: variantId, quantity: 1 };
  await admin("POST", `/admin/order-edits/${edit.id}/items`, more);
  const { order_edit: open } = await admin("POST", `/admin/order-edits/${edit.id}/request`);
  const collection = open.payment_collection_id;

  const { variant } = await admin("GET", `/admin/variants/${variantId}`);
  const productId = variant.product_id;
  const rule = { type: "percentage", value: 10, allocation: "total" };
  const condition = { operator: "in", products: [productId] };
  const { discount } = await admin("POST", "/admin/discounts", {
    ...{ code: "CHOSEN", regions: [regionId] },
    rule: { ...rule, conditions: [condition] },
  });
  const conditionId = discount.rule.conditions[0].id;
  const conditionPath = `/admin/discounts/${discount.id}/conditions/${conditionId}`;
  const resources = { resources: [{ id: productId }] };
  await admin("POST", "/admin/draft-orders", {
    ...{ email: "d@example.com", region_id: regionId, shipping_methods: [] },
    items: [{ variant_id: variantId, quantity: 1 }],
  });
  const place = { address_1: "1 Long Lane", country_code: "de" };
  const { stock_location: location } = await admin("POST", "/admin/stock-locations", {
    ...{ name: "Here", address: place },
  });
  const { stock_location: second } = await admin("POST", "/admin/stock-locations", { name: "There" });
  const { inventory_items: items } = await admin("GET", "/admin/inventory-items?limit=1");
  const itemId = items[0].id;
  const levels = `/admin/inventory-items/${itemId}/location-levels`;
  await admin("POST", "/admin/reservations", {
    ...{ inventory_item_id: itemId, location_id: location.id, quantity: 1 },
  });
  const rateBody = { code: "r", name: "Rate", region_id: regionId, rate: 7 };
  const { tax_rate: rate } = await admin("POST", "/admin/tax-rates", rateBody);
  const { product_type: type } = { product_type: { id: "ptyp_x" } };
  await admin("POST", "/admin/publishable-api-keys", { title: "Key" });
  const { product_category: category } = await admin("POST", "/admin/product-categories", {
    ...{ name: "Top", is_active: true },
  });
  const batches = (["products", "product-types", "shipping-options"] as const).flatMap((what): Case[] => {
    const name = what.replace("-", "_");
    const ids = { products: productId, "product-types": type.id, "shipping-options": optionId };
    return ["POST", "DELETE"].map((method) => [
      ...([
        `${method} /admin/tax-rates/{id}/${what}/batch`,
        `/admin/tax-rates/${rate.id}/${what}/batch`,
      ] as const),
      ...(["tax_rate", name, { [name]: [ids[what]] }] as const),
    ]);
  });
  const orderPath = `/admin/orders/${order.id}`;
  const changes = (name: string, body?: unknown): Case => [
    `POST /admin/orders/{id}/${name}`,
    ...([`${orderPath}/${name}`, "order", "items", body] as const),
  ];
  const { order: packed } = await admin("POST", `${orderPath}/fulfillment`, { items: [item] });
  const unpacked = packed.fulfillments[0].id;
  const { order: again } = await admin("POST", `${orderPath}/fulfillment`, { items: [item] });
  const sent = again.fulfillments.find(({ id }: { id: string }) => id !== unpacked).id;

  return [
    ["GET /store/customers/me/orders", "/store/customers/me/orders", "orders", "items"],
    [
      ...([
        "GET /store/orders",
        `/store/orders?display_id=${order.display_id}&email=ada@example.com`,
      ] as const),
      ...(["order", "items"] as const),
    ],
    ["GET /store/orders/{id}", `/store/orders/${order.id}`, "order", "items"],
    [
      ...(["GET /store/payment-collections/{id}", `/store/payment-collections/${collection}`] as const),
      ...(["payment_collection", "payment_sessions", undefined, "amount"] as const),
    ],
    [
      ...(["GET /store/product-categories", "/store/product-categories"] as const),
      ...(["product_categories", "category_children"] as const),
    ],
    [
      ...(["GET /store/product-categories/{id}", `/store/product-categories/${category.id}`] as const),
      ...(["product_category", "category_children"] as const),
    ],
    ["GET /store/products", "/store/products", "products", "variants"],
    ["GET /store/products/{id}", `/store/products/${productId}`, "product", "variants"],
    ["GET /store/variants", "/store/variants", "variants", "product"],
    ["GET /admin/customers", "/admin/customers", "customers", ""],
    ["GET /admin/customers/{id}", `/admin/customers/${customer.id}`, "customer", "groups"],
    [
      ...(["POST /admin/customers/{id}", `/admin/customers/${customer.id}`, "customer", "groups"] as const),
      { groups: [{ id: group.id }] },
    ],
    ["GET /admin/discounts", "/admin/discounts", "discounts", "rule"],
    [
      ...(["POST /admin/discounts", "/admin/discounts", "discount", "regions"] as const),
      { code: "NEXT", rule, regions: [regionId] },
    ],
    ["GET /admin/discounts/code/{code}", "/admin/discounts/code/CHOSEN", "discount", "rule"],
    [
      ...([
        "POST /admin/discounts/{discount_id}/conditions",
        `/admin/discounts/${discount.id}/conditions`,
      ] as const),
      ...(["discount", "rule", { operator: "not_in", products: [productId] }] as const),
    ],
    [
      ...(["GET /admin/discounts/{discount_id}/conditions/{condition_id}", conditionPath] as const),
      ...(["discount_condition", ""] as const),
    ],
    [
      ...(["POST /admin/discounts/{discount_id}/conditions/{condition_id}", conditionPath] as const),
      ...(["discount", "rule", { products: [productId] }] as const),
    ],
    ...["POST", "DELETE"].map(
      (method): Case => [
        `${method} /admin/discounts/{discount_id}/conditions/{condition_id}/batch`,
        ...([`${conditionPath}/batch`, "discount", "rule", resources] as const),
      ],
    ),
    [
      ...(["DELETE /admin/discounts/{discount_id}/conditions/{condition_id}", conditionPath] as const),
      ...(["discount", "rule"] as const),
    ],
    ["GET /admin/discounts/{id}", `/admin/discounts/${discount.id}`, "discount", "rule"],
    ["POST /admin/discounts/{id}", `/admin/discounts/${discount.id}`, "discount", "rule", { usage_limit: 9 }],
    ["GET /admin/draft-orders", "/admin/draft-orders", "draft_orders", "cart"],
    ["GET /admin/inventory-items", "/admin/inventory-items", "inventory_items", "location_levels"],
    [
      ...(["POST /admin/inventory-items", "/admin/inventory-items", "inventory_item", ""] as const),
      { variant_id: shop.uncountedId, inventory_quantity: 3 },
    ],
    [
      ...(["GET /admin/inventory-items/{id}", `/admin/inventory-items/${itemId}`] as const),
      ...(["inventory_item", "location_levels"] as const),
    ],
    [
      ...(["POST /admin/inventory-items/{id}", `/admin/inventory-items/${itemId}`] as const),
      ...(["inventory_item", "", { weight: 3 }] as const),
    ],
    [
      ...(["GET /admin/inventory-items/{id}/location-levels", levels] as const),
      ...(["inventory_item", "location_levels"] as const),
    ],
    [
      ...(["POST /admin/inventory-items/{id}/location-levels", levels, "inventory_item", ""] as const),
      { location_id: second.id, stocked_quantity: 5 },
    ],
    [
      ...([
        "POST /admin/inventory-items/{id}/location-levels/{location_id}",
        `${levels}/${second.id}`,
      ] as const),
      ...(["inventory_item", "", { stocked_quantity: 6 }] as const),
    ],
    ["GET /admin/order-edits", "/admin/order-edits", "order_edits", "items", undefined, "status"],
    [
      ...(["GET /admin/order-edits/{id}", `/admin/order-edits/${edit.id}`] as const),
      ...(["order_edit", "items", undefined, "status"] as const),
    ],
    ["GET /admin/orders", "/admin/orders", "orders", "items"],
    ["GET /admin/orders/{id}", orderPath, "order", "items"],
    ["POST /admin/orders/{id}", orderPath, "order", "items", { email: "ada@example.com" }],
    ["POST /admin/orders/{id}/cancel", `/admin/orders/${gone.id}/cancel`, "order", "items"],
    changes("capture"),
    changes("refund", { amount: 1, reason: "other" }),
    [
      "POST /admin/orders/{id}/fulfillments/{fulfillment_id}/cancel",
      ...([`${orderPath}/fulfillments/${unpacked}/cancel`, "order", "items"] as const),
    ],
    changes("fulfillment", { items: [item] }),
    changes("shipment", { fulfillment_id: sent }),
    changes("return", { items: [item] }),
    changes("shipping-methods", { price: 500, option_id: optionId }),
    changes("complete"),
    changes("archive"),
    [
      ...(["GET /admin/payment-collections/{id}", `/admin/payment-collections/${collection}`] as const),
      ...(["payment_collection", "payment_sessions"] as const),
    ],
    ["GET /admin/products", "/admin/products", "products", "variants"],
    [
      ...(["GET /admin/products/{id}/variants", `/admin/products/${productId}/variants`] as const),
      ...(["variants", "prices"] as const),
    ],
    ["GET /admin/publishable-api-keys", "/admin/publishable-api-keys", "publishable_api_keys", ""],
    ["GET /admin/reservations", "/admin/reservations", "reservations", ""],
    ["GET /admin/sales-channels", "/admin/sales-channels", "sales_channels", ""],
    ["GET /admin/shipping-options", "/admin/shipping-options", "shipping_options", "region"],
    ["GET /admin/stock-locations", "/admin/stock-locations", "stock_locations", "address"],
    [
      ...(["POST /admin/stock-locations", "/admin/stock-locations", "stock_location", "address"] as const),
      { name: "Third", address: place },
    ],
    [
      ...(["GET /admin/stock-locations/{id}", `/admin/stock-locations/${location.id}`] as const),
      ...(["stock_location", "address"] as const),
    ],
    [
      ...(["POST /admin/stock-locations/{id}", `/admin/stock-locations/${location.id}`] as const),
      ...(["stock_location", "sales_channels", { name: "Here again" }] as const),
    ],
    ["GET /admin/tax-rates", "/admin/tax-rates", "tax_rates", "products"],
    ["POST /admin/tax-rates", "/admin/tax-rates", "tax_rate", "products", rateBody],
    ["GET /admin/tax-rates/{id}", `/admin/tax-rates/${rate.id}`, "tax_rate", "products"],
    ["POST /admin/tax-rates/{id}", `/admin/tax-rates/${rate.id}`, "tax_rate", "products", { rate: 8 }],
    ...batches,
    ["GET /admin/variants", "/admin/variants", "variants", "product"],
    ["GET /admin/variants/{id}", `/admin/variants/${variantId}`, "variant", "product"],
  ];
}
