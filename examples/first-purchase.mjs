import sdk from "@moltin/sdk";

// What `npm start` printed at its first start.
const client_id = process.env.CARTWRIGHT_CLIENT_ID;
const client_secret = process.env.CARTWRIGHT_CLIENT_SECRET;
const host = process.env.CARTWRIGHT_HOST ?? "127.0.0.1:9000";

// The shopper's side knows the client id only; it may run in a browser.
const shopper = sdk.gateway({ client_id, host, protocol: "http", storage: new sdk.MemoryStorageFactory() });
const cart = shopper.Cart(`first-purchase-${Date.now()}`);
await cart.AddProduct("WF-BOWL", 1, {}, true);
await cart.AddCustomItem({ name: "Parcel", sku: "parcel", quantity: 1, price: { amount: 650 } });

const ada = { name: "Ada Byron", email: "ada@example.com" };
const address = {
  first_name: "Ada",
  last_name: "Byron",
  line_1: "12 Long Lane",
  city: "Springfield",
  region: "IL",
  postcode: "62701",
  country: "US",
};
const { data: order } = await cart.Checkout(ada, address);
console.log(`Order ${order.id} over ${order.meta.display_price.with_tax.formatted} is ${order.status}`);

const { data: payment } = await shopper.Orders.Payment(order.id, { gateway: "manual", method: "authorize" });

// The shop's side has the secret; it captures the payment and ships the order.
const shop = sdk.gateway({
  client_id,
  client_secret,
  host,
  protocol: "http",
  storage: new sdk.MemoryStorageFactory(),
});
await shop.Transactions.Capture({ order: order.id, transaction: payment.id });
const { data: shipped } = await shop.Orders.Update(order.id, { shipping: "fulfilled" });
console.log(`It is ${shipped.status}, ${shipped.payment} and ${shipped.shipping}`);
