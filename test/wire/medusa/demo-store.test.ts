import { expect, test } from "vitest";
import { newReference } from "../../engine.ts";
import { coreId } from "./a-shop.ts";
import { useMedusa } from "./harness.ts";

const wire = useMedusa({ CARTWRIGHT_SEED: "demo" });

type Named = { readonly id: string; readonly name: string };

test("the demo store sells in two regions, with free shipping above a limit", async () => {
  const { body } = await wire.ask("GET", "/store/regions");
  expect(body.regions).toMatchObject([
    { name: "Europe", currency_code: "eur", tax_rate: 20, includes_tax: true },
    { name: "North America", currency_code: "usd", tax_rate: 8, includes_tax: false },
  ]);
  const [europe] = body.regions;
  expect(europe.countries.length).toBeGreaterThan(5);
  expect(europe.currency).toMatchObject({ code: "eur", symbol: "€", includes_tax: true });
  const offered = await wire.ask("GET", `/store/shipping-options?region_id=${europe.id}&is_return=false`);
  expect(offered.body.shipping_options).toMatchObject([
    { name: "Standard, 3–6 days", amount: 575, price_incl_tax: 690, requirements: [] },
    { name: "Express, 1–2 days", amount: 1400 },
    { name: "Standard, free from €90", amount: 0, requirements: [{ type: "min_subtotal", amount: 9000 }] },
  ]);
  const back = await wire.ask("GET", `/store/shipping-options?region_id=${europe.id}&is_return=true`);
  expect(back.body.shipping_options.map(({ name }: Named) => name)).toEqual(["Return by post"]);
  const reasons = await wire.ask("GET", "/store/return-reasons");
  expect(reasons.body.return_reasons).toHaveLength(3);
});

test("a way to ship costs a cart what it says, and its tax is in the cart's tax", async () => {
  const { regions } = (await wire.ask("GET", "/store/regions")).body;
  expect(regions).toHaveLength(2);
  for (const region of regions) {
    const { products } = (await wire.ask("GET", "/store/products?handle=hearth-mug")).body;
    const items = [{ variant_id: products[0].variants[0].id, quantity: 1 }];
    const { cart } = (await wire.ask("POST", "/store/carts", { region_id: region.id, items })).body;
    const { shipping_options: options } = (await wire.ask("GET", `/store/shipping-options/${cart.id}`)).body;
    expect(options).toHaveLength(2);
    for (const { id, amount } of options) {
      const path = `/store/carts/${cart.id}/shipping-methods`;
      const { body } = await wire.ask("POST", path, { option_id: id });
      const { subtotal, shipping_total, tax_total, total } = body.cart;
      expect(shipping_total).toBe(amount);
      expect(total).toBe(subtotal + amount + tax_total);
    }
  }
});

test("the demo store's stock lies somewhere, so that staff see what an order holds", async () => {
  const { stock_locations: locations } = await wire.admin("GET", "/admin/stock-locations");
  expect(locations).toMatchObject([{ name: "Workshop" }]);
  const { products } = (await wire.ask("GET", "/store/products?handle=hearth-mug")).body;
  const [variant] = products[0].variants;
  const { variant: counted } = await wire.admin("GET", `/admin/variants/${variant.id}/inventory`);
  const levels = counted.inventory[0].location_levels;
  expect(levels).toMatchObject([
    { location_id: locations[0].id, stocked_quantity: variant.inventory_quantity },
  ]);
});

test("the demo store's code takes ten percent off, whichever API a cart is of", async () => {
  const { products } = (await wire.ask("GET", "/store/products?handle=hearth-mug")).body;
  const [variant] = products[0].variants;
  for (const region of (await wire.ask("GET", "/store/regions")).body.regions) {
    const items = [{ variant_id: variant.id, quantity: 3 }];
    const { cart } = (await wire.ask("POST", "/store/carts", { region_id: region.id, items })).body;
    const coded = await wire.ask("POST", `/store/carts/${cart.id}`, { discounts: [{ code: "WELCOME10" }] });
    expect(coded.body.cart.discount_total).toBe(Math.round(coded.body.cart.subtotal / 10));
  }
  for (const currency of ["USD", "EUR"]) {
    const headers = { "x-moltin-currency": currency };
    const path = `/v2/carts/${newReference()}/items`;
    const ask = async (data: object) => (await wire.engine.ask("POST", path, { data }, { headers })).body;
    const plain = await ask({ type: "cart_item", id: coreId(variant.id), quantity: 3 });
    const coded = await ask({ type: "promotion_item", code: "WELCOME10" });
    const { without_discount: before, discount } = coded.meta.display_price;
    expect(before.amount).toBe(plain.meta.display_price.without_discount.amount);
    expect(discount.amount).toBe(-Math.round(before.amount / 10));
  }
});
