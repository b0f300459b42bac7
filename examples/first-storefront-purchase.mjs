import Medusa from "@medusajs/medusa-js";

const baseUrl = process.env.CARTWRIGHT_URL ?? "http://127.0.0.1:9000";
const medusa = new Medusa({ baseUrl, maxRetries: 3 });

// A shopper in Germany: the region says what things cost and how they are sent.
const { regions } = await medusa.regions.list();
const region = regions.find(({ countries }) => countries.some(({ iso_2 }) => iso_2 === "de"));
const { products } = await medusa.products.list({ region_id: region.id, limit: 1 });
const [variant] = products[0].variants;

const { cart } = await medusa.carts.create({ region_id: region.id });
await medusa.carts.lineItems.create(cart.id, { variant_id: variant.id, quantity: 1 });
await medusa.carts.update(cart.id, {
  email: "ada@example.com",
  shipping_address: {
    first_name: "Ada",
    last_name: "Byron",
    address_1: "Lange Gasse 12",
    city: "Berlin",
    postal_code: "10115",
    country_code: "de",
  },
});
const { shipping_options } = await medusa.shippingOptions.listCartOptions(cart.id);
await medusa.carts.addShippingMethod(cart.id, { option_id: shipping_options[0].id });
await medusa.carts.createPaymentSessions(cart.id);
await medusa.carts.setPaymentSession(cart.id, { provider_id: "manual" });

const { type, data } = await medusa.carts.complete(cart.id);
const total = (data.total / 100).toFixed(2);
console.log(`The cart is an ${type}, number ${data.display_id}: ${total} ${data.currency_code}`);
console.log(`It is ${data.status}, its payment ${data.payment_status}, and ${data.fulfillment_status}`);
