/** The steps of a journey, in their order. */
export const steps = ["create cart", "add item 1", "add item 2", "check out", "authorize", "capture"];

const address = {
  first_name: "Ada",
  last_name: "Byron",
  line_1: "12 Long Lane",
  city: "Springfield",
  region: "IL",
  postcode: "62701",
  country: "US",
};
const newCart = JSON.stringify({ data: { name: "Bench" } });
/** What a checkout sends. */
export const checkoutBody = JSON.stringify({
  data: {
    customer: { name: "Ada Byron", email: "ada@example.com" },
    billing_address: address,
    shipping_address: address,
  },
});
/** What a payment sends. */
export const authorizeBody = JSON.stringify({ data: { gateway: "manual", method: "authorize" } });
const captureBody = "{}";

/** The body that adds one piece of a product. */
export function itemBody(productId) {
  return `{"data":{"type":"cart_item","id":"${productId}","quantity":1}}`;
}

/** The answer, when it has the wanted status; otherwise the load is not what it claims to be, and nothing counts. */
export function expectStatus(answer, status, what) {
  if (answer.status === status) return answer;
  throw new Error(`${what} was answered ${answer.status} instead of ${status}: ${answer.text}`);
}

/**
 * One purchase from the first click to the captured payment, six requests one after the other. `note` is told the
 * number of each step and its milliseconds; `keyed` sends an idempotency key with each request.
 * @returns ids of cart, order and transaction
 */
export async function journey(connection, shop, productIds, note = () => {}, keyed = false) {
  const { shopperHeaders, shopHeaders } = shop;
  const ask = async (step, status, path, headers, body) => {
    const sent = keyed ? [...headers, "idempotency-key", crypto.randomUUID()] : headers;
    const start = performance.now();
    const answer = await connection.send("POST", path, sent, body);
    note(step, performance.now() - start);
    return expectStatus(answer, status, steps[step]);
  };
  const cartId = (await ask(0, 201, "/v2/carts", shopperHeaders, newCart)).id;
  const cart = `/v2/carts/${cartId}`;
  await ask(1, 201, `${cart}/items`, shopperHeaders, itemBody(productIds[0]));
  await ask(2, 201, `${cart}/items`, shopperHeaders, itemBody(productIds[1]));
  const orderId = (await ask(3, 201, `${cart}/checkout`, shopperHeaders, checkoutBody)).id;
  const order = `/v2/orders/${orderId}`;
  const transactionId = (await ask(4, 201, `${order}/payments`, shopperHeaders, authorizeBody)).id;
  await ask(5, 200, `${order}/transactions/${transactionId}/capture`, shopHeaders, captureBody);
  return { cartId, orderId, transactionId };
}

/** A purchase over the Elastic Path API: what loads are made of unless they say otherwise. */
export const elasticPathJourney = { steps, run: journey };
