import type {
  ProductCategory,
  ProductCollection,
  ProductTag,
  ProductType,
} from "../../domain/catalog/grouped-by.ts";
import type { CustomerGroup } from "../../domain/customer/customer-group.ts";
import type { InventoryNote, Reservation, StockLocation } from "../../domain/inventory/stock-location.ts";
import type { ReturnLink } from "../../domain/order/fulfilment.ts";
import type { OrderEdit } from "../../domain/order/order-edit.ts";
import type { PaymentCollection } from "../../domain/order/payment-collection.ts";
import type { DraftOrder } from "../../domain/region/draft-order.ts";
import type {
  PublishableKey,
  Region,
  ReturnReason,
  SalesChannel,
  ShippingOption,
  ShippingProfile,
  TaxRate,
} from "../../domain/region/region.ts";
import type { StaffUser } from "../../domain/region/staff-user.ts";
import type { CommonMailSetting, MailKindSetting } from "../../mail/mail-settings.ts";
import type { Listed, ListQuery } from "../listing.ts";

/** The kinds of records, and what is kept of each. */
export type RecordKinds = {
  region: Region;
  region_country: RegionCountry;
  tax_rate: TaxRate;
  shipping_profile: ShippingProfile;
  shipping_option: ShippingOption;
  sales_channel: SalesChannel;
  publishable_key: PublishableKey;
  return_reason: ReturnReason;
  /** By the id of a return: the order that it belongs to. */
  return_link: ReturnLink;
  /** Named by its order while something may become of it, so that an order has one such edit. */
  order_edit: OrderEdit;
  payment_collection: PaymentCollection;
  staff_user: StaffUser;
  /** Named by its name. */
  customer_group: CustomerGroup;
  stock_location: StockLocation;
  inventory_note: InventoryNote;
  reservation: Reservation;
  draft_order: DraftOrder;
  product_collection: ProductCollection;
  product_type: ProductType;
  product_tag: ProductTag;
  product_category: ProductCategory;
  /** By its cart: money that waits with it for somebody to decide. The cart says whether it still does. */
  held_payment: RecordBase;
  /** By the kind of mail, and one for all of them. */
  mail_setting: RecordBase & MailKindSetting & { readonly common?: CommonMailSetting };
};

/** That a country belongs to a region: `id` is its two-letter code, so that no other region can have it. */
export type RegionCountry = RecordBase & { readonly regionId: string };

export type RecordKind = keyof RecordKinds;

/** What every record has. */
export type RecordBase = { readonly id: string; readonly createdAt: string; readonly updatedAt: string };

/**
 * What carts and catalogs are looked at with, all of it in one look: few rows, read with every request and changed by
 * staff only. Each list is in the order of creation.
 */
export type SalesSetup = {
  readonly regions: readonly Region[];
  readonly taxRates: readonly TaxRate[];
  readonly shippingProfiles: readonly ShippingProfile[];
  readonly shippingOptions: readonly ShippingOption[];
  readonly salesChannels: readonly SalesChannel[];
  readonly publishableKeys: readonly PublishableKey[];
  readonly stockLocations: readonly StockLocation[];
};

/** What a page of products is shown with, by their ids. */
export type ProductGroups = {
  readonly collections: ReadonlyMap<string, ProductCollection>;
  readonly types: ReadonlyMap<string, ProductType>;
  readonly tags: ReadonlyMap<string, ProductTag>;
  readonly categories: ReadonlyMap<string, ProductCategory>;
};

/** What a merchant sets up for storefronts, as documents. */
export type RecordPort = {
  /** An answer may be up to a second old, but never older than this process's own change. */
  setup(storeId: string): Promise<SalesSetup>;
  load<Kind extends RecordKind>(
    storeId: string,
    kind: Kind,
    id: string,
  ): Promise<RecordKinds[Kind] | undefined>;
  /** Those of the ids that there are, in the order of creation. */
  loadMany<Kind extends RecordKind>(
    storeId: string,
    kind: Kind,
    ids: readonly string[],
  ): Promise<readonly RecordKinds[Kind][]>;
  /** Those collections, types, tags and categories of the ids that there are; one statement, and none without ids. */
  productGroups(storeId: string, ids: readonly string[]): Promise<ProductGroups>;
  /** The one whose unique name that is. */
  named<Kind extends RecordKind>(
    storeId: string,
    kind: Kind,
    nameKey: string,
  ): Promise<RecordKinds[Kind] | undefined>;
  all<Kind extends RecordKind>(storeId: string, kind: Kind): Promise<readonly RecordKinds[Kind][]>;
  /**
   * May be filtered and sorted by `id`, `name_key`, `title`, `status`, `order_id`, `internal_note`, `created_at` and
   * `updated_at`.
   */
  list<Kind extends RecordKind>(
    storeId: string,
    kind: Kind,
    query: ListQuery,
  ): Promise<Listed<RecordKinds[Kind]>>;
  /** Stores a new record. `nameKey` is what no other of its kind may be called. */
  insert<Kind extends RecordKind>(
    storeId: string,
    kind: Kind,
    record: RecordKinds[Kind],
    nameKey?: string,
  ): Promise<"saved" | "name_taken">;
  /**
   * Stores what `change` makes of the record as it is now; nobody else changes it meanwhile. `change` may run more than
   * once and must do nothing else; `nameKeyOf` says what the changed one is called.
   */
  change<Kind extends RecordKind>(
    storeId: string,
    kind: Kind,
    id: string,
    change: (record: RecordKinds[Kind]) => RecordKinds[Kind],
    nameKeyOf?: (record: RecordKinds[Kind]) => string | undefined,
  ): Promise<
    | { readonly kind: "saved"; readonly record: RecordKinds[Kind] }
    | { readonly kind: "name_taken" }
    | { readonly kind: "not_found" }
  >;
  delete(storeId: string, kind: RecordKind, id: string): Promise<boolean>;
  /** The next number that people call one of a kind by, from 1 on. Numbers that are not used are lost. */
  nextNumber(storeId: string, kind: RecordKind): Promise<number>;
};
