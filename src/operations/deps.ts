import type { FulfilmentProvider } from "../fulfilment/fulfilment-provider.ts";
import type { Gateway } from "../gateways/gateway.ts";
import type { Bell } from "./bell.ts";
import type { Hooks } from "./hooks.ts";
import type { MailDesk } from "./mail-desk.ts";
import type { AccountPort } from "./ports/accounts.ts";
import type { AddressPort } from "./ports/addresses.ts";
import type { AuditPort } from "./ports/audit.ts";
import type { CartPort } from "./ports/carts.ts";
import type { CustomerPort } from "./ports/customers.ts";
import type { DiscountPort } from "./ports/discounts.ts";
import type { EventPort } from "./ports/events.ts";
import type { FlowPort } from "./ports/flows.ts";
import type { GatewayEventPort } from "./ports/gateway-events.ts";
import type { GatewaySettingPort } from "./ports/gateway-settings.ts";
import type { GiftCardPort } from "./ports/gift-cards.ts";
import type { KeyPort } from "./ports/keys.ts";
import type { MailPort } from "./ports/mails.ts";
import type { OrderPort } from "./ports/orders.ts";
import type { OutboxPort } from "./ports/outbox.ts";
import type { ProductPort } from "./ports/products.ts";
import type { PromotionCodePort, PromotionPort, PromotionUsePort } from "./ports/promotions.ts";
import type { RecordPort } from "./ports/records.ts";
import type { ReservationPort } from "./ports/reservations.ts";
import type { RuleCodePort, RulePromotionPort } from "./ports/rule-promotions.ts";
import type { StockPort } from "./ports/stock.ts";
import type { StorePort } from "./ports/stores.ts";
import type { WebhookPort } from "./ports/webhooks.ts";

/** Everything that is kept. Inside a transaction it is the same set of ports on that transaction's connection. */
export type Storage = {
  readonly accounts: AccountPort;
  readonly addresses: AddressPort;
  readonly audit: AuditPort;
  readonly carts: CartPort;
  readonly customers: CustomerPort;
  readonly discounts: DiscountPort;
  readonly events: EventPort;
  readonly flows: FlowPort;
  readonly gatewayEvents: GatewayEventPort;
  readonly gatewaySettings: GatewaySettingPort;
  readonly giftCards: GiftCardPort;
  readonly keys: KeyPort;
  readonly mails: MailPort;
  readonly orders: OrderPort;
  readonly outbox: OutboxPort;
  readonly products: ProductPort;
  readonly promotions: PromotionPort;
  readonly promotionCodes: PromotionCodePort;
  readonly promotionUses: PromotionUsePort;
  readonly records: RecordPort;
  readonly reservations: ReservationPort;
  readonly rulePromotions: RulePromotionPort;
  readonly ruleCodes: RuleCodePort;
  readonly stock: StockPort;
  readonly stores: StorePort;
  readonly webhooks: WebhookPort;
  /** Runs `work` in one transaction: all of it is kept, or, when it throws, nothing. */
  transaction<Value>(work: (storage: Storage) => Promise<Value>): Promise<Value>;
};

/** What operations need from outside: time, randomness, gateways, storage, password hashing and token signing. */
export type Deps = {
  readonly storage: Storage;
  readonly gateways: ReadonlyMap<string, Gateway>;
  /** Who carries out shipping, by their names. */
  readonly fulfilmentProviders: ReadonlyMap<string, FulfilmentProvider>;
  /** Payment sessions are prepared at their providers at once (`eager`), or when they are chosen. */
  readonly paymentSessions: "eager" | "lazy";
  /** Whoever knows the id of an order, or of its cart, may read it (`anyone`), or only the customer who bought. */
  readonly ordersById: "anyone" | "owner";
  readonly bell: Bell;
  /** How mail is sent, and what it leads to. */
  readonly mail: MailDesk;
  readonly hooks: Hooks;
  /** RFC 3339 in UTC. */
  now(): string;
  /** A new random UUID. */
  newId(): string;
  readonly passwords: {
    hash(password: string): Promise<string>;
    matches(password: string, hash: string): Promise<boolean>;
  };
  readonly tokens: {
    /** A signed token that carries `claims` for so many seconds. */
    sign(claims: Readonly<Record<string, unknown>>, lifetimeSeconds: number): string;
    /** The claims of a token of ours that has not expired, else undefined. */
    verify(token: string): Readonly<Record<string, unknown>> | undefined;
  };
  /** A hash that nobody without the installation's secret can compute, for comparing what must not be kept. */
  fingerprint(text: string): string;
  /** Lets other work go on, for that many milliseconds, before something is tried again. */
  pause(milliseconds: number): Promise<void>;
};
