import { expect, test } from "vitest";
import { fakeFulfilment, loseCarrierAnswer } from "../../fake-fulfilment.ts";
import { aShop, readyCart } from "./a-shop.ts";
import { useMedusa } from "./harness.ts";

let ahead = 0;
const carrier = fakeFulfilment();
const wire = useMedusa(
  {},
  {
    fulfilmentProviders: [carrier.provider],
    now: () => new Date(Date.now() + ahead).toISOString(),
  },
);

const gauge = async () => {
  const told = await (await fetch(`${wire.url}/metrics`)).text();
  return /^cartwright_fulfilments_unanswered (\d+)$/m.exec(told)?.[1];
};

test("F4 a fulfilment that its provider does not answer is counted after some minutes, until it is settled", async () => {
  const shop = await aShop(wire);
  const provider = { provider_id: "parcels" };
  await wire.admin("POST", `/admin/regions/${shop.regionId}/fulfillment-providers`, provider);
  const { shipping_profiles: profiles } = await wire.admin("GET", "/admin/shipping-profiles");
  const profile = profiles.find(({ type }: { type: string }) => type === "default").id;
  const { shipping_option: option } = await wire.admin("POST", "/admin/shipping-options", {
    ...{ name: "Express", region_id: shop.regionId, profile_id: profile, provider_id: "parcels" },
    ...{ data: { id: "express" }, price_type: "flat_rate", amount: 0 },
  });
  const cart = await readyCart(wire, shop);
  await wire.ask("POST", `${cart}/shipping-methods`, { option_id: option.id });
  const { data } = (await wire.ask("POST", `${cart}/complete`)).body;
  const path = `/admin/orders/${data.id}/fulfillment`;
  const items = [{ item_id: data.items[0].id, quantity: 1 }];

  carrier.script(loseCarrierAnswer);
  expect((await wire.ask("POST", path, { items }, { as: "admin" })).status).toBe(409);
  expect(await gauge()).toBe("0");
  ahead = 6 * 60_000;
  expect(await gauge()).toBe("1");
  await wire.admin("POST", path, { items });
  expect(await gauge()).toBe("0");
});
