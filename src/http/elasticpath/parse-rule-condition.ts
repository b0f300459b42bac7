import { fail, ok, type Result } from "../../domain/result.ts";
import type { LeafCondition, RuleCondition } from "../../domain/rule-promotions/rule-promotion.ts";
import { type InvalidMember, validatorOf } from "../validation.ts";
import { type LeafStrategy, leafSchemas } from "./rule-condition-schemas.ts";

/** Conditions within conditions, and conditions in all: a tree is walked whenever a cart is priced. */
const MAX_DEPTH = 10;
const MAX_CONDITIONS = 100;

const leafNames = Object.keys(leafSchemas) as LeafStrategy[];
const groupNames = ["and", "or", "items_bundle"] as const;
const checkLeaf = Object.fromEntries(
  leafNames.map((strategy) => [strategy, validatorOf(leafSchemas[strategy])]),
) as Record<LeafStrategy, ReturnType<typeof validatorOf>>;

/** A tree of conditions as it was sent, and otherwise what is wrong with it. `path` is that of the tree. */
export function parseRuleCondition(sent: unknown, path: string): Result<RuleCondition, InvalidMember[]> {
  const reader: Reader = { invalid: [], conditions: 0 };
  const condition = read(reader, sent, path, 1);
  return condition && reader.invalid.length === 0 ? ok(condition) : fail(reader.invalid);
}

type Reader = { readonly invalid: InvalidMember[]; conditions: number };

type Sent = {
  readonly strategy?: unknown;
  readonly operator?: unknown;
  readonly args?: unknown;
  readonly children?: unknown;
};

function read(reader: Reader, sent: unknown, path: string, depth: number): RuleCondition | undefined {
  const complain = (member: string, keyword: string, expected: unknown, value: unknown): undefined => {
    reader.invalid.push({ path: member ? `${path}.${member}` : path, keyword, expected, value });
  };
  reader.conditions += 1;
  if (reader.conditions > MAX_CONDITIONS) {
    if (reader.conditions === MAX_CONDITIONS + 1) complain("", "maxItems", MAX_CONDITIONS, undefined);
    return undefined;
  }
  if (depth > MAX_DEPTH) return complain("", "maxItems", MAX_DEPTH, undefined);
  if (typeof sent !== "object" || sent === null) return complain("", "type", "object", sent);
  const { strategy, children } = sent as Sent;
  if (isOneOf(groupNames, strategy)) {
    const within = readChildren(reader, children, path, depth);
    return within && { strategy, children: within };
  }
  if (!isOneOf(leafNames, strategy)) {
    return complain("strategy", "enum", [...groupNames, ...leafNames], strategy);
  }
  const invalid = checkLeaf[strategy](sent, path);
  if (invalid.length > 0) {
    reader.invalid.push(...invalid);
    return undefined;
  }
  const { operator, args } = sent as Sent;
  // Checked above: the operator and the arguments are those of the strategy.
  const leaf = { strategy, operator, args } as LeafCondition;
  const hasChildren = strategy.startsWith("item_") && Array.isArray(children) && children.length > 0;
  if (!hasChildren) return leaf;
  const within = readChildren(reader, children, path, depth);
  return within && ({ ...leaf, children: within } as LeafCondition);
}

function readChildren(
  reader: Reader,
  children: unknown,
  path: string,
  depth: number,
): RuleCondition[] | undefined {
  if (!Array.isArray(children) || children.length === 0) {
    const keyword = children === undefined || Array.isArray(children) ? "required" : "type";
    reader.invalid.push({ path: `${path}.children`, keyword, expected: "array", value: children });
    return undefined;
  }
  const within: RuleCondition[] = [];
  for (const [place, child] of children.entries()) {
    const condition = read(reader, child, `${path}.children.${place}`, depth + 1);
    if (condition) within.push(condition);
  }
  return within;
}

function isOneOf<Name extends string>(names: readonly Name[], value: unknown): value is Name {
  return (names as readonly unknown[]).includes(value);
}
