import { expect, test } from "vitest";
import { aShop, readyCart } from "./a-shop.ts";
import { useMedusa } from "./harness.ts";

const wire = useMedusa({ CARTWRIGHT_ORDERS_BY_ID: "owner" });

test("an engine that is told so shows an order by its id only to who bought it; a guest finds it by number and e-mail", async () => {
  const shop = await aShop(wire);
  const person = { email: "owner@example.com", password: "correct horse battery" };
  await wire.ask("POST", "/store/customers", { ...person, first_name: "O", last_name: "W" });
  const { access_token: token } = (await wire.ask("POST", "/store/auth/token", person)).body;
  const mine = { headers: { authorization: `Bearer ${token}` } };
  const buy = async (headers?: typeof mine) => {
    const path = await readyCart(wire, shop);
    if (headers) await wire.ask("GET", path, undefined, headers);
    const { body } = await wire.ask("POST", `${path}/complete`, undefined, headers);
    return {
      order: body.data,
      paths: [`/store/orders/${body.data.id}`, path.replace("carts", "orders/cart")],
    };
  };
  const own = await buy(mine);
  const guests = await buy();
  for (const path of own.paths) {
    expect((await wire.ask("GET", path, undefined, mine)).body.order.id).toBe(own.order.id);
    expect((await wire.ask("GET", path)).status).toBe(404);
  }
  for (const path of guests.paths) {
    expect((await wire.ask("GET", path)).status).toBe(404);
    expect((await wire.ask("GET", path, undefined, mine)).status).toBe(404);
  }
  const { display_id, email } = guests.order;
  const found = await wire.ask("GET", `/store/orders?display_id=${display_id}&email=${email}`);
  expect(found.body.order.id).toBe(guests.order.id);
});

test("a cart remembers where it was made from, and wants an e-mail address where it is given one", async () => {
  const { cart } = (
    await wire.ask(
      "POST",
      "/store/carts",
      { context: { shelf: "a" } },
      { headers: { "user-agent": "Shop/1" } },
    )
  ).body;
  expect(cart.context).toEqual({ ip: "127.0.0.1", user_agent: "Shop/1", shelf: "a" });
  const headers = { "x-forwarded-for": "203.0.113.9, 10.0.0.1" };
  const behind = (await wire.ask("POST", "/store/carts", {}, { headers })).body.cart;
  expect(behind.context.ip).toBe("203.0.113.9");
  const nobody = await wire.ask("POST", `/store/carts/${cart.id}`, { email: null });
  expect(nobody).toMatchObject({
    status: 400,
    body: { type: "invalid_data", message: "The email is not valid" },
  });
});
