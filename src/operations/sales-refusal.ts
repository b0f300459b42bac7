/**
 * What operations on regions, shipping options, discounts, gift cards, returns and the like may refuse, besides the
 * refusals of the core. Only dialects that have such things have words for them.
 */
export type SalesRefusal =
  | { readonly type: "region_not_found"; readonly regionId: string }
  /** The store has no region at all. */
  | { readonly type: "region_missing" }
  | { readonly type: "country_unknown"; readonly country: string }
  | { readonly type: "country_taken"; readonly country: string; readonly regionId: string }
  /** A token that lets reset a password is wrong, too old or used, or there is no such customer. */
  | { readonly type: "reset_token_invalid" }
  /** A token that lets claim orders is wrong or too old. */
  | { readonly type: "claim_token_invalid" }
  | { readonly type: "provider_unknown"; readonly kind: "payment" | "fulfilment"; readonly provider: string };

/** A refusal of one kind. */
export type SalesRefusalOf<Type extends SalesRefusal["type"]> = Extract<SalesRefusal, { type: Type }>;
