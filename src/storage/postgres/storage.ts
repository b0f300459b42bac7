import type { Storage } from "../../operations/deps.ts";
import type { SalesSetup } from "../../operations/ports/records.ts";
import { accountStorage } from "./accounts.ts";
import { addressStorage } from "./addresses.ts";
import { auditStorage } from "./audit.ts";
import { cartStorage } from "./carts.ts";
import { customerStorage } from "./customers.ts";
import type { Database } from "./database.ts";
import { discountStorage } from "./discounts.ts";
import { eventStorage } from "./events.ts";
import { flowStorage } from "./flows.ts";
import { gatewayEventStorage } from "./gateway-events.ts";
import { gatewaySettingStorage } from "./gateway-settings.ts";
import { giftCardStorage } from "./gift-cards.ts";
import { keyStorage } from "./keys.ts";
import { mailStorage } from "./mails.ts";
import { orderStorage } from "./orders.ts";
import { outboxStorage } from "./outbox.ts";
import { productStorage } from "./products.ts";
import { promotionCodeStorage } from "./promotion-codes.ts";
import { promotionUseStorage } from "./promotion-uses.ts";
import { promotionStorage } from "./promotions.ts";
import { recordStorage } from "./records.ts";
import { reservationStorage } from "./reservations.ts";
import { ruleCodeStorage } from "./rule-promotion-codes.ts";
import { rulePromotionStorage } from "./rule-promotions.ts";
import type { SecretBox } from "./secret-box.ts";
import { stockStorage } from "./stock.ts";
import type { StoreCache } from "./store-cache.ts";
import { storeStorage } from "./stores.ts";
import { webhookStorage } from "./webhooks.ts";

/** What is held of stores, for all databases and transactions of an engine. */
export type StoreCaches = {
  readonly configs: StoreCache;
  readonly setups: StoreCache<SalesSetup>;
};

/** All ports on one database, or on one transaction of it. */
export function createStorage(
  database: Database,
  caches: StoreCaches,
  newId: () => string,
  box: SecretBox,
): Storage {
  const { configs: cache, setups } = caches;
  return {
    accounts: accountStorage(database),
    addresses: addressStorage(database),
    audit: auditStorage(database),
    carts: cartStorage(database, newId),
    customers: customerStorage(database, newId),
    discounts: discountStorage(database, newId),
    events: eventStorage(database, newId, box),
    flows: flowStorage(database, cache),
    gatewayEvents: gatewayEventStorage(database),
    gatewaySettings: gatewaySettingStorage(database, box),
    giftCards: giftCardStorage(database),
    keys: keyStorage(database),
    mails: mailStorage(database, box),
    orders: orderStorage(database, newId, box),
    outbox: outboxStorage(database, newId, box),
    products: productStorage(database, newId),
    promotions: promotionStorage(database, cache, newId),
    promotionCodes: promotionCodeStorage(database),
    promotionUses: promotionUseStorage(database),
    records: recordStorage(database, setups, newId),
    reservations: reservationStorage(database),
    rulePromotions: rulePromotionStorage(database, cache, newId),
    ruleCodes: ruleCodeStorage(database),
    stock: stockStorage(database, newId),
    stores: storeStorage(database, cache, newId),
    webhooks: webhookStorage(database, box, cache),
    transaction: (work) =>
      database.transaction((transaction) => work(createStorage(transaction, caches, newId, box))),
  };
}
