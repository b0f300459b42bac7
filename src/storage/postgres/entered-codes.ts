import type { Promotion } from "../../domain/promotions/promotion.ts";
import type { PromotionCode } from "../../domain/promotions/promotion-code.ts";
import type { EnteredCode } from "../../operations/ports/promotions.ts";
import { statement } from "./database.ts";

export type EnteredRow = {
  doc: string;
  code: string;
  uses_left: number | null;
  only_user: string | null;
  consume_unit: PromotionCode["consumeUnit"];
};

/** What a row of `selectEntered` says. */
export function enteredOf(row: EnteredRow): EnteredCode {
  return {
    promotion: JSON.parse(row.doc) as Promotion,
    code: {
      code: row.code,
      ...(row.uses_left !== null && { usesLeft: row.uses_left }),
      ...(row.only_user !== null && { user: row.only_user }),
      consumeUnit: row.consume_unit,
    },
  };
}

// The code that an automatic promotion has is nobody's to enter.
export const selectEntered = statement(
  "promotion_codes_entered",
  `select distinct on (c.code) p.doc, c.code, c.max_uses - c.used - c.held as uses_left, c.only_user, c.consume_unit
     from promotion_code c join promotion p on p.store_id = c.store_id and p.id = c.promotion_id
    where c.store_id = $1 and c.code = any($2::text[]) and c.code <> 'auto_' || c.promotion_id
    order by c.code, (p.enabled and p.starts_at <= $3::timestamptz and p.ends_at > $3::timestamptz) desc,
             c.live desc, p.ends_at desc, p.id`,
);
