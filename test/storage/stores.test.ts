import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { defaultSettings, type StoreCurrency } from "../../src/operations/context.ts";
import type { StorePort } from "../../src/operations/ports/stores.ts";
import type { OpenDatabase } from "../../src/storage/postgres/database.ts";
import { storeCache } from "../../src/storage/postgres/store-cache.ts";
import { storeStorage } from "../../src/storage/postgres/stores.ts";
import { openMigratedDatabase } from "./migrated-database.ts";

const NOW = "2026-01-02T03:04:05.000Z";

let database: OpenDatabase;
let close: () => Promise<void>;
let storeId: string;
let now: number;
/** What this process holds, and another process with a cache of its own. */
let stores: StorePort;
let elsewhere: StorePort;

beforeAll(async () => {
  ({ database, close } = await openMigratedDatabase());
});
afterAll(() => close());

beforeEach(async () => {
  now = 0;
  storeId = `store-${crypto.randomUUID()}`;
  stores = storeStorage(
    database,
    storeCache(() => now),
    randomUUID,
  );
  elsewhere = storeStorage(
    database,
    storeCache(() => now),
    randomUUID,
  );
  await elsewhere.create({ storeId, name: "Wrenfold", settings: defaultSettings, createdAt: NOW });
});

function aCurrency(code: string, members: Partial<StoreCurrency> = {}): StoreCurrency {
  return {
    id: `id-${code}`,
    code,
    format: "${price}",
    decimalPoint: ".",
    thousandSeparator: ",",
    decimalPlaces: 2,
    exchangeRate: 1,
    isDefault: false,
    enabled: true,
    createdAt: NOW,
    updatedAt: NOW,
    ...members,
  };
}

const pageLength = async (port: StorePort) => (await port.config(storeId))?.settings.pageLength;
const defaults = async () =>
  (await elsewhere.lock(storeId))?.currencies.filter((one) => one.isDefault).map((one) => one.code);

describe("what a store decided", () => {
  test("is held for a second, and read once by a crowd", async () => {
    const before = database.statementCount();
    await Promise.all(Array.from({ length: 20 }, () => stores.config(storeId)));
    expect(database.statementCount() - before).toBe(1);
    await elsewhere.saveSettings(storeId, { ...defaultSettings, pageLength: 7 });
    now = 999;
    expect(await pageLength(stores)).toBe(25);
    now = 1000;
    expect(await pageLength(stores)).toBe(7);
  });

  test("is fresh after a change of one's own", async () => {
    await stores.config(storeId);
    await stores.saveSettings(storeId, { ...defaultSettings, pageLength: 8 });
    expect(await pageLength(stores)).toBe(8);
  });

  test("is fresh after a change of one's own that was committed later than somebody read", async () => {
    const cache = storeCache(() => now);
    const shared = storeStorage(database, cache, randomUUID);
    await database.transaction(async (transaction) => {
      const inside = storeStorage(transaction, cache, randomUUID);
      await inside.saveSettings(storeId, { ...defaultSettings, pageLength: 9 });
      expect(await pageLength(inside)).toBe(9);
      expect(await pageLength(shared)).toBe(25);
    });
    expect(await pageLength(shared)).toBe(9);
  });

  test("has the default of a setting that was not stored", async () => {
    const stored = { pageLength: 3, cart: { expiryDays: 2 } };
    await database.runText("update store set settings = $2 where store_id = $1", [
      storeId,
      JSON.stringify(stored),
    ]);
    const config = await stores.config(storeId);
    expect(config?.settings).toEqual({
      ...defaultSettings,
      pageLength: 3,
      cart: { ...defaultSettings.cart, expiryDays: 2 },
    });
  });

  test("changes that depend on what was there do not lose one another", async () => {
    await Promise.all(
      Array.from({ length: 8 }, () =>
        database.transaction(async (transaction) => {
          const inside = storeStorage(transaction, storeCache(), randomUUID);
          const config = await inside.lock(storeId);
          if (!config) throw new Error("no store");
          const { settings } = config;
          await inside.saveSettings(storeId, { ...settings, pageLength: settings.pageLength + 1 });
        }),
      ),
    );
    expect(await pageLength(stores)).toBe(33);
  });

  test("is undefined for a store that is not there, until it is", async () => {
    expect(await stores.config("later")).toBeUndefined();
    await elsewhere.create({ storeId: "later", name: "L", settings: defaultSettings, createdAt: NOW });
    expect(await stores.config("later")).toMatchObject({ name: "L", currencies: [] });
    expect(
      await stores.create({ storeId: "later", name: "M", settings: defaultSettings, createdAt: NOW }),
    ).toBe(false);
  });
});

describe("currencies", () => {
  test("come back as they were stored, in the order of their making", async () => {
    const usd = aCurrency("USD", { isDefault: true });
    const eur = aCurrency("EUR", { format: "{price} €", decimalPoint: ",", enabled: false });
    await stores.saveCurrency(storeId, usd);
    await stores.saveCurrency(storeId, { ...eur, createdAt: "2026-01-03T00:00:00.000Z" });
    expect((await stores.config(storeId))?.currencies).toEqual([
      usd,
      { ...eur, createdAt: "2026-01-03T00:00:00.000Z" },
    ]);
  });

  test("do not take a code that is taken", async () => {
    await stores.saveCurrency(storeId, aCurrency("USD", { isDefault: true }));
    expect(await stores.saveCurrency(storeId, aCurrency("USD", { id: "other" }))).toBe("code_taken");
    expect(await stores.saveCurrency(storeId, aCurrency("USD", { isDefault: true, exchangeRate: 2 }))).toBe(
      "saved",
    );
    expect((await stores.config(storeId))?.currencies).toMatchObject([{ code: "USD", exchangeRate: 2 }]);
  });

  test("have one default, however many want to become it at once", async () => {
    const codes = ["USD", "EUR", "GBP", "JPY"];
    for (const code of codes) await stores.saveCurrency(storeId, aCurrency(code, { isDefault: true }));
    expect(await defaults()).toEqual(["JPY"]);
    await Promise.all(
      Array.from({ length: 20 }, (_, turn) =>
        stores.saveCurrency(storeId, aCurrency(codes[turn % 4] as string, { isDefault: true })),
      ),
    );
    expect(await defaults()).toHaveLength(1);
  });

  test("the default stays when it is to be deleted", async () => {
    await stores.saveCurrency(storeId, aCurrency("USD", { isDefault: true }));
    await stores.saveCurrency(storeId, aCurrency("EUR"));
    await stores.deleteCurrency(storeId, "id-USD");
    await stores.deleteCurrency(storeId, "id-EUR");
    expect((await stores.config(storeId))?.currencies.map((one) => one.code)).toEqual(["USD"]);
  });
});

test("an API key belongs to one store and its client id is taken once", async () => {
  const clientId = crypto.randomUUID();
  const key = { storeId, clientId, name: "web", secretHash: "h", createdAt: NOW };
  expect(await stores.addApiKey(key)).toBe(true);
  expect(await stores.addApiKey({ ...key, storeId: "another" })).toBe(false);
  expect(await stores.apiKey(clientId)).toEqual(key);
  expect(await stores.apiKeys(storeId)).toEqual([key]);
  expect(await stores.deleteApiKey("another", clientId)).toBe(false);
  expect(await stores.deleteApiKey(storeId, clientId)).toBe(true);
  expect(await stores.apiKey(clientId)).toBeUndefined();
  expect(await stores.ids()).toContain(storeId);
});
