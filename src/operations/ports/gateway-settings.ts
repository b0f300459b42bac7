/** What a store decided about one gateway. A gateway without a row is disabled. */
export type GatewaySetting = {
  readonly slug: string;
  readonly enabled: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
};

export type GatewaySettingPort = {
  all(storeId: string): Promise<readonly GatewaySetting[]>;
  save(storeId: string, setting: GatewaySetting, now: string): Promise<void>;
};
