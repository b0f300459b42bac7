import type { CustomAttribute } from "../cart/cart.ts";
import type { PromotableLine } from "../promotions/open-cart.ts";
import { mostSets } from "../promotions/unit-sets.ts";
import { fail, ok, type Result } from "../result.ts";
import { bundleDemands, missingUnits, unitsAtPresent } from "./bundle-demands.ts";
import type { RefusedRule } from "./refused-rule.ts";
import type { RuleCart } from "./rule-cart.ts";
import type {
  CartCondition,
  Comparison,
  ItemCondition,
  ItemsBundle,
  KindCondition,
  LeafCondition,
  MeasureCondition,
  RuleCondition,
  RuleValue,
} from "./rule-promotion.ts";

/** What conditions are judged by. */
export type RuleScene = {
  readonly cart: RuleCart;
  readonly customAttributes: Readonly<Record<string, CustomAttribute>>;
  /** Ids of the tags of the account that the cart belongs to. */
  readonly accountTags: readonly string[];
  /** Positions of the lines that the promotion may look at, in the order of the cart. */
  readonly eligible: readonly number[];
};

/**
 * The lines out of `within` that meet a condition, in their order; refused with the first leaf after which there is
 * none. A condition on the cart is met by all lines or by none. `and` leaves the lines that meet every child, so
 * "SKU a and SKU b" is met by nothing: a cart that holds both is an `items_bundle`. The work is lines times leaves.
 */
export function matchLines(
  scene: RuleScene,
  condition: RuleCondition,
  within: readonly number[],
): Result<readonly number[], RefusedRule> {
  switch (condition.strategy) {
    case "and":
      return matchAll(scene, condition.children, within);
    case "or":
      return matchAny(scene, condition.children, within);
    case "items_bundle":
      return matchBundle(scene, condition, within);
    case "cart_total":
    case "cart_custom_attribute":
    case "account_tags":
    case "shipping_type":
      return cartHolds(scene, condition) ? ok(within) : unmet(condition);
    default: {
      const holds = lineTest(scene.cart, condition);
      const positions = within.filter(holds);
      if (positions.length === 0) return unmet(condition);
      return condition.children ? matchAll(scene, condition.children, positions) : ok(positions);
    }
  }
}

/** The lines that meet a condition, if any; without a condition all. */
export function matching(
  scene: RuleScene,
  condition: RuleCondition | undefined,
  within: readonly number[],
): readonly number[] {
  if (!condition) return within;
  const matched = matchLines(scene, condition, within);
  return matched.ok ? matched.value : [];
}

function unmet(condition: LeafCondition): Result<never, RefusedRule> {
  return fail({ type: "condition_unmet", condition });
}

function matchAll(
  scene: RuleScene,
  children: readonly RuleCondition[],
  within: readonly number[],
): Result<readonly number[], RefusedRule> {
  let positions = within;
  for (const child of children) {
    const matched = matchLines(scene, child, positions);
    if (!matched.ok) return matched;
    positions = matched.value;
  }
  return ok(positions);
}

/** Without children nothing is asked, and so every line is meant. */
function matchAny(
  scene: RuleScene,
  children: readonly RuleCondition[],
  within: readonly number[],
): Result<readonly number[], RefusedRule> {
  const found = new Set<number>();
  let refusal: Result<never, RefusedRule> | undefined;
  for (const child of children) {
    const matched = matchLines(scene, child, within);
    if (!matched.ok) refusal ??= matched;
    else for (const position of matched.value) found.add(position);
  }
  if (found.size > 0) return ok(within.filter((position) => found.has(position)));
  return refusal ?? ok(within);
}

function matchBundle(
  scene: RuleScene,
  bundle: ItemsBundle,
  within: readonly number[],
): Result<readonly number[], RefusedRule> {
  const units = unitsAtPresent(scene.cart);
  const demands = bundleDemands(units, bundle, (one) => matching(scene, one, within));
  if (mostSets(units, demands, 1) === 0) return fail(missingUnits(units, demands));
  const meant = new Set(demands.each.flatMap(({ positions }) => positions));
  return ok(within.filter((position) => meant.has(position)));
}

