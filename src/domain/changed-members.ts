import { sameJson } from "./same-json.ts";

/** Which members two states of a document differ in, in the order of their names; `except` are not looked at. */
export function changedMembers(before: object, after: object, except: readonly string[] = []): string[] {
  const [left, right] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  for (const name of except) names.delete(name);
  return [...names].filter((name) => !sameJson(left[name], right[name])).sort();
}
