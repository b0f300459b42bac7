import { type CountedProduct, variantTitle } from "../domain/catalog/family.ts";
import type { Product } from "../domain/catalog/product.ts";
import type { Order } from "../domain/order/order.ts";
import type { EditLine } from "../domain/order/order-edit.ts";
import type { RegionOrderPart } from "../domain/order/region-part.ts";
import type { Deps } from "./deps.ts";

/** The lines of an order as an edit begins with them: priced as they were, whatever has become of their products. */
export async function linesOf(
  deps: Pick<Deps, "storage" | "newId">,
  storeId: string,
  order: Order,
  now: string,
): Promise<readonly EditLine[]> {
  const { lines: facts, totals } = order.region as RegionOrderPart;
  const groupIds = [...new Set(facts.flatMap(({ baseProductId }) => baseProductId ?? []))];
  const families = groupIds.length === 0 ? [] : await deps.storage.products.families(storeId, groupIds);
  return order.lines.map((line, index): EditLine => {
    const { id: originalLineId, quantity, price, ...goods } = line;
    const fact = facts[index];
    const { lineId: _, ...rest } = fact ?? {
      lineId: originalLineId,
      isGiftCard: false,
      allowsDiscounts: true,
      hasShipping: false,
      createdAt: order.createdAt,
    };
    const group = families.find((family) => family.group.id === fact?.baseProductId)?.group;
    const id = deps.newId();
    return {
      id,
      originalLineId,
      goods,
      facts: rest,
      price: {
        id,
        quantity,
        unitPrice: totals.lines[index]?.unitPrice ?? price.unitAmount,
        includesTax: line.includesTax,
        taxRates: (totals.lines[index]?.taxLines ?? []).map(({ percent, name, code }) => ({
          percent,
          name,
          code,
        })),
        allowsDiscounts: rest.allowsDiscounts,
        ...(group && { product: conditionProduct(group) }),
      },
      createdAt: rest.createdAt,
      updatedAt: now,
    };
  });
}

/** What an edit adds, in the terms of an order's line. */
export function goodsOf(
  lineId: string,
  group: Product,
  { product }: CountedProduct,
  metadata: Readonly<Record<string, unknown>> | undefined,
): Omit<EditLine["goods"], "includesTax"> {
  const image = product.images[0] ?? group.images[0];
  return {
    cartItemId: lineId,
    kind: "product",
    productId: product.id,
    name: group.name,
    sku: product.sku,
    slug: product.slug,
    description: variantTitle(product),
    ...(image && { image }),
    manageStock: product.manageStock,
    taxes: [],
    ...(metadata && Object.keys(metadata).length > 0 && { customInputs: metadata }),
  };
}

/** The picture that a line of the group is shown with. */
export function thumbnailOf(group: Product): { readonly thumbnail?: string } {
  const thumbnail = group.thumbnail ?? group.images[0]?.href;
  return thumbnail === undefined ? {} : { thumbnail };
}

/** What the conditions of discounts look at. */
export function conditionProduct({ id, typeId, collectionId, tagIds }: Product) {
  return {
    id,
    ...(typeId !== undefined && { typeId }),
    ...(collectionId !== undefined && { collectionId }),
    ...(tagIds && { tagIds }),
  };
}