function cartHolds({ cart, customAttributes, accountTags, eligible }: RuleScene, condition: CartCondition) {
  switch (condition.strategy) {
    case "cart_total": {
      let total = 0;
      for (const position of eligible) total += cart.remaining[position]!;
      const [first = 0, second = 0] = condition.args;
      return condition.operator === "range"
        ? first <= total && total <= second
        : compares(condition.operator, total - first);
    }
    case "cart_custom_attribute":
      return attributeHolds(customAttributes, condition.operator, condition.args);
    case "account_tags": {
      const has = (tag: string) => accountTags.includes(tag);
      const { operator, args } = condition;
      if (operator === "contains_all") return args.every(has);
      if (operator === "contains_any") return args.some(has);
      return operator === "not_contains_all" ? !args.every(has) : !args.some(has);
    }
    case "shipping_type":
      return cart.shipments.some(({ type }) => condition.args.includes(type));
  }
}

/** An attribute that the cart lacks, or that is of another type, is equal to nothing. */
function attributeHolds(
  attributes: RuleScene["customAttributes"],
  operator: Comparison | "in" | "nin",
  [key, type, ...values]: readonly RuleValue[],
): boolean {
  const attribute = Object.hasOwn(attributes, String(key)) ? attributes[String(key)] : undefined;
  const value = attribute && family(attribute.type) === family(String(type)) ? attribute.value : undefined;
  switch (operator) {
    case "in":
    case "eq":
      return value !== undefined && values.includes(value);
    case "nin":
    case "ne":
      return value === undefined || !values.includes(value);
    default: {
      const [bound] = values;
      if (typeof value !== "number" || typeof bound !== "number") return false;
      return compares(operator, value - bound);
    }
  }
}

function family(type: string): string {
  return type === "integer" || type === "float" ? "number" : type;
}

/** Whether a line meets a leaf, its children aside. */
function lineTest(cart: RuleCart, condition: ItemCondition): (position: number) => boolean {
  const { lines } = cart;
  if (isMeasure(condition)) {
    const [bound = 0] = condition.args;
    if (condition.strategy === "item_quantity") {
      return (position) => compares(condition.operator, cart.owned[position]! - bound);
    }
    // Of all pieces on both sides, as the price of one piece after discounts need not be whole.
    return (position) =>
      compares(condition.operator, cart.remaining[position]! - bound * cart.owned[position]!);
  }
  const isIn = membership(condition);
  return condition.operator === "in"
    ? (position) => isIn(lines[position]!)
    : (position) => !isIn(lines[position]!);
}

function isMeasure(condition: ItemCondition): condition is MeasureCondition {
  return condition.strategy === "item_price" || condition.strategy === "item_quantity";
}

function membership(condition: KindCondition): (line: PromotableLine) => boolean {
  switch (condition.strategy) {
    case "item_sku": {
      const skus = new Set(condition.args);
      return ({ sku }) => skus.has(sku);
    }
    case "item_product_id": {
      const ids = new Set(condition.args);
      return ({ productId }) => productId !== undefined && ids.has(productId);
    }
    case "item_identifier": {
      const skus = new Set(condition.args.flatMap((one) => one.skus ?? []));
      const ids = new Set(condition.args.flatMap((one) => one.ids ?? []));
      return ({ sku, productId }) => skus.has(sku) || (productId !== undefined && ids.has(productId));
    }
    case "item_category": {
      const wanted = new Set(condition.args);
      return ({ nodes = [] }) => nodes.some((node) => wanted.has(node));
    }
    case "item_attribute": {
      const [template, field, _type, ...values] = condition.args;
      const wanted = new Set(values.map(String));
      return ({ attributes = [] }) =>
        attributes.some((one) => one.template === template && one.field === field && wanted.has(one.value));
    }
  }
}

/** Whether a number is to its bound as the operator says, when it is so much above it. */
function compares(operator: Comparison, above: number): boolean {
  switch (operator) {
    case "eq":
      return above === 0;
    case "ne":
      return above !== 0;
    case "gt":
      return above > 0;
    case "gte":
      return above >= 0;
    case "lt":
      return above < 0;
    case "lte":
      return above <= 0;
  }
}
