/** The numbers of one stock row beside what they should be. */
export type StockAudit = {
  readonly productId: string;
  readonly location: string;
  readonly total: number;
  readonly allocated: number;
  /** What the movements add up to. */
  readonly loggedTotal: number;
  readonly loggedAllocated: number;
  /** What orders say that they hold. */
  readonly heldByOrders: number;
  /** Allocated and deallocated without an order. */
  readonly allocatedByHand: number;
};

export type AuditPort = {
  /** One entry for every stock row, all from one moment. Reads everything: for the doctor, not for requests. */
  stock(storeId: string): Promise<readonly StockAudit[]>;
};
