import type { Reservation } from "../../domain/inventory/stock-location.ts";
import type { Listed, ListQuery } from "../listing.ts";

/** What an order holds for one of its lines at one place. */
export type HeldReservation = {
  readonly lineId: string;
  readonly productId: string;
  readonly orderId: string;
  /** Which of the places that were asked about it is at. */
  readonly place: number;
  readonly quantity: number;
  /** Of the order. */
  readonly createdAt: string;
  readonly updatedAt: string;
};

/** Pieces that staff hold back by hand, or that an order holds. */
export type ListedReservation =
  | { readonly kind: "by_hand"; readonly reservation: Reservation }
  | { readonly kind: "held"; readonly held: HeldReservation };

/** A place that is asked about: what stock rows call it, and the location's id. */
export type ReservationPlace = { readonly key: string; readonly locationId: string };

/** All that is held back, read in the database however many orders hold something. */
export type ReservationPort = {
  /**
   * One page, in one statement. What orders hold elsewhere than at `places` is left out. May be filtered and sorted by
   * `product_id`, `location_id`, `line_id` (of what is held by hand as its caller spelt it), `quantity`, `description`,
   * `created_at` and `updated_at`. With `productIds` or `lineIds`, other orders are not looked into.
   */
  list(
    storeId: string,
    of: {
      readonly places: readonly ReservationPlace[];
      readonly productIds?: readonly string[];
      readonly lineIds?: readonly string[];
    },
    query: ListQuery,
  ): Promise<Listed<ListedReservation>>;
};
