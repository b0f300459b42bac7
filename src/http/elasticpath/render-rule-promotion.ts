import { momentOf } from "../../domain/promotions/active.ts";
import type { RuleAction } from "../../domain/rule-promotions/rule-promotion.ts";
import type { StoredRulePromotion } from "../../operations/ports/rule-promotions.ts";
import type { Call } from "../route.ts";

/** A rule promotion in the vendor's members. */
export function renderRulePromotion(
  { baseUrl, context }: Pick<Call, "baseUrl" | "context">,
  promotion: StoredRulePromotion,
) {
  const { priority, rules } = promotion;
  return {
    type: "rule_promotion",
    id: promotion.id,
    store_id: context.store.storeId,
    name: promotion.name,
    description: promotion.description,
    enabled: promotion.enabled,
    automatic: promotion.automatic,
    ...(priority !== undefined && { priority }),
    stackable: promotion.stackable,
    override_stacking: promotion.overrideStacking,
    rule_set: {
      catalog_ids: promotion.catalogIds,
      currencies: promotion.currencies,
      ...(rules && { rules }),
      actions: promotion.actions.map(renderAction),
    },
    start: dateTime(promotion.start),
    end: dateTime(promotion.end),
    created_by: promotion.createdBy,
    updated_by: promotion.updatedBy,
    meta: { timestamps: { created_at: promotion.createdAt, updated_at: promotion.updatedAt } },
    links: { self: `${baseUrl}/v2/rule-promotions/${promotion.id}` },
  };
}

/** The vendor writes these moments in full, however they were sent. */
function dateTime(text: string): string {
  return new Date(momentOf(text) ?? 0).toISOString().replace(".000Z", "Z");
}

/** One of its actions. What is read back from it is the same action. */
export function renderAction(action: RuleAction) {
  const { strategy, args, condition } = action;
  const limitations = "limitations" in action ? renderLimitations(action.limitations) : undefined;
  return {
    strategy,
    args,
    ...(condition && { condition }),
    ...(limitations && { limitations }),
  };
}

type Limitations = NonNullable<Extract<RuleAction, { readonly strategy: "item_discount" }>["limitations"]>;

function renderLimitations(limitations: Limitations | undefined) {
  if (!limitations) return undefined;
  const { maxDiscount, maxQuantity, items } = limitations;
  return {
    ...(maxDiscount !== undefined && { max_discount: maxDiscount }),
    ...(maxQuantity !== undefined && { max_quantity: maxQuantity }),
    ...(items && {
      items: {
        max_items: items.maxItems,
        ...(items.priceStrategy && { price_strategy: items.priceStrategy }),
        ...(items.autoAdd !== undefined && { auto_add: items.autoAdd }),
        ...(items.showSuggestions !== undefined && { show_suggestions: items.showSuggestions }),
      },
    }),
  };
}
