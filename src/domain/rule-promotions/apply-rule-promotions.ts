import type { CustomAttribute } from "../cart/cart.ts";
import { allocate, type MinorUnits } from "../money.ts";
import type { RuleDiscount } from "../pricing/discount.ts";
import type { CalculationMethod } from "../pricing/price-cart.ts";
import { inactiveReason } from "../promotions/active.ts";
import type { PromotableLine } from "../promotions/open-cart.ts";
import { fail, ok, type Result } from "../result.ts";
import type {
  AppliedRulePromotion,
  AppliedRulePromotions,
  RefusedRulePromotion,
  ShippingDiscount,
} from "./applied-rule-promotions.ts";
import { matchLines, type RuleScene } from "./match-lines.ts";
import type { RefusedRule } from "./refused-rule.ts";
import { openRuleCart, type RuleCart, type RuleShipment } from "./rule-cart.ts";
import { type RulePromotionInPlay, type RuleShopper, ruleCodeRefusal } from "./rule-code.ts";
import type { RulePromotion } from "./rule-promotion.ts";
import { type ActionOutcome, type ActionScene, runAction } from "./run-action.ts";

export type ApplyRulePromotions = {
  /** The cart's lines, without shipping, in its order. */
  readonly lines: readonly PromotableLine[];
  /** By line: what standard promotions leave of its value (`remainingAfter`). */
  readonly remaining: readonly MinorUnits[];
  readonly shipments: readonly RuleShipment[];
  readonly currency: string;
  readonly method: CalculationMethod;
  readonly customAttributes: Readonly<Record<string, CustomAttribute>>;
  /** Ids of the tags of the account that the cart belongs to. */
  readonly accountTags: readonly string[];
  readonly shopper: RuleShopper;
  /** RFC 3339; for a preview cart the date that it looks at. */
  readonly now: string;
  /** In any order; of two codes of one promotion the earlier is used if it can be. */
  readonly promotions: readonly RulePromotionInPlay[];
};

/**
 * Applies rule promotions to what standard promotions have left of a cart, from nothing each time: the same input
 * always gives the same answer.
 *
 * The highest priority comes first, those without one last, and among equals the newest first (Elastic Path: promotion
 * stacking and priority). Each takes its part of what those before it left, so 20 % and then 10 % of 100 leave 72, and
 * conditions on prices and totals look at that too. Units may take part in any number of rule promotions.
 *
 * The order decides what is combined: a promotion that is not stackable is refused when another applies already, and
 * once it applies, those after it are. Promotions that override stacking neither refuse nor are refused.
 *
 * Throws a RangeError for a line or a promotion that no check would have let in.
 */
export function applyRulePromotions(input: ApplyRulePromotions): AppliedRulePromotions {
  const evaluation: Evaluation = {
    input,
    now: Date.parse(input.now),
    cart: openRuleCart(input.lines, input.remaining, input.shipments, input.currency),
    codeOf: new Map(),
    stacked: [],
    discounts: [],
    shippingDiscounts: [],
    applied: [],
    refused: [],
  };
  for (const play of input.promotions.toSorted((a, b) => inOrder(a.promotion, b.promotion))) {
    const outcomes = judge(evaluation, play);
    if (outcomes.ok) accept(evaluation, play, outcomes.value);
    else refuse(evaluation, play, outcomes.error);
  }
  const { discounts, shippingDiscounts, applied, refused } = evaluation;
  return { discounts, shippingDiscounts, applied, refused };
}

type Evaluation = {
  readonly input: ApplyRulePromotions;
  /** Milliseconds. */
  readonly now: number;
  readonly cart: RuleCart | undefined;
  /** Promotions that apply already, and the code that they apply by. */
  readonly codeOf: Map<string, string>;
  /** Those of them that do not override stacking. */
  readonly stacked: RulePromotion[];
  readonly discounts: RuleDiscount[];
  readonly shippingDiscounts: ShippingDiscount[];
  readonly applied: AppliedRulePromotion[];
  readonly refused: RefusedRulePromotion[];
};

