import { expect, test } from "vitest";
import { useMedusa } from "./harness.ts";

const wire = useMedusa({ CARTWRIGHT_PUBLISHABLE_KEY: "pk_of_my_own" });

test("the store, its currencies and its default", async () => {
  const { store } = await wire.admin("POST", "/admin/store", { currencies: ["eur", "usd", "DKK"] });
  const currency = (code: string, symbol: string, symbol_native: string, name: string) => ({
    code,
    symbol,
    symbol_native,
    name,
    includes_tax: false,
  });
  expect(store).toMatchObject({
    id: expect.stringMatching(/^store_/),
    default_currency_code: "usd",
    swap_link_template: null,
    default_sales_channel_id: expect.stringMatching(/^sc_/),
  });
  expect(
    store.currencies.sort((a: { code: string }, b: { code: string }) => (a.code < b.code ? -1 : 1)),
  ).toEqual([
    currency("dkk", "Dkr", "kr", "Danish Krone"),
    currency("eur", "€", "€", "Euro"),
    currency("usd", "$", "$", "US Dollar"),
  ]);
  // One table of currencies for both dialects.
  const seen = await wire.engine.ask("GET", "/v2/currencies");
  expect(seen.body.data.map(({ code }: { code: string }) => code).sort()).toEqual(["DKK", "EUR", "USD"]);

  const moved = await wire.admin("POST", "/admin/store", {
    name: "Wren",
    default_currency_code: "eur",
    metadata: { since: 1999 },
    swap_link_template: "https://shop.example/swap={cart_id}",
  });
  expect(moved.store).toMatchObject({
    name: "Wren",
    default_currency_code: "eur",
    metadata: { since: 1999 },
    swap_link_template: "https://shop.example/swap={cart_id}",
  });
  const defaults = await wire.engine.ask("GET", "/v2/currencies");
  expect(
    defaults.body.data
      .filter((row: { default: boolean }) => row.default)
      .map((row: { code: string }) => row.code),
  ).toEqual(["EUR"]);
  const kept = await wire.ask("DELETE", "/admin/store/currencies/eur", undefined, { as: "admin" });
  expect(kept.status).toBe(400);
  const without = await wire.admin("DELETE", "/admin/store/currencies/dkk");
  expect(without.store.currencies.map(({ code }: { code: string }) => code).sort()).toEqual(["eur", "usd"]);
  const unknown = await wire.ask("POST", "/admin/store/currencies/zzz", undefined, { as: "admin" });
  expect(unknown.status).toBe(400);

  // All or nothing: the name stays when a currency is refused.
  const refused = await wire.ask(
    "POST",
    "/admin/store",
    { name: "No", currencies: ["usd"] },
    { as: "admin" },
  );
  expect(refused.status).toBe(400);
  const whole = await wire.admin("GET", "/admin/store");
  expect(whole.store).toMatchObject({
    name: "Wren",
    default_currency: { code: "eur" },
    default_sales_channel: { name: "Default Sales Channel", is_disabled: false },
    payment_providers: expect.arrayContaining([{ id: "manual", is_installed: true }]),
    fulfillment_providers: [
      { id: "manual", is_installed: true },
      { id: "calcship", is_installed: true },
    ],
  });
  const offered = await wire.admin("GET", "/admin/store/payment-providers");
  // What is not set up cannot be offered.
  expect(offered.payment_providers.map(({ id }: { id: string }) => id)).not.toContain("stripe");
  expect(await wire.admin("GET", "/admin/store/tax-providers")).toEqual({ tax_providers: [] });
});

test("prices of a currency may include tax", async () => {
  const { currency } = await wire.admin("POST", "/admin/currencies/usd", { includes_tax: true });
  expect(currency).toMatchObject({ code: "usd", includes_tax: true });
  const listed = await wire.admin("GET", "/admin/currencies?includes_tax=true");
  expect(listed.currencies.map(({ code }: { code: string }) => code)).toEqual(["usd"]);
  const all = await wire.admin("GET", "/admin/currencies?limit=2");
  expect(all.count).toBeGreaterThan(100);
  expect(all.currencies).toHaveLength(2);
});

