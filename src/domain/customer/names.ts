/** The names of a person: those that were given, and the whole that stands for them. */
export type PersonNames = {
  readonly name: string;
  readonly firstName?: string;
  readonly lastName?: string;
};

/** The first and last name; of a whole name that was given as one, all but its last word is the first name. */
export function namesOf({ name, firstName, lastName }: PersonNames): {
  readonly firstName?: string;
  readonly lastName?: string;
} {
  if (firstName !== undefined || lastName !== undefined) {
    return { ...(firstName !== undefined && { firstName }), ...(lastName !== undefined && { lastName }) };
  }
  const words = name.split(/\s+/).filter(Boolean);
  // What is no name at all: an e-mail address that stands for one.
  if (words.length === 0 || name.includes("@")) return {};
  if (words.length === 1) return { firstName: words[0] as string };
  return { firstName: words.slice(0, -1).join(" "), lastName: words.at(-1) as string };
}

/** What a person is called who gave these names; `otherwise`, such as the e-mail address, without any. */
export function wholeName(
  { firstName, lastName }: { readonly firstName?: string; readonly lastName?: string },
  otherwise: string,
): string {
  return [firstName, lastName].filter(Boolean).join(" ").trim() || otherwise;
}
