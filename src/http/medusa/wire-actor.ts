import type { EditActor } from "../../domain/order/order-edit.ts";
import { wireId } from "./ids.ts";

/** The id of whoever did something; null: it is not known. */
export function wireActor(actor: EditActor | undefined): string | null {
  if (!actor) return null;
  return wireId(actor.kind === "staff" ? "usr" : "cus", actor.id);
}
