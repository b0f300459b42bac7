import { allocate, type MinorUnits } from "../money.ts";
import { fail, ok, type Result } from "../result.ts";
import { type OpenCart, ownValue } from "./open-cart.ts";
import { percentOf } from "./percent.ts";
import { type CartKind, inCurrency } from "./promotion.ts";
import type { RefusedReason } from "./refused-reason.ts";
import { cartLines } from "./select-lines.ts";

/** A cart promotion's discount: `amount` (> 0) off the lines at `positions`, undefined for the whole cart. */
export type WholeDiscount = {
  readonly amount: MinorUnits;
  /** What is left of the lines that it may be taken from: the base of a percentage. */
  readonly base: MinorUnits;
  /** Ascending. */
  readonly positions: readonly number[] | undefined;
};

/** What is left of a cart after item promotions, while cart promotions come off it. */
export type CartBalance = {
  /** Over all lines. In `simple` discounts are not spread, so this is all that changes. */
  total: MinorUnits;
  /** By line. Kept up to date only while a later promotion looks at some lines alone. */
  readonly remaining: MinorUnits[];
};

/** The value that counts for a cart promotion's minimum: excluded lines earn nothing. */
export function earningValue(cart: OpenCart, kind: CartKind): MinorUnits {
  return ownValue(cart, cartLines(cart, kind.scope).positions);
}

/**
 * A cart promotion on what older ones and the item promotions have left: at most that, and at most `most`. A
 * percentage is one of what is left (20 % and then 10 % of 100 leave 72), so no two together take more than there is.
 */
export function discountWhole(
  cart: OpenCart,
  balance: CartBalance,
  kind: CartKind,
  most: MinorUnits,
): Result<WholeDiscount, RefusedReason> {
  const scope = cartLines(cart, kind.scope);
  const positions = scope.positions?.toSorted((a, b) => a - b);
  if (positions?.length === 0) return fail({ type: "nothing_eligible", hasExcluded: scope.hasExcluded });
  let base = balance.total;
  if (positions) {
    let left = 0;
    for (const position of positions) left += balance.remaining[position]!;
    base = Math.min(base, left);
  }
  if (base === 0) return fail({ type: "nothing_left" });
  const wanted =
    kind.type === "fixed_discount"
      ? (inCurrency(kind.amounts, cart.currency)?.amount ?? 0)
      : percentOf(base, inCurrency(kind.percents, cart.currency)?.percent ?? 0);
  const amount = Math.min(wanted, base, most);
  return amount > 0 ? ok({ amount, base, positions }) : fail({ type: "no_saving" });
}

/**
 * Takes the discount off, line by line exactly as pricing will (`spreadCartDiscount`) when `isSpread`. That is needed
 * only if a later promotion looks at some lines alone, and costs a walk over the lines.
 */
export function takeOff(balance: CartBalance, { amount, positions }: WholeDiscount, isSpread: boolean): void {
  balance.total -= amount;
  if (!isSpread) return;
  const { remaining } = balance;
  const shares = allocate(amount, positions ? positions.map((position) => remaining[position]!) : remaining);
  for (const [place, share] of shares.entries()) remaining[positions ? positions[place]! : place]! -= share;
}
