import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { engineId, wireId } from "../../../src/http/medusa/ids.ts";
import { aGiftCard } from "../../storage/a-discount.ts";
import { useMedusa } from "./harness.ts";

const wire = useMedusa();

let region = "";
beforeAll(async () => {
  const body = {
    name: "EU",
    currency_code: "usd",
    tax_rate: 20,
    payment_providers: ["manual"],
    fulfillment_providers: ["manual"],
    countries: [],
  };
  region = (await wire.admin("POST", "/admin/regions", body)).region.id;
});

const create = async (members: Readonly<Record<string, unknown>> = {}) =>
  (await wire.admin("POST", "/admin/gift-cards", { region_id: region, value: 1500, ...members })).gift_card;

test("a card is made, and shown to the staff and to whoever knows its code", async () => {
  const card = await create({ metadata: { a: 1 } });
  expect(card).toMatchObject({
    id: expect.stringMatching(/^gift_[0-9A-HJKMNP-TV-Z]{26}$/),
    deleted_at: null,
    code: expect.stringMatching(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/),
    value: 1500,
    balance: 1500,
    region_id: region,
    is_disabled: false,
    ends_at: null,
    tax_rate: 20,
    metadata: { a: 1 },
    order: null,
    region: { id: region, tax_rate: 20 },
  });
  expect(await wire.admin("GET", `/admin/gift-cards/${card.id}`)).toEqual({ gift_card: card });
  const shown = await wire.ask("GET", `/store/gift-cards/${card.code.toLowerCase()}`);
  const { id, code, value, balance } = card;
  expect(shown.body).toEqual({ gift_card: { id, code, value, balance, region: card.region } });
  expect(await wire.ask("GET", "/store/gift-cards/NOPE")).toMatchObject({
    status: 404,
    body: { type: "not_found", message: "Gift card with code: NOPE was not found" },
  });
});

test("a card changes in what is named; its balance is never more than its value", async () => {
  const { id } = await create();
  const path = `/admin/gift-cards/${id}`;
  const ends = "2090-01-01T00:00:00.000Z";
  const changed = await wire.admin("POST", path, { balance: 300, is_disabled: true, ends_at: ends });
  expect(changed.gift_card).toMatchObject({ balance: 300, value: 1500, is_disabled: true, ends_at: ends });
  const back = await wire.admin("POST", path, { is_disabled: false, ends_at: null, metadata: { b: 2 } });
  expect(back.gift_card).toMatchObject({
    balance: 300,
    is_disabled: false,
    ends_at: null,
    metadata: { b: 2 },
  });
  const empty = await wire.admin("POST", path, { balance: 0 });
  expect(empty.gift_card).toMatchObject({ balance: 0, is_disabled: true });
  expect((await wire.admin("POST", path, { balance: 1500 })).gift_card).toMatchObject({ is_disabled: false });
  for (const body of [{ balance: 1501 }, { balance: -1 }, { balance: 1.5 }, { value: 5 }, { ends_at: "x" }]) {
    expect((await wire.ask("POST", path, body, { as: "admin" })).status, JSON.stringify(body)).toBe(400);
  }
  expect((await wire.ask("POST", path, { region_id: "reg_x" }, { as: "admin" })).status).toBe(404);
});

test("cards are listed newest first, found by their code and deleted", async () => {
  const one = await create();
  const two = await create();
  const list = (query: string) => wire.admin("GET", `/admin/gift-cards?${query}`);
  const ids = async (query: string) => (await list(query)).gift_cards.map(({ id }: { id: string }) => id);
  expect((await ids("limit=2")).slice(0, 2)).toEqual([two.id, one.id]);
  expect(await ids(`q=${one.code.slice(0, 9).toLowerCase()}`)).toEqual([one.id]);
  expect((await list("limit=1")).limit).toBe(1);
  for (const _ of [1, 2]) {
    const gone = await wire.ask("DELETE", `/admin/gift-cards/${one.id}`, undefined, { as: "admin" });
    expect(gone.body).toEqual({ id: one.id, object: "gift-card", deleted: true });
  }
  expect((await wire.ask("GET", `/admin/gift-cards/${one.id}`, undefined, { as: "admin" })).status).toBe(404);
  expect((await wire.ask("GET", "/admin/gift-cards")).status).toBe(401);
});

test("a card that was bought shows its order", async () => {
  const cart = randomUUID();
  const item = { type: "custom_item", name: "A thing", sku: "T", quantity: 1, price: { amount: 1000 } };
  await wire.engine.ask("POST", `/v2/carts/${cart}/items`, { data: item });
  const to = { first_name: "A", last_name: "B", line_1: "1", postcode: "1", county: "C", country: "US" };
  const order = await wire.engine.ask("POST", `/v2/carts/${cart}/checkout`, {
    data: { customer: { name: "A B", email: "a@example.com" }, billing_address: to, shipping_address: to },
  });
  expect(order.status, JSON.stringify(order.body)).toBe(201);
  const { id: orderId } = order.body.data;
  const { core, storeId } = wire.engine.engine;
  const card = aGiftCard({ regionId: engineId("reg", region), orderId, lineId: "line" });
  await core.deps.storage.giftCards.issue(storeId, [card]);
  const shown = (await wire.admin("GET", `/admin/gift-cards/${wireId("gift", card.id)}`)).gift_card;
  expect(shown.order).toMatchObject({
    object: "order",
    id: wireId("order", orderId),
    email: "a@example.com",
    currency_code: "usd",
  });
  expect(shown.order).not.toHaveProperty("items");
});
