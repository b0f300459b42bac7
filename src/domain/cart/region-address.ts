import { type RegionAddressMember, regionAddressMembers } from "../customer/region-address.ts";
import { extended } from "../extended.ts";
import type { RegionAddress } from "./region-part.ts";

/** What a shopper sends of an address; "" is a value, null or absent is none. */
export type WrittenAddress = {
  readonly [Member in RegionAddressMember]?: string | null | undefined;
} & { readonly metadata?: Readonly<Record<string, unknown>> | null | undefined };

/**
 * An address with what was written over it: members that were not sent stay. Country codes become lower case. `id` is
 * that of a new one.
 */
export function writtenOver(
  before: RegionAddress | undefined,
  written: WrittenAddress,
  id: string,
  now: string,
): RegionAddress {
  const members = regionAddressMembers.flatMap((member) => {
    const value = written[member];
    if (typeof value !== "string") return [];
    return [[member, member === "country_code" ? value.toLowerCase() : value]];
  });
  return extended(before ?? { id, created_at: now }, {
    updated_at: now,
    ...(written.metadata && { metadata: written.metadata }),
    ...Object.fromEntries(members),
  });
}

/** The address in another country, or in none. */
export function inCountry(
  before: RegionAddress | undefined,
  country: string | undefined,
  id: string,
  now: string,
): RegionAddress | undefined {
  if (!before && country === undefined) return undefined;
  const { country_code: _, ...rest } = before ?? { id, created_at: now };
  return extended(rest, { updated_at: now, ...(country !== undefined && { country_code: country }) });
}