function inOrder(a: RulePromotion, b: RulePromotion): number {
  const byPriority = (b.priority ?? -Infinity) - (a.priority ?? -Infinity);
  // Two without a priority give NaN.
  if (byPriority) return byPriority;
  if (a.createdAt !== b.createdAt) return a.createdAt > b.createdAt ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** What the promotion takes off, action by action, on a copy: what is refused has changed nothing. */
function judge(
  evaluation: Evaluation,
  play: RulePromotionInPlay,
): Result<{ readonly cart: RuleCart; readonly outcomes: readonly ActionOutcome[] }, RefusedRule> {
  const { input, stacked } = evaluation;
  const { promotion, code } = play;
  const opened = openFor(evaluation, play);
  if (!opened.ok) return opened;
  const { cart } = opened.value;
  const { eligible } = opened.value;
  const scene: RuleScene = {
    cart,
    eligible,
    customAttributes: input.customAttributes,
    accountTags: input.accountTags,
  };
  const matched = promotion.rules ? matchLines(scene, promotion.rules, eligible) : ok(eligible);
  if (!matched.ok) return matched;
  const rival = rivalOf(promotion, stacked);
  if (rival) return fail({ type: "not_stackable", with: rival.id });

  const draft: RuleCart = {
    ...cart,
    remaining: [...cart.remaining],
    shippingLeft: [...cart.shippingLeft],
  };
  let left = code.consumeUnit === "per_application" ? (code.usesLeft ?? Infinity) : Infinity;
  const outcomes: ActionOutcome[] = [];
  let refusal: Result<never, RefusedRule> | undefined;
  for (const action of promotion.actions) {
    if (left === 0) break;
    const at: ActionScene = { ...scene, cart: draft, promotion, matched: matched.value, applications: left };
    const outcome = runAction(at, action);
    if (!outcome.ok) {
      refusal ??= outcome;
      continue;
    }
    left -= outcome.value.applications;
    takeOff(draft, outcome.value);
    outcomes.push(outcome.value);
  }
  if (outcomes.length === 0) return refusal ?? fail({ type: "no_saving" });
  return ok({ cart: draft, outcomes });
}

/** The first condition that fails is told, in this order: dates, code, currency, method, cart, catalog. */
function openFor(
  { input, now, codeOf, cart }: Evaluation,
  { promotion, code }: RulePromotionInPlay,
): Result<{ readonly cart: RuleCart; readonly eligible: readonly number[] }, RefusedRule> {
  const refusal = inactiveReason(promotion, now) ?? ruleCodeRefusal(code, input.shopper);
  if (refusal) return fail(refusal);
  const applies = codeOf.get(promotion.id);
  if (applies !== undefined) return fail({ type: "already_applied", code: applies });
  const { currencies, catalogIds } = promotion;
  if (currencies.length > 0 && !currencies.includes(input.currency)) {
    return fail({ type: "currency_not_accepted", currency: input.currency, accepted: currencies });
  }
  if (input.method === "simple" && promotion.actions.some((action) => isOnLines(promotion, action))) {
    return fail({ type: "method_unsupported", method: input.method, member: "item_level" });
  }
  if (!cart) return fail({ type: "cart_too_large" });
  if (cart.lines.length === 0) return fail({ type: "cart_empty" });
  const positions = cart.lines.map((_, position) => position);
  if (catalogIds.length === 0) return ok({ cart, eligible: positions });
  const eligible = positions.filter((position) => {
    const { catalogId } = cart.lines[position]!;
    return catalogId !== undefined && catalogIds.includes(catalogId);
  });
  if (eligible.length === 0) return fail({ type: "catalog_not_accepted", accepted: catalogIds });
  return ok({ cart, eligible });
}

function isOnLines(promotion: RulePromotion, action: RulePromotion["actions"][number]): boolean {
  if (action.strategy === "shipping_discount") return false;
  if (action.strategy !== "cart_discount") return true;
  return action.condition !== undefined || promotion.catalogIds.length > 0;
}

function rivalOf(promotion: RulePromotion, stacked: readonly RulePromotion[]): RulePromotion | undefined {
  if (promotion.overrideStacking) return undefined;
  return promotion.stackable ? stacked.find(({ stackable }) => !stackable) : stacked[0];
}

/** Takes an outcome off line by line, exactly as pricing will. */
function takeOff({ remaining, shippingLeft }: RuleCart, outcome: ActionOutcome): void {
  if (outcome.level === "shipping") {
    for (const { position, amount } of outcome.parts) shippingLeft[position]! -= amount;
  } else if (outcome.level === "item") {
    for (const { position, amount } of outcome.parts) remaining[position]! -= amount;
  } else {
    const { amount, positions } = outcome;
    const weights = positions ? positions.map((position) => remaining[position]!) : remaining;
    for (const [place, share] of allocate(amount, weights).entries()) {
      remaining[positions ? positions[place]! : place]! -= share;
    }
  }
}

function accept(
  evaluation: Evaluation,
  { promotion, code }: RulePromotionInPlay,
  { cart: draft, outcomes }: { readonly cart: RuleCart; readonly outcomes: readonly ActionOutcome[] },
): void {
  const { cart, codeOf, stacked, discounts, shippingDiscounts, applied, refused } = evaluation;
  if (!cart) return;
  for (const [position, left] of draft.remaining.entries()) cart.remaining[position] = left;
  for (const [position, left] of draft.shippingLeft.entries()) cart.shippingLeft[position] = left;
  codeOf.set(promotion.id, code.code);
  if (!promotion.overrideStacking) stacked.push(promotion);

  const by = { code: code.code, promotionId: promotion.id };
  let amount = 0;
  let shippingAmount = 0;
  let base = 0;
  let units = 0;
  let applications = 0;
  for (const outcome of outcomes) {
    applications += outcome.applications;
    base += outcome.base;
    if (outcome.level === "cart") {
      amount -= outcome.amount;
      const lineIds = outcome.positions?.map((position) => cart.lines[position]!.id);
      const entry = { ...by, level: "cart", amount: 0 - outcome.amount } as const;
      discounts.push(lineIds ? { ...entry, lineIds } : entry);
      continue;
    }
    if (outcome.level === "item") units += outcome.units;
    for (const part of outcome.parts) {
      const off = 0 - part.amount;
      if (outcome.level === "item") {
        amount += off;
        discounts.push({ ...by, level: "item", lineId: cart.lines[part.position]!.id, amount: off });
      } else {
        shippingAmount += off;
        shippingDiscounts.push({ ...by, shippingId: cart.shipments[part.position]!.id, amount: off });
      }
    }
  }
  applied.push({
    ...by,
    name: promotion.name,
    place: applied.length + refused.length,
    levels: [...new Set(outcomes.map(({ level }) => level))],
    amount,
    shippingAmount,
    base,
    discountedUnits: units,
    uses: code.consumeUnit === "per_application" ? applications : 1,
  });
}

function refuse(
  { applied, refused }: Evaluation,
  { promotion, code }: RulePromotionInPlay,
  reason: RefusedRule,
): void {
  refused.push({
    promotionId: promotion.id,
    code: code.code,
    name: promotion.name,
    place: applied.length + refused.length,
    reason,
  });
}
