/** What a request carried: texts, by name, in objects and lists. */
export type FormValue = string | readonly FormValue[] | { readonly [name: string]: FormValue };
export type Form = { readonly [name: string]: FormValue };

type Node = { [name: string]: Node | string };

const MAX_FIELDS = 500;

/** Reads `a=1&b[c]=2&d[0]=3` as `{ a: "1", b: { c: "2" }, d: ["3"] }`. Names that contradict each other are dropped. */
export function parseForm(text: string): Form {
  const root: Node = Object.create(null);
  for (const [name, value] of [...new URLSearchParams(text)].slice(0, MAX_FIELDS)) {
    const path = name.split("[").map((part) => part.replace(/\]$/, ""));
    const last = path.pop() as string;
    let node: Node | undefined = root;
    for (const part of path) {
      const next: Node | string = node[part] ?? Object.create(null);
      node[part] = next;
      node = typeof next === "string" ? undefined : next;
      if (!node) break;
    }
    if (node) node[last === "" ? String(Object.keys(node).length) : last] = value;
  }
  return listed(root) as Form;
}

function listed(node: Node | string): FormValue {
  if (typeof node === "string") return node;
  const names = Object.keys(node);
  const values = names.map((name) => listed(node[name] as Node | string));
  if (names.length > 0 && names.every((name, index) => name === String(index))) return values;
  return Object.fromEntries(names.map((name, index) => [name, values[index] as FormValue]));
}

/** The text under a name, if it is one. */
export function textOf(form: Form, name: string): string | undefined {
  const value = form[name];
  return typeof value === "string" ? value : undefined;
}

/** The object under a name, if it is one. */
export function groupOf(form: Form, name: string): Form | undefined {
  const value = form[name];
  return typeof value === "object" && !Array.isArray(value) ? (value as Form) : undefined;
}
