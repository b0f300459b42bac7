import { fail, ok, type Result } from "../../domain/result.ts";
import type {
  RuleAction,
  RuleCondition,
  RulePromotion,
} from "../../domain/rule-promotions/rule-promotion.ts";
import type { InvalidMember } from "../validation.ts";
import { type InvalidPromotion, invalidDates } from "./parse-promotion.ts";
import { namesBundle, parseRuleAction } from "./parse-rule-action.ts";
import { parseRuleCondition } from "./parse-rule-condition.ts";
import { renderAction } from "./render-rule-promotion.ts";
import type { RulePromotionChanges } from "./rule-schemas.ts";

/** What a rule promotion says of itself, without who made it when. */
type Details = Omit<RulePromotion, "id" | "createdAt">;

/**
 * A rule promotion as `data` says; members that it does not have, also within `rule_set`, are those of `before`. Null
 * stands for none.
 */
export function parseRulePromotion(
  data: RulePromotionChanges,
  before: Details | undefined,
): Result<Details, InvalidPromotion> {
  const set = data.rule_set ?? {};
  const invalid: InvalidMember[] = invalidDates(data);
  const rules = parseRules(set.rules, before?.rules, invalid);
  const actions = parseActions(set.actions ?? before?.actions.map(renderAction) ?? [], rules, invalid);
  if (invalid.length > 0) return fail({ type: "promotion_invalid", members: invalid });
  const priority = data.priority === undefined ? before?.priority : (data.priority ?? undefined);
  return ok({
    name: data.name ?? before?.name ?? "",
    description: data.description ?? before?.description ?? "",
    enabled: data.enabled ?? before?.enabled ?? false,
    automatic: data.automatic ?? before?.automatic ?? false,
    ...(priority !== undefined && { priority }),
    stackable: data.stackable ?? before?.stackable ?? true,
    overrideStacking: data.override_stacking ?? before?.overrideStacking ?? false,
    catalogIds: (set.catalog_ids === undefined ? before?.catalogIds : set.catalog_ids) ?? [],
    currencies: (set.currencies === undefined ? before?.currencies : set.currencies) ?? [],
    ...(rules && { rules }),
    actions,
    start: data.start ?? before?.start ?? "",
    end: data.end ?? before?.end ?? "",
  });
}

function parseRules(
  sent: unknown,
  before: RuleCondition | undefined,
  invalid: InvalidMember[],
): RuleCondition | undefined {
  if (sent === undefined) return before;
  if (sent === null) return undefined;
  const parsed = parseRuleCondition(sent, "data.rule_set.rules");
  if (parsed.ok) return parsed.value;
  invalid.push(...parsed.error);
  return undefined;
}

function parseActions(
  sent: readonly unknown[],
  rules: RuleCondition | undefined,
  invalid: InvalidMember[],
): RuleAction[] {
  const hasBundle = namesBundle(rules);
  return sent.flatMap((one, place) => {
    const parsed = parseRuleAction(one, `data.rule_set.actions.${place}`, hasBundle);
    if (parsed.ok) return [parsed.value];
    invalid.push(...parsed.error);
    return [];
  });
}
