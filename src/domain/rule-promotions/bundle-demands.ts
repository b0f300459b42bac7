import { type MinorUnits, multiplyRatio } from "../money.ts";
import { type Demands, freeUnits, together, type Units } from "../promotions/unit-sets.ts";
import type { RefusedRule } from "./refused-rule.ts";
import type { RuleCart } from "./rule-cart.ts";
import type { ItemsBundle, RuleCondition } from "./rule-promotion.ts";

/**
 * The shopper's units at the prices of now, rounded down to whole minor units, dearest first. The rounded prices only
 * say which units come first; amounts are shares of what is really left (`leftOf`).
 */
export function unitsAtPresent(cart: RuleCart): Units {
  const prices = cart.owned.map((owned, position) =>
    owned === 0 ? 0 : Math.floor(cart.remaining[position]! / owned),
  );
  const byPrice = prices.map((_, position) => position).sort((a, b) => prices[b]! - prices[a]! || a - b);
  const rank = new Array<number>(prices.length);
  for (const [place, position] of byPrice.entries()) rank[position] = place;
  return { prices, free: [...cart.owned], rank };
}

/** What is left of so many units of a line: all of it for all of the shopper's units. */
export function leftOf(cart: RuleCart, position: number, units: number): MinorUnits {
  return multiplyRatio(cart.remaining[position]!, units, cart.owned[position]!);
}

/**
 * What one bundle takes, child by child, each out of the lines that meet it.
 * @param matching the lines that meet a condition, all that may be looked at without one
 */
export function bundleDemands(
  units: Pick<Units, "rank">,
  { children }: ItemsBundle,
  matching: (condition: RuleCondition | undefined) => readonly number[],
): Demands {
  const each = children.map((child) => {
    const { condition, quantity } = withoutQuantity(child);
    const positions = matching(condition).toSorted((a, b) => units.rank[a]! - units.rank[b]!);
    return { positions, quantity };
  });
  return together(units, each);
}

/** That too few units are there for even one bundle. */
export function missingUnits(units: Units, { each }: Demands): RefusedRule {
  const short = each.find(({ positions, quantity }) => freeUnits(units, positions) < quantity);
  if (short) {
    return {
      type: "units_missing",
      required: short.quantity,
      found: freeUnits(units, short.positions),
    };
  }
  // Each child could be met, but not all of them: they share units.
  const positions = [...new Set(each.flatMap((demand) => demand.positions))];
  const required = each.reduce((sum, { quantity }) => sum + quantity, 0);
  return { type: "units_missing", required, found: freeUnits(units, positions) };
}

/** The first bundle in a tree, from above. */
export function findBundle(condition: RuleCondition | undefined): ItemsBundle | undefined {
  if (!condition) return undefined;
  if (condition.strategy === "items_bundle") return condition;
  if (condition.strategy !== "and" && condition.strategy !== "or") return undefined;
  for (const child of condition.children) {
    const found = findBundle(child);
    if (found) return found;
  }
  return undefined;
}

/**
 * A child of a bundle as units that are wanted and what they have to be. The least quantity that its `item_quantity`
 * accepts is how many one bundle takes, whether of one line or of several; a bound from above asks for one.
 */
function withoutQuantity(child: RuleCondition): {
  readonly condition: RuleCondition | undefined;
  readonly quantity: number;
} {
  if (child.strategy === "item_quantity") {
    const [first = 1] = child.args;
    const least = child.operator === "gt" ? Math.floor(first) + 1 : Math.ceil(first);
    const isBoundBelow = child.operator === "eq" || child.operator === "gte" || child.operator === "gt";
    return { condition: undefined, quantity: isBoundBelow ? Math.max(1, least) : 1 };
  }
  if (child.strategy !== "and") return { condition: child, quantity: 1 };
  const rest: RuleCondition[] = [];
  let quantity = 1;
  for (const one of child.children) {
    const parted = withoutQuantity(one);
    quantity = Math.max(quantity, parted.quantity);
    if (parted.condition) rest.push(parted.condition);
  }
  return { condition: rest.length > 0 ? { strategy: "and", children: rest } : undefined, quantity };
}
