/** A value of Braintree's API: a text, a number, true or false, a list, or members of their own. */
export type XmlValue =
  | string
  | number
  | boolean
  | null
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue | undefined };

/** Writes a value the way Braintree's API answers: names with dashes, types as attributes, lists of items. */
export function xmlOf(name: string, value: XmlValue, item = "item"): string {
  const tag = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (value === null) return `<${tag} nil="true"/>`;
  if (typeof value === "boolean") return `<${tag} type="boolean">${value}</${tag}>`;
  if (typeof value === "number") return `<${tag} type="integer">${value}</${tag}>`;
  if (typeof value === "string") return `<${tag}>${escaped(value)}</${tag}>`;
  if (Array.isArray(value)) {
    return `<${tag} type="array">${value.map((each: XmlValue) => xmlOf(item, each)).join("")}</${tag}>`;
  }
  return `<${tag}>${membersOf(value as Readonly<Record<string, XmlValue | undefined>>)}</${tag}>`;
}

/** A page of a list, as lists of the API come. */
export function xmlPageOf(name: string, item: string, values: readonly XmlValue[], pageSize: number): string {
  const counts = { currentPageNumber: 1, pageSize, totalItems: values.length };
  const tag = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const items = values.map((value) => xmlOf(item, value)).join("");
  return `<${tag} type="collection">${membersOf(counts)}${items}</${tag}>`;
}

function membersOf(members: Readonly<Record<string, XmlValue | undefined>>): string {
  const items: Readonly<Record<string, string>> = {
    errors: "error",
    statusHistory: "status-event",
  };
  return Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => xmlOf(name, value as XmlValue, items[name]))
    .join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
