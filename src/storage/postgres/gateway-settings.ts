import type { GatewaySetting, GatewaySettingPort } from "../../operations/ports/gateway-settings.ts";
import { type Database, statement } from "./database.ts";
import type { SecretBox } from "./secret-box.ts";

/** What stores decided about gateways. A gateway without a row is disabled. */
export function gatewaySettingStorage(database: Database, box: SecretBox): GatewaySettingPort {
  return {
    async all(storeId) {
      const rows = await database.run<GatewaySettingRow>(selectSettings, [storeId]);
      return rows.map((row) => readSetting(box, storeId, row));
    },
    async everywhere(slugs) {
      type Row = GatewaySettingRow & { store_id: string };
      const rows = await database.run<Row>(selectEverywhere, [slugs]);
      return rows.map(({ store_id: storeId, ...row }) => ({ ...readSetting(box, storeId, row), storeId }));
    },
    async save(storeId, { slug, enabled, settings }, now) {
      const kept = Object.keys(settings).length === 0 ? "{}" : sealedSettings(box, storeId, slug, settings);
      await database.run(upsertSetting, [storeId, slug, enabled, kept, now]);
    },
  };
}

export type GatewaySettingRow = { slug: string; enabled: boolean; settings: string };

/**
 * A setting as it was kept. One that was encrypted with another secret of the installation counts as disabled, with
 * nothing in it: it cannot be paid with, and whoever looks sees that it has to be entered again.
 */
export function readSetting(
  box: SecretBox,
  storeId: string,
  { slug, enabled, settings }: GatewaySettingRow,
): GatewaySetting {
  if (settings === "{}") return { slug, enabled, settings: {} };
  const kept = JSON.parse(settings) as { sealed?: string };
  const text = kept.sealed === undefined ? undefined : box.open(kept.sealed, placeOf(storeId, slug));
  return text === undefined
    ? { slug, enabled: false, settings: {}, unreadable: true }
    : { slug, enabled, settings: JSON.parse(text) };
}

function sealedSettings(box: SecretBox, storeId: string, slug: string, settings: object): string {
  return JSON.stringify({ sealed: box.seal(JSON.stringify(settings), placeOf(storeId, slug)) });
}

const placeOf = (storeId: string, slug: string): string => `gateway_setting ${storeId} ${slug}`;

const selectSettings = statement(
  "gateway_settings",
  "select slug, enabled, settings from gateway_setting where store_id = $1 order by slug",
);

const selectEverywhere = statement(
  "gateway_settings_everywhere",
  "select store_id, slug, enabled, settings from gateway_setting where slug = any($1::text[]) order by store_id, slug",
);

const upsertSetting = statement(
  "gateway_setting_upsert",
  `insert into gateway_setting (store_id, slug, enabled, settings, updated_at) values ($1, $2, $3, $4, $5)
   on conflict (store_id, slug) do update
     set enabled = excluded.enabled, settings = excluded.settings, updated_at = excluded.updated_at`,
);
