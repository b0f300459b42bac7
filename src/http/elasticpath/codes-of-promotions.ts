import Type from "typebox";
import type { ListableFields } from "../../operations/listing.ts";
import type { Call, Reply } from "../route.ts";
import { refused } from "./errors.ts";
import { promotionNotFound } from "./promotions.ts";
import { one, text } from "./schemas.ts";

/** What the codes of both kinds of promotions can be listed by. */
export const codeFields: ListableFields = {
  id: { type: "text", operators: ["eq", "in"] },
  code: { type: "text", operators: ["eq", "in", "like", "ilike"], sortable: true },
  user: { type: "text", operators: ["eq", "in"], sortable: true },
  consume_unit: { type: "text", operators: ["eq"] },
  created_at: { type: "timestamp", operators: ["eq", "gt", "ge", "lt", "le"], sortable: true },
};

/** The codes that are to be deleted. */
export const deleteCodesBody = one(
  Type.Object({
    type: Type.Optional(Type.Literal("promotion_codes")),
    codes: Type.Array(Type.Object({ code: text(255) }), { minItems: 1 }),
  }),
);

/** Where codes are kept. `delete` answers how many it found, and nothing where there is no such promotion. */
type Codes = {
  delete(storeId: string, promotionId: string, codes: readonly string[]): Promise<number | undefined>;
};

/** Deletes codes of the promotion that the path names: 404 when it has none of them, or is none itself. */
export async function deleteCodes(
  call: Pick<Call, "deps" | "context" | "params">,
  kept: Codes,
  codes: readonly string[],
): Promise<Reply> {
  const { promotionId = "" } = call.params;
  const deleted = await kept.delete(call.context.store.storeId, promotionId, codes);
  if (deleted === undefined) return promotionNotFound(call);
  const [first = ""] = codes;
  return deleted > 0 ? { status: 204 } : refused({ type: "promotion_code_not_found", code: first });
}
