import { type CartEventType, cartEventTypes } from "../../domain/cart/cart-events.ts";
import { changedMembers } from "../../domain/changed-members.ts";
import type { CustomFields, ExtensibleResource, FieldDefinition } from "../../domain/custom-fields/field.ts";
import type { EventAbout } from "../../domain/decision.ts";
import type { Promotion } from "../../domain/promotions/promotion.ts";
import type { RulePromotion } from "../../domain/rule-promotions/rule-promotion.ts";
import { type WebhookEndpoint, wantsType } from "../../domain/webhooks/endpoint.ts";
import {
  defaultSettings,
  type StoreConfig,
  type StoreCurrency,
  type StoreSettings,
} from "../../operations/context.ts";
import type { Field, Flow } from "../../operations/ports/flows.ts";
import type { ApiKey, StorePort } from "../../operations/ports/stores.ts";
import { type Database, statement } from "./database.ts";
import type { StoreCache } from "./store-cache.ts";
import { eventValues, telling } from "./told.ts";

type CurrencyRow = { doc: string; is_default: boolean; enabled: boolean };

type ConfigRow = {
  name: string;
  settings: string;
  created_at: string;
  currencies: readonly CurrencyRow[];
  promotions: readonly string[];
  rules: readonly string[];
  endpoints: readonly string[];
  fields: readonly {
    resource: ExtensibleResource;
    flow: string;
    id: string;
    slug: string;
    doc: string;
  }[];
};

type ApiKeyRow = {
  store_id: string;
  client_id: string;
  name: string;
  secret_hash: string | null;
  created_at: string;
};

/**
 * Stores with what they decided. `cache` is one for all databases and transactions of an engine; every change made
 * here makes it forget.
 */
export function storeStorage(database: Database, cache: StoreCache, newId: () => string): StorePort {
  const load = async (storeId: string): Promise<StoreConfig | undefined> => {
    const [row] = await database.run<ConfigRow>(selectConfig, [storeId]);
    return row && fromRow(storeId, row);
  };
  return {
    async ids() {
      const rows = await database.run<{ store_id: string }>(selectIds, []);
      return rows.map((row) => row.store_id);
    },
    async first() {
      // Stores are never deleted, so the oldest one stays that.
      if (cache.firstStoreId === undefined) {
        const [row] = await database.run<{ store_id: string }>(selectIds, []);
        cache.firstStoreId = row?.store_id;
      }
      const id = cache.firstStoreId;
      return id === undefined ? undefined : cache.get(id, () => load(id));
    },
    config: (storeId) => cache.get(storeId, () => load(storeId)),
    async lock(storeId) {
      // Two statements: the second sees what the holder of the lock before us committed.
      await database.run(lockStore, [storeId]);
      return load(storeId);
    },
    async create(store) {
      const rows = await database.run(insertStore, [
        store.storeId,
        store.name,
        JSON.stringify(store.settings),
        store.createdAt,
      ]);
      const made = rows.length === 1;
      if (made) cache.forget(store.storeId);
      return made;
    },
    async rename(storeId, name) {
      await database.run(updateName, [storeId, name]);
      cache.forget(storeId);
    },
    async saveSettings(storeId, settings) {
      await database.run(updateSettings, [storeId, JSON.stringify(settings)]);
      cache.forget(storeId);
    },
    async saveCurrency(storeId, currency) {
      const saved = await database.transaction(async (transaction) => {
        // Whoever changes currencies holds the store's row: there is one default at every moment.
        await transaction.run(lockStore, [storeId]);
        const { isDefault, enabled, ...doc } = currency;
        const [taken] = await transaction.run(selectOtherWithCode, [storeId, currency.id, currency.code]);
        if (taken) return false;
        const [row] = await transaction.run<CurrencyRow>(selectCurrency, [storeId, currency.id]);
        if (isDefault) await transaction.run(unsetDefault, [storeId, currency.id]);
        await transaction.run(upsertCurrency, [
          storeId,
          currency.id,
          currency.code,
          isDefault,
          enabled,
          JSON.stringify(doc),
          currency.createdAt,
          currency.updatedAt,
          ...eventValues(currencyEvents(row && currencyOf(row), currency), currency.updatedAt, newId),
        ]);
        return true;
      });
      cache.forget(storeId);
      return saved ? "saved" : "code_taken";
    },
    async deleteCurrency(storeId, currencyId) {
      await database.run(deleteCurrency, [storeId, currencyId, newId()]);
      cache.forget(storeId);
    },
    async apiKey(clientId) {
      const [row] = await database.run<ApiKeyRow>(selectApiKey, [clientId]);
      return row && apiKeyOf(row);
    },
    async apiKeys(storeId) {
      const rows = await database.run<ApiKeyRow>(selectApiKeys, [storeId]);
      return rows.map(apiKeyOf);
    },
    async addApiKey(key) {
      const rows = await database.run(insertApiKey, [
        key.storeId,
        key.clientId,
        key.name,
        key.secretHash ?? null,
        key.createdAt,
      ]);
      return rows.length === 1;
    },
    async deleteApiKey(storeId, clientId) {
      const rows = await database.run(deleteApiKey, [storeId, clientId]);
      return rows.length === 1;
    },
  };
}

