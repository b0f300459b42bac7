import type { StockAction } from "../../domain/inventory/stock.ts";
import type { Listed, ListQuery } from "../listing.ts";

export type StockRow = {
  readonly productId: string;
  readonly location: string;
  readonly total: number;
  readonly allocated: number;
  readonly createdAt: string;
  readonly updatedAt: string;
};

export type StockMovement = {
  readonly id: string;
  readonly productId: string;
  readonly location: string;
  readonly action: StockAction;
  readonly quantity: number;
  readonly totalBefore: number;
  readonly allocatedBefore: number;
  readonly totalAfter: number;
  readonly allocatedAfter: number;
  readonly orderId?: string;
  readonly actor: string;
  readonly createdAt: string;
};

export type MoveStock = {
  readonly movementId: string;
  readonly productId: string;
  readonly location: string;
  readonly action: "increment" | "decrement" | "allocate" | "deallocate" | "set";
  readonly quantity: number;
  readonly actor: string;
  readonly now: string;
  /** A part of something that is told of already, such as a reservation. */
  readonly follows?: boolean;
};

export type MoveStockOutcome =
  | { readonly kind: "moved"; readonly row: StockRow }
  | { readonly kind: "not_found" }
  /**
   * The numbers would not hold: 0 <= allocated <= total, and what orders hold stays with them. Nothing was moved.
   */
  | { readonly kind: "refused"; readonly row: StockRow };

export type StockPort = {
  load(storeId: string, productId: string): Promise<readonly StockRow[]>;
  loadMany(storeId: string, productIds: readonly string[]): Promise<readonly StockRow[]>;
  list(storeId: string, query: ListQuery): Promise<Listed<StockRow>>;
  /** A first row for a product; "exists" when it has one at that location. */
  create(
    storeId: string,
    input: {
      readonly movementId: string;
      readonly productId: string;
      readonly location: string;
      readonly quantity: number;
      readonly actor: string;
      readonly now: string;
    },
  ): Promise<
    | { readonly kind: "created"; readonly row: StockRow }
    | { readonly kind: "exists" }
    | { readonly kind: "product_not_found" }
  >;
  move(storeId: string, input: MoveStock): Promise<MoveStockOutcome>;
  /** Stops counting a product; "allocated" when orders hold pieces of it. */
  delete(
    storeId: string,
    input: {
      readonly movementId: string;
      readonly productId: string;
      /** Only there; absent: everywhere. */
      readonly location?: string;
      readonly actor: string;
      readonly now: string;
    },
  ): Promise<"deleted" | "not_found" | "allocated">;
  /** Whether any product has pieces at that location. */
  holdsAt(storeId: string, location: string): Promise<boolean>;
  movements(storeId: string, productId: string, query: ListQuery): Promise<Listed<StockMovement>>;
  movement(storeId: string, productId: string, movementId: string): Promise<StockMovement | undefined>;
};
