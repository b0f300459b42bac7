import type { Context } from "../../operations/context.ts";
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
