import { changedMembers } from "../changed-members.ts";
import type { EventAbout } from "../decision.ts";
import type { Product } from "./product.ts";

/** What says when, or follows from other members. */
const notTold = ["createdAt", "updatedAt", "variationMatrix", "isSkuMadeUp", "variations"];

/** What is told of a new product or variant. What stands alone is a product. */
export function productCreated({ id, parentId }: Pick<Product, "id" | "parentId">): EventAbout {
  return parentId === undefined
    ? { type: "product.created", subjectId: id, payload: { id } }
    : { type: "product-variant.created", subjectId: id, payload: { id, productId: parentId } };
}

/**
 * What is told of a changed product or variant: which members are others than before. Nothing when there are none. The
 * values of a choice come and go with the variants that have them, so of choices only they themselves count.
 */
export function productUpdated(before: Product, after: Product): readonly EventAbout[] {
  const fields = changedMembers(before, after, notTold);
  if (changedMembers(choicesOf(before), choicesOf(after)).length > 0) fields.push("variations");
  if (fields.length === 0) return [];
  const { id, parentId } = after;
  return parentId === undefined
    ? [{ type: "product.updated", subjectId: id, payload: { id, fields } }]
    : [{ type: "product-variant.updated", subjectId: id, payload: { id, productId: parentId, fields } }];
}

function choicesOf({ variations = [] }: Product): object {
  return variations.map(({ id, name, metadata }) => ({ id, name, metadata }));
}
