import { setTimeout as pause } from "node:timers/promises";
import { expectStatus } from "./journey.mjs";
import { credentials } from "./server.mjs";

const json = ["content-type", "application/json"];
const address = {
  first_name: "Ada",
  last_name: "Byron",
  address_1: "12 Long Lane",
  city: "Reykjavik",
  postal_code: "101",
  country_code: "is",
};
const updateBody = JSON.stringify({
  email: "ada@example.com",
  shipping_address: address,
  billing_address: address,
});

/** A region with one way to pay and one to be sent things, and `count` products with plenty of stock, by the Admin API. */
export async function openStore(connection, count) {
  const signIn = JSON.stringify({ email: credentials.adminEmail, password: credentials.adminPassword });
  const token = (await connection.send("POST", "/admin/auth/token", json, signIn)).json.access_token;
  const admin = async (method, path, body) => {
    const headers = ["authorization", `Bearer ${token}`, ...json];
    const answer = await connection.send(method, path, headers, body && JSON.stringify(body));
    return expectStatus(answer, 200, path).json;
  };
  const { region } = await admin("POST", "/admin/regions", {
    name: "Bench",
    currency_code: "usd",
    tax_rate: 20,
    countries: ["is"],
    payment_providers: ["manual"],
    fulfillment_providers: ["manual"],
  });
  const { shipping_profiles } = await admin("GET", "/admin/shipping-profiles");
  const { shipping_option } = await admin("POST", "/admin/shipping-options", {
    name: "Bench",
    region_id: region.id,
    profile_id: shipping_profiles.find(({ type }) => type === "default").id,
    provider_id: "manual",
    data: { id: "manual-fulfillment" },
    price_type: "flat_rate",
    amount: 500,
  });
  const variants = [];
  for (let index = 0; index < count; index += 1) {
    const { product } = await admin("POST", "/admin/products", {
      title: `Bench product ${process.pid} ${index}`,
      description: "A product that exists to be bought as fast as possible, with a text of ordinary length.",
      status: "published",
      options: [{ title: "Size" }],
      variants: [
        {
          title: "One",
          inventory_quantity: 100_000_000,
          prices: [{ currency_code: "usd", amount: 1999 + index }],
          options: [{ value: "One" }],
        },
      ],
    });
    variants.push(product.variants[0].id);
  }
  // For ten seconds after a change of its own, an engine looks at what a store has set up with every request.
  await pause(10_500);
  return {
    variants,
    newCart: JSON.stringify({ region_id: region.id }),
    shipping: JSON.stringify({ option_id: shipping_option.id }),
  };
}

/**
 * A purchase over the Medusa Store API, from an empty cart to an authorized order: seven requests one after the other, as a
 * storefront with one way to pay sends them.
 */
export const storeJourney = {
  steps: ["create cart", "add item 1", "add item 2", "sessions", "address", "shipping", "complete"],
  async run(connection, { store }, variants, note = () => {}, keyed = false) {
    const ask = async (step, path, body) => {
      const headers = keyed ? [...json, "idempotency-key", crypto.randomUUID()] : json;
      const start = performance.now();
      const answer = await connection.send("POST", path, headers, body);
      note(step, performance.now() - start);
      return expectStatus(answer, 200, storeJourney.steps[step]);
    };
    const cartId = (await ask(0, "/store/carts", store.newCart)).id;
    const cart = `/store/carts/${cartId}`;
    await ask(1, `${cart}/line-items`, itemBody(variants[0]));
    await ask(2, `${cart}/line-items`, itemBody(variants[1]));
    await ask(3, `${cart}/payment-sessions`, "{}");
    await ask(4, cart, updateBody);
    await ask(5, `${cart}/shipping-methods`, store.shipping);
    const { text } = await ask(6, `${cart}/complete`, "{}");
    if (!text.includes('"type":"order"')) throw new Error(`A cart was not completed: ${text.slice(0, 300)}`);
    return { cartId };
  },
};

function itemBody(variantId) {
  return `{"variant_id":"${variantId}","quantity":1}`;
}
