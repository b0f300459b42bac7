import { placesOfAny, type SellingPlaces } from "../../domain/inventory/selling-places.ts";
import type { Context } from "../../operations/context.ts";
import type { SalesSetup } from "../../operations/ports/records.ts";
import type { Reply } from "../route.ts";
import { engineId } from "./ids.ts";

/**
 * The refusal of a sales channel that a request names beside a publishable key that does not have it; undefined when all
 * of them are its own, or there is no key.
 */
export function foreignChannel(
  { salesChannelIds }: Pick<Context, "salesChannelIds">,
  wireIds: readonly string[],
): Reply | undefined {
  if (!salesChannelIds || salesChannelIds.length === 0) return undefined;
  const foreign = wireIds.find((id) => !salesChannelIds.includes(engineId("sc", id)));
  if (foreign === undefined) return undefined;
  return {
    status: 400,
    body: {
      type: "invalid_data",
      errors: [
        `Provided sales channel id param: ${foreign} is not associated with the Publishable API Key passed in the header of the request.`,
      ],
      message: "Provided request body contains errors. Please check the data and retry the request",
    },
  };
}

/**
 * Where what a request looks at is sold from: by the channels that it names, else by those of its publishable key, else
 * where the store sells by default.
 */
export function placesLookedAt(
  { salesChannelIds = [] }: Pick<Context, "salesChannelIds">,
  setup: SalesSetup,
  wireIds: string | readonly string[] = [],
): SellingPlaces {
  const named = (typeof wireIds === "string" ? [wireIds] : wireIds).filter((id) => id !== "");
  const ids = named.map((id) => engineId("sc", id));
  return placesOfAny(setup, ids.length > 0 ? ids : salesChannelIds);
}
