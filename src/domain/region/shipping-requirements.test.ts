import { expect, test } from "vitest";
import type { ShippingRequirement } from "./region.ts";
import { checkRequirements } from "./shipping-requirements.ts";

const min = (amount: number): ShippingRequirement => ({ id: `min${amount}`, type: "min_subtotal", amount });
const max = (amount: number): ShippingRequirement => ({ id: `max${amount}`, type: "max_subtotal", amount });

test.each([
  [[], undefined],
  [[min(0)], undefined],
  [[max(10), min(9)], undefined],
  [[max(10), min(10)], "shipping_requirements_crossed"],
  [[min(20), max(10)], "shipping_requirements_crossed"],
  [[min(1), min(2)], "shipping_requirement_repeated"],
  [[max(1), min(0), max(1)], "shipping_requirement_repeated"],
])("bounds %j: %s", (requirements, refusal) => {
  const checked = checkRequirements(requirements);
  expect(checked.ok ? undefined : checked.error.type).toBe(refusal);
});
