import { expect, test } from "vitest";
import { useMedusa } from "./harness.ts";

const wire = useMedusa();
const europe = {
  name: "Europe",
  currency_code: "usd",
  tax_rate: 20,
  payment_providers: ["manual"],
  fulfillment_providers: ["manual", "calcship"],
};

test("a region is made, shown to everybody, changed and deleted", async () => {
  const { region } = await wire.admin("POST", "/admin/regions", {
    ...europe,
    tax_code: "VAT",
    countries: ["de", "DK", "de"],
  });
  expect(region).toMatchObject({
    id: expect.stringMatching(/^reg_/),
    deleted_at: null,
    name: "Europe",
    currency_code: "usd",
    tax_rate: 20,
    tax_code: "VAT",
    gift_cards_taxable: true,
    automatic_taxes: true,
    tax_provider_id: null,
    metadata: null,
    currency: { code: "usd", symbol: "$", symbol_native: "$", name: "US Dollar" },
    fulfillment_providers: [
      { id: "manual", is_installed: true },
      { id: "calcship", is_installed: true },
    ],
    payment_providers: [{ id: "manual", is_installed: true }],
  });
  expect(region.countries).toEqual([
    {
      id: 82,
      iso_2: "de",
      iso_3: "deu",
      num_code: 276,
      name: "GERMANY",
      display_name: "Germany",
      region_id: region.id,
    },
    {
      id: 60,
      iso_2: "dk",
      iso_3: "dnk",
      num_code: 208,
      name: "DENMARK",
      display_name: "Denmark",
      region_id: region.id,
    },
  ]);
  expect((await wire.ask("GET", `/store/regions/${region.id}`)).body.region).toEqual(region);
  const listed = await wire.ask("GET", "/store/regions");
  expect(listed.body).toEqual({ regions: [region], count: 1, limit: 100, offset: 0 });

  const path = `/admin/regions/${region.id}`;
  const changed = await wire.admin("POST", path, { automatic_taxes: false, tax_rate: 19.5 });
  expect(changed.region).toMatchObject({ automatic_taxes: false, tax_rate: 19.5, name: "Europe" });
  const more = await wire.admin("POST", `${path}/countries`, { country_code: "it" });
  expect(more.region.countries.map(({ iso_2 }: { iso_2: string }) => iso_2)).toEqual(["de", "dk", "it"]);
  const less = await wire.admin("DELETE", `${path}/countries/de`);
  expect(less.region.countries.map(({ iso_2 }: { iso_2: string }) => iso_2)).toEqual(["dk", "it"]);
  const unshipped = await wire.admin("DELETE", `${path}/fulfillment-providers/calcship`);
  expect(unshipped.region.fulfillment_providers).toEqual([{ id: "manual", is_installed: true }]);
  await wire.admin("POST", `${path}/fulfillment-providers`, { provider_id: "calcship" });
  expect(await wire.admin("GET", `${path}/fulfillment-options`)).toEqual({
    fulfillment_options: [
      {
        provider_id: "manual",
        options: [{ id: "manual-fulfillment" }, { id: "manual-fulfillment-return", is_return: true }],
      },
      { provider_id: "calcship", options: [{ id: "calc-std" }, { id: "calc-return", is_return: true }] },
    ],
  });
  expect(await wire.admin("DELETE", path)).toEqual({ id: region.id, object: "region", deleted: true });
  expect(await wire.admin("DELETE", path)).toEqual({ id: region.id, object: "region", deleted: true });
  expect((await wire.ask("GET", `/store/regions/${region.id}`)).body).toEqual({
    type: "not_found",
    message: `Region with ${region.id} was not found`,
  });
  // Its countries are free again.
  const next = await wire.admin("POST", "/admin/regions", { ...europe, countries: ["dk", "it"] });
  await wire.admin("DELETE", `/admin/regions/${next.region.id}`);
});

