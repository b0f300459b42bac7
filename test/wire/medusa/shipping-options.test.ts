import { beforeAll, expect, test } from "vitest";
import { useMedusa } from "./harness.ts";

const wire = useMedusa();
let regionId: string;
let otherRegionId: string;
let profileId: string;

const region = { currency_code: "usd", tax_rate: 20, payment_providers: ["manual"] };
const flat = () => ({
  region_id: regionId,
  provider_id: "manual",
  data: { id: "manual-fulfillment" },
  price_type: "flat_rate",
});
const ask = (body: object) =>
  wire.ask("POST", "/admin/shipping-options", { ...flat(), ...body }, { as: "admin" });
const make = async (body: object) => {
  const answer = await ask(body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.shipping_option;
};

beforeAll(async () => {
  const made = async (name: string, fulfillment_providers: string[]) =>
    (await wire.admin("POST", "/admin/regions", { ...region, name, countries: [], fulfillment_providers }))
      .region.id;
  regionId = await made("One", ["manual", "calcship"]);
  otherRegionId = await made("Two", ["manual"]);
  const { shipping_profiles } = await wire.admin("GET", "/admin/shipping-profiles");
  expect(shipping_profiles.map(({ name, type }: { name: string; type: string }) => [name, type])).toEqual([
    ["Default Shipping Profile", "default"],
    ["Gift Card Profile", "gift_card"],
  ]);
  profileId = shipping_profiles[0].id;
});

test("options of a region, as staff and as shoppers see them", async () => {
  const standard = await make({ name: "Standard", amount: 500 });
  const free = await make({
    name: "Free over 100",
    amount: 0,
    requirements: [{ type: "min_subtotal", amount: 10_000 }],
  });
  const hidden = await make({ name: "Hidden", amount: 1, admin_only: true });
  const back = await make({ name: "Return", amount: 400, is_return: true });
  const calculated = await make({ name: "Calculated", provider_id: "calcship", price_type: "calculated" });
  await make({ name: "Elsewhere", amount: 1, region_id: otherRegionId });
  expect(standard).toMatchObject({
    id: expect.stringMatching(/^so_/),
    region_id: regionId,
    profile_id: profileId,
    provider_id: "manual",
    price_type: "flat_rate",
    amount: 500,
    is_return: false,
    admin_only: false,
    data: { id: "manual-fulfillment" },
    metadata: null,
    profile: { id: profileId, type: "default" },
    region: { id: regionId, name: "One" },
    requirements: [],
  });
  expect(standard.region).not.toHaveProperty("countries");
  expect(free.requirements).toEqual([
    {
      id: expect.stringMatching(/^sor_/),
      shipping_option_id: free.id,
      type: "min_subtotal",
      amount: 10_000,
      deleted_at: null,
    },
  ]);
  expect(calculated.amount).toBeNull();

  const { body } = await wire.ask("GET", `/store/shipping-options?region_id=${regionId}`);
  expect(Object.keys(body)).toEqual(["shipping_options"]);
  expect(body.shipping_options.map(({ name }: { name: string }) => name)).toEqual([
    "Standard",
    "Free over 100",
    "Return",
    "Calculated",
  ]);
  expect(body.shipping_options[0]).toMatchObject({
    price_incl_tax: 600,
    tax_rates: [{ rate: 20, name: "default", code: "default" }],
    tax_amount: 100,
  });
  expect(body.shipping_options[3]).toMatchObject({ amount: null, price_incl_tax: 0, tax_amount: 0 });
  const returns = await wire.ask("GET", `/store/shipping-options?is_return=true&region_id=${regionId}`);
  expect(returns.body.shipping_options.map(({ id }: { id: string }) => id)).toEqual([back.id]);

  const listed = await wire.admin("GET", `/admin/shipping-options?region_id=${regionId}`);
  expect(listed).toMatchObject({ count: 5, offset: 0, limit: 50 });
  expect(listed.shipping_options.find(({ id }: { id: string }) => id === hidden.id).price_incl_tax).toBe(1);
  const onlyHidden = await wire.admin("GET", "/admin/shipping-options?admin_only=true");
  expect(onlyHidden.count).toBe(1);

  // A rate that is attached to an option takes the place of the region's.
  const { tax_rate } = await wire.admin("POST", "/admin/tax-rates", {
    name: "reduced",
    code: "RED",
    rate: 5,
    region_id: regionId,
    shipping_options: [standard.id],
  });
  expect(tax_rate).toMatchObject({ name: "reduced", code: "RED", rate: 5, region_id: regionId });
  const taxed = await wire.ask("GET", `/store/shipping-options?region_id=${regionId}`);
  expect(taxed.body.shipping_options[0]).toMatchObject({
    price_incl_tax: 525,
    tax_rates: [{ rate: 5, name: "reduced", code: "RED" }],
  });
  const attached = await wire.admin("GET", "/admin/tax-rates?expand=shipping_options,products");
  expect(attached.tax_rates).toMatchObject([{ shipping_options: [{ id: standard.id }], products: [] }]);
  const path = `/admin/tax-rates/${tax_rate.id}`;
  expect((await wire.admin("GET", path)).tax_rate).toEqual(tax_rate);
  const left = await wire.admin("DELETE", `${path}/shipping-options/batch?expand=shipping_options`, {
    shipping_options: [standard.id],
  });
  expect(left.tax_rate).toMatchObject({ id: tax_rate.id, shipping_options: [] });
  expect(left.tax_rate).not.toHaveProperty("products");
  const untaxed = await wire.ask("GET", `/store/shipping-options?region_id=${regionId}`);
  expect(untaxed.body.shipping_options[0].price_incl_tax).toBe(600);
});

test("a price that includes tax holds it", async () => {
  const option = await make({ name: "Inclusive", amount: 1200, includes_tax: true });
  const { shipping_options } = (await wire.ask("GET", `/store/shipping-options?region_id=${regionId}`)).body;
  expect(shipping_options.find(({ id }: { id: string }) => id === option.id)).toMatchObject({
    amount: 1200,
    includes_tax: true,
    price_incl_tax: 1200,
    tax_amount: 200,
  });
});

const min = (amount: number) => ({ type: "min_subtotal", amount });
const max = (amount: number) => ({ type: "max_subtotal", amount });
test.each([
  [{}, 400, "Shipping options of type `flat_rate` must have an `amount`"],
  [{ amount: 1, requirements: [max(10), min(20)] }, 400, "Max. subtotal must be greater than Min. subtotal"],
  [
    { amount: 1, requirements: [min(1), min(2)] },
    400,
    "Only one requirement of each type is allowed, and there are several of min_subtotal",
  ],
  [
    { amount: 1, provider_id: "nope" },
    400,
    "The fulfillment provider is not available in the provided region",
  ],
  [
    { price_type: "calculated" },
    400,
    "The fulfillment provider manual cannot calculate prices for this option",
  ],
  [{ amount: 1, region_id: "reg_x" }, 404, "Region with reg_x was not found"],
  [{ amount: 1, profile_id: "sp_x" }, 404, "Shipping Profile with id: sp_x was not found"],
  [{ amount: -1 }, 400, "amount must not be less than 0"],
])("an option with %j is refused", async (body, status, message) => {
  const answer = await ask({ name: "Bad", ...body });
  expect(answer.status).toBe(status);
  expect(answer.body.message).toBe(message);
});

test("what may change of an option, and what may not", async () => {
  const option = await make({ name: "Slow", amount: 700, requirements: [min(100)] });
  const path = `/admin/shipping-options/${option.id}`;
  const [requirement] = option.requirements;
  const changed = await wire.admin("POST", path, {
    amount: 650,
    requirements: [{ id: requirement.id, ...min(200) }, max(5000)],
  });
  expect(changed.shipping_option).toMatchObject({ amount: 650, name: "Slow" });
  expect(changed.shipping_option.requirements).toMatchObject([
    { id: requirement.id, amount: 200 },
    max(5000),
  ]);
  const crossed = await wire.ask("POST", path, { requirements: [max(1), min(1)] }, { as: "admin" });
  expect(crossed.status).toBe(400);
  const foreign = await wire.ask(
    "POST",
    path,
    { requirements: [{ id: "sor_x", ...min(1) }] },
    { as: "admin" },
  );
  expect(foreign.status).toBe(404);
  const moved = await wire.ask("POST", path, { region_id: otherRegionId }, { as: "admin" });
  expect(moved.body.message).toBe("property region_id should not exist");
  expect((await wire.admin("GET", path)).shipping_option).toEqual(changed.shipping_option);
  expect((await wire.admin("POST", path, { requirements: [] })).shipping_option.requirements).toEqual([]);
  expect(await wire.admin("DELETE", path)).toEqual({
    id: option.id,
    object: "shipping-option",
    deleted: true,
  });
  expect((await wire.ask("GET", path, undefined, { as: "admin" })).status).toBe(404);
  expect(await wire.admin("DELETE", "/admin/shipping-options/so_x")).toEqual({
    id: "so_x",
    object: "shipping-option",
    deleted: true,
  });
});

test("profiles: two are there for good, others come and go", async () => {
  const { shipping_profile } = await wire.admin("POST", "/admin/shipping-profiles", {
    name: "Pallets",
    type: "custom",
  });
  const path = `/admin/shipping-profiles/${shipping_profile.id}`;
  expect((await wire.admin("POST", path, { name: "Big pallets" })).shipping_profile.name).toBe("Big pallets");
  const second = await wire.ask(
    "POST",
    "/admin/shipping-profiles",
    { name: "Mine", type: "default" },
    { as: "admin" },
  );
  expect(second.status).toBe(400);
  const kept = await wire.ask("DELETE", `/admin/shipping-profiles/${profileId}`, undefined, { as: "admin" });
  expect(kept.status).toBe(400);
  await wire.admin("DELETE", path);
  expect((await wire.admin("GET", "/admin/shipping-profiles")).shipping_profiles).toHaveLength(2);
});
