import { beforeAll, expect, test } from "vitest";
import { engineId } from "../../../src/http/medusa/ids.ts";
import { useMedusa } from "./harness.ts";

const wire = useMedusa();

let region = "";
let variant = "";
beforeAll(async () => {
  const body = {
    name: "US",
    currency_code: "usd",
    tax_rate: 0,
    payment_providers: ["manual"],
    fulfillment_providers: ["manual"],
    countries: ["us"],
  };
  region = (await wire.admin("POST", "/admin/regions", body)).region.id;
  const { product } = await wire.admin("POST", "/admin/products", {
    title: "A thing",
    status: "published",
    options: [{ title: "Size" }],
    variants: [
      {
        title: "One",
        manage_inventory: false,
        prices: [{ currency_code: "usd", amount: 1000 }],
        options: [{ value: "One" }],
      },
    ],
  });
  variant = product.variants[0].id;
});

/** Buys a thing, as a guest with that e-mail address or as who is signed in. */
async function buy(email: string | undefined, headers: Readonly<Record<string, string>> = {}) {
  const items = [{ variant_id: variant, quantity: 1 }];
  const { body } = await wire.ask("POST", "/store/carts", { region_id: region, items }, { headers });
  const path = `/store/carts/${body.cart.id}`;
  if (email !== undefined) await wire.ask("POST", path, { email }, { headers });
  await wire.ask("POST", `${path}/payment-sessions`, {}, { headers });
  const completed = await wire.ask("POST", `${path}/complete`, {}, { headers });
  expect(completed.body.type, JSON.stringify(completed.body)).toBe("order");
  return completed.body.data;
}

test("L2 a guest buys with a registered e-mail address; the order is that customer's once claimed with proof", async () => {
  const email = "ann@example.com";
  const registered = await wire.ask("POST", "/store/customers", { email, password: "secret1" });
  const { id } = registered.body.customer;
  const { body: token } = await wire.ask("POST", "/store/auth/token", { email, password: "secret1" });
  const headers = { authorization: `Bearer ${token.access_token}` };
  const mine = async () => {
    const { body } = await wire.ask("GET", "/store/customers/me/orders", undefined, { headers });
    return body.orders.map((order: { id: string }) => order.id);
  };

  const own = await buy(undefined, headers);
  expect(own).toMatchObject({ customer_id: id, email });
  const bought = await buy("Ann@Example.com");
  expect(bought.email).toBe(email);
  expect(bought.customer_id).not.toBe(id);
  expect(await mine()).toEqual([own.id]);
  // The same guest, when the address is the same.
  expect((await buy(email)).customer_id).toBe(bought.customer_id);

  const asked = await wire.ask(
    "POST",
    "/store/orders/batch/customer/token",
    { order_ids: [bought.id, own.id] },
    { headers },
  );
  expect(asked.status).toBe(200);
  expect(await mine()).toEqual([own.id]);
  const { core, storeId } = wire.engine.engine;
  const events = await core.deps.storage.events.of(storeId, engineId("cus", id));
  const [event] = events.filter(({ type }) => type === "order-update-token.created");
  expect(event?.payload.orders).toEqual([engineId("order", bought.id)]);
  const confirmed = await wire.ask("POST", "/store/orders/customer/confirm", { token: event?.payload.token });
  expect(confirmed).toMatchObject({ status: 200, body: "OK" });
  expect((await mine()).sort()).toEqual([bought.id, own.id].sort());
  const { body } = await wire.ask("GET", `/store/orders/${bought.id}`);
  expect(body.order).toMatchObject({ customer_id: id, email, customer: { id, has_account: true } });
});
