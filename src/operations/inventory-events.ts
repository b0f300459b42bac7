import type { EventAbout } from "../domain/decision.ts";

const SUBJECT = "inventory ";

/** What is told of how a product is counted, apart from what is told of the product: it has a numbering of its own. */
export function inventoryEvent(
  type: string,
  productId: string,
  facts: Readonly<Record<string, unknown>>,
): EventAbout {
  return { type, subjectId: `${SUBJECT}${productId}`, payload: { id: productId, ...facts } };
}

/** The product that an event of `inventoryEvent` is about, by its subject. */
export function countedProduct(subjectId: string): string {
  return subjectId.startsWith(SUBJECT) ? subjectId.slice(SUBJECT.length) : subjectId;
}