test("a country is in one region, also when ten want it at once", async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      wire.ask(
        "POST",
        "/admin/regions",
        { ...europe, name: `R${index}`, countries: index % 2 ? ["se", "no"] : ["no", "se"] },
        { as: "admin" },
      ),
    ),
  );
  const made = answers.filter(({ status }) => status === 200);
  expect(made).toHaveLength(1);
  const winner = made[0]!.body.region.id;
  for (const { status, body } of answers.filter((answer) => answer.status !== 200)) {
    expect(status).toBe(422);
    expect(body).toEqual({
      code: "invalid_request_error",
      type: "duplicate_error",
      message: expect.stringMatching(new RegExp(`^(Norway|Sweden) already exists in region ${winner}$`)),
    });
  }
  const { count } = (await wire.ask("GET", "/store/regions")).body;
  expect(count).toBe(1);
  // What was refused took nothing with it: a change that fails half way leaves the region as it was.
  const other = (await wire.admin("POST", "/admin/regions", { ...europe, countries: ["fi"] })).region;
  const refused = await wire.ask(
    "POST",
    `/admin/regions/${other.id}`,
    { name: "Changed", countries: ["is", "se"] },
    { as: "admin" },
  );
  expect(refused.status).toBe(422);
  expect(await wire.admin("GET", `/admin/regions/${other.id}`)).toEqual({ region: other });
  await wire.admin("POST", `/admin/regions/${other.id}/countries`, { country_code: "is" });
  for (const id of [winner, other.id]) await wire.admin("DELETE", `/admin/regions/${id}`);
});

test.each([
  ["currency_code", "xxx", 400, "The currency xxx is not one of the store's"],
  ["countries", ["qq"], 400, "Country with country_code qq does not exist."],
  ["payment_providers", ["cash"], 400, "There is no payment provider cash"],
  ["fulfillment_providers", ["mule"], 400, "There is no fulfillment provider mule"],
  ["tax_rate", 101, 400, "tax_rate must not be greater than 100"],
  ["colour", "red", 400, "property colour should not exist"],
])("a region with %s %j is refused", async (member, value, status, message) => {
  const body = { ...europe, countries: ["nl"], [member]: value };
  const answer = await wire.ask("POST", "/admin/regions", body, { as: "admin" });
  expect(answer.status).toBe(status);
  expect(answer.body).toEqual({ type: "invalid_data", message });
  const taken = await wire.ask("GET", "/store/regions");
  expect(taken.body.count).toBe(0);
});

test("a body with nearly nothing right is told all of it, in the order of the schema", async () => {
  const { body } = await wire.ask("POST", "/admin/regions", { name: 1 }, { as: "admin" });
  expect(body.message).toBe(
    "name must be a string, currency_code must be a string, tax_rate must be a number conforming to the specified " +
      "constraints, each value in payment_providers must be a string, payment_providers must be an array, each value " +
      "in fulfillment_providers must be a string, fulfillment_providers must be an array, each value in countries must " +
      "be a string, countries must be an array",
  );
});

test("lists are filtered, sorted and cut", async () => {
  const ids: string[] = [];
  for (const name of ["Bravo", "Alpha", "Charlie"]) {
    ids.push((await wire.admin("POST", "/admin/regions", { ...europe, name, countries: [] })).region.id);
  }
  const names = async (query: string): Promise<string[]> =>
    (await wire.admin("GET", `/admin/regions${query}`)).regions.map(({ name }: { name: string }) => name);
  expect(await names("")).toEqual(["Charlie", "Alpha", "Bravo"]);
  expect(await names("?order=name")).toEqual(["Alpha", "Bravo", "Charlie"]);
  expect(await names("?order=-name&limit=1&offset=1")).toEqual(["Bravo"]);
  expect(await names("?q=LPH")).toEqual(["Alpha"]);
  expect(await names("?created_at[gt]=2100-01-01")).toEqual([]);
  expect(await names("?created_at%5Blt%5D=2100-01-01&limit=2")).toEqual(["Charlie", "Alpha"]);
  expect((await wire.admin("GET", "/admin/regions?limit=1")).count).toBe(3);
  const unknown = await wire.ask("GET", "/admin/regions?colour=red", undefined, { as: "admin" });
  expect(unknown).toMatchObject({ status: 400, body: { message: "property colour should not exist" } });
  for (const id of ids) await wire.admin("DELETE", `/admin/regions/${id}`);
});

test("shoppers may look and nothing else", async () => {
  for (const [method, path] of [
    ["GET", "/admin/regions"],
    ["POST", "/admin/regions"],
    ["DELETE", "/admin/regions/reg_x"],
  ] as const) {
    expect(await wire.ask(method, path)).toMatchObject({ status: 401, body: "Unauthorized" });
  }
});
