import type { RegionDiscount } from "../region-pricing/region-discount.ts";

/**
 * A discount as a merchant keeps it. A code made from another (`parentId`) has the rule and the regions of that one,
 * and limits and dates of its own.
 */
export type Discount = RegionDiscount & {
  readonly ruleId: string;
  readonly ruleDescription?: string;
  /** Codes can be made from it. */
  readonly isDynamic: boolean;
  readonly parentId?: string;
  /** How long codes made from it are valid: an ISO 8601 duration. */
  readonly validDuration?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
};
