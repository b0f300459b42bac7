import { fail, ok, type Result } from "../../domain/result.ts";
import type { RuleAction, RuleCondition } from "../../domain/rule-promotions/rule-promotion.ts";
import { type InvalidMember, validatorOf } from "../validation.ts";
import { parseRuleCondition } from "./parse-rule-condition.ts";
import { type ActionStrategy, actionSchemas, type WireAction } from "./rule-schemas.ts";

const checkAction: Record<ActionStrategy, ReturnType<typeof validatorOf>> = {
  cart_discount: validatorOf(actionSchemas.cart_discount),
  item_discount: validatorOf(actionSchemas.item_discount),
  items_bundle_discount: validatorOf(actionSchemas.items_bundle_discount),
  shipping_discount: validatorOf(actionSchemas.shipping_discount),
};

/**
 * An action as it was sent, and otherwise what is wrong with it. `path` is that of the action; `hasBundle` whether the
 * promotion's rules say what a bundle is.
 */
export function parseRuleAction(
  sent: unknown,
  path: string,
  hasBundle: boolean,
): Result<RuleAction, InvalidMember[]> {
  // The strategy was checked with the body.
  const action = sent as WireAction;
  const invalid = checkAction[action.strategy](sent, path);
  if (invalid.length > 0) return fail(invalid);
  const [kind, number] = action.args;
  if (kind === "percent" && Math.round(Number(number) * 1e6) / 1e6 !== number) {
    return fail([{ path: `${path}.args.1`, keyword: "multipleOf", expected: 0.000001, value: number }]);
  }
  let condition: RuleCondition | undefined;
  if (action.condition !== undefined && action.condition !== null) {
    const parsed = parseRuleCondition(action.condition, `${path}.condition`);
    if (!parsed.ok) return parsed;
    condition = parsed.value;
  }
  if (action.strategy === "items_bundle_discount" && !hasBundle && !namesBundle(condition)) {
    // Without a bundle there would be nothing to discount, ever.
    return fail([{ path: `${path}.condition`, keyword: "required", expected: undefined, value: undefined }]);
  }
  return ok({
    strategy: action.strategy,
    args: action.args,
    ...(condition && { condition }),
    ...limitationsOf(action.limitations),
  } as RuleAction);
}

/** Whether a tree says what a bundle is, where discounts look for it. */
export function namesBundle(condition: RuleCondition | undefined): boolean {
  if (!condition) return false;
  if (condition.strategy === "items_bundle") return true;
  return (
    (condition.strategy === "and" || condition.strategy === "or") && condition.children.some(namesBundle)
  );
}

function limitationsOf(sent: WireAction["limitations"]) {
  const { max_discount: maxDiscount, max_quantity: maxQuantity, items } = sent ?? {};
  const limitations = {
    ...(typeof maxDiscount === "number" && { maxDiscount }),
    ...(typeof maxQuantity === "number" && { maxQuantity }),
    ...(items && {
      items: {
        maxItems: items.max_items,
        ...(items.price_strategy && { priceStrategy: items.price_strategy }),
        ...(items.auto_add !== undefined && { autoAdd: items.auto_add }),
        ...(items.show_suggestions !== undefined && { showSuggestions: items.show_suggestions }),
      },
    }),
  };
  return Object.keys(limitations).length > 0 ? { limitations } : {};
}
