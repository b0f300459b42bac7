/** Where goods lie: its address, as it was given. */
export type LocationAddress = {
  readonly id: string;
  readonly address_1: string;
  readonly address_2?: string;
  readonly company?: string;
  readonly city?: string;
  /** Two letters (ISO 3166), lower case. */
  readonly country_code: string;
  readonly phone?: string;
  readonly province?: string;
  readonly postal_code?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
};

/** A place that stock lies at. */
export type StockLocation = {
  readonly id: string;
  readonly name: string;
  /** Its stock is the common stock, which is what is sold from; the first location of a store is that. */
  readonly isCommon: boolean;
  readonly address?: LocationAddress;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** How stock rows name the place: the common stock has no name. */
export function stockKeyOf({ id, isCommon }: StockLocation): string {
  return isCommon ? "" : id;
}

/** What a merchant notes about a product that is counted, beside its numbers; `id` is the product's. */
export type InventoryNote = {
  readonly id: string;
  readonly title?: string;
  readonly description?: string;
  readonly thumbnail?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Pieces on their way, by the id of the location. */
  readonly incoming: Readonly<Record<string, number>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** Pieces that staff hold back by hand; they are allocated in their stock row as long as this is there. */
export type Reservation = {
  readonly id: string;
  readonly productId: string;
  readonly locationId: string;
  readonly quantity: number;
  /** Of an order or cart, as the caller named it. */
  readonly lineItemId?: string;
  readonly description?: string;
  readonly createdBy?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};
