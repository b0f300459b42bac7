import Type, { type Static } from "typebox";
import { isDuration } from "../../domain/region/duration.ts";
import { listingValue } from "../../operations/listing-value.ts";
import type { NewCondition } from "../../operations/save-discount.ts";
import type { Reply } from "../route.ts";
import { invalidData } from "./errors.ts";
import { engineId } from "./ids.ts";
import { bodyOf, given, ids, metadata, oneOf } from "./schemas.ts";

/** What a condition lists: one of these. */
const lists = {
  products: given(ids),
  product_types: given(ids),
  product_collections: given(ids),
  product_tags: given(ids),
  customer_groups: given(ids),
} as const;

const listNames = Object.keys(lists) as (keyof typeof lists)[];

/** How ids of a list begin. Groups of customers have none of their own here. */
const prefixes = {
  products: "prod",
  product_types: "ptyp",
  product_collections: "pcol",
  product_tags: "ptag",
  customer_groups: "cgrp",
} as const;

const operator = oneOf(["in", "not_in"]);

export const newConditionBody = bodyOf({ operator, ...lists });
export const conditionListsBody = bodyOf(lists);
export const resourcesBody = bodyOf({
  resources: Type.Array(bodyOf({ id: Type.String({ maxLength: 255 }) }), { maxItems: 1000 }),
});

const code = Type.String({ minLength: 1, maxLength: 255 });
const limit = given(Type.Integer({ minimum: 1, maximum: 1_000_000_000 }));
const time = given(Type.String({ maxLength: 64 }));
const description = given(Type.String({ maxLength: 2048 }));
const value = Type.Number({ minimum: 0, maximum: 1_000_000_000_000 });

const common = {
  is_disabled: given(Type.Boolean()),
  starts_at: time,
  ends_at: time,
  valid_duration: given(Type.String({ maxLength: 64 })),
  usage_limit: limit,
  metadata: given(metadata),
} as const;

export const createDiscountBody = bodyOf({
  code,
  is_dynamic: given(Type.Boolean()),
  rule: bodyOf({
    description,
    // Looked at by the handler, which has the original's words for other ones.
    type: given(Type.String({ maxLength: 64 })),
    value,
    allocation: given(Type.String({ maxLength: 64 })),
    conditions: given(Type.Array(newConditionBody, { maxItems: 10 })),
  }),
  regions: ids,
  ...common,
});

export const updateDiscountBody = bodyOf({
  code: given(code),
  rule: given(
    bodyOf({
      id: Type.String({ maxLength: 255 }),
      description,
      value: given(value),
      allocation: given(Type.String({ maxLength: 64 })),
      conditions: given(
        Type.Array(bodyOf({ id: given(Type.String({ maxLength: 255 })), operator, ...lists }), {
          maxItems: 10,
        }),
      ),
    }),
  ),
  regions: given(ids),
  ...common,
});

export const dynamicCodeBody = bodyOf({ code, usage_limit: limit, metadata: given(metadata) });

type Lists = Static<typeof conditionListsBody>;

/** The conditions that a body means: one for each list that is given. */
export function conditionsIn(
  body: Lists & { readonly operator: "in" | "not_in"; readonly id?: string | null },
): readonly (NewCondition & { readonly id?: string })[] {
  return listNames.flatMap((type) => {
    const listed = body[type];
    if (!listed) return [];
    const id = body.id ? { id: engineId("discon", body.id) } : {};
    return [{ type, operator: body.operator, ids: listedIds(type, listed), ...id }];
  });
}

/** The only list that a body has, of whatever kind. */
export function listIn(body: Lists): readonly string[] | undefined {
  const given = listNames.find((name) => body[name]);
  return given && listedIds(given, body[given] ?? []);
}

/** The engine's ids of what a condition lists. */
export function listedIds(type: keyof typeof lists, wireIds: readonly string[]): readonly string[] {
  return wireIds.map((id) => engineId(prefixes[type], id));
}

type Times = Static<ReturnType<typeof bodyOf<typeof common>>>;

/** The moments of a body, in milliseconds; null of `ends_at` means none. The refusal says what is none. */
export function timesIn(
  body: Pick<Times, "starts_at" | "ends_at" | "valid_duration">,
): { readonly startsAtMs?: number; readonly endsAtMs?: number | null } | { readonly refusal: Reply } {
  const { starts_at: starts, ends_at: ends, valid_duration: duration } = body;
  const startsAtMs = starts ? momentIn(starts) : undefined;
  const endsAtMs = ends ? momentIn(ends) : ends === null ? null : undefined;
  if (starts && startsAtMs === undefined)
    return { refusal: invalidData("starts_at must be a Date instance") };
  if (ends && endsAtMs === undefined) return { refusal: invalidData("ends_at must be a Date instance") };
  if (duration && !isDuration(duration)) {
    return { refusal: invalidData("valid_duration must be a valid ISO 8601 duration") };
  }
  return {
    ...(startsAtMs !== undefined && { startsAtMs }),
    ...(endsAtMs !== undefined && { endsAtMs }),
  };
}

function momentIn(text: string): number | undefined {
  const moment = listingValue("timestamp", text);
  return moment === undefined ? undefined : Date.parse(moment);
}

/** The words of the original for a rule of another kind than there are. */
export function wrongRule(rule: {
  readonly type?: string | null;
  readonly allocation?: string | null;
}): Reply | undefined {
  if (rule.type !== undefined && !isRuleType(rule.type)) {
    return invalidData('Invalid rule type, must be one of "fixed", "percentage" or "free_shipping"');
  }
  if (rule.allocation !== undefined && !isAllocation(rule.allocation)) {
    return invalidData('Invalid allocation type, must be one of "total" or "item"');
  }
  return undefined;
}

export const isRuleType = (type: unknown): type is "fixed" | "percentage" | "free_shipping" =>
  type === "fixed" || type === "percentage" || type === "free_shipping";
export const isAllocation = (allocation: unknown): allocation is "total" | "item" =>
  allocation === "total" || allocation === "item";
