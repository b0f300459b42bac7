import { beforeAll, expect, test } from "vitest";
import { aShop, type Shop } from "./a-shop.ts";
import { useMedusa } from "./harness.ts";

const wire = useMedusa();
let shop: Shop;

beforeAll(async () => {
  shop = await aShop(wire);
});

test("an address that is neither an address nor the id of one is refused in a document", async () => {
  const { cart } = (await wire.ask("POST", "/store/carts", { region_id: shop.regionId })).body;
  const refused = async (body: object) => {
    const answer = await wire.ask("POST", `/store/carts/${cart.id}`, body);
    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data" } });
    return JSON.parse(answer.body.message);
  };
  expect(await refused({ shipping_address: 5 })).toEqual({
    message: "shipping_address must be one of: AddressPayload,String",
    details: { AddressPayload: ["must be an object"] },
  });
  expect(await refused({ billing_address: { city: 1, planet: "Mars" }, region_id: 5 })).toEqual({
    message: "billing_address must be one of: AddressPayload,String",
    details: { AddressPayload: ["property planet should not exist", "city must be a string"] },
  });
  const fits = await wire.ask("POST", `/store/carts/${cart.id}`, { shipping_address: { city: "Berlin" } });
  expect(fits.body.cart.shipping_address.city).toBe("Berlin");
});

test("so is the billing address of a customer", async () => {
  const details = { first_name: "Ann", last_name: "Lee", email: "ann@example.com", password: "longenough" };
  const made = await wire.ask("POST", "/store/customers", details);
  const cookie = made.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const body = { billing_address: { city: 1 } };
  const answer = await wire.ask("POST", "/store/customers/me", body, { headers: { cookie } });
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.body.message)).toEqual({
    message: "billing_address must be one of: AddressPayload,String",
    details: { AddressPayload: ["city must be a string"] },
  });
});
