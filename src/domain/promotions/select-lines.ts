import type { OpenCart, PromotableLine } from "./open-cart.ts";
import type { AttributeMatch, CartScope, Condition, ItemScope, Selection } from "./promotion.ts";

/** Lines that a promotion means, dearest first, and whether others were meant but for an exclusion. */
export type Eligible = { readonly positions: readonly number[]; readonly hasExcluded: boolean };

/** The lines of an item promotion: in one of its catalogs, named by any member of its scope, and not excluded. */
export function itemLines(cart: OpenCart, scope: ItemScope): Eligible {
  const { all = false, catalogs = [] } = scope;
  const named = hasSelection(scope) ? selected(cart, scope) : [];
  if (!all && !(catalogs.length > 0 && !hasSelection(scope))) return narrowed(cart, named, scope);
  // Custom items are meant only when their SKU is named.
  const isNamed = new Set(named);
  const everything = cart.byPrice.filter(
    (position) => cart.lines[position]!.productId !== undefined || isNamed.has(position),
  );
  return narrowed(cart, everything, scope);
}

/** The lines of a cart promotion, custom items among them; `positions` is undefined when it means the whole cart. */
export function cartLines(
  cart: OpenCart,
  scope: CartScope,
): Omit<Eligible, "positions"> & { readonly positions: readonly number[] | undefined } {
  return isWholeCart(scope)
    ? { positions: undefined, hasExcluded: false }
    : narrowed(cart, cart.byPrice, scope);
}

/** Whether a cart promotion means all lines whatever they are. */
export function isWholeCart({ catalogs = [], exclude }: CartScope): boolean {
  return catalogs.length === 0 && !excludes(exclude);
}

/** Whether the selection names anything at all. */
export function excludes(exclude: Selection | undefined): boolean {
  return exclude !== undefined && hasSelection(exclude);
}

/** The lines that these SKUs and product ids name, in these catalogs (none: all), dearest first. */
export function namedLines(
  cart: OpenCart,
  targets: readonly string[],
  catalogs: readonly string[] | undefined,
): readonly number[] {
  return narrowed(cart, selected(cart, { targets }), { catalogs: catalogs ?? [] }).positions;
}

function hasSelection({ targets, nodes, attributes, anyOf }: Selection): boolean {
  return isFilled(targets) || isFilled(nodes) || isFilled(attributes) || isFilled(anyOf);
}

function isFilled(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && list.length > 0;
}

function narrowed(
  cart: OpenCart,
  positions: readonly number[],
  { catalogs = [], exclude }: CartScope,
): Eligible {
  let left = positions;
  if (catalogs.length > 0) {
    left = left.filter((position) => {
      const { catalogId } = cart.lines[position]!;
      return catalogId !== undefined && catalogs.includes(catalogId);
    });
  }
  if (left.length === 0 || !exclude || !hasSelection(exclude)) return { positions: left, hasExcluded: false };
  const excluded = new Set(selected(cart, exclude));
  const kept = left.filter((position) => !excluded.has(position));
  return { positions: kept, hasExcluded: kept.length < left.length };
}

/** Positions that the selection names, dearest first, each once. */
function selected(cart: OpenCart, selection: Selection): number[] {
  const { targets = [], nodes = [], attributes = [], anyOf = [] } = selection;
  const found: number[] = [];
  for (const target of targets) {
    const positions = cart.byName.get(target);
    if (positions) for (const position of positions) found.push(position);
  }
  if (nodes.length > 0 || attributes.length > 0 || anyOf.length > 0) {
    for (const position of cart.byPrice) {
      const line = cart.lines[position]!;
      if (
        isIn(line, nodes) ||
        attributes.some((match) => hasAttribute(line, match)) ||
        anyOf.some((conditions) => conditions.length > 0 && conditions.every((one) => holds(line, one)))
      ) {
        found.push(position);
      }
    }
  }
  if (found.length < 2) return found;
  const { rank } = cart;
  found.sort((a, b) => rank[a]! - rank[b]!);
  return found.filter((position, place) => position !== found[place - 1]);
}

function holds(line: PromotableLine, condition: Condition): boolean {
  return "attribute" in condition ? hasAttribute(line, condition.attribute) : isIn(line, condition.nodes);
}

function isIn({ nodes = [] }: PromotableLine, wanted: readonly string[]): boolean {
  return nodes.length > 0 && wanted.some((node) => nodes.includes(node));
}

function hasAttribute({ attributes = [] }: PromotableLine, match: AttributeMatch): boolean {
  return attributes.some(
    ({ template, field, value }) =>
      template === match.template && field === match.field && match.values.includes(value),
  );
}
