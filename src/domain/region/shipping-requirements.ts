import { fail, ok, type Result } from "../result.ts";
import type { ShippingRequirement } from "./region.ts";

export type RequirementRefusal =
  | { readonly type: "shipping_requirement_repeated"; readonly requirement: ShippingRequirement["type"] }
  | { readonly type: "shipping_requirements_crossed" };

/** Whether the bounds of a shipping option can be kept: one of each kind, and the lower below the upper. */
export function checkRequirements(
  requirements: readonly ShippingRequirement[],
): Result<undefined, RequirementRefusal> {
  for (const type of ["min_subtotal", "max_subtotal"] as const) {
    if (requirements.filter((requirement) => requirement.type === type).length > 1)
      return fail({ type: "shipping_requirement_repeated", requirement: type });
  }
  const min = requirements.find(({ type }) => type === "min_subtotal");
  const max = requirements.find(({ type }) => type === "max_subtotal");
  return min && max && min.amount >= max.amount
    ? fail({ type: "shipping_requirements_crossed" })
    : ok(undefined);
}
