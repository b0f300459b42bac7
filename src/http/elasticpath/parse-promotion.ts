import { momentOf } from "../../domain/promotions/active.ts";
import type { CurrencyAmount, Promotion } from "../../domain/promotions/promotion.ts";
import { fail, ok, type Result } from "../../domain/result.ts";
import type { InvalidMember } from "../validation.ts";
import { repeatedCurrencies } from "./invalid-promotion-schema.ts";
import { parseKind } from "./parse-promotion-kind.ts";
import type { PromotionChanges } from "./promotion-schemas.ts";

/** What is wrong with a promotion, member by member. */
export type InvalidPromotion = {
  readonly type: "promotion_invalid";
  readonly members: readonly InvalidMember[];
};

/** What a promotion says of itself, without who made it when. */
type Details = Omit<Promotion, "id" | "createdAt">;

/**
 * A promotion as `data` says; members that it does not have are those of `before`. A list of null or of no members is
 * none.
 * @param shown the member `schema` of `before`, which must fit when only the type is changed
 */
export function parsePromotion(
  data: PromotionChanges,
  before: Details | undefined,
  shown: unknown,
): Result<Details, InvalidPromotion> {
  const type = data.promotion_type ?? before?.kind.type;
  if (type === undefined) throw new Error("A new promotion has a type");
  const keepsKind = before && data.schema === undefined && type === before.kind.type;
  const kind = keepsKind ? ok(before.kind) : parseKind(type, data.schema ?? shown);
  const invalid = [
    ...(kind.ok ? [] : kind.error),
    ...invalidDates(data),
    ...repeatedCurrencies(data.min_cart_value ?? [], "data.min_cart_value"),
    ...repeatedCurrencies(data.max_discount_value ?? [], "data.max_discount_value"),
  ];
  if (!kind.ok || invalid.length > 0) return fail({ type: "promotion_invalid", members: invalid });
  return ok({
    name: data.name ?? before?.name ?? "",
    description: data.description ?? before?.description ?? "",
    enabled: data.enabled ?? before?.enabled ?? false,
    automatic: data.automatic ?? before?.automatic ?? false,
    kind: kind.value,
    ...listed("minCartValue", data.min_cart_value, before?.minCartValue),
    ...listed("maxDiscountValue", data.max_discount_value, before?.maxDiscountValue),
    ...bound(data.max_applications_per_cart, before?.maxApplicationsPerCart),
    start: data.start ?? before?.start ?? "",
    end: data.end ?? before?.end ?? "",
  });
}

function listed<Member extends string>(
  member: Member,
  sent: readonly CurrencyAmount[] | null | undefined,
  before: readonly CurrencyAmount[] | undefined,
) {
  const list = sent === undefined ? before : sent?.map(({ currency, amount }) => ({ currency, amount }));
  return (list && list.length > 0 ? { [member]: list } : {}) as { [Name in Member]?: CurrencyAmount[] };
}

function bound(sent: number | null | undefined, before: number | undefined) {
  const count = sent === undefined ? before : sent;
  return typeof count === "number" ? { maxApplicationsPerCart: count } : {};
}

/** What is wrong with the dates of a promotion. */
export function invalidDates(data: Pick<PromotionChanges, "start" | "end">): InvalidMember[] {
  return (["start", "end"] as const).flatMap((member) => {
    const text = data[member];
    if (text === undefined || isMoment(text)) return [];
    return [{ path: `data.${member}`, keyword: "format", expected: "date-time", value: text }];
  });
}

/** A moment in a year that the database can hold. */
function isMoment(text: string): boolean {
  const moment = momentOf(text);
  if (moment === undefined) return false;
  const year = new Date(moment).getUTCFullYear();
  return year >= 1 && year <= 9999;
}
