/** Products that a merchant shows together, by hand. */
export type ProductCollection = {
  readonly id: string;
  readonly title: string;
  /** Unique in the store. */
  readonly handle: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** What kind of thing a product is, "Mugs"; taxes and discounts may depend on it. */
export type ProductType = {
  readonly id: string;
  /** Unique in the store. */
  readonly value: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** A word on products. */
export type ProductTag = {
  readonly id: string;
  /** Unique in the store. */
  readonly value: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** A branch of the tree that shoppers look for products in. */
export type ProductCategory = {
  readonly id: string;
  readonly name: string;
  /** Unique in the store. */
  readonly handle: string;
  readonly description: string;
  readonly parentId?: string;
  /** Place among those of the same parent, from 0 on. */
  readonly rank: number;
  /** Shoppers see active ones that are not internal. */
  readonly isActive: boolean;
  readonly isInternal: boolean;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};