test("sales channels, and the keys that name them", async () => {
  const { sales_channels, ...page } = await wire.admin("GET", "/admin/sales-channels");
  expect(page).toEqual({ count: 1, offset: 0, limit: 20 });
  const [first] = sales_channels;
  const { sales_channel } = await wire.admin("POST", "/admin/sales-channels", { name: "Market" });
  expect(sales_channel).toMatchObject({ name: "Market", description: null, is_disabled: false });
  const path = `/admin/sales-channels/${sales_channel.id}`;
  expect((await wire.admin("POST", path, { is_disabled: true })).sales_channel.is_disabled).toBe(true);
  const kept = await wire.ask("DELETE", `/admin/sales-channels/${first.id}`, undefined, { as: "admin" });
  expect(kept.status).toBe(400);

  const { publishable_api_keys } = await wire.admin("GET", "/admin/publishable-api-keys");
  expect(publishable_api_keys.map(({ id }: { id: string }) => id)).toEqual(["pk_of_my_own"]);
  const channels = await wire.admin("GET", "/admin/publishable-api-keys/pk_of_my_own/sales-channels");
  expect(channels.sales_channels.map(({ id }: { id: string }) => id)).toEqual([first.id]);
  const { publishable_api_key: key } = await wire.admin("POST", "/admin/publishable-api-keys", {
    title: "web",
  });
  expect(key).toMatchObject({ title: "web", revoked_at: null, created_by: expect.stringMatching(/^usr_/) });
  const keyPath = `/admin/publishable-api-keys/${key.id}`;
  const batch = { sales_channel_ids: [{ id: sales_channel.id }, { id: first.id }] };
  await wire.admin("POST", `${keyPath}/sales-channels/batch`, batch);
  await wire.admin("DELETE", `${keyPath}/sales-channels/batch`, { sales_channel_ids: [{ id: first.id }] });
  const left = await wire.admin("GET", `${keyPath}/sales-channels`);
  expect(left.sales_channels.map(({ name }: { name: string }) => name)).toEqual(["Market"]);
  const revoked = await wire.admin("POST", `${keyPath}/revoke`);
  expect(revoked.publishable_api_key.revoked_at).toEqual(expect.any(String));
  const again = await wire.admin("POST", `${keyPath}/revoke`);
  expect(again.publishable_api_key.revoked_at).toBe(revoked.publishable_api_key.revoked_at);
  await wire.admin("DELETE", keyPath);
  await wire.admin("DELETE", path);
  expect((await wire.ask("GET", path, undefined, { as: "admin" })).body.message).toBe(
    `Sales channel with id ${sales_channel.id} was not found`,
  );
});

test("reasons that goods come back for", async () => {
  expect((await wire.ask("GET", "/store/return-reasons")).body).toEqual({ return_reasons: [] });
  const { return_reason: size } = await wire.admin("POST", "/admin/return-reasons", {
    value: "wrong_size",
    label: "Wrong size",
  });
  expect(size).toMatchObject({ description: null, parent_return_reason: null, return_reason_children: [] });
  const below = { value: "too_big", label: "Too big", parent_return_reason_id: size.id };
  const { return_reason: big } = await wire.admin("POST", "/admin/return-reasons", below);
  expect(big.parent_return_reason.id).toBe(size.id);
  const nested = { value: "way", label: "Way too big", parent_return_reason_id: big.id };
  expect((await wire.ask("POST", "/admin/return-reasons", nested, { as: "admin" })).status).toBe(400);
  const taken = await wire.ask(
    "POST",
    "/admin/return-reasons",
    { value: "too_big", label: "x" },
    { as: "admin" },
  );
  expect(taken).toMatchObject({ status: 422, body: { type: "duplicate_error" } });
  const { return_reasons } = (await wire.ask("GET", "/store/return-reasons")).body;
  expect(return_reasons).toHaveLength(1);
  expect(return_reasons[0].return_reason_children).toMatchObject([{ value: "too_big" }]);
  await wire.admin("POST", `/admin/return-reasons/${big.id}`, { label: "Far too big" });
  expect((await wire.ask("GET", `/store/return-reasons/${big.id}`)).body.return_reason.label).toBe(
    "Far too big",
  );
  await wire.admin("DELETE", `/admin/return-reasons/${size.id}`);
  expect((await wire.ask("GET", `/store/return-reasons/${big.id}`)).status).toBe(404);
  expect((await wire.ask("GET", "/store/return-reasons/rr_x")).body).toEqual({
    type: "not_found",
    message: "Return Reason with id: rr_x was not found.",
  });
});
