import { beforeAll, expect, test } from "vitest";
import { fakeFulfilment, hangAtCarrier, loseCarrierAnswer, refuseParcel } from "../../fake-fulfilment.ts";
import { aShop, coreId, readyCart, type Shop, stockOf } from "./a-shop.ts";
import { useMedusa } from "./harness.ts";

const carrier = fakeFulfilment();
const wire = useMedusa({}, { fulfilmentProviders: [carrier.provider] });
let shop: Shop;
let optionId: string;
let profileId: string;
beforeAll(async () => {
  shop = await aShop(wire, { pieces: 1000 });
  const region = `/admin/regions/${shop.regionId}`;
  await wire.admin("POST", `${region}/fulfillment-providers`, { provider_id: "parcels" });
  const { shipping_profiles: profiles } = await wire.admin("GET", "/admin/shipping-profiles");
  profileId = profiles.find(({ type }: { type: string }) => type === "default").id;
  optionId = await option(profileId);
});

async function option(profile: string): Promise<string> {
  const { shipping_option: made } = await wire.admin("POST", "/admin/shipping-options", {
    ...{ name: "Express", region_id: shop.regionId, profile_id: profile, provider_id: "parcels" },
    ...{ data: { id: "express" }, price_type: "flat_rate", amount: 700 },
  });
  return made.id;
}

const asAdmin = (path: string, body?: object, headers: Record<string, string> = {}) =>
  wire.ask("POST", path, body, { as: "admin", headers });

/** An order of that many pieces that the carrier is to send. */
async function anOrder(quantity = 2) {
  const cart = await readyCart(wire, shop, { items: [{ variant_id: shop.variantId, quantity }] });
  expect((await wire.ask("POST", `${cart}/shipping-methods`, { option_id: optionId })).status).toBe(200);
  const { data } = (await wire.ask("POST", `${cart}/complete`)).body;
  const path = `/admin/orders/${data.id}`;
  const items = [{ item_id: data.items[0].id, quantity }];
  const look = async () => (await wire.admin("GET", path)).order;
  const heard = carrier.calls.length;
  const parcels = carrier.parcels.length;
  return {
    ...{ id: data.id as string, path, items, look },
    pack: (headers?: Record<string, string>) => asAdmin(`${path}/fulfillment`, { items }, headers),
    calls: () => carrier.calls.slice(heard),
    parcels: () => carrier.parcels.slice(parcels),
    stock: await stockOf(wire, shop.variantId),
  };
}

test("the carrier is told what to send and where, and what it says is kept with the fulfilment", async () => {
  const { pack, parcels, calls, id, look, path, stock } = await anOrder(3);
  const packed = (await pack()).body.order;
  expect(packed).toMatchObject({
    fulfillment_status: "fulfilled",
    items: [{ fulfilled_quantity: 3 }],
    fulfillments: [{ provider_id: "parcels", data: { parcel: carrier.parcels.length } }],
  });
  expect(parcels()).toMatchObject([{ method: { service: "express" }, items: [{ quantity: 3 }] }]);
  const [{ call } = { call: undefined }] = calls();
  expect(call?.key).toBe(coreId(packed.fulfillments[0].id));
  expect(call?.order).toMatchObject({ id: coreId(id), region: { shippingAddress: { city: "Berlin" } } });
  expect(await stockOf(wire, shop.variantId)).toMatchObject({ total: stock.total - 3 });

  const off = await asAdmin(`${path}/fulfillments/${packed.fulfillments[0].id}/cancel`);
  expect(off.body.order).toMatchObject({ fulfillment_status: "not_fulfilled" });
  expect(parcels()).toMatchObject([{ isCalledOff: true }]);
  expect((await look()).fulfillments).toMatchObject([{ canceled_at: expect.any(String) }]);
  expect(await stockOf(wire, shop.variantId)).toEqual(stock);
});

test("F4 what the carrier refuses is not packed: its pieces are the order's again, and can be packed anew", async () => {
  const { pack, parcels, look, stock } = await anOrder();
  carrier.script(refuseParcel);
  expect(await pack()).toMatchObject({
    status: 400,
    body: { type: "invalid_data", message: "The carrier does not go there" },
  });
  expect(await look()).toMatchObject({ fulfillment_status: "not_fulfilled", fulfillments: [] });
  expect(await stockOf(wire, shop.variantId)).toEqual(stock);
  expect((await pack()).body.order.fulfillment_status).toBe("fulfilled");
  expect(parcels()).toHaveLength(1);
});

