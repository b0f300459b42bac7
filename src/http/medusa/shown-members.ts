import type { Reply } from "../route.ts";
import { invalidData } from "./errors.ts";
import { namesIn } from "./list-parameters.ts";

/** What a request wants shown, by `expand` (related things, in place of the usual ones) and `fields` (members). */
export type ShownParameters = { readonly expand?: string; readonly fields?: string };

/** Members of one kind of answer. */
export type Members = {
  /** Related things that are shown unless `expand` names others. */
  readonly usual: readonly string[];
  /** Related things that `expand` may name besides. */
  readonly more: readonly string[];
};

/** Leaves out of an answer what the request does not want. */
export type Shown = {
  /** The related thing is wanted. */
  readonly has: (relation: string) => boolean;
  pick<Value extends { readonly id: string }>(value: Value): Value;
};

/**
 * Which members are wanted. Names may have "+" or "-" before them: then they are added to the usual ones, or left out.
 * `a.b` names `a`. A refusal names what is not known.
 */
export function readShown(
  { expand, fields }: ShownParameters,
  { usual, more }: Members,
): { readonly shown: Shown } | { readonly refusal: Reply } {
  const known = new Set([...usual, ...more]);
  const relations = chosen(expand, usual);
  const unknown = [...relations].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    return { refusal: invalidData(`Requested fields [${unknown.join(", ")}] are not valid`) };
  }
  const wanted = fields === undefined || fields === "" ? undefined : [...namesIn(fields)];
  const named = wanted?.filter((name) => !/^[+-]/.test(name)) ?? [];
  const left = new Set(wanted?.filter((name) => name.startsWith("-")).map((name) => name.slice(1)));
  const pick = <Value extends { readonly id: string }>(value: Value): Value =>
    Object.fromEntries(
      Object.entries(value).filter(([name]) => {
        if (known.has(name)) return relations.has(name);
        if (name === "id") return true;
        return !left.has(name) && (named.length === 0 || named.includes(name));
      }),
    ) as Value;
  return { shown: { has: (relation) => relations.has(relation), pick } };
}

function chosen(list: string | undefined, usual: readonly string[]): Set<string> {
  const names = [...namesIn(list)].map((name) => name.split(".")[0] as string);
  const added = names.filter((name) => name.startsWith("+")).map((name) => name.slice(1));
  const removed = new Set(names.filter((name) => name.startsWith("-")).map((name) => name.slice(1)));
  const plain = names.filter((name) => !/^[+-]/.test(name));
  const base = plain.length > 0 ? plain : usual;
  return new Set([...base, ...added].filter((name) => !removed.has(name)));
}
