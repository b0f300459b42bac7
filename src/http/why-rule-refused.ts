import type { CurrencyFormat } from "../domain/currency.ts";
import type { RefusedRule } from "../domain/rule-promotions/refused-rule.ts";
import { whyRefused } from "./why-refused.ts";

/** A sentence that tells a shopper or merchant why a rule promotion takes nothing off. */
export function whyRuleRefused(reason: RefusedRule, format: CurrencyFormat): string {
  switch (reason.type) {
    case "shopper_unknown":
      return "Add a contact email to the cart to qualify.";
    case "code_for_registered_shoppers":
      return "The code is for registered customers.";
    case "code_used_up_by_shopper":
      return "You have used the code as often as you may.";
    case "code_for_new_shoppers":
      return "The code is for customers who have not bought before.";
    case "currency_not_accepted":
      return `The promotion is not meant for carts in ${reason.currency}.`;
    case "catalog_not_accepted":
      return "No item of the cart is from a catalog that the promotion is meant for.";
    case "condition_unmet":
      return `The cart does not meet a condition of the promotion: ${describe(reason.condition)}.`;
    case "shipping_missing":
      return "No shipment of the cart is meant by the promotion.";
    case "not_stackable":
      return "Non-stackable promotion can't be applied with non-stackable promotion.";
    default:
      return whyRefused(reason, format);
  }
}

function describe({
  strategy,
  operator,
  args,
}: Extract<RefusedRule, { type: "condition_unmet" }>["condition"]) {
  const shown = args.slice(0, 5).map((one) => (typeof one === "object" ? JSON.stringify(one) : String(one)));
  const more = args.length > shown.length ? ", …" : "";
  return `${strategy} ${operator} ${shown.join(", ")}${more}`;
}
