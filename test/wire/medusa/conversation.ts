import { aShop } from "./a-shop.ts";
import type { MedusaWire } from "./harness.ts";

/** One request and its answer, without what is different every time. */
export type Exchange = {
  readonly request: string;
  readonly body?: unknown;
  readonly status: number;
  readonly answer: unknown;
};

/** A purchase with its refusals, from nothing to the order. */
export async function converse(wire: MedusaWire): Promise<readonly Exchange[]> {
  const shop = await aShop(wire, { pieces: 3 });
  const held: Exchange[] = [];
  const say = async (method: string, path: string, body?: unknown) => {
    const answer = await wire.ask(method, path, body);
    held.push({
      request: `${method} ${plain(path)}`,
      ...(body !== undefined && { body: plain(body) }),
      status: answer.status,
      answer: plain(answer.body),
    });
    return answer.body;
  };
  const line = { variant_id: shop.variantId, quantity: 2 };
  const created = await say("POST", "/store/carts", { region_id: shop.regionId, country_code: "de" });
  const path = `/store/carts/${created.cart.id}`;
  await say("POST", `${path}/line-items`, { ...line, metadata: { engraving: "A" } });
  await say("POST", `${path}/line-items`, line);
  const { cart } = await say("POST", `${path}/line-items`, { variant_id: shop.uncountedId, quantity: 3 });
  await say("POST", `${path}/line-items/${cart.items[1].id}`, { quantity: 1 });
  await say("POST", `${path}/complete`);
  await say("POST", path, { email: "nobody" });
  await say("POST", path, {
    email: "Ada@Example.com",
    shipping_address: { first_name: "Ada", country_code: "us" },
  });
  await say("POST", path, {
    email: "Ada@Example.com",
    shipping_address: { first_name: "Ada", city: "Berlin" },
  });
  await say("POST", path, { discounts: [{ code: "NOPE" }] });
  await say("GET", `/store/shipping-options/${created.cart.id}`);
  await say("POST", `${path}/shipping-methods`, { option_id: shop.freeOptionId });
  await say("POST", `${path}/shipping-methods`, { option_id: shop.optionId });
  await say("POST", `${path}/payment-sessions`);
  await say("POST", `${path}/payment-session`, { provider_id: "paypal" });
  await say("POST", `${path}/payment-session`, { provider_id: "testpay" });
  await say("POST", `${path}/payment-sessions/testpay`, { data: { want: "canceled" } });
  await say("POST", `${path}/complete`);
  await say("POST", `${path}/payment-sessions/testpay`, { data: { want: "authorized" } });
  const done = await say("POST", `${path}/complete`);
  await say("POST", `${path}/complete`);
  await say("GET", path);
  await say("GET", `/store/orders/${done.data.id}`);
  return held;
}

const variable: readonly (readonly [RegExp, string])[] = [
  [/\b([a-z]{2,8})_[0-9A-HJKMNP-TV-Z]{26}\b/g, "$1_ID"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "TIME"],
  [/http:\/\/(localhost|127\.0\.0\.1):\d+/g, "http://HOST"],
];

/** Ids and times are others every time. */
function plain<Value>(value: Value): Value {
  let text = JSON.stringify(value);
  for (const [pattern, word] of variable) text = text.replaceAll(pattern, word);
  return JSON.parse(text) as Value;
}
