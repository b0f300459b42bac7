export type { GatewaySettingField } from "../../gateways/gateway.ts";

/** What a store decided about one gateway. A gateway without a row is disabled. */
export type GatewaySetting = {
  readonly slug: string;
  readonly enabled: boolean;
  /** Encrypted where they are kept; never answered in full, and never logged. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** They were encrypted with another secret of the installation, and are lost. */
  readonly unreadable?: true;
};

export type GatewaySettingPort = {
  all(storeId: string): Promise<readonly GatewaySetting[]>;
  /** What all stores decided about these gateways. */
  everywhere(slugs: readonly string[]): Promise<readonly (GatewaySetting & { readonly storeId: string })[]>;
  save(storeId: string, setting: GatewaySetting, now: string): Promise<void>;
};
