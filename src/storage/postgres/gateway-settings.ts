import type { GatewaySettingPort } from "../../operations/ports/gateway-settings.ts";
import { type Database, statement } from "./database.ts";

/** What stores decided about gateways. A gateway without a row is disabled. */
export function gatewaySettingStorage(database: Database): GatewaySettingPort {
  return {
    async all(storeId) {
      type Row = { slug: string; enabled: boolean; settings: string };
      const rows = await database.run<Row>(selectSettings, [storeId]);
      return rows.map((row) => ({ ...row, settings: JSON.parse(row.settings) }));
    },
    async save(storeId, setting, now) {
      const { slug, enabled, settings } = setting;
      await database.run(upsertSetting, [storeId, slug, enabled, JSON.stringify(settings), now]);
    },
  };
}

const selectSettings = statement(
  "gateway_settings",
  "select slug, enabled, settings from gateway_setting where store_id = $1 order by slug",
);

const upsertSetting = statement(
  "gateway_setting_upsert",
  `insert into gateway_setting (store_id, slug, enabled, settings, updated_at) values ($1, $2, $3, $4, $5)
   on conflict (store_id, slug) do update
     set enabled = excluded.enabled, settings = excluded.settings, updated_at = excluded.updated_at`,
);
