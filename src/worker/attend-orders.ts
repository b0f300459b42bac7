import type { Deps } from "../operations/deps.ts";
import type { PendingOrder } from "../operations/ports/orders.ts";
import { supplyBackorders } from "../operations/supply-orders.ts";
import { watchAuthorizations } from "../operations/watch-authorizations.ts";
import { reconcilerContext } from "./reconciler-context.ts";

/** How often orders that wait for goods or are authorized for a short time only are looked at, in milliseconds. */
const ATTEND_EVERY_MS = 60_000;
/** Orders of each kind that one look takes. */
const ATTEND_BATCH = 50;

type Log = { warn(fields: object, message: string): void; info(fields: object, message: string): void };

/** Looks at the orders of a store that want attention, now and then; each look goes on where the last one ended. */
export function attendOrders(deps: Deps, log: Log): (storeId: string) => Promise<void> {
  type Last = { at: number; backorder?: PendingOrder | undefined; authorization?: PendingOrder | undefined };
  const attended = new Map<string, Last>();
  return async (storeId) => {
    const at = Date.parse(deps.now());
    const last = attended.get(storeId);
    if (last && at - last.at < ATTEND_EVERY_MS) return;
    const current: Last = { ...last, at };
    attended.set(storeId, current);
    const context = await reconcilerContext(deps, storeId);
    if (!context) return;
    const backorders = await supplyBackorders(deps, context, ATTEND_BATCH, last?.backorder);
    current.backorder = backorders.next;
    if (backorders.supplied > 0) {
      log.info({ storeId, supplied: backorders.supplied }, "backorders got their goods");
    }
    const watched = await watchAuthorizations(deps, context, ATTEND_BATCH, last?.authorization);
    current.authorization = watched.next;
    for (const warning of watched.warnings) {
      log.warn({ storeId, ...warning }, "an authorization expires within a day and was not captured");
    }
    if (watched.expired > 0) log.warn({ storeId, orders: watched.expired }, "authorizations have expired");
  };
}
