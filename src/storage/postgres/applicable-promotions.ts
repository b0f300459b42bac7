import type { Promotion } from "../../domain/promotions/promotion.ts";
import type { PromotionCode } from "../../domain/promotions/promotion-code.ts";
import type { ApplicablePromotions } from "../../operations/ports/promotions.ts";

/**
 * A column for any statement: the promotions that may concern a cart, as JSON for `applicableOf`. The arguments are SQL:
 * the store's id, a `text[]` of codes, and the moment as `timestamptz`.
 */
export function applicableSql(storeId: string, codes: string, now: string): string {
  const active = `p.enabled and p.starts_at <= ${now} and p.ends_at > ${now}`;
  return `(select json_build_object(
    'automatic', coalesce((
      select json_agg(p.doc::json order by p.created_at, p.id)
        from promotion p where p.store_id = ${storeId} and p.automatic and ${active}), '[]'::json),
    'entered', coalesce((
      select json_agg(json_build_object('promotion', e.doc::json, 'code', e.code, 'usesLeft', e.uses_left,
               'user', e.only_user, 'consumeUnit', e.consume_unit) order by e.code)
        from (
          select distinct on (c.code) c.code, c.only_user, c.consume_unit, p.doc,
                 c.max_uses - c.used - c.held as uses_left
            from promotion_code c join promotion p on p.store_id = c.store_id and p.id = c.promotion_id
           where c.store_id = ${storeId} and c.code = any(${codes}) and c.code <> 'auto_' || c.promotion_id
           order by c.code, (${active}) desc, c.live desc, p.ends_at desc, p.id) e), '[]'::json))::text)`;
}

type Applicable = {
  automatic: Promotion[];
  entered: {
    promotion: Promotion;
    code: string;
    usesLeft: number | null;
    user: string | null;
    consumeUnit: PromotionCode["consumeUnit"];
  }[];
};

/** Reads what `applicableSql` selected. */
export function applicableOf(text: string): ApplicablePromotions {
  const { automatic, entered } = JSON.parse(text) as Applicable;
  return {
    automatic,
    entered: entered.map(({ promotion, code, usesLeft, user, consumeUnit }) => ({
      promotion,
      code: {
        code,
        ...(usesLeft !== null && { usesLeft }),
        ...(user !== null && { user }),
        consumeUnit,
      },
    })),
  };
}
