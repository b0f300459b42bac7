import type { Deps } from "./deps.ts";

/** Something that does not fit together. */
export type Finding = { readonly productId: string; readonly location: string; readonly problem: string };

/**
 * Whether the three numbers of every product are what its movements add up to, and whether exactly as much is
 * allocated as orders hold and the shop has set aside by hand.
 */
export async function examineStore(deps: Deps, storeId: string): Promise<readonly Finding[]> {
  const audits = await deps.storage.audit.stock(storeId);
  return audits.flatMap((audit) => {
    const problems: string[] = [];
    if (audit.total !== audit.loggedTotal || audit.allocated !== audit.loggedAllocated) {
      problems.push(
        `stock says total ${audit.total} and allocated ${audit.allocated}, ` +
          `its movements add up to ${audit.loggedTotal} and ${audit.loggedAllocated}`,
      );
    }
    if (audit.allocated !== audit.heldByOrders + audit.allocatedByHand) {
      problems.push(
        `${audit.allocated} allocated, but orders hold ${audit.heldByOrders} and ${audit.allocatedByHand} were allocated by hand`,
      );
    }
    return problems.map((problem) => ({ productId: audit.productId, location: audit.location, problem }));
  });
}