test.each([
  ["is lost", loseCarrierAnswer],
  ["does not come in time", hangAtCarrier],
])(
  "B5 when the answer %s, the same request asks again with the same key: one parcel",
  async (_how, behaviour) => {
    const { pack, parcels, calls, look, path, id, stock, items } = await anOrder();
    carrier.script(behaviour);
    const lost = await pack();
    expect(lost).toMatchObject({ status: 409, body: { type: "conflict" } });
    expect(lost.headers.get("retry-after")).toBe("1");
    const between = await look();
    expect(between).toMatchObject({ fulfillment_status: "not_fulfilled", fulfillments: [{ data: {} }] });
    // The pieces are the fulfilment's until the carrier has answered, and nothing else is done with them.
    expect(await stockOf(wire, shop.variantId)).toMatchObject({ total: stock.total - 2 });
    const ship = await asAdmin(`${path}/shipment`, { fulfillment_id: between.fulfillments[0].id });
    expect(ship.status).toBe(409);
    const another = { price: 0, option_id: optionId };
    expect((await asAdmin(`${path}/shipping-methods`, another)).status).toBe(409);
    const fewer = [{ ...items[0], quantity: 1 }];
    expect((await asAdmin(`${path}/fulfillment`, { items: fewer })).status).toBe(400);
    await wire.admin("POST", `${path}/capture`);
    const there = await wire.engine.ask("PUT", `/v2/orders/${coreId(id)}`, {
      data: { type: "order", shipping: "fulfilled" },
    });
    expect(there.status).toBe(409);
    expect((await asAdmin(`${path}/cancel`)).status).toBe(400);

    const again = await pack();
    expect(again.body.order).toMatchObject({
      fulfillment_status: "fulfilled",
      fulfillments: [{ id: between.fulfillments[0].id, data: { parcel: carrier.parcels.length } }],
    });
    expect(parcels()).toHaveLength(1);
    expect(new Set(calls().map(({ call }) => call.key)).size).toBe(1);
    expect(await stockOf(wire, shop.variantId)).toMatchObject({ total: stock.total - 2 });
    expect((await asAdmin(`${path}/shipment`, { fulfillment_id: between.fulfillments[0].id })).status).toBe(
      200,
    );
  },
);

test("A9 a request with a key goes on where it stopped, and is answered the same from then on", async () => {
  const { pack, parcels } = await anOrder();
  carrier.script(loseCarrierAnswer);
  const key = { "idempotency-key": "pack-once" };
  expect((await pack(key)).status).toBe(409);
  const made = await pack(key);
  expect(made.status).toBe(200);
  expect((await pack(key)).body).toEqual(made.body);
  expect(parcels()).toHaveLength(1);
});

test("what the carrier may have taken on is asked about before it is called off", async () => {
  const { pack, parcels, calls, look, path, stock } = await anOrder();
  carrier.script(loseCarrierAnswer);
  await pack();
  const [made] = (await look()).fulfillments;
  const cancel = () => asAdmin(`${path}/fulfillments/${made.id}/cancel`);
  // Neither what it has nor whether it called it off is known until it says so.
  carrier.script(hangAtCarrier);
  expect((await cancel()).status).toBe(409);
  carrier.script((effect) => effect(), loseCarrierAnswer);
  expect((await cancel()).status).toBe(409);
  const shipment = { fulfillment_id: made.id };
  expect((await asAdmin(`${path}/shipment`, shipment)).status).toBe(409);
  expect((await cancel()).body.order).toMatchObject({ fulfillment_status: "not_fulfilled" });
  expect((await cancel()).status).toBe(200);
  expect(parcels()).toMatchObject([{ isCalledOff: true }]);
  expect(calls().map(({ what }) => what)).toEqual(["create", "create", "create", "cancel", "cancel"]);
  expect(await stockOf(wire, shop.variantId)).toEqual(stock);
});

test("what the carrier never took on and refuses by now is off without it", async () => {
  const { pack, parcels, look, path, stock } = await anOrder();
  carrier.script(hangAtCarrier);
  await pack();
  const [made] = (await look()).fulfillments;
  carrier.script(refuseParcel);
  expect((await asAdmin(`${path}/fulfillments/${made.id}/cancel`)).body.order).toMatchObject({
    fulfillment_status: "not_fulfilled",
    fulfillments: [],
  });
  expect(parcels()).toEqual([]);
  expect(await stockOf(wire, shop.variantId)).toEqual(stock);
});

test("what the carrier does not call off stands, and is sent", async () => {
  const { pack, path, look } = await anOrder();
  const [made] = (await pack()).body.order.fulfillments;
  carrier.script(refuseParcel);
  expect(await asAdmin(`${path}/fulfillments/${made.id}/cancel`)).toMatchObject({
    status: 400,
    body: { message: "The carrier does not go there" },
  });
  expect(await look()).toMatchObject({
    fulfillment_status: "fulfilled",
    fulfillments: [{ canceled_at: null }],
  });
  expect((await asAdmin(`${path}/shipment`, { fulfillment_id: made.id })).body.order.fulfillment_status).toBe(
    "shipped",
  );
});

