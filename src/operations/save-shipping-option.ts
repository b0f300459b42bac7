import type { ShippingOption, ShippingRequirement } from "../domain/region/region.ts";
import { checkRequirements } from "../domain/region/shipping-requirements.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps } from "./deps.ts";
import type { SalesRefusalOf } from "./sales-refusal.ts";

/** What a merchant decides about a new shipping option; without a profile it is for what has none of its own. */
export type ShippingOptionDetails = Omit<
  ShippingOption,
  "id" | "createdAt" | "updatedAt" | "profileId" | "requirements"
> & {
  readonly profileId?: string;
  readonly requirements: readonly Omit<ShippingRequirement, "id">[];
};

/** What may change later: region, provider, profile and direction stay. Members that are absent keep their value. */
export type ShippingOptionChanges = Partial<
  Pick<ShippingOption, "name" | "amount" | "isAdminOnly" | "includesTax" | "metadata">
> & {
  /** All requirements; those with an id take the place of the one that had it. */
  readonly requirements?: readonly (Omit<ShippingRequirement, "id"> & { readonly id?: string })[];
};

type CreateRefusal = SalesRefusalOf<
  | "region_not_found"
  | "shipping_profile_not_found"
  | "shipping_amount_missing"
  | "shipping_requirement_repeated"
  | "shipping_requirements_crossed"
  | "shipping_provider_unavailable"
  | "shipping_data_refused"
  | "shipping_not_calculated"
>;
type UpdateRefusal = SalesRefusalOf<
  | "shipping_option_not_found"
  | "shipping_amount_missing"
  | "shipping_requirement_repeated"
  | "shipping_requirements_crossed"
  | "shipping_requirement_not_found"
>;

/** Makes a shipping option. */
export async function createShippingOption(
  deps: Deps,
  context: Context,
  details: ShippingOptionDetails,
): Promise<Result<ShippingOption, CreateRefusal>> {
  const { storeId } = context.store;
  const { records } = deps.storage;
  const { regionId, providerId, priceType, data } = details;
  const [region, profiles] = await Promise.all([
    records.load(storeId, "region", regionId),
    records.all(storeId, "shipping_profile"),
  ]);
  if (!region) return fail({ type: "region_not_found", regionId });
  const profile = profiles.find(({ id, type }) =>
    details.profileId === undefined ? type === "default" : id === details.profileId,
  );
  if (!profile)
    return fail({ type: "shipping_profile_not_found", profileId: details.profileId ?? "default" });
  const provider = region.fulfilmentProviders.includes(providerId)
    ? deps.fulfilmentProviders.get(providerId)
    : undefined;
  if (!provider) return fail({ type: "shipping_provider_unavailable", provider: providerId });
  if (priceType === "flat_rate" && details.amount === null) return fail({ type: "shipping_amount_missing" });
  const requirements = details.requirements.map(({ type, amount }) => ({ id: deps.newId(), type, amount }));
  const checked = checkRequirements(requirements);
  if (!checked.ok) return checked;
  if (!(await provider.takes(data))) return fail({ type: "shipping_data_refused", provider: providerId });
  if (priceType === "calculated" && !(await provider.calculates(data)))
    return fail({ type: "shipping_not_calculated", provider: providerId });
  const now = deps.now();
  const option: ShippingOption = {
    ...details,
    id: deps.newId(),
    profileId: profile.id,
    amount: priceType === "calculated" ? null : details.amount,
    requirements,
    createdAt: now,
    updatedAt: now,
  };
  await records.insert(storeId, "shipping_option", option);
  return ok(option);
}

/** Changes a shipping option. Carts that have chosen it keep its price until they choose again. */
export async function updateShippingOption(
  deps: Deps,
  context: Context,
  optionId: string,
  changes: ShippingOptionChanges,
): Promise<Result<ShippingOption, UpdateRefusal>> {
  const updatedAt = deps.now();
  const newIds = (changes.requirements ?? []).map(() => deps.newId());
  let refusal: UpdateRefusal | undefined;
  const changed = await deps.storage.records.change(
    context.store.storeId,
    "shipping_option",
    optionId,
    (option) => {
      const next = changedOption(option, changes, newIds);
      refusal = next.ok ? undefined : next.error;
      return next.ok ? { ...next.value, updatedAt } : option;
    },
  );
  if (refusal) return fail(refusal);
  return changed.kind === "saved"
    ? ok(changed.record)
    : fail({ type: "shipping_option_not_found", optionId });
}

function changedOption(
  option: ShippingOption,
  { requirements: sent, amount, ...rest }: ShippingOptionChanges,
  newIds: readonly string[],
): Result<ShippingOption, UpdateRefusal> {
  if (amount === null && option.priceType === "flat_rate") return fail({ type: "shipping_amount_missing" });
  const requirements = sent?.map((requirement, index) => ({
    id: requirement.id ?? (newIds[index] as string),
    type: requirement.type,
    amount: requirement.amount,
  }));
  const known = new Set(option.requirements.map(({ id }) => id));
  const unknown = sent?.find(({ id }) => id !== undefined && !known.has(id));
  if (unknown) return fail({ type: "shipping_requirement_not_found", requirementId: unknown.id ?? "" });
  const checked = checkRequirements(requirements ?? option.requirements);
  if (!checked.ok) return checked;
  return ok({
    ...option,
    ...rest,
    ...(amount !== undefined && option.priceType === "flat_rate" && { amount }),
    ...(requirements && { requirements }),
  });
}
