import type { Storage } from "../../operations/deps.ts";
import { accountStorage } from "./accounts.ts";
import { addressStorage } from "./addresses.ts";
import { auditStorage } from "./audit.ts";
import { cartStorage } from "./carts.ts";
import { customerStorage } from "./customers.ts";
import type { Database } from "./database.ts";
import { flowStorage } from "./flows.ts";
import { gatewayEventStorage } from "./gateway-events.ts";
import { gatewaySettingStorage } from "./gateway-settings.ts";
import { keyStorage } from "./keys.ts";
import { orderStorage } from "./orders.ts";
import { productStorage } from "./products.ts";
import { promotionCodeStorage } from "./promotion-codes.ts";
import { promotionUseStorage } from "./promotion-uses.ts";
import { promotionStorage } from "./promotions.ts";
import { ruleCodeStorage } from "./rule-promotion-codes.ts";
import { rulePromotionStorage } from "./rule-promotions.ts";
import type { SecretBox } from "./secret-box.ts";
import { stockStorage } from "./stock.ts";
import type { StoreCache } from "./store-cache.ts";
import { storeStorage } from "./stores.ts";

/** All ports on one database, or on one transaction of it. */
export function createStorage(
  database: Database,
  cache: StoreCache,
  newId: () => string,
  box: SecretBox,
): Storage {
  return {
    accounts: accountStorage(database),
    addresses: addressStorage(database),
    audit: auditStorage(database),
    carts: cartStorage(database),
    customers: customerStorage(database),
    flows: flowStorage(database, cache),
    gatewayEvents: gatewayEventStorage(database),
    gatewaySettings: gatewaySettingStorage(database, box),
    keys: keyStorage(database),
    orders: orderStorage(database, newId, box),
    products: productStorage(database),
    promotions: promotionStorage(database, cache),
    promotionCodes: promotionCodeStorage(database),
    promotionUses: promotionUseStorage(database),
    rulePromotions: rulePromotionStorage(database, cache),
    ruleCodes: ruleCodeStorage(database),
    stock: stockStorage(database),
    stores: storeStorage(database, cache),
    transaction: (work) =>
      database.transaction((transaction) => work(createStorage(transaction, cache, newId, box))),
  };
}
