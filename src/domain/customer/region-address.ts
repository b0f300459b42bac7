import type { AddressMembers } from "./address.ts";

/** An address by the names of the Medusa API, what is not given absent. */
export type RegionAddressMembers = {
  readonly first_name?: string;
  readonly last_name?: string;
  readonly company?: string;
  readonly address_1?: string;
  readonly address_2?: string;
  readonly city?: string;
  /** Two letters (ISO 3166), lower case. */
  readonly country_code?: string;
  readonly province?: string;
  readonly postal_code?: string;
  readonly phone?: string;
};

export type RegionAddressMember = keyof RegionAddressMembers;

/** The member of an address that each of these is. A country is upper case there. */
const memberOf = {
  first_name: "first_name",
  last_name: "last_name",
  company: "company_name",
  address_1: "line_1",
  address_2: "line_2",
  city: "city",
  country_code: "country",
  province: "region",
  postal_code: "postcode",
  phone: "phone_number",
} as const satisfies Record<RegionAddressMember, string>;

export const regionAddressMembers = Object.keys(memberOf) as readonly RegionAddressMember[];

/** An address in the words of the Medusa API. A county stands for a region where there is none. */
export function toRegionAddress(members: AddressMembers): RegionAddressMembers {
  const entries = regionAddressMembers.flatMap((member) => {
    const value = members[memberOf[member]] || (member === "province" ? members.county : undefined);
    return value === undefined || value === ""
      ? []
      : [[member, member === "country_code" ? value.toLowerCase() : value]];
  });
  return Object.fromEntries(entries);
}

/**
 * What `members` become with `given` put in: what is null is taken away, what is absent stays, and so does what the
 * Medusa API has no word for.
 */
export function withRegionAddress(
  members: AddressMembers,
  given: { readonly [Member in RegionAddressMember]?: string | null | undefined },
): AddressMembers {
  const changed: Record<string, string> = { ...members };
  for (const member of regionAddressMembers) {
    const value = given[member];
    if (value === undefined) continue;
    if (member === "province") delete changed.county;
    if (value === null) delete changed[memberOf[member]];
    else changed[memberOf[member]] = member === "country_code" ? value.toUpperCase() : value;
  }
  return changed;
}