function fromRow(storeId: string, row: ConfigRow): StoreConfig {
  const stored = JSON.parse(row.settings) as Partial<StoreSettings>;
  return {
    storeId,
    name: row.name,
    // A setting that came into being after the store was created has its default.
    settings: { ...defaultSettings, ...stored, cart: { ...defaultSettings.cart, ...stored.cart } },
    currencies: row.currencies.map(currencyOf),
    customFields: customFieldsOf(row.fields),
    automaticPromotions: row.promotions.map((doc) => JSON.parse(doc) as Promotion),
    automaticRulePromotions: row.rules.map((doc) => JSON.parse(doc) as RulePromotion),
    cartEvents: toldCartEvents(row.endpoints),
    createdAt: row.created_at,
  };
}

function currencyOf({ doc, is_default, enabled }: CurrencyRow): StoreCurrency {
  const members = JSON.parse(doc) as Omit<StoreCurrency, "isDefault" | "enabled">;
  return { ...members, isDefault: is_default, enabled };
}

function currencyEvents(before: StoreCurrency | undefined, after: StoreCurrency): readonly EventAbout[] {
  const about = { subjectId: after.id, code: after.code.toLowerCase() };
  if (!before) return [currencyEvent("created", about)];
  const fields = changedMembers(before, after, ["updatedAt"]);
  return fields.length > 0 ? [currencyEvent("updated", about, { fields })] : [];
}

function currencyEvent(
  what: string,
  { subjectId, code }: { readonly subjectId: string; readonly code: string },
  facts?: object,
): EventAbout {
  return { type: `currency.${what}`, subjectId, payload: { code, ...facts } };
}

/** Also those that an endpoint wants which is disabled: what happens meanwhile waits for it. */
function toldCartEvents(endpoints: readonly string[]): readonly CartEventType[] {
  const wanted = endpoints.map((doc) => (JSON.parse(doc) as WebhookEndpoint).types);
  return cartEventTypes.filter((type) => wanted.some((types) => wantsType(types, type)));
}

/**
 * The fields that are enabled, of flows that are. The documents are opened here and not in SQL: what PostgreSQL cannot
 * read of their texts (half a surrogate pair) must not keep the store from being read.
 */
function customFieldsOf(rows: ConfigRow["fields"]): CustomFields {
  const fields: Partial<Record<ExtensibleResource, FieldDefinition[]>> = {};
  const enabled = rows
    .map((row) => ({ ...row, flow: JSON.parse(row.flow) as Flow, field: JSON.parse(row.doc) as Field }))
    .filter(({ flow, field }) => flow.enabled && field.enabled)
    .sort((a, b) => (a.field.order ?? Infinity) - (b.field.order ?? Infinity) || 0);
  for (const { resource, id, slug, field } of enabled) {
    const { name, description, type, required, default: initial, rules, omitNull } = field;
    fields[resource] ??= [];
    fields[resource].push({ id, slug, name, description, type, required, default: initial, rules, omitNull });
  }
  return fields;
}

