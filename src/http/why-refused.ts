import { type CurrencyFormat, formatMoney } from "../domain/currency.ts";
import type { RefusedReason } from "../domain/promotions/refused-reason.ts";

/** A sentence that tells a shopper or merchant why a promotion takes nothing off, with amounts in the cart's currency. */
export function whyRefused(reason: RefusedReason, format: CurrencyFormat): string {
  switch (reason.type) {
    case "not_enabled":
      return "The promotion is not enabled.";
    case "not_started":
      return `The promotion starts on ${reason.start}.`;
    case "ended":
      return `The promotion ended on ${reason.end}.`;
    case "code_for_another_user":
      return "The code is for another customer.";
    case "code_used_up":
      return "The code has been used as often as it may be.";
    case "code_uses_too_few":
      return `The code has ${reason.left} uses left, and ${reason.required} would be needed.`;
    case "already_applied":
      return `The promotion applies already, by the code ${reason.code}.`;
    case "method_unsupported":
      return "The promotion needs the calculation method of lines, and this store does not use it.";
    case "currency_missing":
      return `The promotion is not meant for carts in ${reason.currency}.`;
    case "cart_empty":
      return "The cart is empty.";
    case "cart_too_large":
      return "The amounts of the cart are too large.";
    case "cart_value_too_low": {
      const missing = formatMoney(reason.required - reason.value, format);
      return `Spend ${missing} more to qualify: the promotion begins at ${formatMoney(reason.required, format)}.`;
    }
    case "nothing_eligible":
      return reason.hasExcluded
        ? "The items that it would apply to are excluded from the promotion."
        : "No item of the cart is meant by the promotion.";
    case "units_taken":
      return "The items that it would apply to are part of another promotion.";
    case "units_missing": {
      const of = reason.targets ? ` of ${reason.targets.join(", ")}` : "";
      return `Add ${reason.required - reason.found} more${of} to qualify.`;
    }
    case "gift_missing":
      return reason.isAdded
        ? `The free gift cannot be added to the cart: ${reason.skus.join(", ")}.`
        : `Add the free gift to the cart: ${reason.skus.join(", ")}.`;
    case "nothing_left":
      return "Other promotions have left nothing to take off.";
    case "no_saving":
      return "The promotion would not lower the price.";
  }
}
