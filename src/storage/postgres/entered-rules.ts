import { codeKey, type RuleCode, type RulePromotionInPlay } from "../../domain/rule-promotions/rule-code.ts";
import type { RulePromotion } from "../../domain/rule-promotions/rule-promotion.ts";
import type { CodeShopper } from "../../operations/ports/rule-promotions.ts";
import { statement } from "./database.ts";

export type EnteredRuleRow = {
  doc: string;
  label: string;
  uses_left: number | null;
  only_user: string | null;
  consume_unit: RuleCode["consumeUnit"];
  max_per_shopper: number | null;
  includes_guests: boolean | null;
  used_by_shopper: number | null;
  for_new_shopper: boolean;
  shopper_has_paid: boolean | null;
};

/** What a row of `selectEnteredRules` says. */
export function enteredRuleOf(row: EnteredRuleRow): RulePromotionInPlay {
  return {
    promotion: JSON.parse(row.doc) as RulePromotion,
    code: {
      code: row.label,
      ...(row.uses_left !== null && { usesLeft: row.uses_left }),
      ...(row.only_user !== null && { user: row.only_user }),
      consumeUnit: row.consume_unit,
      ...perShopper(row.max_per_shopper, row.includes_guests),
      ...(row.used_by_shopper !== null && { usedByShopper: row.used_by_shopper }),
      ...(row.for_new_shopper && {
        isForNewShopper: true,
        shopperHasPaid: row.shopper_has_paid ?? false,
      }),
    },
  };
}

/** A code's limit for each shopper out of its columns. */
export function perShopper(
  maxUses: number | null,
  includesGuests: boolean | null,
): Pick<RuleCode, "maxUsesPerShopper"> {
  return maxUses === null ? {} : { maxUsesPerShopper: { maxUses, includesGuests: includesGuests ?? false } };
}

/** The values of `selectEnteredRules`. */
export function enteredRuleValues(
  storeId: string,
  codes: readonly string[],
  { names, customerId, accountId, email }: CodeShopper,
  now: string,
): readonly unknown[] {
  const who = [customerId ?? null, accountId ?? null, email?.toLowerCase() ?? null];
  return [storeId, codes.map(codeKey), now, names, ...who];
}

const paidBy = (condition: string) =>
  `exists (select from orders o where o.store_id = $1 and o.payment <> 'unpaid' and ${condition})`;

// Of a code, all promotions that are active, or, when none is, all. What the shopper did before is looked up for codes
// that ask. The code that an automatic promotion has is nobody's to enter.
export const selectEnteredRules = statement(
  "rule_promotion_codes_entered",
  `select doc, label, uses_left, only_user, consume_unit, max_per_shopper, includes_guests, for_new_shopper,
          case when max_per_shopper is not null or for_new_shopper then (
            select coalesce(max(s.uses), 0) from promotion_code_shopper s
             where s.store_id = $1 and s.code_id = e.id and s.shopper = any($4::text[])) end as used_by_shopper,
          case when for_new_shopper then (
            ${paidBy("o.customer_id = $5::text")} or ${paidBy("o.account_id = $6::text")} or
            ${paidBy("o.customer_id is null and o.account_id is null and lower(o.email) = $7::text")})
          end as shopper_has_paid
     from (
       select p.doc, p.id as promotion_id, c.id, c.code, c.label, c.max_uses - c.used - c.held as uses_left,
              c.only_user, c.consume_unit, c.max_per_shopper, c.includes_guests, c.for_new_shopper,
              rank() over (partition by c.code order by
                (p.enabled and p.starts_at <= $3::timestamptz and p.ends_at > $3::timestamptz) desc) as nearest
         from promotion_code c join rule_promotion p on p.store_id = c.store_id and p.id = c.promotion_id
        where c.store_id = $1 and c.code = any($2::text[]) and c.code <> 'auto_' || c.promotion_id) e
    where nearest = 1
    order by code, promotion_id`,
);
