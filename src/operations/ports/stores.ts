import type { StoreConfig, StoreCurrency, StoreSettings } from "../context.ts";

export type ApiKey = {
  readonly storeId: string;
  readonly clientId: string;
  readonly name: string;
  /** Hash of the secret; absent for a key that can only get implicit tokens. */
  readonly secretHash?: string;
  readonly createdAt: string;
};

export type StorePort = {
  /** Ids of all stores, oldest first. */
  ids(): Promise<readonly string[]>;
  /** The oldest store, which is meant where none is named. */
  first(): Promise<StoreConfig | undefined>;
  /** What the store decided; an answer may be up to a second old, but never older than this process's own change. */
  config(storeId: string): Promise<StoreConfig | undefined>;
  /**
   * What is stored now, kept from change by others until the transaction ends. Read it so before a change that
   * depends on what was there.
   */
  lock(storeId: string): Promise<StoreConfig | undefined>;
  create(store: {
    storeId: string;
    name: string;
    settings: StoreSettings;
    createdAt: string;
  }): Promise<boolean>;
  rename(storeId: string, name: string): Promise<void>;
  saveSettings(storeId: string, settings: StoreSettings): Promise<void>;
  /** Stores a new or changed currency; a default takes that from the one before. */
  saveCurrency(storeId: string, currency: StoreCurrency): Promise<"saved" | "code_taken">;
  /** Leaves the default currency where it is. */
  deleteCurrency(storeId: string, currencyId: string): Promise<void>;
  apiKey(clientId: string): Promise<ApiKey | undefined>;
  apiKeys(storeId: string): Promise<readonly ApiKey[]>;
  /** Does nothing when the client id is taken; answers whether it was stored. */
  addApiKey(key: ApiKey): Promise<boolean>;
  deleteApiKey(storeId: string, clientId: string): Promise<boolean>;
};