function apiKeyOf(row: ApiKeyRow): ApiKey {
  return {
    storeId: row.store_id,
    clientId: row.client_id,
    name: row.name,
    ...(row.secret_hash !== null && { secretHash: row.secret_hash }),
    createdAt: row.created_at,
  };
}

const selectIds = statement("store_ids", "select store_id from store order by created_at, store_id");

const selectConfig = statement(
  "store_config",
  `select name, settings, created_at,
     coalesce((select json_agg(json_build_object('doc', c.doc, 'is_default', c.is_default, 'enabled', c.enabled)
                               order by c.created_at, c.id)
                 from currency c where c.store_id = $1), '[]'::json) as currencies,
     coalesce((select json_agg(json_build_object('resource', f.slug, 'flow', f.doc,
                                                 'id', ff.id, 'slug', ff.slug, 'doc', ff.doc)
                               order by ff.created_at, ff.id)
                 from flow f join flow_field ff on ff.store_id = f.store_id and ff.flow_id = f.id
                 where f.store_id = $1), '[]'::json) as fields,
     coalesce((select json_agg(p.doc order by p.created_at, p.id)
                 from promotion p where p.store_id = $1 and p.automatic and p.enabled), '[]'::json) as promotions,
     coalesce((select json_agg(r.doc order by r.created_at, r.id)
                 from rule_promotion r where r.store_id = $1 and r.automatic and r.enabled), '[]'::json) as rules,
     coalesce((select json_agg(w.doc) from webhook_endpoint w where w.store_id = $1), '[]'::json) as endpoints
   from store where store_id = $1`,
);

const lockStore = statement("store_lock", "select 1 as locked from store where store_id = $1 for update");

const insertStore = statement(
  "store_insert",
  `insert into store (store_id, name, settings, created_at) values ($1, $2, $3, $4)
   on conflict (store_id) do nothing returning 1 as saved`,
);

const updateName = statement("store_rename", "update store set name = $2 where store_id = $1");

const updateSettings = statement("store_settings", "update store set settings = $2 where store_id = $1");

const selectOtherWithCode = statement(
  "currency_other_with_code",
  "select 1 as taken from currency where store_id = $1 and id <> $2 and code = $3",
);

const unsetDefault = statement(
  "currency_unset_default",
  "update currency set is_default = false where store_id = $1 and id <> $2 and is_default",
);

const selectCurrency = statement(
  "currency_select",
  "select doc, is_default, enabled from currency where store_id = $1 and id = $2",
);

const upsertCurrency = telling(
  "currency_upsert",
  `insert into currency (store_id, id, code, is_default, enabled, doc, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)
   on conflict (store_id, id) do update
     set code = excluded.code, is_default = excluded.is_default, enabled = excluded.enabled, doc = excluded.doc,
         updated_at = excluded.updated_at
   returning 1 as saved`,
  9,
);

const deleteCurrency = statement(
  "currency_delete",
  `with gone as (delete from currency where store_id = $1 and id = $2 and not is_default returning code),
   told as (
     insert into event (store_id, id, type, subject_id, payload, created_at)
     select $1, $3, 'currency.deleted', $2, json_build_object('code', lower(code))::text, now() from gone)
   select code from gone`,
);

// The only look-up that cannot name the store: the client id is what tells which store is meant.
const selectApiKey = statement(
  "api_key_by_client",
  `select store_id, client_id, name, secret_hash, created_at from api_key
   where client_id = $1 order by created_at limit 1`,
);

const selectApiKeys = statement(
  "api_keys",
  `select store_id, client_id, name, secret_hash, created_at from api_key
   where store_id = $1 order by created_at, client_id`,
);

const insertApiKey = statement(
  "api_key_insert",
  `insert into api_key (store_id, client_id, name, secret_hash, created_at)
   select $1, $2, $3, $4, $5::timestamptz
   where not exists (select 1 from api_key where client_id = $2)
   on conflict (store_id, client_id) do nothing returning 1 as saved`,
);

const deleteApiKey = statement(
  "api_key_delete",
  "delete from api_key where store_id = $1 and client_id = $2 returning 1 as gone",
);
