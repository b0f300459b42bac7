import { availableOf } from "../domain/inventory/stock.ts";
import { fail, ok, type Result } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Deps, Storage } from "./deps.ts";
import type { RefusalOf } from "./refusal.ts";

/**
 * Sees to it that `pieces` of a product can be sold, beside those that orders hold. The stock is moved by the difference,
 * so that what is sold meanwhile stays sold.
 */
export async function countPieces(
  deps: Pick<Deps, "now" | "newId">,
  { store, actor }: Pick<Context, "store" | "actor">,
  { stock }: Pick<Storage, "stock">,
  productId: string,
  pieces: number,
): Promise<Result<void, RefusalOf<"product_not_found">>> {
  const common = { productId, location: "", actor: actor.label };
  for (;;) {
    const rows = await stock.load(store.storeId, productId);
    const row = rows.find(({ location }) => location === "");
    const made = { ...common, movementId: deps.newId(), now: deps.now() };
    if (!row) {
      const created = await stock.create(store.storeId, { ...made, quantity: pieces });
      if (created.kind === "product_not_found") return fail({ type: "product_not_found", id: productId });
      if (created.kind === "created") return ok(undefined);
      continue;
    }
    const difference = pieces - availableOf(row);
    if (difference === 0) return ok(undefined);
    const action = difference > 0 ? "increment" : "decrement";
    const moved = await stock.move(store.storeId, { ...made, action, quantity: Math.abs(difference) });
    // Refused: they were sold since the look, and there are fewer to take away.
    if (moved.kind === "moved") return ok(undefined);
  }
}
