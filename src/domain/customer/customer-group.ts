/** Customers whom discounts may be for, or not for. Which groups a customer is in is kept with the customer. */
export type CustomerGroup = {
  readonly id: string;
  /** Unique in the store. */
  readonly name: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};
