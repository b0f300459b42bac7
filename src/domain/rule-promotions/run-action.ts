import { allocate, type MinorUnits } from "../money.ts";
import { percentOf } from "../promotions/percent.ts";
import {
  mostSets,
  savingSets,
  together,
  type Units,
  type UnitsOfLine,
  unitsFor,
} from "../promotions/unit-sets.ts";
import { fail, ok, type Result } from "../result.ts";
import { bundleDemands, findBundle, leftOf, missingUnits, unitsAtPresent } from "./bundle-demands.ts";
import { matching, matchLines, type RuleScene } from "./match-lines.ts";
import type { RefusedRule } from "./refused-rule.ts";
import type { RuleCart } from "./rule-cart.ts";
import type {
  BundleAction,
  CartAction,
  ItemAction,
  RuleAction,
  RuleCondition,
  RulePromotion,
  ShippingAction,
} from "./rule-promotion.ts";

/** What comes off a line or a shipment; `amount` > 0. */
export type Part = { readonly position: number; readonly amount: MinorUnits };

/** What one action takes off; all amounts are > 0. */
export type ActionOutcome = {
  /** What it was reckoned from. */
  readonly base: MinorUnits;
  /** Units, bundles or sets that it applied to; 1 for cart and shipping. */
  readonly applications: number;
} & (
  | { readonly level: "item"; readonly parts: readonly Part[]; readonly units: number }
  /** `positions` ascending; undefined: the whole cart. */
  | { readonly level: "cart"; readonly amount: MinorUnits; readonly positions: readonly number[] | undefined }
  | { readonly level: "shipping"; readonly parts: readonly Part[] }
);

type Outcome = Result<ActionOutcome, RefusedRule>;

/** Where an action looks. */
export type ActionScene = RuleScene & {
  readonly promotion: RulePromotion;
  /** The lines that met the promotion's rules. */
  readonly matched: readonly number[];
  /** Applications that the code still allows; Infinity without a bound. */
  readonly applications: number;
};

/** What an action takes off the cart as it is now. Never more than is left; nothing is changed. */
export function runAction(scene: ActionScene, action: RuleAction): Outcome {
  switch (action.strategy) {
    case "cart_discount":
      return discountCart(scene, action);
    case "item_discount":
      return discountItems(scene, action);
    case "items_bundle_discount":
      return discountBundles(scene, action);
    case "shipping_discount":
      return discountShipping(scene, action);
  }
}

function discountCart(scene: ActionScene, { args, condition, limitations }: CartAction): Outcome {
  const { cart, eligible, promotion } = scene;
  const meant = condition ? matchLines(scene, condition, eligible) : ok(eligible);
  if (!meant.ok) return meant;
  const base = sumOf(cart.remaining, meant.value);
  if (base === 0) return fail({ type: "nothing_left" });
  const amount = Math.min(wantedOff(args, base, 1), base, limitations?.maxDiscount ?? Infinity);
  if (amount === 0) return fail({ type: "no_saving" });
  const isWhole = condition === undefined && promotion.catalogIds.length === 0;
  return ok({ level: "cart", amount, positions: isWhole ? undefined : meant.value, base, applications: 1 });
}

function discountItems(scene: ActionScene, action: ItemAction): Outcome {
  const { cart, eligible, matched } = scene;
  const meant = action.condition ? matchLines(scene, action.condition, eligible) : ok(matched);
  if (!meant.ok) return meant;
  if (sumOf(cart.remaining, meant.value) === 0) return fail({ type: "nothing_left" });
  return action.args[0] === "fixed_price"
    ? discountSets(scene, action, action.args, meant.value)
    : discountEach(scene, action, action.args, meant.value);
}

function discountEach(
  { cart, applications }: ActionScene,
  { limitations = {} }: ItemAction,
  args: readonly ["fixed" | "percent", number],
  meant: readonly number[],
): Outcome {
  const { maxQuantity = Infinity, items } = limitations;
  const parts: Part[] = [];
  let unitsLeft = Math.min(items?.maxItems ?? Infinity, applications);
  let units = 0;
  let base = 0;
  for (const position of byStrategy(cart, meant, items?.priceStrategy)) {
    const taken = Math.min(cart.owned[position]!, maxQuantity, unitsLeft);
    if (taken === 0) continue;
    const left = leftOf(cart, position, taken);
    const amount = Math.min(wantedOff(args, left, taken), left);
    if (amount === 0) continue;
    parts.push({ position, amount });
    unitsLeft -= taken;
    units += taken;
    base += left;
  }
  return itemOutcome(parts, base, units, units, limitations.maxDiscount);
}

/** x units out of all lines that are meant for an amount, as often as that lowers the price; the dearest first. */
function discountSets(
  { cart, applications }: ActionScene,
  { limitations = {} }: ItemAction,
  [, quantity, amount]: readonly ["fixed_price", number, MinorUnits],
  meant: readonly number[],
): Outcome {
  const { maxQuantity = Infinity, maxDiscount, items } = limitations;
  const present = unitsAtPresent(cart);
  const units: Units = { ...present, free: present.free.map((free) => Math.min(free, maxQuantity)) };
  const positions = meant.toSorted((a, b) => units.rank[a]! - units.rank[b]!);
  const demands = together(units, [{ positions, quantity }]);
  const most = Math.min(applications, Math.floor((items?.maxItems ?? Infinity) / quantity));
  if (mostSets(units, demands, 1) === 0) return fail(missingUnits(units, demands));
  const { sets, taken } = savingSets(units, demands, most, amount);
  return setOutcome(cart, taken, sets, (base) => base - sets * amount, maxDiscount);
}

