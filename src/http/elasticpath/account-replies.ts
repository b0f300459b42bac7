import type { Refusal } from "../../operations/refusal.ts";
import type { Reply } from "../route.ts";
import { errorReply, wireErrorOf } from "./errors.ts";

// Accounts and what belongs to them come from a newer service of the vendor: its errors have the status as text.

/** The answer to a refusal of the core. */
export function accountRefused(refusal: Refusal): Reply {
  return errorReply([wireErrorOf(refusal)], { statusAsText: true });
}

/** An answer with 404. */
export function accountNotFound(detail: string): Reply {
  return errorReply([{ status: 404, title: "Not Found", detail }], { statusAsText: true });
}

/** An answer with 409. */
export function accountConflict(detail: string): Reply {
  return errorReply([{ status: 409, title: "Conflict", detail }], { statusAsText: true });
}
