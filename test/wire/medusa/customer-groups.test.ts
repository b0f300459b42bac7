import { expect, test } from "vitest";
import { aShop } from "./a-shop.ts";
import { useMedusa } from "./harness.ts";

const wire = useMedusa();

test("a discount for a group of customers is for those whom staff put into it", async () => {
  const shop = await aShop(wire);
  const { customer_group: group } = await wire.admin("POST", "/admin/customer-groups", {
    name: "Regulars",
    metadata: { since: 2020 },
  });
  const path = `/admin/customer-groups/${group.id}`;
  expect((await wire.admin("GET", path)).customer_group).toEqual(group);
  const taken = await wire.ask("POST", "/admin/customer-groups", { name: "Regulars" }, { as: "admin" });
  expect(taken).toMatchObject({ status: 422, body: { type: "duplicate_error" } });
  const { discount } = await wire.admin("POST", "/admin/discounts", {
    code: "REGULAR",
    rule: {
      ...{ type: "percentage", value: 10, allocation: "total" },
      conditions: [{ operator: "in", customer_groups: [group.id] }],
    },
    regions: [shop.regionId],
  });

  const person = { email: "ada@example.com", password: "correct horse battery" };
  const { customer } = (
    await wire.ask("POST", "/store/customers", { ...person, first_name: "A", last_name: "B" })
  ).body;
  const { access_token: token } = (await wire.ask("POST", "/store/auth/token", person)).body;
  const headers = { authorization: `Bearer ${token}` };
  const items = [{ variant_id: shop.variantId, quantity: 1 }];
  const body = { region_id: shop.regionId, items };
  const { cart } = (await wire.ask("POST", "/store/carts", body, { headers })).body;
  const enter = async () =>
    wire.ask("POST", `/store/carts/${cart.id}`, { discounts: [{ code: discount.code }] }, { headers });
  expect(await enter()).toMatchObject({ status: 400, body: { type: "not_allowed" } });

  const people = async () => (await wire.admin("GET", `${path}/customers`)).customers;
  expect(await people()).toEqual([]);
  const batch = { customer_ids: [{ id: customer.id }] };
  const unknown = { customer_ids: [{ id: customer.id }, { id: "cus_x" }] };
  const refused = await wire.ask("POST", `${path}/customers/batch`, unknown, { as: "admin" });
  expect(refused).toMatchObject({ status: 404, body: { type: "not_found" } });
  expect(await people()).toEqual([]);
  expect((await wire.admin("POST", `${path}/customers/batch`, batch)).customer_group.id).toBe(group.id);
  await wire.admin("POST", `${path}/customers/batch`, batch);
  expect(await people()).toMatchObject([{ id: customer.id }]);
  expect((await enter()).body.cart).toMatchObject({ discount_total: 100 });
  const seen = await wire.admin("GET", `/admin/customers/${customer.id}?expand=groups`);
  expect(seen.customer.groups).toMatchObject([{ id: group.id, name: "Regulars" }]);
  expect((await wire.admin("GET", `/admin/customers?groups[]=${group.id}`)).count).toBe(1);
  expect((await wire.admin("GET", "/admin/customers?groups[]=cgrp_x")).count).toBe(0);

  const renamed = await wire.admin("POST", path, { name: "Friends" });
  expect(renamed.customer_group).toMatchObject({ name: "Friends", metadata: { since: 2020 } });
  expect((await wire.admin("GET", "/admin/customer-groups?q=frie")).customer_groups).toMatchObject([
    { id: group.id },
  ]);
  await wire.admin("DELETE", `${path}/customers/batch`, batch);
  expect(await people()).toEqual([]);
  await wire.admin("POST", `/admin/customers/${customer.id}`, { groups: [{ id: group.id }] });
  expect((await people()).length).toBe(1);
  expect(await wire.admin("DELETE", path)).toEqual({ id: group.id, object: "customer_group", deleted: true });
  expect((await wire.ask("GET", path, undefined, { as: "admin" })).status).toBe(404);
});
