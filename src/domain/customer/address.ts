/** What an address consists of, by the names of the wire. */
export const addressMembers = [
  "name",
  "first_name",
  "last_name",
  "company_name",
  "phone_number",
  "line_1",
  "line_2",
  "line_3",
  "city",
  "county",
  "region",
  "postcode",
  "country",
  "instructions",
] as const;

export type AddressMember = (typeof addressMembers)[number];

/** An address as its owner keeps it. Members that were not given are absent. */
export type AddressMembers = Readonly<Record<string, string>>;

/**
 * The mandatory members that an address lacks; one that is blank is lacking. Some countries have regions and others
 * counties: either stands for the other. Names in `mandatory` that no address has are passed over.
 */
export function missingAddressMembers(
  address: AddressMembers,
  mandatory: readonly string[],
): readonly AddressMember[] {
  const has = (member: AddressMember): boolean => (address[member] ?? "").trim() !== "";
  const hasDivision = has("region") || has("county");
  const lacking = addressMembers.filter((member) => {
    if (!mandatory.includes(member)) return false;
    return member === "region" || member === "county" ? !hasDivision : !has(member);
  });
  // Who lacks both is asked for one of them.
  return lacking.filter((member) => member !== "region" || !lacking.includes("county"));
}
