import type { Cart } from "../domain/cart/cart.ts";
import {
  codeKey,
  ownCode,
  type RulePromotionInPlay,
  type RuleShopper,
} from "../domain/rule-promotions/rule-code.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { CodeShopper } from "./ports/rule-promotions.ts";
import type { Buyer } from "./quote-cart.ts";

/** Whether the cart takes rule promotions: an outside engine's discounts keep them out. */
export function takesRules({ discountSettings }: Pick<Cart, "discountSettings">): boolean {
  return discountSettings.useRulePromotions && !discountSettings.customDiscountsEnabled;
}

/** Rule promotions that have one of the codes, each with its code as it stands for the shopper. */
export async function enteredRules(
  deps: Deps,
  context: Context,
  cart: Cart,
  codes: readonly string[],
  now: string,
  buyer: Buyer = {},
): Promise<readonly RulePromotionInPlay[]> {
  if (codes.length === 0 || !takesRules(cart)) return [];
  const shopper = codeShopper(deps, context, cart, buyer);
  const at = cart.snapshotDate ?? now;
  return deps.storage.rulePromotions.entered(context.store.storeId, codes, shopper, at);
}

/** The rule promotions that may apply to the cart. */
export async function rulesFor(
  deps: Deps,
  context: Context,
  cart: Cart,
  now: string,
  buyer: Buyer = {},
): Promise<readonly RulePromotionInPlay[]> {
  if (!takesRules(cart)) return [];
  const automatic = context.store.automaticRulePromotions.map((promotion) => ({
    promotion,
    code: ownCode(promotion),
  }));
  return [...automatic, ...(await enteredRules(deps, context, cart, cart.codes ?? [], now, buyer))];
}

/**
 * The same code in the cart, exactly so or, where it takes rule promotions, in another case; undefined when it is not
 * there.
 */
export function codeInCart(cart: Cart, code: string): string | undefined {
  const { codes = [] } = cart;
  if (codes.includes(code)) return code;
  return takesRules(cart) ? codes.find((one) => codeKey(one) === codeKey(code)) : undefined;
}

/** Who the cart belongs to, as far as the codes of rule promotions ask. */
export function ruleShopper(
  context: Context,
  cart: Cart,
  knownAs: readonly string[],
  buyer: Buyer = {},
): RuleShopper {
  const { customerId, accountId, email } = identityOf(context, cart, buyer);
  const isRegistered = customerId !== undefined || accountId !== undefined;
  return { knownAs, identity: isRegistered ? "registered" : email === undefined ? "unknown" : "guest" };
}

/** The names under which a shopper's uses are counted. Of the e-mail only a fingerprint is kept. */
export function countedNames(
  deps: Pick<Deps, "fingerprint">,
  { customerId, accountId, email }: Identity,
): readonly string[] {
  return [
    ...(customerId === undefined ? [] : [`customer ${customerId}`]),
    ...(accountId === undefined ? [] : [`account ${accountId}`]),
    ...(email === undefined ? [] : [`email ${deps.fingerprint(email.toLowerCase())}`]),
  ];
}

type Identity = Omit<CodeShopper, "names">;

function codeShopper(deps: Deps, context: Context, cart: Cart, buyer: Buyer): CodeShopper {
  const identity = identityOf(context, cart, buyer);
  return { ...identity, names: countedNames(deps, identity) };
}

function identityOf({ actor }: Context, cart: Cart, buyer: Buyer): Identity {
  const customerId = buyer.customerId ?? actor.customerId ?? cart.customerId;
  const accountId = actor.accountId ?? cart.accountId;
  const email = buyer.email ?? cart.contactEmail;
  return {
    ...(customerId !== undefined && { customerId }),
    ...(accountId !== undefined && { accountId }),
    ...(email !== undefined && { email }),
  };
}