function discountBundles(scene: ActionScene, { args, condition, limitations }: BundleAction): Outcome {
  const { cart, eligible, promotion, applications } = scene;
  const bundle = findBundle(condition) ?? findBundle(promotion.rules);
  if (!bundle) return fail({ type: "no_saving" });
  const units = unitsAtPresent(cart);
  const demands = bundleDemands(units, bundle, (one) => matching(scene, one, eligible));
  const most = mostSets(units, demands, applications);
  if (most === 0) return fail(missingUnits(units, demands));
  if (args[0] === "fixed_price") {
    const [, price] = args;
    const { sets, taken } = savingSets(units, demands, most, price);
    return setOutcome(cart, taken, sets, (base) => base - sets * price, limitations?.maxDiscount);
  }
  const taken = (unitsFor(units, demands, most) ?? []).flat();
  const off = (base: MinorUnits) => wantedOff(args, base, most);
  return setOutcome(cart, taken, most, off, limitations?.maxDiscount);
}

/** What comes off sets that were made, shared by what is left of their units. */
function setOutcome(
  cart: RuleCart,
  taken: readonly UnitsOfLine[],
  sets: number,
  wanted: (base: MinorUnits) => MinorUnits,
  maxDiscount: MinorUnits | undefined,
): Outcome {
  const unitsOf = new Map<number, number>();
  for (const { position, units } of taken) unitsOf.set(position, (unitsOf.get(position) ?? 0) + units);
  const positions = [...unitsOf.keys()];
  const lefts = positions.map((position) => leftOf(cart, position, unitsOf.get(position)!));
  const base = lefts.reduce((sum, left) => sum + left, 0);
  const amount = Math.min(Math.max(0, wanted(base)), base);
  const shares = amount === 0 ? [] : allocate(amount, lefts);
  const parts = shares.map((share, place) => ({ position: positions[place]!, amount: share }));
  const units = taken.reduce((sum, one) => sum + one.units, 0);
  return itemOutcome(parts, base, sets, units, maxDiscount);
}

function itemOutcome(
  parts: readonly Part[],
  base: MinorUnits,
  applications: number,
  units: number,
  maxDiscount = Infinity,
): Outcome {
  const wanted = parts.map(({ amount }) => amount);
  const total = wanted.reduce((sum, amount) => sum + amount, 0);
  const amounts = total > maxDiscount ? allocate(maxDiscount, wanted) : wanted;
  const kept = parts.flatMap(({ position }, place) =>
    amounts[place]! > 0 ? [{ position, amount: amounts[place]! }] : [],
  );
  if (kept.length === 0) return fail({ type: "no_saving" });
  return ok({ level: "item", parts: kept, base, applications, units });
}

function discountShipping(scene: ActionScene, { args, condition }: ShippingAction): Outcome {
  const { shipments, shippingLeft } = scene.cart;
  const parts: Part[] = [];
  let base = 0;
  let isMeant = false;
  for (const [position, { type }] of shipments.entries()) {
    if (condition && !isShipmentMeant(scene, condition, type)) continue;
    isMeant = true;
    const left = shippingLeft[position]!;
    const wanted = args[0] === "fixed_price" ? left - args[1] : wantedOff(args, left, 1);
    const amount = Math.min(Math.max(0, wanted), left);
    if (amount === 0) continue;
    parts.push({ position, amount });
    base += left;
  }
  if (!isMeant) return fail({ type: "shipping_missing" });
  return parts.length === 0
    ? fail({ type: "no_saving" })
    : ok({ level: "shipping", parts, base, applications: 1 });
}

/** Conditions on items ask whether there is such a line at all. */
function isShipmentMeant(scene: ActionScene, condition: RuleCondition, type: string): boolean {
  if (condition.strategy === "shipping_type") return condition.args.includes(type);
  if (condition.strategy === "and") {
    return condition.children.every((child) => isShipmentMeant(scene, child, type));
  }
  if (condition.strategy === "or") {
    return condition.children.some((child) => isShipmentMeant(scene, child, type));
  }
  return matchLines(scene, condition, scene.eligible).ok;
}

/** The amount of so many units together, or the share of what is left of them. */
function wantedOff(
  [kind, value]: readonly ["fixed" | "percent", number],
  left: MinorUnits,
  units: number,
): MinorUnits {
  return kind === "percent" ? percentOf(left, value) : value * units;
}

function byStrategy(
  cart: RuleCart,
  positions: readonly number[],
  strategy: "cheapest" | "expensive" | undefined,
): readonly number[] {
  if (strategy === undefined) return positions;
  const { rank } = unitsAtPresent(cart);
  const sign = strategy === "expensive" ? 1 : -1;
  return positions.toSorted((a, b) => sign * (rank[a]! - rank[b]!));
}

function sumOf(amounts: readonly MinorUnits[], positions: readonly number[]): MinorUnits {
  let sum = 0;
  for (const position of positions) sum += amounts[position]!;
  return sum;
}