test("E6 ten who pack the same pieces at once have one parcel packed, and all are told of an order of it", async () => {
  const { pack, parcels, look, stock } = await anOrder();
  const answers = await Promise.all(Array.from({ length: 10 }, () => pack()));
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
  expect(answers.map(({ status }) => status).filter((status) => ![200, 400, 409].includes(status))).toEqual(
    [],
  );
  expect(parcels()).toHaveLength(1);
  expect(await look()).toMatchObject({ fulfillment_status: "fulfilled", items: [{ fulfilled_quantity: 2 }] });
  expect(await stockOf(wire, shop.variantId)).toMatchObject({ total: stock.total - 2 });
});

test("a line that is named twice is packed once, and no more than was bought", async () => {
  const { path, items } = await anOrder(2);
  const twice = [items[0], items[0]];
  expect((await asAdmin(`${path}/fulfillment`, { items: twice })).body.message).toBe(
    "Cannot fulfill more items than have been purchased",
  );
  const halves = [1, 1].map((quantity) => ({ ...items[0], quantity }));
  expect((await asAdmin(`${path}/fulfillment`, { items: halves })).body.order).toMatchObject({
    items: [{ fulfilled_quantity: 2 }],
    fulfillments: [{ items: [{ quantity: 2 }] }],
  });
});

test("an order that was bought without shipping is given a way to be sent by, at no cost", async () => {
  const cart = await readyCart(wire, shop);
  const { data } = (await wire.ask("POST", `${cart}/complete`)).body;
  const path = `/admin/orders/${data.id}`;
  const items = [{ item_id: data.items[0].id, quantity: 1 }];
  expect((await asAdmin(`${path}/fulfillment`, { items })).body.message).toBe(
    "Cannot fulfill an order that lacks shipping methods",
  );
  const add = (body: object) =>
    asAdmin(`${path}/shipping-methods`, { price: 0, option_id: optionId, ...body });
  expect((await add({ option_id: "so_x" })).status).toBe(404);
  const given = (await add({ data: { door: "left" } })).body.order;
  expect(given).toMatchObject({
    total: data.total,
    shipping_total: 0,
    shipping_methods: [{ price: 0, total: 0, data: { door: "left", service: "express" } }],
  });
  expect((await asAdmin(`${path}/fulfillment`, { items })).body.order.fulfillments).toMatchObject([
    { provider_id: "parcels" },
  ]);
  expect(carrier.parcels.at(-1)).toMatchObject({ method: { door: "left" } });
  await asAdmin(`${path}/fulfillments/${(await wire.admin("GET", path)).order.fulfillments[0].id}/cancel`);
  await asAdmin(`${path}/cancel`);
  expect((await add({})).body.message).toBe("A canceled order cannot be updated");
});

test("an order with two shipping methods is packed by each of them, with what is of its profile", async () => {
  const { shipping_profile: bulky } = await wire.admin("POST", "/admin/shipping-profiles", {
    name: "Bulky",
    type: "custom",
  });
  const { product } = await wire.admin("POST", "/admin/products", {
    title: "Sofa",
    status: "published",
    options: [{ title: "Size" }],
    variants: [
      {
        title: "L",
        inventory_quantity: 10,
        prices: [{ currency_code: "eur", amount: 90_000 }],
        options: [{ value: "L" }],
      },
    ],
  });
  await wire.admin("POST", `/admin/shipping-profiles/${bulky.id}`, { products: [product.id] });
  const bulkyOption = await option(bulky.id);
  const cart = await readyCart(wire, shop, {
    items: [
      { variant_id: shop.variantId, quantity: 1 },
      { variant_id: product.variants[0].id, quantity: 1 },
    ],
  });
  await wire.ask("POST", `${cart}/shipping-methods`, { option_id: shop.optionId });
  await wire.ask("POST", `${cart}/shipping-methods`, { option_id: bulkyOption });
  const { data } = (await wire.ask("POST", `${cart}/complete`)).body;
  const items = data.items.map(({ id, quantity }: { id: string; quantity: number }) => ({
    item_id: id,
    quantity,
  }));
  const before = carrier.parcels.length;
  const { order } = (await asAdmin(`/admin/orders/${data.id}/fulfillment`, { items })).body;
  expect(order.fulfillment_status).toBe("fulfilled");
  const sofa = data.items.find(({ title }: { title: string }) => title === "Sofa").id;
  expect(order.fulfillments).toHaveLength(2);
  for (const { provider_id, items: own } of order.fulfillments) {
    expect(own).toHaveLength(1);
    expect(provider_id).toBe(own[0].item_id === sofa ? "parcels" : "manual");
  }
  expect(carrier.parcels.slice(before)).toMatchObject([{ items: [{ lineId: coreId(sofa) }] }]);
});
