import { randomBytes } from "node:crypto";
import type { Config } from "./config.ts";
import type { Core } from "./core.ts";
import { hashOfSecret } from "./http/elasticpath/access-token.ts";
import { engineId } from "./http/medusa/ids.ts";
import { engineContext, firstStore } from "./operations/create-store.ts";
import type { Deps } from "./operations/deps.ts";
import { seedStore } from "./operations/seed-store.ts";
import { setUpSales } from "./operations/set-up-sales.ts";
import { readDemoSeed } from "./package-files.ts";

/** The store, and at the first start its contents and its key: all of it or, when we are killed, nothing. */
export async function firstStart({ deps, embedded }: Core, config: Config) {
  const seed = (config.seed ?? (embedded ? "demo" : "none")) === "demo" ? await readDemoSeed() : undefined;
  return deps.storage.transaction(async (storage) => {
    const inside = { ...deps, storage };
    const { store, created } = await firstStore(inside, "Cartwright");
    const sales = await setUpSales(inside, store.storeId, {
      adminEmail: config.adminEmail,
      adminPassword: config.adminPassword,
      publishableKeyId:
        config.publishableKey === undefined ? undefined : engineId("pk", config.publishableKey),
      newPassword: () => randomBytes(12).toString("base64url"),
    });
    // A store that a command has made already has nothing in it either; what a merchant changed is never put back.
    if (seed && (created || (config.seed === "demo" && (await isBare(storage, store.storeId))))) {
      await seedStore(inside, engineContext(store), seed);
    }
    return { store, sales, key: await ensureApiKey(inside, store.storeId, config) };
  });
}

async function isBare(storage: Deps["storage"], storeId: string): Promise<boolean> {
  const scope = { liveOnly: false, children: true };
  const query = { filter: [], sort: undefined, limit: 1, offset: 0 };
  return (await storage.products.list(storeId, scope, query)).rows.length === 0;
}

/** The store's default key pair: the configured one, the first that is there, or a new one. */
async function ensureApiKey(
  deps: Deps,
  storeId: string,
  config: Config,
): Promise<{ clientId: string; secret?: string }> {
  const { stores } = deps.storage;
  if (config.clientId !== undefined && config.clientSecret !== undefined) {
    const secretHash = hashOfSecret(config.clientSecret);
    const present = await stores.apiKey(config.clientId);
    if (present?.secretHash !== secretHash) {
      if (present) await stores.deleteApiKey(present.storeId, config.clientId);
      const createdAt = deps.now();
      await stores.addApiKey({
        storeId,
        clientId: config.clientId,
        name: "configured",
        secretHash,
        createdAt,
      });
    }
    return { clientId: config.clientId };
  }
  const [first] = await stores.apiKeys(storeId);
  return first ? { clientId: first.clientId } : createApiKey(deps, storeId, "default");
}

/** Makes a key pair; the secret is in the answer and nowhere else. */
export async function createApiKey(
  deps: Deps,
  storeId: string,
  name: string,
): Promise<{ clientId: string; secret: string }> {
  // Hexadecimal, so that neither ever looks like an option on a command line.
  const clientId = randomBytes(20).toString("hex");
  const secret = randomBytes(30).toString("hex");
  await deps.storage.stores.addApiKey({
    storeId,
    clientId,
    name,
    secretHash: hashOfSecret(secret),
    createdAt: deps.now(),
  });
  return { clientId, secret };
}
